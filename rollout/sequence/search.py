"""The search: construct by priority, then fewer waves by ejection and by trying everything, then more value.

Why this and not a solver in the core: on tight instances of 10,000 sites it finds 40 waves where the bound is 38, in a
tenth of a solver's memory; a solver's literal for each site and wave does not even load there. Effort is counted in
placements, so the same input gives the same plan on any machine.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rollout.sequence.board import Board
from rollout.sequence.bound import earliest_days, waves_needed
from rollout.sequence.improve import improve, under_minimum, value

Key = Callable[[str], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work may be spent, in placements."""

    eject: int = 20_000
    exhaust: int = 30_000
    improve: int = 60_000


@dataclass(frozen=True, slots=True)
class Found:
    """The days of waves 1 and later."""

    day_of: Mapping[str, int]
    failed: tuple[str, ...]
    """Sites for which no day was left."""
    waves: int
    needed: int
    """No plan can do with fewer waves."""
    tried_all: bool = False
    """Whether everything was tried to do with one wave fewer, given the days of lighthouse and prerequisites."""

    def cost(self, board: Board) -> tuple[float, ...]:
        """What is compared, most important first: sites without a day, last wave, waves under their minimum, value."""
        return (len(self.failed), self.waves, under_minimum(board, self.day_of), value(board, self.day_of))


def search(board: Board, needed: int, effort: Effort, keep: Mapping[str, int] | None = None) -> Found:
    """The best plan found for the open sites of the board. `keep` are published days to stay on where possible."""
    if keep:
        kept = _keep(board, keep)
        return Found(_snapshot(board), kept, _last_wave(board), needed)
    best: tuple[tuple[float, ...], dict[str, int], tuple[str, ...]] | None = None
    for key in _orders(board):
        failed = _construct(board, key)
        days = _snapshot(board)
        found = Found(days, tuple(failed), _last_wave(board), needed)
        cost = found.cost(board)
        if best is None or cost < best[0]:
            best = cost, days, tuple(failed)
        _clear(board)
        if cost[0] == 0 and cost[1] <= needed and len(board.open) > 2_000:
            break
    assert best is not None
    _restore(board, best[1])
    if best[2]:
        _eject(board, list(best[2]), _budget(board, effort.eject))
    _drop_followers(board)
    waves = _last_wave(board)
    tried_all = False
    if not _missing(board):
        waves, tried_all = _fewer_waves(board, waves, needed, effort)
    board.limit = board.up_to_wave(waves) if waves else board.every_day
    improve(board, effort.improve)
    board.limit = board.every_day
    return Found(_snapshot(board), tuple(_missing(board)), waves, needed, tried_all)


def _budget(board: Board, most: int) -> int:
    """Few sites need few steps: what they do not find soon they never find."""
    return min(most, 500 + 100 * len(board.open))


def _drop_followers(board: Board) -> None:
    """A site that has to follow one without a day has none either."""
    waiting = _missing(board)
    while waiting:
        for later, _ in board.later.get(waiting.pop(), ()):
            if later in board.day_of:
                board.remove(later)
                waiting.append(later)


def _orders(board: Board) -> list[Key]:
    """Priority rules, the likely best first."""
    jobs = board.instance.jobs
    tail = _tails(board)
    slack = {job: board.window[job].bit_length() for job in board.open}
    width = {job: board.window[job].bit_count() for job in board.open}

    def by_worth(job: str) -> tuple[float, ...]:
        return (-jobs[job].weight,)

    def by_deadline(job: str) -> tuple[float, ...]:
        return (slack[job], -tail[job], -jobs[job].weight)

    def by_tail(job: str) -> tuple[float, ...]:
        return (-tail[job], width[job], -jobs[job].weight)

    def by_freedom(job: str) -> tuple[float, ...]:
        return (width[job], -tail[job], -jobs[job].weight)

    return [by_worth, by_tail, by_deadline, by_freedom]


