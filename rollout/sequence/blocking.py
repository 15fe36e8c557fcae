"""What stands in the way of one job on one day, all others being where they are.

It shares no code with the search: every primitive is asked by itself, as the checker asks it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from rollout.model.calendar import spoken, spoken_ordinal
from rollout.model.few import few
from rollout.model.instance import (
    PREREQUISITE,
    After,
    Apart,
    Because,
    Instance,
    Prefer,
    Primitive,
    Resource,
    Same,
    WaveTable,
    Window,
)
from rollout.model.load import taken_by
from rollout.model.source import Source

_NAMES = 6
"""Names shown of those who use a capacity."""


class Others:
    """All jobs on their days, to ask of any one of them what keeps it off another day. Indexed by job once."""

    def __init__(self, instance: Instance, days: Mapping[str, int]) -> None:
        self.instance = instance
        self.days: dict[str, int] = {job: day for job, day in days.items() if job in instance.jobs}
        self.days |= instance.happened
        lighthouse = instance.lighthouse
        self.table: WaveTable = instance.wave_table(self.days.get(lighthouse) if lighthouse else None)
        self._about: dict[str, list[Primitive]] = {}
        self._loads: dict[int, tuple[Mapping[int, int], Mapping[int, list[str]]]] = {}
        self._renumbered: dict[int, tuple[Primitive, ...]] = {}
        self._numbered = [p for p in instance.primitives if _depends_on_number(p)]
        for primitive in instance.primitives:
            for job in dict.fromkeys(_jobs(primitive)):
                self._about.setdefault(job, []).append(primitive)

    def is_open(self, job: str) -> bool:
        """Whether something can still be asked of it."""
        return self.instance.jobs[job].fixed is None

    def wave(self, job: str, day: int) -> int:
        """The wave of a site on a day."""
        return 0 if job == self.instance.lighthouse else self.table.wave(day)

    def about(self, job: str) -> list[Primitive]:
        """The primitives that a job has part in."""
        return self._about.get(job, [])

    def hits(self, job: str, day: int) -> tuple[Primitive, ...]:
        """The primitives that keep the job off the day."""
        if not self.is_open(job):
            return ()
        found = [primitive for primitive in self.about(job) if self._is_in_the_way(primitive, job, day)]
        if job == self.instance.lighthouse:
            found += [p for p in self._after_renumbering(day) if all(p is not known for known in found)]
        return tuple(found)

    def reasons(self, job: str, day: int) -> tuple[Because, ...]:
        """Every line that keeps the job (a site or a prerequisite) off the day, each of which does so by itself.

        Two reasons from the same line are one. The day is taken to be a permitted one (`Instance.candidates`,
        `WaveTable.days`). Nothing blocks what has happened.
        """
        found: dict[Source, Because] = {}
        for primitive in self.hits(job, day):
            found.setdefault(primitive.because.source, primitive.because)
        return tuple(found.values())

    def detail(self, primitive: Primitive, job: str, day: int) -> str:
        """How the primitive keeps the job off the day: who is there, since when, until when."""
        if isinstance(primitive, Window):
            return self._closed_by(primitive, day)
        if isinstance(primitive, After):
            return self._order(primitive, job, day)
        if isinstance(primitive, Same | Apart):
            here = self.wave(job, day)
            others = [(o, self.wave(o, self.days[o])) for o in primitive.jobs if o != job and o in self.days]
            wanted = [(o, w) for o, w in others if (w == here) == isinstance(primitive, Apart)]
            return ", ".join(f"{o} is {'the lighthouse' if w == 0 else f'in wave {w}'}" for o, w in wanted[:_NAMES])
        if isinstance(primitive, Resource):
            return self._load(primitive, job, day)
        return ""

    def _is_in_the_way(self, primitive: Primitive, job: str, day: int) -> bool:
        if isinstance(primitive, Window):
            return primitive.keeps_off(day, self.wave(job, day))
        if isinstance(primitive, After):
            jobs = self.instance.jobs
            if primitive.job == job:
                if primitive.before not in self.days:
                    return primitive.lag >= 0
                return day < jobs[primitive.before].usable(self.days[primitive.before]) + primitive.lag
            later = primitive.job
            if later not in self.days or not self.is_open(later):
                return False
            return self.days[later] < jobs[job].usable(day) + primitive.lag
        if isinstance(primitive, Same | Apart):
            here = self.wave(job, day)
            is_apart = isinstance(primitive, Apart)
            return any(
                (self.wave(other, self.days[other]) == here) == is_apart
                for other in primitive.jobs
                if other != job and other in self.days
            )
        if isinstance(primitive, Prefer):
            return False
        return next(self._full(primitive, job, day), None) is not None

    def _full(self, resource: Resource, job: str, day: int) -> Iterator[tuple[int, int, int]]:
        """Buckets that have no room for the job on the day: bucket, what others use of it, what the job takes."""
        used, _ = self._load_of(resource)
        own = self._taken(resource, job, self.days[job]) if job in self.days else {}
        for bucket, amount in sorted(self._taken(resource, job, day).items()):
            others = used.get(bucket, 0) - own.get(bucket, 0)
            if others + amount > resource.cap(bucket):
                yield bucket, others, amount

    def _load_of(self, resource: Resource) -> tuple[Mapping[int, int], Mapping[int, list[str]]]:
        """How much of each bucket is used, and by which jobs."""
        if id(resource) not in self._loads:
            used, users = dict(resource.taken), dict[int, list[str]]()
            for job in resource.demands:
                if job in self.days:
                    for bucket, amount in self._taken(resource, job, self.days[job]).items():
                        used[bucket] = used.get(bucket, 0) + amount
                        users.setdefault(bucket, []).append(job)
            self._loads[id(resource)] = used, users
        return self._loads[id(resource)]

    def _taken(self, resource: Resource, job: str, day: int) -> Mapping[int, int]:
        """What the job takes when it is on the day: amount by bucket. Pieces of one job are never added up."""
        if resource.unit == "wave":
            return {self.wave(job, day): max(d.amount for d in resource.demands[job])}
        return taken_by(self.instance, resource, job, resource.demands[job], day)

    def _after_renumbering(self, day: int) -> tuple[Primitive, ...]:
        """What other sites are bound to by the number of their wave, and miss when the lighthouse is on `day`.

        Waves are counted from the lighthouse's: on another day of it everybody's wave may have another number.
        """
        if not self._numbered:
            return ()
        table = self.instance.wave_table(day)
        first = min(table.numbers, default=0)
        if first not in self._renumbered:
            wave_of = {
                job.id: table.wave(self.days[job.id])
                for job in self.instance.sites
                if job.id in self.days and job.id != self.instance.lighthouse
            }
            self._renumbered[first] = tuple(p for p in self._numbered if self._misses(p, wave_of))
        return self._renumbered[first]

    def _misses(self, primitive: Primitive, wave_of: Mapping[str, int]) -> bool:
        if isinstance(primitive, Window):
            low, high = primitive.waves or (0, 0)
            return any(self.is_open(j) and not low <= wave_of[j] <= high for j in primitive.jobs if j in wave_of)
        assert isinstance(primitive, Resource)
        used = dict(primitive.taken)
        moving: set[int] = set()
        for job, demands in primitive.demands.items():
            if job in wave_of:
                used[wave_of[job]] = used.get(wave_of[job], 0) + max(d.amount for d in demands)
                if self.is_open(job):
                    moving.add(wave_of[job])
        return any(amount > primitive.cap(wave) and wave in moving for wave, amount in used.items())

    def _closed_by(self, window: Window, day: int) -> str:
        """Which of several stretches it is; a single one is what the message says already."""
        hit = next((stretch for stretch in window.closed if stretch.first <= day <= stretch.last), None)
        if hit is None or len(window.closed) == 1:
            return ""
        if len({stretch.label for stretch in window.closed}) > 1:
            return hit.label if hit.label not in window.because.message else ""
        last = date.fromordinal(hit.last)
        return f"this time until {spoken(last)}" if last < date.max else ""

    def _order(self, after: After, job: str, day: int) -> str:
        jobs = self.instance.jobs
        if after.job != job:
            bound = jobs[job].usable(day) + after.lag
            live, first = spoken_ordinal(self.days[after.job]), spoken_ordinal(bound)
            return f"{after.job} goes live on {live}, and could not before {first}"
        name = after.before.removeprefix(PREREQUISITE)
        if after.before not in self.days:
            return f"{name} has no day"
        ready = jobs[after.before].usable(self.days[after.before])
        if not jobs[after.before].is_site:
            return f"{name} is ready on {spoken_ordinal(ready)}"
        verb = "goes live" if self.is_open(after.before) else "went live"
        return f"{name} {verb} on {spoken_ordinal(ready)}"

    def users(self, resource: Resource, job: str, day: int) -> list[str]:
        """Who uses up the first bucket that has no room for the job on the day; nobody where all have room."""
        full = next(self._full(resource, job, day), None)
        return [] if full is None else self._users(resource, job, full[0])

    def _users(self, resource: Resource, job: str, bucket: int) -> list[str]:
        _, users = self._load_of(resource)
        return [other for other in users.get(bucket, ()) if other != job]

    def _load(self, resource: Resource, job: str, day: int) -> str:
        full = list(self._full(resource, job, day))
        if not full:
            return ""
        bucket, used, amount = full[0]
        users = self._users(resource, job, bucket)
        said = f"{used} of {resource.cap(bucket)} taken {_bucket(resource, bucket)}"
        if amount > 1:
            said = f"needs {amount}, {said}"
        names = sorted(user.removeprefix(PREREQUISITE) for user in users)
        if taken := resource.taken.get(bucket, 0):
            names.insert(0, f"{taken} by plans of higher rank")
        if names:
            said += f": {few(names, _NAMES)}"
        jobs = self.instance.jobs
        if users and all(jobs[user].is_site and jobs[user].weight >= jobs[job].weight for user in users):
            said += ", none worth less" if len(users) > 1 else ", not worth less"
        if len(full) > 1:
            said += f"; full on {len(full)} {resource.unit}s it would use"
        return said


def _jobs(primitive: Primitive) -> tuple[str, ...]:
    if isinstance(primitive, After | Prefer):
        return primitive.job, primitive.before
    return tuple(primitive.demands) if isinstance(primitive, Resource) else primitive.jobs


def _depends_on_number(primitive: Primitive) -> bool:
    if isinstance(primitive, Window):
        return primitive.waves is not None
    return isinstance(primitive, Resource) and primitive.unit == "wave" and len(set(primitive.capacity)) > 1


def _bucket(resource: Resource, bucket: int) -> str:
    if resource.unit == "wave":
        return f"in wave {bucket}"
    if resource.unit == "day":
        return f"on {spoken_ordinal(bucket)}"
    return f"in the week of {spoken_ordinal(bucket * 7 + 1)}"
