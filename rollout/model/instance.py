"""A sequencing problem in six primitives: all that search, checker, explanation and conflict know about.

Days are ordinals (`date.toordinal()`), so that arithmetic is on integers. Every primitive carries a Because: the
name, sentence and place of the line a person wrote.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rollout.model.calendar import MONDAY_TO_FRIDAY, Calendar
from rollout.model.source import Source
from rollout.model.times import Duration

if TYPE_CHECKING:
    from rollout.model.schedule import Schedule

Every = Literal["week", "month", "quarter"]
FOREVER = date.max.toordinal()
FARTHEST_YEARS = 25
"""Nobody plans farther ahead."""
PREREQUISITE = "prerequisite "
"""Prefix of the job ids of prerequisites, so that they never meet a site's id."""


@dataclass(frozen=True, slots=True)
class Because:
    """What a person wrote that binds: `explain` and every conflict print it."""

    name: str
    """Short name of the constraint: `blackout freeze`, `limit per-region`."""
    message: str
    """One clause that says what it does."""
    source: Source


@dataclass(frozen=True, slots=True)
class Job:
    """Something that gets a day: a site's go-live, or the start of a prerequisite's work."""

    id: str
    is_site: bool = True
    weight: float = 1.0
    """Worth of an early day (sites only)."""
    fixed: int | None = None
    """The day it happened; then nothing can be asked of it any more."""
    takes: Duration = Duration(0)
    """How long until it is usable (prerequisites only)."""
    calendar: Calendar = MONDAY_TO_FRIDAY
    """Working days of whoever works on it (prerequisites only)."""

    def usable(self, day: int) -> int:
        """First usable (working) day when it happens, or work on it begins, on `day`."""
        if self.is_site:
            return day
        return self.calendar.on_or_after(self.calendar.after(date.fromordinal(day), self.takes)).toordinal()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from first to last, both included, and what they are called."""

    first: int
    last: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Days, or waves, in which none of the jobs may be."""

    jobs: tuple[str, ...]
    closed: tuple[Stretch, ...]
    because: Because
    waves: tuple[int, int] | None = None
    """When given: the only waves allowed (lowest and highest)."""
    everywhere: bool = False
    """Whether it closes its days to the whole plan, so that they do not count for the numbering of waves either."""
    is_reforecast: bool = False
    """Whether it is what a site says of itself. Dates that are looked for keep out of it; a published day in it stays
    lawful as long as all others hold with the site on the first day that it could go live after it."""

    def closes(self, day: int) -> bool:
        """Whether it closes a day, whatever wave that is in."""
        return any(stretch.first <= day <= stretch.last for stretch in self.closed)

    def keeps_off(self, day: int, wave: int) -> bool:
        """Whether none of the jobs may be on a day, which is in that wave."""
        return self.closes(day) or (self.waves is not None and not self.waves[0] <= wave <= self.waves[1])


@dataclass(frozen=True, slots=True)
class After:
    """`job` at least `lag` days after `before` (its go-live, or the day it is usable).

    A negative lag says how long before it at most: two of them, one each way, hold neighbours close to each other.
    A circle of others cannot be planned: whatever lowers to them has `check/cycle.py` or its model refuse it.
    """

    job: str
    before: str
    lag: int
    because: Because


@dataclass(frozen=True, slots=True)
class Demand:
    """What a job takes from `first` to `last` days after its own day, both included.

    `last` below `first` means until it is usable (prerequisites).
    """

    amount: int = 1
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class Resource:
    """No more than `capacity` in any day, week or wave."""

    name: str
    unit: Literal["day", "week", "wave"]
    capacity: tuple[int, ...]
    """By wave from 1, the last repeated; a single number for days and weeks."""
    demands: Mapping[str, tuple[Demand, ...]]
    because: Because
    wished: tuple[int, ...] = ()
    """Soft minimum by wave, the last repeated."""
    taken: Mapping[int, int] = field(default_factory=dict)
    """What others than these jobs use, by bucket: the published load of plans that rank higher."""

    def cap(self, bucket: int) -> int:
        """Capacity of a day, a week, or a wave counted from 1."""
        if self.unit != "wave":
            return self.capacity[0]
        return self.capacity[min(max(bucket, 1), len(self.capacity)) - 1]

    def wish(self, wave: int) -> int:
        """Wished minimum of a wave counted from 1."""
        return self.wished[min(wave, len(self.wished)) - 1] if self.wished else 0


