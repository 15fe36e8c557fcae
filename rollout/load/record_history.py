"""What git says of records files → the lines that commits added and removed, and what those lines record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rollout.load.validate import build
from rollout.load.yaml import parse
from rollout.model.history import Commit, Edit
from rollout.model.record import KINDS, Record
from rollout.repository import Repository
from rollout.repository.history import Reading, log


def edits(repository: Repository, paths: Sequence[str], kinds: tuple[str, ...]) -> Iterator[Edit]:
    """The lines of these files or folders that name one of the kinds, as every commit added or removed them."""
    wanted = re.compile(rf"\b(?:{'|'.join(kinds)})\s*:", re.ASCII)
    for logged in log(repository, paths, Reading.EVERY_LINE):
        commit = Commit(id=logged.id, author=logged.mapped_name, on=logged.on.isoformat(), is_first=not logged.parents)
        for patch in logged.patches:
            for line in patch.lines:
                if wanted.search(line.text):
                    yield Edit(commit, patch.path, line.text.rstrip(), line.is_added)


def record_of(text: str, path: str) -> Record | None:
    """The record that stands on one line; None where the line holds none, or only a part of one."""
    value, problems = parse(text, path)
    entry = value[0] if not problems and isinstance(value, list) and len(value) == 1 else None
    kind = next((key for key in KINDS if isinstance(entry, dict) and key in entry), None)
    if kind is None:
        return None
    return build(KINDS[kind], entry, [(path, value)], {"index": 0, "path": path}, prefix=(0,))[0]


def entry_lines(text: str) -> list[tuple[int, str]]:
    """For each record of a file the line it begins on (from 1), and that line; empty where they do not begin lines."""
    lines = text.split("\n")
    first = next((line for line in lines if line.lstrip(" ").startswith("-") and not line.startswith("---")), None)
    if first is None:
        return []
    begin = f"{first[: len(first) - len(first.lstrip(' '))]}-"
    return [
        (number, line.rstrip())
        for number, line in enumerate(lines, 1)
        if line.startswith(begin) and line[len(begin) : len(begin) + 1] in ("", " ", "\r")
    ]
