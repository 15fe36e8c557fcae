"""What comes before wave 1: the days of prerequisites and of the lighthouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from graphlib import TopologicalSorter
from itertools import accumulate

from rollout.model.instance import FOREVER, After, Instance, Job, Primitive, Resource, Window
from rollout.model.load import taken_by
from rollout.sequence.board import Board

Order = Callable[[str], tuple[float, ...]]


@dataclass(frozen=True)
class Foundations:
    """Days of prerequisites, of the lighthouse and of what happened."""

    day_of: Mapping[str, int]
    impossible: frozenset[str] = field(default_factory=frozenset)
    """Prerequisites and the lighthouse, where no day can be found."""


class _Days:
    """Days closed to a job, and capacity by day and week left for it. Wave sizes do not count the lighthouse."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.windows: dict[str, list[Window]] = {}
        self.afters: dict[str, list[After]] = {}
        self.resources = [p for p in instance.primitives if isinstance(p, Resource) and p.unit != "wave"]
        self.used: dict[tuple[str, int], int] = {
            (resource.name, bucket): amount for resource in self.resources for bucket, amount in resource.taken.items()
        }
        for primitive in instance.primitives:
            if isinstance(primitive, Window):
                for job in primitive.jobs:
                    self.windows.setdefault(job, []).append(primitive)
            elif isinstance(primitive, After):
                self.afters.setdefault(primitive.job, []).append(primitive)

    def closed_until(self, job: str, day: int) -> int:
        """The first day after the windows that close this one; 0 when it is open."""
        later = 0
        for window in self.windows.get(job, ()):
            for stretch in window.closed:
                if stretch.first <= day <= stretch.last:
                    later = max(later, stretch.last + 1)
        return later

    def buckets(self, job: Job, resource: Resource, day: int) -> Mapping[int, int]:
        """What the job takes of a resource when it is on `day`: amount by day or week."""
        return taken_by(self.instance, resource, job.id, resource.demands.get(job.id, ()), day)

    def fits(self, job: Job, day: int) -> bool:
        return all(
            self.used.get((resource.name, bucket), 0) + amount <= resource.capacity[0]
            for resource in self.resources
            for bucket, amount in self.buckets(job, resource, day).items()
        )

    def take(self, job: Job, day: int) -> None:
        for resource in self.resources:
            for bucket, amount in self.buckets(job, resource, day).items():
                self.used[resource.name, bucket] = self.used.get((resource.name, bucket), 0) + amount

    def could_ever(self, job: Job) -> bool:
        """Whether no single demand of the job is larger than the whole capacity."""
        return all(
            demand.amount <= resource.capacity[0]
            for resource in self.resources
            for demand in resource.demands.get(job.id, ())
        )


def foundations(
    instance: Instance,
    last: int,
    order: Order,
    keep: Mapping[str, int] | None = None,
    held: range = range(0),
    with_capacity: bool = True,
) -> Foundations:
    """Prerequisites one after another by `order`, each as early as its team allows, and the lighthouse after its own.

    `keep` are published days that stay where they are lawful, `held` days that the lighthouse does not move to.
    """
    days = _Days(instance)
    day_of = dict(instance.happened)
    if with_capacity:
        for job_id, happened in day_of.items():
            days.take(instance.jobs[job_id], happened)
    impossible: set[str] = set()
    open_jobs = [job for job in instance.jobs.values() if not job.is_site and job.fixed is None]
    ordered = _in_order(days, open_jobs, order)
    lighthouse = instance.lighthouse
    if lighthouse is not None and lighthouse not in day_of:
        # The lighthouse takes its share of a team before what only later sites wait for does.
        needed = _all_before(days, lighthouse)
        first = [job for job in ordered if job.id in needed]
        ordered = [*first, instance.jobs[lighthouse], *(job for job in ordered if job.id not in needed)]
    for job in ordered:
        day = _first_day(days, job, day_of, impossible, last, with_capacity, (keep or {}).get(job.id), held)
        if day is None:
            impossible.add(job.id)
            continue
        day_of[job.id] = day
        if with_capacity:
            days.take(job, day)
    return Foundations(day_of, frozenset(impossible))


def earliest_foundations(instance: Instance, last: int) -> Foundations:
    """Each on the earliest day it could have alone, teams left out: no plan has it earlier, and bounds rest on that."""
    return foundations(instance, last, lambda _: (), with_capacity=False)