def _tails(board: Board) -> dict[str, int]:
    """Days of the longest chain of sites that wait for each site."""
    tail: dict[str, int] = {}

    def of(job: str) -> int:
        stack = [job]
        while stack:
            top = stack[-1]
            waiting = [later for later, _ in board.later.get(top, ()) if later not in tail]
            if waiting:
                stack.extend(waiting)
            else:
                tail[top] = max((tail[later] + lag for later, lag in board.later.get(top, ())), default=0)
                stack.pop()
        return tail[job]

    for job in board.open:
        if job not in tail:
            of(job)
    return tail


def _construct(board: Board, key: Key) -> list[str]:
    """Places every site on its first open day, by priority, predecessors first; the sites for which none was left."""
    waiting = {job: len(board.before.get(job, ())) for job in board.open}
    ready = [(*key(job), job) for job in board.open if not waiting[job]]
    heapq.heapify(ready)
    failed: list[str] = []
    done: set[str] = set()

    def finish(job: str) -> None:
        done.add(job)
        for later, _ in board.later.get(job, ()):
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, (*key(later), later))

    while ready:
        *_, job = heapq.heappop(ready)
        assert isinstance(job, str)
        if job in done:
            continue
        members = [m for m in board.group.get(job, (job,)) if m in waiting and m not in done and m not in board.day_of]
        if len(members) > 1 and all(not waiting[m] for m in members):
            placed = _place_group(board, sorted(members, key=lambda m: (key(m), m)))
            if not placed:
                failed.extend(members)
            for member in members:
                finish(member)
            continue
        mask = board.allowed(job)
        if mask:
            board.place(job, board.first_day(mask))
        else:
            failed.append(job)
        finish(job)
    return failed


def _place_group(board: Board, members: list[str]) -> bool:
    """All members in the first wave that takes all of them."""
    masks = [board.allowed(member) for member in members]
    for wave in sorted(board.wave_days):
        days = board.wave_days[wave]
        if any(not mask & days for mask in masks):
            continue
        placed: list[str] = []
        for member in members:
            mask = board.allowed(member) & days
            if not mask:
                break
            board.place(member, board.first_day(mask))
            placed.append(member)
        if len(placed) == len(members):
            return True
        for member in placed:
            board.remove(member)
    return False


def _eject(board: Board, failed: list[str], budget: int) -> bool:
    """Makes room for sites without a day by moving others; True when all have one. Keeps the best it saw."""
    waiting = list(dict.fromkeys(failed))
    tried: dict[tuple[str, int], int] = {}
    best = (len(waiting), _snapshot(board))
    until = board.steps + budget
    while waiting and board.steps < until:
        job = waiting.pop(0)
        mask = board.allowed(job)
        if mask:
            board.place(job, board.first_day(mask))
        else:
            choice = _cheapest(board, job, tried)
            if choice is None:
                board.steps += 50
                waiting.append(job)
                continue
            day, out = choice
            tried[job, day] = tried.get((job, day), 0) + 1
            for other in sorted(out):
                board.remove(other)
                waiting.append(other)
            if board.allowed(job) & board.between(day, day):
                board.place(job, day)
            else:
                board.steps += 5
                waiting.append(job)
        if len(waiting) < best[0]:
            best = (len(waiting), _snapshot(board))
    if waiting:
        _clear(board)
        _restore(board, best[1])
    return not waiting


def _cheapest(board: Board, job: str, tried: Mapping[tuple[str, int], int]) -> tuple[int, set[str]] | None:
    """The day on which the fewest others are in the way, days tried before counted against."""
    mask = board.window[job] & board.limit
    best: tuple[tuple[float, ...], int, set[str]] | None = None
    looked = 0
    while mask and looked < 60:
        low = mask & -mask
        mask ^= low
        looked += 1
        board.steps += 1
        day = board.days[low.bit_length() - 1]
        out = board.blockers(job, day)
        if "" in out:
            continue
        cost = (len(out) + 2 * tried.get((job, day), 0), sum(board.instance.jobs[o].weight for o in out), day)
        if best is None or cost < best[0]:
            best = cost, day, out
    return None if best is None else (best[1], best[2])


