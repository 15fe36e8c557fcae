"""What a commit did to a plan's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.few import few
from rollout.model.history import Commit

if TYPE_CHECKING:
    from rollout.model.answers.standing import PlanEditJson


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEdit:
    """A commit that changed what `plan.yaml` says."""

    commit: Commit
    path: str
    parts: tuple[str, ...]
    """The top-level keys it changed something of: gates, limits, constraints, …"""
    added: int
    """Lines, without comments."""
    removed: int

    @property
    def on(self) -> date:
        """Its day by the author's clock."""
        return date.fromisoformat(self.commit.on)

    def says(self, most: int | None = None) -> str:
        """`plan.yaml: gates, limits (+3 -1)`, with so many of the parts by name."""
        named = few(self.parts, len(self.parts) if most is None else most)
        parts = f": {named}" if named else ""
        return f"{self.path.rpartition('/')[2]}{parts} (+{self.added} -{self.removed})"

    def json(self) -> PlanEditJson:
        """For programs."""
        commit = self.commit
        return {
            "on": commit.on,
            "path": self.path,
            "parts": list(self.parts),
            "added": self.added,
            "removed": self.removed,
            "commit": {"id": commit.id, "author": commit.author, "on": commit.on, "subject": commit.subject},
        }
