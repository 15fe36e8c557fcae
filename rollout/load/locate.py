"""Lines and columns for the problems that are shown, found by reading those files once more."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from yaml import YAMLError

from rollout.load.overlay import NOTHING, Overlay, holds
from rollout.load.workspace import Workspace, shipped
from rollout.load.yaml import WRITTEN_LIMIT, Marked, decode
from rollout.model.layout import SHIPPED_FILE
from rollout.model.source import Source
from rollout.problem import Problem, RolloutError


class Places:
    """Finds where values stand, reading each file at most once."""

    def __init__(self, workspace: Workspace, over: Overlay = NOTHING) -> None:
        self._workspace = workspace
        self._over = over
        self._text = cache(self._valid_text)
        self._marked = cache(self._taken_apart)
        self._lines = cache(self._split)

    def _taken_apart(self, path: str) -> Marked | None:
        """A YAML file of the programme or of rollout; None where it is missing or not as `parse` takes it."""
        text = self._text(path)
        try:
            return None if text is None else Marked(text)
        except (YAMLError, LookupError, RecursionError):
            return None  # what is wrong with it was found before, with its place

    def _valid_text(self, path: str) -> str | None:
        """The text of a file of the programme or of rollout; None where it is missing or no text."""
        data = self._data(path)
        if data is None:
            return None
        text, wrong = decode(data, path, WRITTEN_LIMIT)
        return None if wrong else text

    def _data(self, path: str) -> bytes | None:
        if path.startswith(SHIPPED_FILE):
            return (shipped("templates") / path.removeprefix(SHIPPED_FILE)).read_bytes()
        try:
            return self._workspace.read(path) if path else None
        except RolloutError:  # outside the programme, or unreadable: no line of it is shown
            return None

    def of(self, source: Source, at_key: bool = False) -> tuple[str, int, int]:
        """Path, line and column (from 1) of a value: in the nearest file that holds it, else near its parent.

        What no file holds (an overlaid value) has line and column 0.
        """
        best: tuple[str, int, int] | None = None
        for path in source.paths:
            if edits := self._over.layers_of(path):
                if any(holds(raw, source.keys) for raw in edits):
                    return path, 0, 0
                continue
            if not path.endswith(".yaml"):  # a page or a template: the whole of it is meant
                best = best or ((path, 1, 1) if self._text(path) is not None else None)
                continue
            marked = self._marked(path)
            if marked is None:
                continue
            line, column, is_here = marked.locate(source.keys, at_key)
            if is_here:
                return path, line, column
            best = best or (path, line, column)
        nowhere = 0 if not source.paths[0] or self._over.layers_of(source.paths[0]) else 1
        return best or (source.paths[0], nowhere, nowhere)

    def resolve(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems with their places, sorted by them, each once."""
        placed = (
            p if p.line else p.at(*self.of(Source((p.path, *p.others), p.keys), at_key=p.code == "unknown-key"))
            for p in problems
        )
        return sorted(dict.fromkeys(placed), key=lambda p: (p.path, p.line, p.column, p.code, p.message))

    def line(self, path: str, number: int) -> str:
        """One line of a file (from 1) without its line end, as `of` counts them; empty when it cannot be had."""
        lines = self._lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _split(self, path: str) -> list[str]:
        text = (self._data(path) or b"").decode("utf-8", "replace")
        return [line.removesuffix("\r") for line in text.split("\n")]  # not where Unicode ends lines: nobody counts so