@dataclass(frozen=True, slots=True)
class Same:
    """All in one wave."""

    jobs: tuple[str, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class Apart:
    """No two in one wave."""

    jobs: tuple[str, ...]
    because: Because


@dataclass(frozen=True, slots=True)
class Prefer:
    """`job` rather after `before`: a wish, reported when it is not met."""

    job: str
    before: str
    because: Because


Primitive = Window | After | Resource | Same | Apart | Prefer


@dataclass(frozen=True, kw_only=True)
class Instance:
    """Everything that decides the dates of a plan, as of a day."""

    as_of: int
    every: Every
    weekdays: tuple[int, ...]
    """Days that are the right weekday for a go-live, as far as is looked ahead; ascending."""
    passed: tuple[int, ...] = ()
    """The same before `as_of`, from the day the lighthouse went live, or work on a plan without one began: waves are
    counted over them, too."""
    lighthouse: str | None
    soak: int = 0
    """Days from the lighthouse's go-live to the first one of wave 1."""
    soak_because: Because | None = None
    hold: int = 0
    """Days from `as_of` into and out of which a published plan does not move unless it must."""
    approved: frozenset[str] = frozenset()
    """Sites whose go-live is approved: they are held where they are, however far ahead."""
    started: frozenset[str] = frozenset()
    """Sites where work has begun: a published plan moves them last of all."""
    jobs: Mapping[str, Job]
    """By id, sorted; sites that are paused, dropped or out of the plan are not among them."""
    primitives: tuple[Primitive, ...]
    set_aside: Mapping[str, str] = field(default_factory=dict)
    """Sites that get no day on purpose, each with its reason."""
    live: frozenset[str] = frozenset()
    """Prerequisites that nobody has to wait for any more, because they are there: dates published for them are past."""

    def under(self, renamed: Mapping[str, str]) -> Instance:
        """The same problem, with sites under the ids they have now; `renamed` has these by former id."""
        if not self.jobs.keys() & renamed.keys() and not self.set_aside.keys() & renamed.keys():
            return self

        def now(job: str) -> str:
            return renamed.get(job, job)

        return replace(
            self,
            lighthouse=None if self.lighthouse is None else now(self.lighthouse),
            approved=frozenset(map(now, self.approved)),
            started=frozenset(map(now, self.started)),
            jobs={job.id: job for job in sorted((replace(j, id=now(j.id)) for j in self.jobs.values()), key=_id)},
            primitives=tuple(_renamed(primitive, now) for primitive in self.primitives),
            set_aside={now(site): why for site, why in self.set_aside.items()},
        )

    @cached_property
    def happened(self) -> Mapping[str, int]:
        """The days of jobs that nothing can be asked of any more."""
        return {job.id: job.fixed for job in self.jobs.values() if job.fixed is not None}

    @cached_property
    def candidates(self) -> tuple[int, ...]:
        """Days on which any site may go live: right weekday, no blackout of the whole plan; ascending."""
        return self._permitted(self.weekdays)

    def _permitted(self, weekdays: tuple[int, ...]) -> tuple[int, ...]:
        closed: set[int] = set()
        for primitive in self.primitives:
            if isinstance(primitive, Window) and primitive.everywhere:
                for stretch in primitive.closed:
                    closed.update(weekdays[bisect_left(weekdays, stretch.first) : bisect_right(weekdays, stretch.last)])
        return tuple(day for day in weekdays if day not in closed)

    @cached_property
    def _periods(self) -> tuple[int, ...]:
        """The period of each candidate: a plan is looked at under many days of its lighthouse."""
        return tuple(map(self.period, self.candidates))

    @cached_property
    def sites(self) -> tuple[Job, ...]:
        """Jobs that are sites, by id."""
        return tuple(job for job in self.jobs.values() if job.is_site)

    def period(self, day: int) -> int:
        """Number of the calendar period a day lies in; consecutive periods have consecutive numbers."""
        if self.every == "week":
            return (day - 1) // 7
        when = date.fromordinal(day)
        months = when.year * 12 + when.month - 1
        return months if self.every == "month" else months // 3

    def wave_table(self, lighthouse_day: int | None) -> WaveTable:
        """The numbering of waves that follows from the lighthouse's day.

        Wave k >= 1 is the k-th period after the lighthouse's that has a day on which go-live is permitted after the
        soak. A site's own calendar never affects numbering.
        """
        first = self.as_of if lighthouse_day is None else lighthouse_day + self.soak
        own = None if lighthouse_day is None else self.period(lighthouse_day)
        numbers: dict[int, int] = {}
        for day in self._permitted(self.passed):
            if own is None or (day >= first and self.period(day) > own):
                numbers.setdefault(self.period(day), len(numbers) + 1)
        usable: list[int] = []
        after = bisect_left(self.candidates, first)
        for day, period in zip(self.candidates[after:], self._periods[after:], strict=True):
            if own is not None and period <= own:
                continue
            numbers.setdefault(period, len(numbers) + 1)
            usable.append(day)
        return WaveTable(self, numbers, tuple(usable))


@dataclass(frozen=True)
class WaveTable:
    """Waves by calendar period."""

    instance: Instance
    numbers: Mapping[int, int]
    """Period to wave number."""
    days: tuple[int, ...]
    """Permitted go-live days of waves 1 and later, ascending."""

    def wave(self, day: int) -> int:
        """The wave of a day: its period's, or that of the last numbered period before it (0 when there is none)."""
        period = self.instance.period(day)
        if period in self.numbers:
            return self.numbers[period]
        return max((number for known, number in self.numbers.items() if known < period), default=0)


def _id(job: Job) -> str:
    return job.id


def _renamed(primitive: Primitive, now: Callable[[str], str]) -> Primitive:
    if isinstance(primitive, After | Prefer):
        return replace(primitive, job=now(primitive.job), before=now(primitive.before))
    if isinstance(primitive, Resource):
        return replace(primitive, demands={now(job): demands for job, demands in primitive.demands.items()})
    return replace(primitive, jobs=tuple(map(now, primitive.jobs)))


def days_of(schedule: Schedule) -> dict[str, int]:
    """The published days by job."""
    days = {site: placement.go_live.toordinal() for site, placement in schedule.sites.items()}
    return days | {PREREQUISITE + name: ready.starts.toordinal() for name, ready in schedule.prerequisites.items()}
