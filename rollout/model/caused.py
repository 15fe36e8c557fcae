"""Why something moved between two states of a plan: what pushed it, and what pushed that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rollout.model.constraint_line import ConstraintLine

if TYPE_CHECKING:
    from rollout.model.answers.review import CauseJson

Way = Literal["blocked", "freed", "chosen"]
"""`blocked`: the old day is not open any more; `freed`: the new day was not open before; `chosen`: neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(ConstraintLine):
    """One step from a move to its root."""

    job: str
    """The site or prerequisite that this step is about."""
    way: Way
    constraint: str
    """`after linz`, `blackout stock-take`."""
    via: str | None = None
    """The site or prerequisite whose own move is behind it."""
    is_new: bool = False
    """Whether the constraint is new, or says something else than before: the root of it all."""

    def spoken(self) -> str:
        """One clause: `shares Linz's key users; linz goes live on 13 Apr 2027`."""
        return f"no longer in the way: {self.said}" if self.way == "freed" else self.said

    def json(self) -> CauseJson:
        """For programs."""
        return {
            "site": self.job,
            "way": self.way,
            "constraint": self.constraint,
            "message": self.said,
            "via": self.via,
            "edited": self.is_new,
            "path": self.path,
            "line": self.line,
        }
