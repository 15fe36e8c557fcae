"""P50 and P80 of every date: durations are drawn thousands of times, and each course follows the published order.

Schedule risk analysis by simulation (D. T. Hulett, *Practical Schedule Risk Analysis*, 2009) with one peculiarity: a
plan does not pull in. In a run a job gets the latest of its published day, the end of its own preparation, and the days
of what it waits for; a site then waits for its next lawful day. So zero spread gives the plan exactly, and several
predecessors make the later of their delays felt (merge bias). Capacity is not levelled again, and the result says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rollout.model.forecast import Forecast, Histogram, Outlook, Spread
from rollout.model.instance import FOREVER, PREREQUISITE, After, Instance, Job, Same, Window, days_of
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.model.source import Source
from rollout.model.watched import counted
from rollout.problem import RolloutError
from rollout.sequence.columns import Column, Columns, best_columns, stream
from rollout.sequence.experience import Chance, Learnt, chances, learnt
from rollout.sequence.lower import lower

_FARTHER = timedelta(days=2 * 366)
"""Blackouts and holidays are known so far past the plan's end; beyond, a late site goes live on any day."""
_CELLS = 3_000_000
"""Days held at once: jobs times runs of a batch. Bounds memory whatever the numbers asked for."""
_SWEEPS = 20
"""How often delays go round among sites that hold each other (together, neighbours) before it is left at that."""


def forecast(
    programme: Programme,
    folder: PlanFolder,
    schedule: Schedule,
    as_of: date,
    *,
    runs: int = 10_000,
    seed: int = 1,
    spread: Spread | None = None,
    columns: Columns | None = None,
) -> Forecast:
    """What `runs` courses of the published plan say, seen from `as_of`.

    `spread`: of every duration, in place of the plan's, what was learnt and prerequisites' own points.
    """
    end = max(schedule.last_go_live or schedule.made.as_of, schedule.made.as_of)
    instance = lower(programme, folder, schedule.made.as_of, end + _FARTHER)
    plan = folder.plan
    known = learnt(programme, folder)
    if spread is not None:
        known = Learnt(spread, f"{spread} of what is planned, as asked for")
    luck = chances(programme, folder, instance, schedule, known.spread)
    if spread is not None:
        luck = {job: Chance(spread, chance.ways) for job, chance in luck.items()}
    course = Course(instance, schedule, luck, as_of.toordinal(), columns or best_columns())
    if not any(step.job.is_site for step in course.steps):
        place = Source((folder.layout.schedule,), ("sites",))
        raise RolloutError(place.problem("no-schedule", "no site of the plan has a day", "run `rollout plan`"))
    seen = course.run(runs, seed, plan.forecast.common)

    def outlook(job: str, name: str, planned: int, wave: int | None = None) -> Outlook:
        histogram = seen.days[job]
        return Outlook(
            id=name,
            planned=date.fromordinal(planned),
            p50=histogram.quantile(50),
            p80=histogram.quantile(80),
            kept=histogram.until(planned) / runs,
            critical=seen.critical[job] / runs,
            wave=wave,
        )

    rows = sorted(course.steps, key=lambda step: (step.planned, step.job.id))
    last = max(step.planned for step in rows if step.job.is_site)
    wave_of = {site: placement.wave for site, placement in schedule.sites.items()}
    return Forecast(
        plan=folder.id,
        name=plan.name,
        as_of=as_of,
        runs=runs,
        seed=seed,
        spread=known.spread,
        learnt=known.says,
        learnt_from=known.sites,
        end=outlook(END, "end", last),
        sites=tuple(
            outlook(step.job.id, step.job.id, step.planned, wave_of.get(step.job.id))
            for step in rows
            if step.job.is_site
        ),
        prerequisites=tuple(
            outlook(s.job.id, s.job.id.removeprefix(PREREQUISITE), s.planned) for s in rows if not s.job.is_site
        ),
        left_out=tuple(sorted({job.id for job in instance.sites} - {step.job.id for step in rows})),
    )


END = ""
"""Key of the last go-live among the days of jobs."""


@dataclass(slots=True)
class Seen:
    """What the runs so far came to."""

    days: dict[str, Histogram]
    """First usable days by job, and the last go-live by END."""
    critical: dict[str, int]
    """Runs by job in which it was on the deciding chain."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A job waits for another: so many days after it, or for the day a table gives for the other's."""

    before: int
    lag: int = 0
    table: Column | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    """A job in the order in which runs work through them."""

    job: Job
    planned: int
    """Published day on which it is free: go-live, or first usable day."""
    begins: int
    """Published day, of a prerequisite the first day of work; never before today where it is still to come."""
    edges: tuple[_Edge, ...]
    chance: Chance | None
    """None: nothing about it is open."""
    table: Column | None
    """By day: the next lawful go-live day (sites), or the number of working days before (prerequisites)."""
    worked: Column | None = None
    """Working days in order (prerequisites)."""


