"""Whether dates are lawful: judged from the primitives alone, without knowing how the dates were found.

A site that expects to be later than published is a finding of its own (`slip`). Here it counts where somebody else, or
the site itself, no longer holds with it on the first day it could go live then: that is said at its record.

It shares no code with the search: a mistake there cannot hide here. It runs on every result and on every schedule read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from rollout.model.instance import (
    PREREQUISITE,
    After,
    Apart,
    Because,
    Demand,
    Instance,
    Prefer,
    Primitive,
    Resource,
    Same,
    WaveTable,
    Window,
    days_of,
)
from rollout.model.schedule import Schedule
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "unlawful"
HINT = "run `rollout plan`"


def check_schedule(instance: Instance, schedule: Schedule, path: str) -> list[Problem]:
    """Every way in which the schedule (the file at `path`) breaks what people wrote; empty when it is lawful."""
    judge = _Judge(instance, schedule, Source((path,)))
    found = list(judge.problems())
    told = judge.told()
    return [*found, *_Slipped(instance, schedule, judge, told).problems()] if told else found


def overdue(instance: Instance, schedule: Schedule, path: str, today: date) -> list[Problem]:
    """Warnings for go-live days that have passed without being recorded."""
    return [
        (Source((path,), ("sites", site))).warning(
            "overdue",
            f"{site} was to go live on {placement.go_live}, and no record says that it did",
            "record it, or run `rollout plan`",
        )
        for site, placement in sorted(schedule.sites.items())
        if placement.go_live < today and site in instance.jobs and instance.jobs[site].fixed is None
    ]


def slipping(instance: Instance, schedule: Schedule, path: str, wrong: Collection[Problem] = ()) -> list[Problem]:
    """Warnings for sites that expect to be later than published, and nobody has to move for it.

    `wrong` is what `check_schedule` found: a record it speaks of is not spoken of twice.
    """
    places = {(problem.path, problem.keys) for problem in wrong}
    judge = _Judge(instance, schedule, Source((path,)))
    found = [
        because.source.warning(
            "slip",
            f"{because.message}, published is {date.fromordinal(judge.days[job])}, and all others hold with it",
            "nothing has to move; `rollout plan --replan` would move it there",
        )
        for job, (_, because) in sorted(judge.told().items())
    ]
    return [problem for problem in found if (problem.path, problem.keys) not in places]


class _Judge:
    def __init__(self, instance: Instance, schedule: Schedule, source: Source) -> None:
        self.instance = instance
        self.schedule = schedule
        self.source = source
        self.days = {**days_of(schedule), **instance.happened}
        self.open = instance.jobs.keys() - instance.happened.keys()
        lighthouse = instance.lighthouse
        self.broken: set[int] = set()
        """Primitives that do not hold, by identity."""
        self.table: WaveTable = instance.wave_table(self.days.get(lighthouse) if lighthouse else None)

    def problems(self) -> Iterator[Problem]:
        yield from self._accounted()
        yield from self._waves()
        for primitive in self.instance.primitives:
            found = list(self._primitive(primitive))
            if found:
                self.broken.add(id(primitive))
            yield from found

    def told(self) -> dict[str, tuple[int, Because]]:
        """Sites that expect to go live after their published day: since when at the earliest, and who says so."""
        return {
            job: (window.closed[-1].last + 1, window.because)
            for window in self.instance.primitives
            if isinstance(window, Window) and window.is_reforecast
            for job in window.jobs
            if job in self.open and job in self.days and self.days[job] <= window.closed[-1].last
        }

    def _place(self, job: str) -> Source:
        if job.startswith(PREREQUISITE):
            return self.source / "prerequisites" / job.removeprefix(PREREQUISITE)
        return self.source / "sites" / job

    def _broken(self, job: str, because: Because, with_: Sequence[str], detail: str = "") -> Problem:
        """That `job` is where it must not be, `with_` these others on their days."""
        day = date.fromordinal(self.days[job])
        name = job.removeprefix(PREREQUISITE)
        said = f"{name} on {day} breaks {because.name}: {because.message}{f' ({detail})' if detail else ''}"
        return self._place(job).problem(CODE, said, HINT)

    def _accounted(self) -> Iterator[Problem]:
        for job in self.instance.jobs.values():
            if job.id in self.days or job.id in self.schedule.unplaced:
                continue
            # A prerequisite without a day is broken only where a site that waits for it has one.
            if job.is_site:
                yield self.source.problem(CODE, f"{job.id} has no day and no reason why", HINT)
        for site in self.schedule.sites:
            if site in self.instance.set_aside:
                said = f"{site} has a day, and is {self.instance.set_aside[site]}"
                yield self._place(site).problem(CODE, said, HINT)
            elif site not in self.instance.jobs:
                yield self._place(site).problem(CODE, f"{site} is not a site of this plan", HINT)
        for prerequisite, ready in self.schedule.prerequisites.items():
            job_id = PREREQUISITE + prerequisite
            if prerequisite in self.instance.live:
                continue
            if job_id not in self.instance.jobs:
                yield self._place(job_id).problem(CODE, f"nothing waits for {prerequisite} any more", HINT)
            elif self.instance.jobs[job_id].usable(self.days[job_id]) != ready.ready.toordinal():
                yield self._place(job_id).problem(CODE, f"{prerequisite} takes longer or shorter than published", HINT)

    def _waves(self) -> Iterator[Problem]:
        permitted = set(self.instance.candidates)
        usable = set(self.table.days)
        for site, placement in self.schedule.sites.items():
            if site not in self.open or site not in self.instance.jobs:
                continue
            day = self.days[site]
            wave = self._wave(site)
            if day not in permitted:
                said = f"nobody goes live on {placement.go_live}: wrong weekday, or a blackout of the plan"
                yield self._place(site).problem(CODE, said, HINT)
            elif site != self.instance.lighthouse and day not in usable:
                because = self.instance.soak_because
                said = because.message if because else "the lighthouse's wave is its own"
                yield self._place(site).problem(CODE, f"{site} on {placement.go_live} is too early: {said}", HINT)
            elif placement.wave != wave:
                is_first = site == self.instance.lighthouse
                said = "is the lighthouse, wave 0" if is_first else f"goes live in wave {wave}, not {placement.wave}"
                yield self._place(site).problem(CODE, f"{site} {said}", HINT)

    def _primitive(self, primitive: Primitive) -> Iterator[Problem]:
        if isinstance(primitive, Window):
            if not primitive.is_reforecast:
                yield from self._window(primitive)
        elif isinstance(primitive, After):
            if primitive.job in self.open and primitive.job in self.days:
                if primitive.before in self.days:
                    free = self.instance.jobs[primitive.before].usable(self.days[primitive.before]) + primitive.lag
                    if self.days[primitive.job] < free:
                        yield self._broken(
                            primitive.job, primitive.because, (primitive.before,), f"free on {date.fromordinal(free)}"
                        )
                elif primitive.lag >= 0:
                    yield self._broken(
                        primitive.job, primitive.because, (primitive.before,), f"{primitive.before} has no day"
                    )
        elif isinstance(primitive, Same):
            waves = {self._wave(job) for job in primitive.jobs if job in self.days}
            late = [job for job in primitive.jobs if job in self.open and job in self.days]
            if len(waves) > 1 and late:
                yield self._broken(late[0], primitive.because, primitive.jobs)
        elif isinstance(primitive, Apart):
            seen: dict[int, str] = {}
            for job in primitive.jobs:
                if job not in self.days:
                    continue
                other = seen.setdefault(self._wave(job), job)
                if other != job and (job in self.open or other in self.open):
                    yield self._broken(job if job in self.open else other, primitive.because, (other, job))
        elif not isinstance(primitive, Prefer):
            yield from self._resource(primitive)

    def _wave(self, job: str) -> int:
        return 0 if job == self.instance.lighthouse else self.table.wave(self.days[job])

    def _window(self, window: Window) -> Iterator[Problem]:
        for job in window.jobs:
            if job not in self.open or job not in self.days:
                continue
            day = self.days[job]
            hit = next((stretch for stretch in window.closed if stretch.first <= day <= stretch.last), None)
            if hit is not None:
                yield self._broken(job, window.because, (), hit.label)
            elif window.waves is not None and not window.waves[0] <= self._wave(job) <= window.waves[1]:
                yield self._broken(job, window.because, (), f"it is in wave {self._wave(job)}")

    def _resource(self, resource: Resource) -> Iterator[Problem]:
        used: dict[int, int] = dict(resource.taken)
        users: dict[int, list[str]] = {}
        for job, demands in resource.demands.items():
            if job in self.days:
                for bucket, amount in self._taken(resource, job, demands).items():
                    used[bucket] = used.get(bucket, 0) + amount
                    users.setdefault(bucket, []).append(job)
        told: set[str] = set()
        for bucket, amount in sorted(used.items()):
            if amount <= resource.cap(bucket):
                continue
            late = [job for job in users.get(bucket, ()) if job in self.open]
            if late and (job := max(late, key=lambda j: (self.days[j], j))) not in told:
                told.add(job)
                detail = f"{amount} of {resource.cap(bucket)} {self._bucket(resource, bucket)}"
                yield self._broken(job, resource.because, users[bucket], detail)

    def _taken(self, resource: Resource, job: str, demands: tuple[Demand, ...]) -> Mapping[int, int]:
        taken: dict[int, int] = {}
        day = self.days[job]
        for demand in demands:
            last = day + demand.last
            if demand.last < demand.first:
                last = max(day, self.instance.jobs[job].usable(day) - 1)
            for moment in range(day + demand.first, last + 1):
                bucket = moment if resource.unit == "day" else (moment - 1) // 7
                if resource.unit == "wave":
                    bucket = self._wave(job)
                taken[bucket] = max(taken.get(bucket, 0), demand.amount)
        return taken

    def _bucket(self, resource: Resource, bucket: int) -> str:
        if resource.unit == "wave":
            return f"in wave {bucket}"
        if resource.unit == "day":
            return f"on {date.fromordinal(bucket)}"
        return f"in the week of {date.fromordinal(bucket * 7 + 1)}"


class _Slipped(_Judge):
    """The same dates with each site that expects to be later on the first day that it could go live then.

    Only what holds on the published days is judged. Waves keep the numbers they were published with.
    """

    def __init__(
        self, instance: Instance, schedule: Schedule, published: _Judge, told: Mapping[str, tuple[int, Because]]
    ) -> None:
        super().__init__(instance, schedule, published.source)
        self.published = published
        self.told_by = told
        self.windows: dict[str, list[Window]] = {job: [] for job in told}
        for window in instance.primitives:
            if isinstance(window, Window) and not window.is_reforecast:
                for job in window.jobs:
                    if job in told:
                        self.windows[job].append(window)
        self.after_soak = self.table.days
        self.stuck: list[str] = []
        # The lighthouse first: the days of all others begin with its soak.
        for job in sorted(told, key=lambda job: (job != instance.lighthouse, job)):
            day = next((day for day in self._days(job) if not self._closing(job, day)), None)
            if day is None:
                self.stuck.append(job)
                continue
            self.days[job] = day
            if job == instance.lighthouse:
                self.after_soak = instance.wave_table(day).days

    def problems(self) -> Iterator[Problem]:
        for job in self.stuck:
            days = self._days(job)
            ends = [w for w in self.windows[job] if days and all(w in self._closing(job, day) for day in days)]
            said = f": {ends[0].because.message}" if ends else ""
            yield self._told(job, f"there is no day left for it from then on{said}")
        yield from self._too_early()
        for primitive in self.instance.primitives:
            if not isinstance(primitive, Window) and id(primitive) not in self.published.broken:
                yield from self._primitive(primitive)

    def _days(self, job: str) -> Sequence[int]:
        """Permitted days from the one on which a site expects to go live."""
        days = self.instance.candidates if job == self.instance.lighthouse else self.after_soak
        return days[bisect_left(days, self.told_by[job][0]) :]

    def _closing(self, job: str, day: int) -> list[Window]:
        """What people wrote about the site that keeps it off a day."""
        wave = 0 if job == self.instance.lighthouse else self.table.wave(day)
        return [window for window in self.windows[job] if window.keeps_off(day, wave)]

    def _too_early(self) -> Iterator[Problem]:
        lighthouse, because = self.instance.lighthouse, self.instance.soak_because
        if lighthouse is None or lighthouse not in self.told_by:
            return
        before, after = set(self.table.days), set(self.after_soak)
        said = because.message if because else "the lighthouse's wave is its own"
        for site in self.schedule.sites:
            if site in self.open and site != lighthouse and self.days[site] in before - after:
                yield self._told(lighthouse, f"{site} on {date.fromordinal(self.days[site])} is too early then: {said}")

    def _broken(self, job: str, because: Because, with_: Sequence[str], detail: str = "") -> Problem:
        told = next(other for other in (*with_, job) if other in self.told_by and other not in self.stuck)
        name = job.removeprefix(PREREQUISITE)
        who = "it" if told == job else f"{name} on {date.fromordinal(self.days[job])}"
        said = f"{who} breaks {because.name} then: {because.message}{f' ({detail})' if detail else ''}"
        return self._told(told, said)

    def _told(self, job: str, said: str) -> Problem:
        """What does not hold, at the record that says so."""
        because = self.told_by[job][1]
        hint = "run `rollout plan`, or record another forecast"
        return because.source.problem(CODE, f"{because.message}, and {said}", hint)
