"""Why there is no plan: the few lines that cannot hold together, though any one of them removed, the others can.

Members are lines that people wrote. What nobody can take back is always in force: today, the calendar of a site, the
weekdays of go-live, the work that remains before it.

A certificate of the bound (a site whose days are all closed, or a run of waves that has to take more than it holds)
names the few sites concerned; only lines about these are looked at. They are then left out in halves, so that three
members among thousands are found in a few dozen questions (deletion with chunks, after QuickXplain, Junker 2004).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rollout.model.instance import After, Apart, Because, Instance, Prefer, Primitive, Resource, Same, Window
from rollout.model.source import Source
from rollout.sequence.board import Board
from rollout.sequence.bound import Counting, reach
from rollout.sequence.eject import eject
from rollout.sequence.exhaust import exhaust
from rollout.sequence.foundations import board_on, earliest_foundations

GIVEN = ("start", "calendar", "work before go-live")
"""Names of what holds whatever anybody decides."""
_SMALL = 40
"""Sites up to which everything is tried where the bound sees nothing."""
_AT_MOST = 8
"""Conflicts named."""
MANY = 2_000
"""Sites from which only two are asked about: a question takes seconds then."""
_TRIES = 16
"""Sites without a day that are asked about; where nothing is found for so many, the others have no answer either."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Lines that cannot hold together."""

    members: tuple[Because, ...]
    sites: tuple[str, ...]
    """The sites it is about."""


def conflicts(instance: Instance, last: int, failed: Sequence[str]) -> tuple[Conflict, ...]:
    """Disjoint conflicts that leave the failed sites without a day; empty where none can be proved."""
    known = _Lines(instance)
    found: list[Conflict] = []
    blamed: set[Source] = set()
    settled: set[str] = set()
    tries = 0
    whole = _Whole(known, last, known.lines)
    for site in sorted(failed, key=lambda job: (job != instance.lighthouse, job)):
        if site in settled:
            continue
        if len(found) >= _AT_MOST or tries >= (_TRIES if len(instance.jobs) <= MANY else 2):
            break
        tries += 1
        conflict = _conflict(known, last, site, whole)
        if conflict is not None:
            found.append(conflict)
            blamed |= {because.source for because in conflict.members}
            whole = _Whole(known, last, [line for line in known.lines if line not in blamed])
            # Without a lighthouse nobody goes live: one conflict says it for all.
            settled |= set(failed) if site == instance.lighthouse else set(conflict.sites)
    return tuple(found)


