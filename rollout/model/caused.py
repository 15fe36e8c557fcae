"""Why something moved between two states of a plan: what pushed it, and what pushed that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rollout.model.explained import Place
from rollout.model.source import Source

if TYPE_CHECKING:
    from rollout.model.answers.review import CauseJson

Way = Literal["blocked", "freed", "chosen"]
"""`blocked`: the old day is not open any more; `freed`: the new day was not open before; `chosen`: neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One step from a move to its root."""

    job: str
    """The site or prerequisite that this step is about."""
    way: Way
    constraint: str
    """`after linz`, `blackout stock-take`."""
    message: str
    """What it says."""
    detail: str = ""
    """How it applies: who uses the capacity, when the other goes live."""
    source: Source
    via: str | None = None
    """The site or prerequisite whose own move is behind it."""
    is_new: bool = False
    """Whether the constraint is new, or says something else than before: the root of it all."""
    path: str = ""
    line: int = 0

    def located(self, place: Place) -> Cause:
        """The same with its place found."""
        path, line = place(self.source)
        return replace(self, path=path, line=line)

    @property
    def place(self) -> str:
        """`waves/vision/plan.yaml:25`."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def spoken(self) -> str:
        """One clause: `shares Linz's key users; linz goes live on 13 Apr 2027`."""
        said = f"{self.message}; {self.detail}" if self.detail else self.message
        return f"no longer in the way: {said}" if self.way == "freed" else said

    def json(self) -> CauseJson:
        """For programs."""
        return {
            "site": self.job,
            "way": self.way,
            "constraint": self.constraint,
            "message": f"{self.message}; {self.detail}" if self.detail else self.message,
            "via": self.via,
            "edited": self.is_new,
            "path": self.path,
            "line": self.line,
        }
