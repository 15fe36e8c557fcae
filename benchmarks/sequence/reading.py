"""The problem as every rival reads it: the open sites, each with its days, once lighthouse and prerequisites are given.

Plain lists and counters that share no code with our search, so that a mistake there cannot favour anybody here. What
a rival answers is judged by `rollout.check.schedule`, not by this file.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Event, Thread

from rollout.model.instance import After, Apart, Demand, Instance, Resource, Same, WaveTable, Window


@dataclass(frozen=True)
class Answer:
    """What a rival found."""

    days: Mapping[str, int] | None
    """Days of the open sites; None when it found no plan. Sites may be missing."""
    bound: int | None = None
    """It proved that no plan needs fewer waves (beside the given days)."""
    value_bound: float | None = None
    """It proved that no plan with as few waves has a smaller sum of weight times day."""
    note: str = ""


class SpentError(Exception):
    """The budget was gone before a model stood."""


class Clock:
    """CPU seconds of this process, all threads and imports included: a busy machine takes nothing from a rival."""

    def __init__(self, budget: float) -> None:
        self.budget = budget

    def left(self) -> float:
        """CPU seconds left, at least 0."""
        return max(0.0, self.budget - time.process_time())

    def check(self) -> None:
        """Raises SpentError when nothing is left: building a model of millions of terms takes minutes, too."""
        if self.left() <= 0:
            raise SpentError

    @contextmanager
    def watch(self, stop: Callable[[], None], seconds: float | None = None) -> Iterator[None]:
        """Calls `stop` once the budget (or this many CPU seconds of it) is gone, however long that takes by the wall."""
        until = self.left() - min(self.left(), seconds if seconds is not None else self.budget)
        done = Event()

        def look() -> None:
            while not done.wait(0.05):
                if self.left() <= until:
                    stop()  # again and again: a solver may not listen before it has begun

        thread = Thread(target=look, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


@dataclass(frozen=True)
class Load:
    """A resource: what is left of its buckets beside what is given, and what each open site takes."""

    resource: Resource
    wave: Mapping[int, int]
    used: Mapping[int, int]
    demands: Mapping[str, tuple[Demand, ...]]
    _known: dict[tuple[int, tuple[Demand, ...]], Mapping[int, int]] = field(default_factory=dict)

    def left(self, bucket: int) -> int:
        """Capacity of a bucket that the open sites may share."""
        return max(0, self.resource.cap(bucket) - self.used.get(bucket, 0))

    def taken(self, site: str, day: int) -> Mapping[int, int]:
        """Amount by bucket when the site goes live on `day`; pieces of one site never add up."""
        key = day, self.demands[site]
        if key not in self._known:
            self._known[key] = _buckets(self.resource, day, self.demands[site], None, self.wave.get(day, 0))
        return self._known[key]


@dataclass(frozen=True)
class Task:
    """Find a day for each site."""

    weight: Mapping[str, float]
    wave: Mapping[int, int]
    """Wave of each day on which anybody may go live, days ascending."""
    days: Mapping[str, Sequence[int]]
    """By open site: days that its own windows and what is given leave."""
    after: Sequence[tuple[str, str, int]]
    """(before, site, lag) among open sites; a lag may be negative."""
    same: Sequence[tuple[str, ...]]
    apart: Sequence[tuple[str, ...]]
    loads: Sequence[Load]

    @cached_property
    def loads_of(self) -> Mapping[str, Sequence[Load]]:
        """The loads a site takes from."""
        found: dict[str, list[Load]] = {site: [] for site in self.days}
        for load in self.loads:
            for site in load.demands:
                found[site].append(load)
        return found

    def waves(self, days: Mapping[str, int]) -> int:
        """The last wave used."""
        return max((self.wave[day] for day in days.values()), default=0)

    def value(self, days: Mapping[str, int]) -> float:
        """Sum of weight times days since the first permitted one."""
        first = next(iter(self.wave), 0)
        return sum(self.weight[site] * (day - first) for site, day in days.items())

    def within(self, waves: int) -> Task | None:
        """The same with no wave after that, each site's days trimmed by who comes before and after it.

        None when some site has no day left: then no plan has so few waves.
        """
        days = {site: [d for d in own if self.wave[d] <= waves] for site, own in self.days.items()}
        group = {site: members for members in self.same for site in members}
        changed = set(days)
        while changed:
            if not all(days[site] for site in changed):
                return None
            now, changed = changed, set()
            for before, site, lag in self.after:
                if before in now and days[site][0] < days[before][0] + lag:
                    days[site] = [d for d in days[site] if d >= days[before][0] + lag]
                    changed.add(site)
                if site in now and days[site] and days[before][-1] + lag > days[site][-1]:
                    days[before] = [d for d in days[before] if d + lag <= days[site][-1]]
                    changed.add(before)
            for members in {group[site] for site in now if site in group}:
                shared = set.intersection(*({self.wave[d] for d in days[m]} for m in members))
                for member in members:
                    kept = [d for d in days[member] if self.wave[d] in shared]
                    if len(kept) < len(days[member]):
                        days[member] = kept
                        changed.add(member)
        return replace(self, days=days)

    def essential(self) -> Task:
        """The same without days that an earlier one of the same wave dominates, because it takes exactly the same.

        Only for sites that wait for nobody: for the others a later day may be what makes it lawful. Where teams and
        days do not bind, what remains is one day a wave.
        """
        waits = {site for _, site, _ in self.after} | {before for before, _, lag in self.after if lag < 0}
        days = dict(self.days)
        for site, own in self.days.items():
            if site not in waits:
                first: dict[object, int] = {}
                for day in own:
                    loads = (frozenset(load.taken(site, day).items()) for load in self.loads_of[site])
                    first.setdefault((self.wave[day], *loads), day)
                days[site] = list(first.values())
        return replace(self, days=days)


def read(instance: Instance, given: Mapping[str, int]) -> Task:
    """The task that remains when the days of lighthouse, prerequisites and what happened are given."""
    lighthouse = instance.lighthouse
    table = instance.wave_table(given.get(lighthouse) if lighthouse else None)
    wave = {day: table.numbers[instance.period(day)] for day in table.days}
    open_sites = [job.id for job in instance.sites if job.id not in given]
    bound = _Windows(instance, given, table, wave, open_sites)
    loads, after, same, apart = [], [], [], []
    for primitive in instance.primitives:
        if isinstance(primitive, Window):
            bound.window(primitive)
        elif isinstance(primitive, After):
            if primitive.job in bound.shut and primitive.before in bound.shut:
                after.append((primitive.before, primitive.job, primitive.lag))
            else:
                bound.after(primitive)
        elif isinstance(primitive, Same):
            bound.same(primitive)
            same.append(primitive.jobs)
        elif isinstance(primitive, Apart):
            bound.apart(primitive)
            apart.append(tuple(job for job in primitive.jobs if job in bound.shut))
        elif isinstance(primitive, Resource):
            load = _load(instance, given, table, wave, primitive, bound.shut)
            bound.load(load)
            loads.append(load)
    weight = {site: instance.jobs[site].weight for site in open_sites}
    groups = [tuple(s for s in members if s in bound.shut) for members in _united(same)]
    return Task(weight, wave, bound.days(), after, [g for g in groups if len(g) > 1], apart, loads)


class _Windows:
    """Days shut to each site, bit t of a number being day t: ten thousand sets of days would be half a gigabyte."""

    def __init__(
        self, instance: Instance, given: Mapping[str, int], table: WaveTable, wave: Mapping[int, int], sites: list[str]
    ) -> None:
        self.instance, self.given, self.table, self.wave = instance, given, table, wave
        self.shut = dict.fromkeys(sites, 0)

    def close(self, sites: Iterable[str], is_shut: Callable[[int], bool]) -> None:
        mine = [site for site in sites if site in self.shut]
        if mine:
            mask = sum(1 << number for number, day in enumerate(self.wave) if is_shut(day))
            for site in mine:
                self.shut[site] |= mask

    def window(self, window: Window) -> None:
        low, high = window.waves or (0, 1 << 40)
        closed = window.closed
        self.close(
            window.jobs,
            lambda d: not low <= self.wave[d] <= high or any(s.first <= d <= s.last for s in closed),
        )

    def after(self, after: After) -> None:
        job, before, jobs = after.job, after.before, self.instance.jobs
        if job in self.shut:
            if before in self.given:
                free = jobs[before].usable(self.given[before]) + after.lag
                self.close([job], lambda d: d < free)
            elif after.lag >= 0:
                self.close([job], lambda d: True)  # what it waits for has no day
        elif before in self.shut and job in self.given and jobs[job].fixed is None:
            self.close([before], lambda d: d + after.lag > self.given[job])

    def same(self, same: Same) -> None:
        for job in same.jobs:
            if job in self.given:
                own = self.wave_of(job)
                self.close(same.jobs, lambda d, own=own: self.wave[d] != own)

    def apart(self, apart: Apart) -> None:
        waves = {self.wave_of(job) for job in apart.jobs if job in self.given}
        self.close(apart.jobs, lambda d: self.wave[d] in waves)

    def load(self, load: Load) -> None:
        alike: dict[tuple[Demand, ...], list[str]] = {}
        for site, demands in load.demands.items():
            alike.setdefault(demands, []).append(site)
        for sites in alike.values():
            one = sites[0]
            self.close(sites, lambda d, one=one: any(a > load.left(b) for b, a in load.taken(one, d).items()))

    def wave_of(self, job: str) -> int:
        return 0 if job == self.instance.lighthouse else self.table.wave(self.given[job])

    def days(self) -> dict[str, Sequence[int]]:
        known: dict[int, list[int]] = {}
        for mask in self.shut.values():
            if mask not in known:
                known[mask] = [day for number, day in enumerate(self.wave) if not mask >> number & 1]
        return {site: known[mask] for site, mask in self.shut.items()}


def _load(
    instance: Instance,
    given: Mapping[str, int],
    table: WaveTable,
    wave: Mapping[int, int],
    resource: Resource,
    open_sites: Mapping[str, object],
) -> Load:
    used = dict(resource.taken)
    for job, demands in resource.demands.items():
        if job in given:
            day = given[job]
            number = 0 if job == instance.lighthouse else table.wave(day) if resource.unit == "wave" else 0
            for bucket, amount in _buckets(resource, day, demands, instance.jobs[job].usable(day), number).items():
                used[bucket] = used.get(bucket, 0) + amount
    return Load(resource, wave, used, {job: d for job, d in resource.demands.items() if job in open_sites})


def _buckets(
    resource: Resource, day: int, demands: tuple[Demand, ...], usable: int | None, wave: int
) -> Mapping[int, int]:
    taken: dict[int, int] = {}
    for demand in demands:
        first, last = day + demand.first, day + demand.last
        if demand.last < demand.first:
            last = max(day, (usable or day) - 1)
        if resource.unit == "wave":
            buckets: Iterable[int] = (wave,)
        elif resource.unit == "day":
            buckets = range(first, last + 1)
        else:
            buckets = range((first - 1) // 7, (last - 1) // 7 + 1)
        for bucket in buckets:
            taken[bucket] = max(taken.get(bucket, 0), demand.amount)
    return taken


def _united(groups: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Groups that share a site are one group."""
    found: list[set[str]] = []
    for group in groups:
        touched = [other for other in found if not other.isdisjoint(group)]
        found = [other for other in found if other not in touched]
        found.append(set(group).union(*touched))
    return [tuple(sorted(group)) for group in found]


def layers(demands: tuple[Demand, ...]) -> list[tuple[int, int, int]]:
    """Demands over time as (height, first, last), one on top of another: what touches a bucket is then their sum."""
    pieces = sorted((d.first, max(d.last, d.first), d.amount) for d in demands)
    found, floor = [], 0
    for level in sorted({amount for *_, amount in pieces}):
        runs: list[list[int]] = []
        for first, last, amount in pieces:
            if amount >= level:
                if runs and first <= runs[-1][1] + 1:
                    runs[-1][1] = max(runs[-1][1], last)
                else:
                    runs.append([first, last])
        found += [(level - floor, first, last) for first, last in runs]
        floor = level
    return found
