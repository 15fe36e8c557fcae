"""A line of the plan that decides something, told by its words and its place."""

from __future__ import annotations

from dataclasses import dataclass

from rollout.model.source import Written


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintLine(Written):
    """What a constraint says, how it applies, and where it stands."""

    message: str
    """What it says, with its `because`."""
    detail: str = ""
    """How it applies: who uses the capacity, when the other goes live."""

    @property
    def said(self) -> str:
        """What it says, and how it applies."""
        return f"{self.message}; {self.detail}" if self.detail else self.message