class Course:
    """The published plan, made ready for many runs."""

    def __init__(
        self, instance: Instance, schedule: Schedule, luck: Mapping[str, Chance], today: int, columns: Columns
    ) -> None:
        self.instance, self.columns, self.today = instance, columns, today
        self.day = {job: day for job, day in days_of(schedule).items() if job in instance.jobs}
        self.day |= instance.happened
        self.first = min([*self.day.values(), today, instance.as_of])
        late = sum(
            int(job.takes.days * luck[job.id].spread.high / 100) + 7
            for job in instance.jobs.values()
            if not job.is_site and job.id in luck
        )
        known = max([*instance.candidates[-1:], *self.day.values(), today])
        self.last = min(known + min(late, 20_000) + 400, FOREVER - 1)
        order = sorted(self.day, key=lambda job: (self.day[job], instance.jobs[job].is_site, job))
        self.place = {job: number for number, job in enumerate(order)}
        edges = self._edges()
        self._worked: dict[int, tuple[Column, Column]] = {}
        lawful = self._lawful()
        self.steps = [self._step(instance.jobs[job], edges.get(job, []), luck.get(job), lawful) for job in order]
        self.goes_round = any(e.before > number for number, step in enumerate(self.steps) for e in step.edges)

    def _step(self, job: Job, edges: list[_Edge], chance: Chance | None, lawful: Mapping[str, Column]) -> _Step:
        day = self.day[job.id]
        planned = job.usable(day)
        if job.is_site:
            if job.fixed is not None:
                return _Step(job, day, day, (), None, None)
            return _Step(job, day, max(day, self.today), tuple(edges), chance, lawful[job.id])
        # No record says that a prerequisite is done; one whose day has come is taken to be as published.
        if planned <= self.today:
            return _Step(job, planned, day, (), None, None)
        table, worked = self._calendar(job)
        return _Step(job, planned, day, () if job.fixed is not None else tuple(edges), chance, table, worked)

    def _edges(self) -> dict[str, list[_Edge]]:
        """What each job waits for: orders, the soak, and mates whose wave it shares."""
        found: dict[str, list[_Edge]] = {}
        instance = self.instance
        period = soak = None
        if instance.lighthouse in self.place:
            soak = self.columns.table(self._soak())
            for site in instance.sites:
                if site.id in self.place and site.id != instance.lighthouse:
                    found.setdefault(site.id, []).append(_Edge(self.place[instance.lighthouse], table=soak))
        for primitive in instance.primitives:
            if isinstance(primitive, After) and primitive.job in self.place and primitive.before in self.place:
                found.setdefault(primitive.job, []).append(_Edge(self.place[primitive.before], primitive.lag))
            elif isinstance(primitive, Same):
                if period is None:
                    period = self.columns.table(self._period_starts())
                group = [job for job in primitive.jobs if job in self.place and instance.jobs[job].fixed is None]
                for job in group:
                    found.setdefault(job, []).extend(
                        _Edge(self.place[mate], table=period) for mate in group if mate != job
                    )
        return found

    def _period_starts(self) -> list[int]:
        """By day: the first day of its calendar period."""
        starts: list[int] = []
        begun, number = self.first, None
        for day in range(self.first, self.last + 1):
            if self.instance.period(day) != number:
                begun, number = day, self.instance.period(day)
            starts.append(begun)
        return starts

    def _soak(self) -> list[int]:
        """By day of the lighthouse: the first day on which wave 1 may begin."""
        following: list[int] = []
        nearest, number = self.last + 1, self.instance.period(self.last)
        for day in range(self.last, self.first - 1, -1):
            if self.instance.period(day) != number:
                nearest, number = day + 1, self.instance.period(day)
            following.append(max(nearest, day + self.instance.soak))
        return following[::-1]

    def _lawful(self) -> dict[str, Column]:
        """For each site the next day, from each day on, on which it may go live.

        Closures that never end again (deadlines, pins, the last window's end) are left out, as are those before a first
        day: a late site misses its deadline, and then goes live all the same.
        """
        closing: dict[str, list[Window]] = {}
        for primitive in self.instance.primitives:
            if isinstance(primitive, Window) and any(s.first > 0 and s.last < FOREVER for s in primitive.closed):
                for job in primitive.jobs:
                    closing.setdefault(job, []).append(primitive)
        made: dict[tuple[int, ...], Column] = {}
        found: dict[str, Column] = {}
        for site in self.instance.sites:
            windows = closing.get(site.id, [])
            key = tuple(map(id, windows))
            if key not in made:
                made[key] = self._next_lawful(windows)
            found[site.id] = made[key]
        return found

    def _next_lawful(self, windows: list[Window]) -> Column:
        closed = {
            day
            for window in windows
            for stretch in window.closed
            if stretch.first > 0 and stretch.last < FOREVER
            for day in range(max(stretch.first, self.first), min(stretch.last, self.last) + 1)
        }
        permitted = set(self.instance.candidates) - closed
        following: list[int] = []
        nearest: int | None = None
        for day in range(self.last, self.first - 1, -1):
            nearest = day if day in permitted else nearest
            following.append(day if nearest is None else nearest)
        return self.columns.table(following[::-1])

    def _calendar(self, job: Job) -> tuple[Column, Column]:
        """Working days before each day, and the working days themselves."""
        if id(job.calendar) not in self._worked:
            before: list[int] = []
            worked: list[int] = []
            for day in range(self.first, self.last + 1):
                before.append(len(worked))
                if job.calendar.is_working(date.fromordinal(day)):
                    worked.append(day)
            self._worked[id(job.calendar)] = self.columns.table(before), self.columns.table(worked)
        return self._worked[id(job.calendar)]

    def run(self, runs: int, seed: int, common: int = 0) -> Seen:
        """Days and criticality over all runs, in batches. `common`: percent of runs in which all have the same luck."""
        seen = Seen({s.job.id: Histogram() for s in self.steps}, {s.job.id: 0 for s in self.steps})
        seen.days[END], seen.critical[END] = Histogram(), runs
        batch = max(250, _CELLS // len(self.steps))
        for first in counted("imagining courses", range(0, runs, batch)):
            self._batch(seen, seed, first, min(batch, runs - first), common)
        return seen

    def _batch(self, seen: Seen, seed: int, first: int, count: int, common: int) -> None:
        columns = self.columns
        shared = columns.luck(stream(seed, ""), first, count), columns.luck(stream(seed, " "), first, count)
        delays: list[Column | None] = []
        for step in self.steps:
            if step.chance is None:
                delays.append(None)
                continue
            luck = columns.luck(stream(seed, step.job.id), first, count)
            if common:
                luck = columns.either(shared[0], common / 100, shared[1], luck)
            delays.append(self._delay(step, columns.percent(luck, step.chance.spread)))
        free = [columns.constant(step.planned, count) for step in self.steps]
        causes: list[Column] = [None] * len(free)
        for _ in range(_SWEEPS if self.goes_round else 1):
            before = list(free) if self.goes_round else []
            for number, step in enumerate(self.steps):
                free[number], causes[number] = self._day(step, delays[number], free, count)
            if all(map(columns.same, before, free)):
                break
        end = columns.constant(0, count)
        for number, step in enumerate(self.steps):
            seen.days[step.job.id].add(columns.tally(free[number]))
            if step.job.is_site:
                end = columns.latest(end, free[number])
        seen.days[END].add(columns.tally(end))
        self._critical(seen, free, causes, end)

    def _delay(self, step: _Step, percent: Column) -> Column:
        """Of a site: the day its preparation is done at the earliest. Of a prerequisite: how long it takes."""
        columns = self.columns
        if not step.job.is_site:
            return columns.stretched(percent, step.job.takes.length)
        assert step.chance is not None
        done = None
        for way in step.chance.ways:
            one = columns.stretched(percent, way.days, self.day[step.job.id] - way.days - way.slack)
            done = one if done is None else columns.latest(done, one)
        return done

    def _day(self, step: _Step, delay: Column | None, free: list[Column], count: int) -> tuple[Column, Column]:
        """When a job is free in each run, and what decided: an edge (from 2), its own work (1), or neither (0)."""
        columns = self.columns
        day, cause = columns.constant(step.begins, count), columns.constant(0, count)
        if step.job.is_site and delay is not None:
            day, cause = columns.later(day, cause, delay, 1)
        for number, edge in enumerate(step.edges, 2):
            other = free[edge.before]
            if edge.table is not None:
                other = columns.look(edge.table, columns.plus(other, -self.first))
            elif edge.lag:
                other = columns.plus(other, edge.lag)
            day, cause = columns.later(day, cause, other, number)
        if step.table is None:
            return columns.constant(step.planned, count), cause
        if step.job.is_site:
            return columns.latest(day, columns.look(step.table, columns.plus(day, -self.first))), cause
        takes = delay if delay is not None else columns.constant(step.job.takes.length, count)
        if not step.job.takes.working:
            day, takes = columns.add(day, takes), columns.constant(0, count)
        place = columns.add(columns.look(step.table, columns.plus(day, -self.first)), takes)
        return columns.look(step.worked, place), cause

    def _critical(self, seen: Seen, free: list[Column], causes: list[Column], end: Column) -> None:
        """Back from whatever goes live last along what decided its day; where several are last, along all of them."""
        columns = self.columns
        flags: list[Column | None] = [None] * len(free)
        for number in range(len(free) - 1, -1, -1):
            step = self.steps[number]
            own = columns.on(free[number], end) if step.job.is_site else None
            flag = flags[number]
            flag = own if flag is None else flag if own is None else columns.either_flag(flag, own)
            if flag is None:
                continue
            marked = columns.count(flag)
            seen.critical[step.job.id] += marked
            if not marked:
                continue
            for which, edge in enumerate(step.edges, 2):
                if edge.before < number:  # mates that held each other are told apart by their published days
                    on = columns.where_cause(flag, causes[number], which)
                    old = flags[edge.before]
                    flags[edge.before] = on if old is None else columns.either_flag(old, on)