def _fewer_waves(board: Board, waves: int, needed: int, effort: Effort) -> tuple[int, bool]:
    """Tries to end in an earlier wave: first by moving others aside, then, for few sites, by trying everything.

    Returns the last wave, and whether it is proved that there is no earlier one.
    """
    proved = False
    while waves > needed:
        before = _snapshot(board)
        board.limit = board.up_to_wave(waves - 1)
        late = [job for job in board.open if board.wave_of(job) >= waves]
        for job in late:
            board.remove(job)
        if _eject(board, late, _budget(board, effort.eject)):
            waves = _last_wave(board)
            continue
        _clear(board)
        if len(board.open) <= _FEW:
            found = _exhaust(board, effort.exhaust)
            if found:
                waves = _last_wave(board)
                continue
            proved = found is False
        _clear(board)
        board.limit = board.every_day
        _restore(board, before)
        break
    board.limit = board.every_day
    return waves, proved


_FEW = 80
"""Sites up to which everything is tried."""


def _exhaust(board: Board, budget: int) -> bool | None:
    """Depth first over all days of the site with the fewest left.

    True with all placed; False when there is no way; None when the budget ran out first.
    """
    until = board.steps + budget
    left = set(board.open)

    def go() -> bool:
        if not left:
            return True
        job, mask = min(((j, board.allowed(j)) for j in sorted(left)), key=lambda row: row[1].bit_count())
        left.discard(job)
        while mask and board.steps < until:
            low = mask & -mask
            mask ^= low
            board.place(job, board.days[low.bit_length() - 1])
            if go():
                return True
            board.remove(job)
        left.add(job)
        return False

    return True if go() else False if board.steps < until else None


def _keep(board: Board, keep: Mapping[str, int]) -> tuple[str, ...]:
    """Published days where they are still lawful, the others as near after as they fit; what has no day left."""
    rest: list[str] = []
    for job in sorted((j for j in board.open if j in keep), key=lambda j: (keep[j], j)):
        day = keep[job]
        if board.allowed(job) & board.between(day, day):
            board.place(job, day)
        else:
            rest.append(job)
    rest += [job for job in board.open if job not in keep]
    earliest = earliest_days(board)
    rest.sort(key=lambda j: (earliest.get(j, 0), -board.instance.jobs[j].weight, j))
    last = max([_last_wave(board), waves_needed(board)])
    board.limit = board.up_to_wave(last)
    failed: list[str] = []
    held = board.between(board.instance.as_of, board.instance.as_of + board.instance.hold)
    for job in rest:
        # Nobody is moved into the weeks that people are working towards, unless there is no other day, later waves
        # included; among the other days those up to the last wave come first.
        soon = board.allowed(job)
        board.limit = board.every_day
        mask = soon & ~held or board.allowed(job) & ~held or soon
        board.limit = board.up_to_wave(last)
        if mask:
            board.place(job, board.first_day(mask))
        else:
            failed.append(job)
    if failed:
        board.limit = board.every_day
        _eject(board, failed, _budget(board, Effort().eject))
        _drop_followers(board)
    board.limit = board.every_day
    return tuple(_missing(board))


def _missing(board: Board) -> list[str]:
    return [job for job in board.open if job not in board.day_of]


def _last_wave(board: Board) -> int:
    return max((board.wave_of(job) for job in board.open if job in board.day_of), default=0)


def _snapshot(board: Board) -> dict[str, int]:
    return {job: board.day_of[job] for job in board.open if job in board.day_of}


def _clear(board: Board) -> None:
    for job in board.open:
        if job in board.day_of:
            board.remove(job)


def _restore(board: Board, days: Mapping[str, int]) -> None:
    for job, day in days.items():
        board.place(job, day)
