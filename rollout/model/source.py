"""Where a value was written: a file and the keys that lead to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from rollout.problem import Problem, Severity

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in the input. `paths` are the files that may hold it, nearest first (a site, then its defaults)."""

    paths: tuple[str, ...]
    keys: Keys = ()

    def __truediv__(self, key: str | int) -> Source:
        """The place one key further in."""
        return Source(self.paths, (*self.keys, key))

    def inside(self, keys: Keys) -> Source:
        """The place so many keys further in: for rules that look at thousands of places and name few."""
        return Source(self.paths, (*self.keys, *keys))

    def problem(self, code: str, message: str, hint: str = "", severity: Severity = "error") -> Problem:
        """A problem with what stands here."""
        return Problem(
            path=self.paths[0],
            code=code,
            message=message,
            hint=hint,
            severity=severity,
            keys=self.keys,
            others=self.paths[1:],
        )

    def warning(self, code: str, message: str, hint: str = "") -> Problem:
        """A finding that does not fail (unless `--strict`)."""
        return self.problem(code, message, hint, "warning")


Place = Callable[[Source], tuple[str, int]]
"""Finds the path and line of a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What stands in a file. Its path and line are found when it is shown."""

    source: Source
    path: str = ""
    line: int = 0

    def located(self, place: Place) -> Self:
        """The same with its place found."""
        path, line = place(self.source)
        return replace(self, path=path, line=line)

    @property
    def place(self) -> str:
        """`waves/vision/plan.yaml:25`."""
        return f"{self.path}:{self.line}" if self.line else self.path