class _Lines:
    """The primitives of an instance by the line that brings them about, and by job."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.given: list[Primitive] = []
        self.lines: dict[Source, list[Primitive]] = {}
        self.touching: dict[str, set[Source]] = {}
        self.next_to: dict[str, set[str]] = {}
        for primitive in instance.primitives:
            if isinstance(primitive, Prefer):
                continue
            if primitive.because.name in GIVEN:
                self.given.append(primitive)
                continue
            source = primitive.because.source
            self.lines.setdefault(source, []).append(primitive)
            jobs = _jobs(primitive)
            for job in jobs:
                self.touching.setdefault(job, set()).add(source)
            if isinstance(primitive, After | Same):
                for job in jobs:
                    self.next_to.setdefault(job, set()).update(jobs)

    def cone(self, jobs: Iterable[str]) -> set[str]:
        """The jobs and everything tied to them by an order or a group, directly or not."""
        found: set[str] = set()
        waiting = list(jobs)
        while waiting:
            job = waiting.pop()
            if job not in found:
                found.add(job)
                waiting += self.next_to.get(job, ())
        return found

    def only(self, lines: Iterable[Source], jobs: set[str]) -> Instance:
        """The problem of just these jobs under just these lines."""
        chosen = [primitive for line in lines for primitive in self.lines[line]]
        instance = self.instance
        keep = {
            name: job
            for name, job in instance.jobs.items()
            if name in jobs or name == instance.lighthouse or job.fixed is not None or not job.is_site
        }
        return replace(instance, jobs=keep, primitives=(*self.given, *chosen))


def _jobs(primitive: Primitive) -> tuple[str, ...]:
    if isinstance(primitive, After):
        return (primitive.job, primitive.before)
    if isinstance(primitive, Window | Same | Apart):
        return primitive.jobs
    return tuple(primitive.demands) if isinstance(primitive, Resource) else ()


class _Whole:
    """Everybody under the lines that nobody has been told to change yet: looked at once for all who have no day."""

    def __init__(self, known: _Lines, last: int, lines: Iterable[Source]) -> None:
        self.lines = tuple(lines)
        self._instance = known.only(self.lines, set(known.instance.jobs))
        self.laid = earliest_foundations(self._instance, last)

    @cached_property
    def board(self) -> Board:
        """With nobody placed."""
        return board_on(self._instance, self.laid)

    @cached_property
    def _masks(self) -> Mapping[str, int]:
        return reach(self.board, self.board.every_day).masks

    @cached_property
    def _counting(self) -> Counting:
        return Counting(self.board)

    @cached_property
    def _is_overfull(self) -> bool:
        return self._counting.refutes(self._counting.waves)

    def crowd(self, site: str) -> tuple[list[str], Source | None] | None:
        """Sites that a certificate of the bound is about: one with no day at all, or too many for a run of waves."""
        if site in self._masks and not self._masks[site]:
            return [site], None
        return self._counting.certificate(self._counting.waves, site) if self._is_overfull else None


def _conflict(known: _Lines, last: int, site: str, whole: _Whole) -> Conflict | None:
    jobs = known.cone([site])
    lines, laid = whole.lines, whole.laid
    if not jobs & laid.impossible:
        crowd = whole.crowd(site)
        # A capacity that is too small whatever else anybody decides is the whole answer.
        if (
            crowd is not None
            and crowd[1] is not None
            and _is_refuted(known.only([crowd[1]], set(crowd[0])), set(crowd[0]), last, quick=False)
        ):
            return Conflict((known.lines[crowd[1]][0].because,), tuple(sorted(crowd[0])))
        if crowd is not None:
            jobs = known.cone(crowd[0])
        elif len(whole.board.open) <= _SMALL:
            jobs |= set(whole.board.open)
    about: set[Source] = set().union(*(known.touching.get(job, ()) for job in jobs))
    near = [line for line in lines if line in about]

    def is_refuted(chosen: Sequence[Source], quick: bool = False) -> bool:
        return _is_refuted(known.only(chosen, jobs), jobs, last, quick=quick)

    # Days alone are asked first: that is quick, and leaves a handful for the questions that count and search.
    if is_refuted(near, quick=True):
        near = _fewest(near, lambda chosen: is_refuted(chosen, quick=True))
    elif not is_refuted(near):
        return None
    members = _fewest(near, is_refuted)
    because = tuple(
        sorted((known.lines[line][0].because for line in members), key=lambda b: (b.name, b.message, b.source))
    )
    named = {job for line in members for p in known.lines[line] if not isinstance(p, Resource) for job in _jobs(p)}
    named = {job for job in named & jobs if job in known.instance.jobs and known.instance.jobs[job].is_site}
    return Conflict(because, tuple(sorted(named | {site})))


def _is_refuted(instance: Instance, jobs: set[str], last: int, *, quick: bool) -> bool:
    """Whether it is proved that these jobs cannot all have a day; `quick` asks windows, orders and groups only."""
    laid = earliest_foundations(instance, last)
    if jobs & laid.impossible:
        return True
    board = board_on(instance, laid)
    if reach(board, board.every_day).blocked:
        return True
    if quick:
        return False
    counting = Counting(board)
    if counting.refutes(counting.waves):
        return True
    if len(board.open) > _SMALL:
        return False
    if eject(board, 300):
        return False
    board.restore({})
    return exhaust(board, frozenset(), 1_000) is False


def _fewest(lines: Sequence[Source], is_refuted: Callable[[Sequence[Source]], bool]) -> list[Source]:
    """A subset that is still refuted, and none of whose members can go."""
    chosen = list(lines)
    size = max(1, len(chosen) // 2)
    while True:
        position, changed = 0, False
        while position < len(chosen):
            fewer = chosen[:position] + chosen[position + size :]
            if is_refuted(fewer):
                chosen, changed = fewer, True
            else:
                position += size
        if size == 1 and not changed:
            return chosen
        size = max(1, size // 2)
