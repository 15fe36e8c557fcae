"""What many answers hold."""

from __future__ import annotations

from typing import Literal, TypedDict

Severity = Literal["error", "warning"]
Colour = Literal["red", "amber", "green", "none"]
Decision = Literal["go", "no_go", "conditional_go"]
Status = Literal["planned", "preparing", "ready", "live", "stable", "paused", "rolled_back", "dropped"]


class FaultJson(TypedDict):
    """Something that is wrong, here."""

    code: str
    """`rollout rules CODE` explains it."""
    message: str
    path: str
    """From the programme's folder, as everywhere."""
    line: int
    """From 1; 0 where none can be named, as everywhere."""
    column: int
    hint: str
    """What to do; may be empty."""


class ProblemJson(FaultJson):
    """The same, and how bad it is."""

    severity: Severity


class MemberJson(TypedDict):
    """A line of the plan, as a constraint."""

    constraint: str
    message: str
    path: str
    line: int


class SlotJson(TypedDict):
    """Wave and day."""

    wave: int
    go_live: str


class ItemsJson(TypedDict):
    """How many items of checklists are done."""

    done: int
    all: int


class UnplacedJson(TypedDict):
    """A site without a day, and why."""

    site: str
    reason: str


class CommitJson(TypedDict):
    """A commit."""

    id: str
    author: str
    on: str


class CommitSaidJson(CommitJson):
    """A commit with the first line of its message."""

    subject: str


_From = TypedDict("_From", {"from": SlotJson | None})


class ToSlotJson(_From):
    """Where it was and where it will be; null where it has no day."""

    to: SlotJson | None


class MoveJson(ToSlotJson):
    """A site that gets another place, one that gains or loses its place included."""

    site: str