def wherever_laid(instance: Instance) -> Instance:
    """The problem without what binds less when foundations come later.

    What no plan of it can do on the earliest foundations, no plan of the given problem can do on any.
    """
    open_jobs = {job.id for job in instance.jobs.values() if job.fixed is None}
    laid = {job for job in open_jobs if not instance.jobs[job].is_site or job == instance.lighthouse}
    is_renumbered = instance.lighthouse in laid
    loosened = (_loosened(primitive, laid, is_renumbered) for primitive in instance.primitives)
    return replace(instance, primitives=tuple(primitive for primitive in loosened if primitive is not None))


def _loosened(primitive: Primitive, laid: set[str], is_renumbered: bool) -> Primitive | None:
    if isinstance(primitive, Resource):
        if primitive.unit != "wave":
            # Elsewhere they leave room here.
            return replace(primitive, demands={j: d for j, d in primitive.demands.items() if j not in laid})
        # A period's wave has an earlier number under a later lighthouse, and so the size of an earlier one.
        return replace(primitive, capacity=tuple(accumulate(primitive.capacity, max))) if is_renumbered else primitive
    if isinstance(primitive, Window) and primitive.waves is not None and is_renumbered:
        return replace(primitive, waves=(primitive.waves[0], FOREVER))
    is_leash = isinstance(primitive, After) and primitive.job in laid and primitive.lag < 0
    return None if is_leash else primitive


def board_on(instance: Instance, laid: Foundations) -> Board:
    """The board of the remaining sites, with the foundations as they are laid.

    Sites that wait for something that has no day have no day either.
    """
    lighthouse_day = None if instance.lighthouse is None else laid.day_of.get(instance.lighthouse)
    board = Board(instance, instance.wave_table(lighthouse_day), laid.day_of)
    blocked = set(laid.impossible)
    if instance.lighthouse in blocked:
        blocked |= set(board.open)
    for primitive in instance.primitives:
        if isinstance(primitive, After) and primitive.before in blocked and primitive.job in board.window:
            board.window[primitive.job] = 0
    for job in blocked & set(board.open):
        board.window[job] = 0
    return board


def _all_before(days: _Days, job: str) -> set[str]:
    """Everything that must come before a job, directly or not."""
    found: set[str] = set()
    waiting = [job]
    while waiting:
        for after in days.afters.get(waiting.pop(), ()):
            if after.before not in found:
                found.add(after.before)
                waiting.append(after.before)
    return found


def _in_order(days: _Days, jobs: Iterable[Job], order: Order) -> list[Job]:
    by_id = {job.id: job for job in jobs}
    sorter = TopologicalSorter({j: [a.before for a in days.afters.get(j, ()) if a.before in by_id] for j in by_id})
    sorter.prepare()
    found: list[Job] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=lambda j: (order(j), j))
        found.append(by_id[ready[0]])
        sorter.done(ready.pop(0))
    return found


def _first_day(
    days: _Days,
    job: Job,
    day_of: Mapping[str, int],
    impossible: set[str],
    last: int,
    with_capacity: bool,
    published: int | None,
    held: range,
) -> int | None:
    """The first day that windows, precedence and capacity leave; the published one when it is among them."""
    earliest = days.instance.as_of
    for after in days.afters.get(job.id, ()):
        if after.before in impossible:
            return None
        if after.before in day_of:
            earliest = max(earliest, days.instance.jobs[after.before].usable(day_of[after.before]) + after.lag)
    if with_capacity and not days.could_ever(job):
        return None

    candidates = days.instance.candidates

    def is_permitted(day: int) -> bool:
        return day in candidates if job.is_site else job.calendar.is_working(date.fromordinal(day))

    def is_good(day: int) -> bool:
        return not days.closed_until(job.id, day) and (not with_capacity or days.fits(job, day))

    if published is not None and published >= earliest and is_permitted(published) and is_good(published):
        return published
    if job.is_site:
        return next((day for day in candidates if day >= earliest and day not in held and is_good(day)), None)
    day = earliest
    while day <= last:
        later = days.closed_until(job.id, day)
        if later:
            if later >= FOREVER:
                return None
            day = later
        elif is_permitted(day) and (not with_capacity or days.fits(job, day)):
            return day
        else:
            day += 1
    return None
