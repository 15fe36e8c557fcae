"""What `diff` answers."""

from __future__ import annotations

from typing import Literal, TypedDict

from rollout.model.answers.common import MemberJson, ProblemJson, ToSlotJson


class ReviewJson(TypedDict):
    """A change of the files, and what it does to each plan."""

    version: int
    changed: bool
    """Whether the edits have any consequence."""
    summary: str
    """The one sentence that comes first."""
    base: str
    head: str
    """What was compared, in words."""
    as_of: str
    edits: list[EditedJson]
    moved: list[PlanMovedJson]
    stale: list[PlanVoidedJson]
    problems: list[ProblemJson]
    """Found only after."""
    gone: list[ProblemJson]
    """Found only before."""
    errors: int
    """Errors after, new or old: then nothing could be planned."""
    plans: list[ConsequencesJson]
    """Those of higher rank first; none where `head` has errors."""


class MovedJson(ToSlotJson):
    """A site whose day, or the number of whose wave, is another one."""

    site: str
    name: str
    days: int | None
    """By how many days it moves; null where a side has no day."""
    because: list[CauseJson]
    message: str


class SpanJson(TypedDict):
    """When work on a prerequisite begins, and from when it can be used."""

    starts: str
    ready: str


_WaitedFrom = TypedDict("_WaitedFrom", {"from": SpanJson | None})


class WaitedJson(_WaitedFrom):
    """A prerequisite with other dates, or one that sites wait for on one side only."""

    prerequisite: str
    to: SpanJson | None
    because: list[CauseJson]


class VoidedJson(TypedDict):
    """An approval that counted for a site, and counts no longer."""

    gate: str
    role: str
    by: str
    on: str
    site: str
    message: str
    path: str
    line: int


class PeakJson(TypedDict):
    """The fullest week of a team, before and after; 0 where nothing is asked of it."""

    team: str
    unit: str
    before: int
    after: int
    capacity: list[int]
    """Before and after."""
    week: str | None
    """Monday of the fullest week after."""


class CostLineJson(TypedDict):
    """The forecast at completion of a line of the budget, or of all of them, before and after."""

    line: str
    before: int
    after: int


class RepeatedJson(TypedDict):
    """Work that was done and, on the new day, has to be done again."""

    site: str
    activity: str
    people: int
    """Whom it is for, where it is training; 0 otherwise."""


class ConsequencesJson(TypedDict):
    """What is otherwise with one plan. Pairs are before and after."""

    plan: str
    dates: list[Literal["published", "planned", "kept"]]
    moved: list[MovedJson]
    """By the day before; sites without a day on a side included."""
    prerequisites: list[WaitedJson]
    stale: list[VoidedJson]
    repeated: list[RepeatedJson]
    last_go_live: list[str | None]
    waves: list[int]
    peaks: list[PeakJson]
    """Teams whose fullest week is another one."""
    costs: list[CostLineJson]
    """Lines with another forecast, then their sum under no name; empty where no line has another."""
    currency: str | None
    documents: list[str]
    """Paths of pages that will be other ones."""
    conflicts: list[list[MemberJson]]
    """Lines that cannot hold together; any one of a group removed, the others can."""
    halted: str
    """Why nothing was planned, where the plan is halted."""


class EditedJson(TypedDict):
    """One edit of the inputs. Comments, the order of keys and the form of a text are none."""

    kind: Literal["added", "removed", "changed"]
    what: str
    """What it is of, as people call it: `lyon`, `plan vision`, `teams`."""
    key: str
    """Where in it: `blackouts stock-take to`; empty for the whole of it."""
    before: str
    after: str
    """The values in one line, shortened where they are long."""
    message: str
    path: str
    line: int


class CauseJson(TypedDict):
    """One step from a move to its root."""

    site: str
    way: Literal["blocked", "freed", "chosen"]
    constraint: str
    """`after linz`, `blackout stock-take`."""
    message: str
    via: str | None
    """The site or prerequisite whose own move is behind it."""
    edited: bool
    path: str
    line: int


class PlanMovedJson(MovedJson):
    """The same, of which plan."""

    plan: str


class PlanVoidedJson(VoidedJson):
    """The same, of which plan."""

    plan: str
