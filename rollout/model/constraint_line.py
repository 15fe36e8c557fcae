"""A line of the plan that decides something, told by its words and its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from rollout.model.source import Source

Place = Callable[[Source], tuple[str, int]]
"""Finds the path and line of a source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintLine:
    """What a constraint says, how it applies, and where it stands."""

    message: str
    """What it says, with its `because`."""
    source: Source
    detail: str = ""
    """How it applies: who uses the capacity, when the other goes live."""
    path: str = ""
    line: int = 0

    def located(self, place: Place) -> Self:
        """The same with its place found."""
        path, line = place(self.source)
        return replace(self, path=path, line=line)

    @property
    def said(self) -> str:
        """What it says, and how it applies."""
        return f"{self.message}; {self.detail}" if self.detail else self.message

    @property
    def place(self) -> str:
        """`waves/vision/plan.yaml:25`."""
        return f"{self.path}:{self.line}" if self.line else self.path
