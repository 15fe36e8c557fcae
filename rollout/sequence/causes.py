"""Why the days of two solutions differ: for each job that moved, the constraint behind it, and what is behind that.

It asks the primitives of both sides, as the checker does, and knows nothing of how the days were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rollout.model.calendar import spoken_ordinal
from rollout.model.caused import Cause, Way
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
    Window,
)
from rollout.model.source import Source
from rollout.sequence.blocking import Others

_MOST = 12
"""Steps of a chain; nobody reads on."""


def causes(
    before: tuple[Instance, Mapping[str, int]],
    after: tuple[Instance, Mapping[str, int]],
    jobs: Iterable[str],
    plan: Source,
) -> dict[str, tuple[Cause, ...]]:
    """For each of these jobs that has another day after than before, the chain from it to the root.

    Each side is a problem and a solution of it, days by job id. A step that moved by another job's move names that job,
    and the next step is about it. `plan` is where the plan is written, for what has no line of its own.
    """
    case = _Case(Others(*before), Others(*after), plan)
    return {job: case.chain(job) for job in jobs}


class _Case:
    def __init__(self, old: Others, new: Others, plan: Source) -> None:
        self.old, self.new, self.plan = old, new, plan
        self._causes: dict[str, Cause] = {}
        self._known: dict[str, frozenset[Any]] = {}
        self._everywhere = [
            [p for p in side.instance.primitives if isinstance(p, Window) and p.everywhere] for side in (old, new)
        ]

    def chain(self, job: str) -> tuple[Cause, ...]:
        """From the job's own cause to the root's."""
        found: list[Cause] = []
        seen: set[str] = set()
        following: str | None = job
        while following is not None and following not in seen and len(found) < _MOST:
            seen.add(following)
            cause = self._cause(following)
            found.append(cause)
            following = None if cause.via is None else self._id(cause.via)
        return tuple(found)

    def moved(self, job: str) -> bool:
        """Whether a job is usable on another day than before, or was not there."""
        return self._usable(self.old, job) != self._usable(self.new, job)

    def _usable(self, side: Others, job: str) -> int | None:
        day = side.days.get(job)
        return None if day is None else side.instance.jobs[job].usable(day)

    def _id(self, name: str) -> str:
        return name if name in self.new.instance.jobs else PREREQUISITE + name

    def _cause(self, job: str) -> Cause:
        if job not in self._causes:
            self._causes[job] = self._found(job)
        return self._causes[job]

    def _found(self, job: str) -> Cause:
        """The one cause of a job's move that says most: what is new first, then what another job's move brought."""
        there = self.new.instance.jobs.get(job)
        if there is None:
            why = self.new.instance.set_aside.get(job, "is no longer a site of the plan")
            return self._plain(job, "set aside", why if why.startswith("is ") else f"{_name(job)} is {why}")
        if there.is_site and there.fixed is not None:
            said = f"{job} went live on {spoken_ordinal(there.fixed)}: what has happened is fixed"
            return self._plain(job, "record", said)
        old = self.old.days.get(job)
        if old is None:
            return self._plain(job, "new", f"{_name(job)} is new")
        if old == self.new.days.get(job) and (renumbered := self._renumbered(job)) is not None:
            return renumbered
        options = [*self._blocked(job, old), *self._freed(job)]
        return min(options, key=_rank) if options else self._chosen(job)

    def _renumbered(self, job: str) -> Cause | None:
        """Why a site on the day it had is in a wave of another number."""
        lighthouse = self.new.instance.lighthouse
        if lighthouse in (None, job) or not self.moved(lighthouse or "") or not self.new.instance.jobs[job].is_site:
            return None
        said = f"it keeps its day; waves are counted from that of {lighthouse}, which moved"
        source = self.plan / "lighthouse"
        return Cause(job=job, way="blocked", constraint="lighthouse", message=said, source=source, via=lighthouse)

    def _chosen(self, job: str) -> Cause:
        said = "nothing forces it: the plan was made anew, or its dates were edited"
        return Cause(job=_name(job), way="chosen", constraint="schedule", message=said, source=self.plan)

    def _blocked(self, job: str, day: int) -> Iterator[Cause]:
        """What keeps it off its old day now, all others being where they are after."""
        instance = self.new.instance
        if not instance.jobs[job].is_site:
            if self.moved(job) and self.new.days.get(job) == day:
                then, now = self._usable(self.old, job), self._usable(self.new, job)
                assert then is not None
                assert now is not None
                said = f"{_name(job)} is ready on {spoken_ordinal(now)} instead of {spoken_ordinal(then)}"
                yield self._plain(job, f"prerequisite {_name(job)}", said, is_new=True)
        elif day not in (instance.candidates if job == instance.lighthouse else self.new.table.days):
            yield from self._not_permitted(job, day)
        for primitive in self.new.hits(job, day):
            yield self._because(job, "blocked", primitive, day)

    def _not_permitted(self, job: str, day: int) -> Iterator[Cause]:
        """Days that the plan as a whole does not allow: a blackout of everybody, the soak, another weekday."""
        instance = self.new.instance
        for primitive in instance.primitives:
            if isinstance(primitive, Window) and primitive.everywhere and primitive.closes(day):
                yield self._because(job, "blocked", primitive, day)
        lighthouse = instance.lighthouse
        live = self.new.days.get(lighthouse) if lighthouse else None
        if live is not None and job != lighthouse and (day < live + instance.soak or self._same_period(day, live)):
            because = instance.soak_because or Because(
                "lighthouse", f"{lighthouse} goes live first, and alone", self.plan
            )
            via = lighthouse if lighthouse and self.moved(lighthouse) else None
            said = f"{because.message}; {lighthouse} goes live on {spoken_ordinal(live)}"
            yield Cause(
                job=_name(job), way="blocked", constraint=because.name, message=said, source=because.source, via=via,
                is_new=via is None and instance.soak != self.old.instance.soak,
            )  # fmt: skip
        elif day not in instance.weekdays and day <= instance.weekdays[-1]:
            said = f"{spoken_ordinal(day)} is no longer a day of the week on which sites go live"
            source = self.plan / "waves" / "go_live"
            yield Cause(job=_name(job), way="blocked", constraint="go_live", message=said, source=source, is_new=True)

    def _same_period(self, day: int, live: int) -> bool:
        return self.new.instance.period(day) <= self.new.instance.period(live)

    def _freed(self, job: str) -> Iterator[Cause]:
        """What kept it off its new, earlier day before and does so no more."""
        old, new = self.old.days.get(job), self.new.days.get(job)
        if old is None or new is None or new >= old:
            return
        for primitive in self.old.hits(job, new):
            yield self._because(job, "freed", primitive, new)
        lighthouse = self.old.instance.lighthouse
        if lighthouse in (None, job) or lighthouse not in self.old.days or not self.old.instance.jobs[job].is_site:
            return
        if new < self.old.days[lighthouse] + self.old.instance.soak and self.moved(lighthouse):
            because = self.old.instance.soak_because or Because(
                "lighthouse", f"{lighthouse} goes live first", self.plan
            )
            yield Cause(
                job=job, way="freed", constraint=because.name, message=because.message, source=because.source,
                via=lighthouse,
            )  # fmt: skip

    def _because(self, job: str, way: Way, primitive: Primitive, day: int) -> Cause:
        here, there = (self.new, self.old) if way == "blocked" else (self.old, self.new)
        because = primitive.because
        detail = here.detail(primitive, job, day)
        is_new = self._signature(primitive, job) not in self._signatures(there, job)
        via = None if is_new else self._mover(primitive, job, day, way)
        return Cause(
            job=_name(job),
            way=way,
            constraint=because.name,
            message=because.message,
            detail=detail,
            source=because.source,
            via=None if via is None else _name(via),
            is_new=is_new,
        )

    def _mover(self, primitive: Primitive, job: str, day: int, way: Way) -> str | None:
        """The other job whose move put the primitive in the way, or took it out of it."""
        side, other = (self.new, self.old) if way == "blocked" else (self.old, self.new)
        if isinstance(primitive, After | Prefer):
            before = primitive.before if primitive.job == job else primitive.job
            return before if self.moved(before) else None
        if isinstance(primitive, Same | Apart):
            return next((one for one in primitive.jobs if one != job and self.moved(one)), None)
        if isinstance(primitive, Resource):
            users = side.users(primitive, job, day)
            there = set(other.users(primitive, job, day)) if job in other.instance.jobs else set()
            return next((one for one in users if one not in there and self.moved(one)), None)
        lighthouse = side.instance.lighthouse
        numbered = isinstance(primitive, Window) and primitive.waves is not None
        return lighthouse if numbered and lighthouse not in (None, job) and self.moved(lighthouse) else None

    def _signatures(self, side: Others, job: str) -> frozenset[Any]:
        key = f"{side is self.new} {job}"
        if key not in self._known:
            everywhere = self._everywhere[side is self.new]
            self._known[key] = frozenset(self._signature(p, job) for p in (*side.about(job), *everywhere))
        return self._known[key]

    def _signature(self, primitive: Primitive, job: str) -> Any:
        """What a primitive asks of a job, without where it is written or who else it is about."""
        name = primitive.because.name
        if isinstance(primitive, Window):
            return (name, tuple((s.first, s.last) for s in primitive.closed), primitive.waves)
        if isinstance(primitive, After | Prefer):
            # Not its name: that is the name of a site, which may have another one now.
            return (type(primitive), primitive.job, primitive.before, getattr(primitive, "lag", None))
        if isinstance(primitive, Resource):
            return (name, primitive.unit, primitive.capacity, primitive.demands.get(job))
        return (name, primitive.jobs)

    def _plain(self, job: str, constraint: str, said: str, *, is_new: bool = True) -> Cause:
        return Cause(
            job=_name(job), way="blocked", constraint=constraint, message=said, source=self._file(job), is_new=is_new
        )

    def _file(self, job: str) -> Source:
        """Where what happened at a site is recorded, or a prerequisite is described."""
        if job.startswith(PREREQUISITE):
            for primitive in self.new.about(job):
                if isinstance(primitive, After) and primitive.before == job:
                    return primitive.because.source
            return self.plan
        folder = self.plan.paths[0].rpartition("/")[0]
        return Source((f"{folder}/records/{job}.yaml", *self.plan.paths))


def _rank(cause: Cause) -> tuple[bool, bool, bool]:
    return (not cause.is_new, cause.via is None, cause.way != "blocked")


def _name(job: str) -> str:
    return job.removeprefix(PREREQUISITE)
