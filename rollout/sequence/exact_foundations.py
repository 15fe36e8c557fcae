"""The earliest lighthouse, by the exact engine: prerequisites that share teams are resource-constrained scheduling.

Intervals and one cumulative for each team, as CP-SAT likes them: on PSPLIB's instances of 30 activities it proves all,
which no list of priority rules does. Only with `rollout[exact]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rollout.model.instance import After, Demand, Instance, Job, Resource, Window
from rollout.model.load import taken_by
from rollout.sequence.exact import solver

_MARGIN = 800
"""Days before the first and after the last start that work may reach to."""


@dataclass(frozen=True, slots=True)
class Earliest:
    """Days of prerequisites and lighthouse, and the day before which no lighthouse can be."""

    day_of: Mapping[str, int]
    bound: int


def earliest_lighthouse(
    instance: Instance,
    *,
    work: float | None = None,
    seconds: float | None = None,
    workers: int = 1,
    hint: Mapping[str, int] | None = None,
) -> Earliest | None:
    """The earliest day of the lighthouse, its prerequisites and all others around it; None where none was found.

    `work` limits deterministic time, which gives the same answer on any machine; `seconds` the clock, for comparisons.
    """
    return _Foundations(instance).solve(work, seconds, workers, hint)


class _Foundations:
    def __init__(self, instance: Instance) -> None:
        self.cp = solver()
        self.instance = instance
        self.model = self.cp.CpModel()
        self.first = instance.as_of
        self.last = instance.weekdays[-1] if instance.weekdays else instance.as_of
        self.jobs = {
            job.id: job
            for job in instance.jobs.values()
            if job.fixed is None and (not job.is_site or job.id == instance.lighthouse)
        }
        self.start: dict[str, Any] = {}
        self.ready: dict[str, Any] = {}
        self.whole: dict[str, Any] = {}
        """The interval of a job whose length in days does not depend on when it starts."""
        closed = self._closed()
        for job in self.jobs.values():
            self._add(job, closed.get(job.id, set()))
        self._follow()
        for primitive in instance.primitives:
            if isinstance(primitive, Resource) and primitive.unit != "wave":
                self._share(primitive)

    def _closed(self) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for primitive in self.instance.primitives:
            if isinstance(primitive, Window):
                days = {
                    day for s in primitive.closed for day in range(max(s.first, self.first), min(s.last, self.last) + 1)
                }
                for job in primitive.jobs:
                    if job in self.jobs:
                        found.setdefault(job, set()).update(days)
        return found

    def _add(self, job: Job, closed: set[int]) -> None:
        if job.is_site:
            days = [day for day in self.instance.candidates if day not in closed]
            self.start[job.id] = self.ready[job.id] = self._among(days)
            return
        days = [
            day
            for day in range(self.first, self.last + 1)
            if day not in closed and job.calendar.is_working(date.fromordinal(day))
        ]
        start = self.start[job.id] = self._among(days)
        usable = {day: job.usable(day) for day in days}
        if all(ready - day == job.takes.length for day, ready in usable.items()):
            self.ready[job.id] = start + job.takes.length
            self.whole[job.id] = self.model.new_fixed_size_interval_var(start, job.takes.length, "")
        else:
            ready = self.ready[job.id] = self.model.new_int_var(self.first, self.last + 400, "")
            self.model.add_allowed_assignments([start, ready], [(day, usable[day]) for day in days])

    def _among(self, days: list[int]) -> Any:
        return self.model.new_int_var_from_domain(self.cp.Domain.from_values(days or [self.last + 400]), "")

    def _follow(self) -> None:
        jobs, instance = self.jobs, self.instance
        for primitive in instance.primitives:
            if not isinstance(primitive, After) or primitive.job not in jobs:
                continue
            before = instance.jobs.get(primitive.before)
            if primitive.before in jobs:
                self.model.add(self.start[primitive.job] >= self.ready[primitive.before] + primitive.lag)
            elif before is not None and before.fixed is not None:
                self.model.add(self.start[primitive.job] >= before.usable(before.fixed) + primitive.lag)

    def _share(self, resource: Resource) -> None:
        """One cumulative: intervals in days, or in weeks where the team's capacity is weekly."""
        instance = self.instance
        spans, amounts = [], []
        taken = dict(resource.taken)
        for job_id, demands in resource.demands.items():
            if job_id in self.jobs:
                for span, amount in self._pieces(resource, job_id, demands):
                    spans.append(span)
                    amounts.append(amount)
            elif job_id in instance.happened:
                for bucket, amount in taken_by(instance, resource, job_id, demands, instance.happened[job_id]).items():
                    taken[bucket] = taken.get(bucket, 0) + amount
        for bucket, amount in taken.items():
            spans.append(self.model.new_fixed_size_interval_var(bucket, 1, ""))
            amounts.append(min(amount, resource.capacity[0]))
        if spans and sum(amounts) > resource.capacity[0]:
            self.model.add_cumulative(spans, amounts, resource.capacity[0])

    def _pieces(self, resource: Resource, job_id: str, demands: tuple[Demand, ...]) -> Iterator[tuple[Any, int]]:
        """Intervals of a job, and how much it takes in each: where two of its pieces meet, the larger amount.

        Layer by layer: what the smallest amount covers, what the next one covers on top of it, and so on; within a
        layer a piece begins after those before it.
        """
        below = 0
        for amount in sorted({demand.amount for demand in demands}):
            reached: Any = None
            for demand in sorted((d for d in demands if d.amount >= amount), key=lambda d: (d.first, d.last)):
                if len(demands) == 1 and demand.last < demand.first and resource.unit == "day" and job_id in self.whole:
                    yield self.whole[job_id], amount
                    continue
                begin, end = self._span(job_id, demand, weekly=resource.unit == "week")
                if reached is not None:
                    begin, end = self._most(begin, reached), self._most(end, reached)
                reached = end
                size = self.model.new_int_var(0, 2 * _MARGIN + self.last - self.first, "")
                self.model.add(size == end - begin)
                yield self.model.new_interval_var(begin, size, end, ""), amount - below
            below = amount

    def _span(self, job_id: str, demand: Demand, *, weekly: bool) -> tuple[Any, Any]:
        """The first day or week of a demand, and the first one after it."""
        begin = self.start[job_id] + demand.first
        over = self.ready[job_id] if demand.last < demand.first else self.start[job_id] + demand.last + 1
        if not weekly:
            return begin, over
        first, last = self._bucket_var(), self._bucket_var()
        self.model.add_division_equality(first, begin - 1, 7)
        self.model.add_division_equality(last, over - 2, 7)
        self.model.add(last >= first)
        return first, last + 1

    def _bucket_var(self) -> Any:
        return self.model.new_int_var((self.first - _MARGIN) // 7, (self.last + _MARGIN) // 7, "")

    def _most(self, one: Any, other: Any) -> Any:
        most = self.model.new_int_var((self.first - _MARGIN) // 7, self.last + _MARGIN, "")
        self.model.add_max_equality(most, [one, other])
        return most

    def solve(
        self, work: float | None, seconds: float | None, workers: int, hint: Mapping[str, int] | None
    ) -> Earliest | None:
        """The lighthouse first; what else is early matters far less."""
        lighthouse = self.instance.lighthouse
        if lighthouse not in self.start:
            return None
        for job, day in (hint or {}).items():
            if job in self.start:
                self.model.add_hint(self.start[job], day)
        self.model.minimize(self.start[lighthouse])
        engine = self.cp.CpSolver()
        engine.parameters.num_workers = workers
        if work is not None:
            engine.parameters.interleave_search = workers > 1
            engine.parameters.max_deterministic_time = work
        if seconds is not None:
            engine.parameters.max_time_in_seconds = seconds
        if engine.solve(self.model) not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        days = {job: engine.value(var) for job, var in self.start.items()}
        return Earliest(days, round(engine.best_objective_bound))
