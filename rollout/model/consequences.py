"""What an edit of a programme does to one plan: who moves and why, what goes stale, what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.caused import Cause
from rollout.model.schedule import Placement, Ready, slot
from rollout.model.side import How
from rollout.model.source import Place, Written

if TYPE_CHECKING:
    from rollout.model.answers.common import MemberJson
    from rollout.model.answers.review import (
        ConsequencesJson,
        CostLineJson,
        MovedJson,
        PeakJson,
        RepeatedJson,
        SpanJson,
        VoidedJson,
        WaitedJson,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A site whose day, or the number of whose wave, is another one. A side is None where it has no day there."""

    site: str
    name: str
    before: Placement | None
    after: Placement | None
    because: tuple[Cause, ...] = ()
    """From its own cause to the root."""
    says: str = ""
    """Why it has no day, or is out of the plan."""

    @property
    def days(self) -> int | None:
        """By how many days it moves; None where a side has no day."""
        return (self.after.go_live - self.before.go_live).days if self.before and self.after else None

    @property
    def root(self) -> str | None:
        """The site or prerequisite whose move, or whose line, is behind it."""
        return self.because[-1].job if self.because else None

    def json(self) -> MovedJson:
        """For programs."""
        return {
            "site": self.site,
            "name": self.name,
            "from": slot(self.before),
            "to": slot(self.after),
            "days": self.days,
            "because": [cause.json() for cause in self.because],
            "message": self.says,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """A prerequisite with other dates, or one that sites wait for on one side only."""

    prerequisite: str
    before: Ready | None
    after: Ready | None
    because: tuple[Cause, ...] = ()
    """From its own cause to the root; empty for one that sites wait for on one side only."""

    def json(self) -> WaitedJson:
        """For programs."""
        return {
            "prerequisite": self.prerequisite,
            "from": _ready(self.before),
            "to": _ready(self.after),
            "because": [cause.json() for cause in self.because],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Written):
    """An approval that counted for a site, and counts no longer."""

    gate: str
    role: str
    by: str
    on: date
    site: str
    says: str

    def json(self) -> VoidedJson:
        """For programs."""
        return {
            "gate": self.gate,
            "role": self.role,
            "by": self.by,
            "on": self.on.isoformat(),
            "site": self.site,
            "message": self.says,
            "path": self.path,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The fullest week of a team, before and after; 0 where nothing is asked of it."""

    team: str
    unit: str
    before: int
    after: int
    capacity: tuple[int, int]
    """Before and after."""
    week: date | None
    """Monday of the fullest week after."""

    @property
    def is_over(self) -> bool:
        """Whether more is asked than there is."""
        return self.after > self.capacity[1]

    def json(self) -> PeakJson:
        """For programs."""
        return {
            "team": self.team,
            "unit": self.unit,
            "before": self.before,
            "after": self.after,
            "capacity": list(self.capacity),
            "week": self.week.isoformat() if self.week else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CostChange:
    """The forecast at completion of a line of the budget, or of all of them, before and after."""

    line: str
    before: float
    after: float

    @property
    def change(self) -> int:
        """In whole units of the currency."""
        return round(self.after) - round(self.before)

    def json(self) -> CostLineJson:
        """For programs."""
        return {"line": self.line, "before": round(self.before), "after": round(self.after)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Work that was done and, on the new day, has to be done again."""

    site: str
    activity: str
    title: str
    people: int
    """Whom it is for, where it is training; 0 otherwise."""

    def json(self) -> RepeatedJson:
        """For programs."""
        return {"site": self.site, "activity": self.activity, "people": self.people}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash(Written):
    """One of the lines that cannot hold together."""

    constraint: str
    message: str

    def json(self) -> MemberJson:
        """For programs."""
        return {"constraint": self.constraint, "message": self.message, "path": self.path, "line": self.line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What is otherwise with one plan. Pairs are before and after."""

    plan: str
    name: str
    how: tuple[How, How]
    """Where the dates of the two sides come from."""
    moved: tuple[Moved, ...] = ()
    """By the day before; sites without a day on a side included."""
    waited: tuple[Waited, ...] = ()
    stale: tuple[Voided, ...] = ()
    repeated: tuple[Repeated, ...] = ()
    ends: tuple[date | None, date | None] = (None, None)
    waves: tuple[int, int] = (0, 0)
    peaks: tuple[Peak, ...] = ()
    """Teams whose fullest week is another one."""
    costs: tuple[CostChange, ...] = ()
    """Lines with another forecast, then their sum under no name; empty where no line has another."""
    currency: str | None = None
    documents: tuple[str, ...] = ()
    """Paths of pages that will be other ones."""
    clashes: tuple[tuple[Clash, ...], ...] = ()
    """Why sites have no day: disjoint groups of lines that cannot hold together."""
    halted: str = ""
    """Why nothing was planned, where the plan is halted."""
    was_halted: bool = False
    """Whether nothing was planned before either, for that."""

    @property
    def shifted(self) -> tuple[Moved, ...]:
        """Sites with a day on both sides."""
        return tuple(move for move in self.moved if move.before and move.after)

    @property
    def joined(self) -> tuple[Moved, ...]:
        """Sites with a day only after."""
        return tuple(move for move in self.moved if move.before is None and move.after)

    @property
    def lost(self) -> tuple[Moved, ...]:
        """Sites without a day after: dropped, paused, out of the plan, or unplaced."""
        return tuple(move for move in self.moved if move.after is None)

    @property
    def changed(self) -> bool:
        """Whether anything is otherwise."""
        return bool(
            self.moved
            or self.waited
            or self.stale
            or self.repeated
            or self.peaks
            or self.costs
            or self.documents
            or self.clashes
            or bool(self.halted) != self.was_halted
        )

    @property
    def retrained(self) -> int:
        """People whose training has to be repeated."""
        return sum(again.people for again in self.repeated)

    def located(self, before: Place, after: Place) -> Consequences:
        """The same with its places found, each on the side that has it."""

        def cause(one: Cause) -> Cause:
            return one.located(before if one.way == "freed" else after)

        return replace(
            self,
            moved=tuple(replace(move, because=tuple(map(cause, move.because))) for move in self.moved),
            waited=tuple(replace(one, because=tuple(map(cause, one.because))) for one in self.waited),
            stale=tuple(void.located(after) for void in self.stale),
            clashes=tuple(tuple(clash.located(after) for clash in group) for group in self.clashes),
        )

    def pages(self) -> Mapping[str, int]:
        """Pages that will be other ones: how many by site, the plan's own under its id."""
        counted: dict[str, int] = {}
        for owner in self._owners():
            counted[owner] = counted.get(owner, 0) + 1
        return counted

    def _owners(self) -> Iterator[str]:
        for path in self.documents:
            steps = path.split("/")
            yield steps[2] if len(steps) > 3 else self.plan

    def json(self) -> ConsequencesJson:
        """For programs."""
        return {
            "plan": self.plan,
            "dates": list(self.how),
            "moved": [move.json() for move in self.moved],
            "prerequisites": [waited.json() for waited in self.waited],
            "stale": [void.json() for void in self.stale],
            "repeated": [again.json() for again in self.repeated],
            "last_go_live": [day.isoformat() if day else None for day in self.ends],
            "waves": list(self.waves),
            "peaks": [peak.json() for peak in self.peaks],
            "costs": [cost.json() for cost in self.costs],
            "currency": self.currency,
            "documents": list(self.documents),
            "conflicts": [[clash.json() for clash in group] for group in self.clashes],
            "halted": self.halted,
        }


def _ready(ready: Ready | None) -> SpanJson | None:
    return None if ready is None else {"starts": ready.starts.isoformat(), "ready": ready.ready.isoformat()}
