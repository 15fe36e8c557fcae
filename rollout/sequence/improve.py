"""More value at the same last wave: sites moved, exchanged and rebuilt in parts until nothing tried helps."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from rollout.model.watched import counted, tell
from rollout.sequence.board import Board
from rollout.sequence.eject import reasons, sole
from rollout.sequence.recreate import recreate

Cost = tuple[int, int, float]
"""Waves under their minimum, wishes not met, worth-weighted days: less is better, most important first."""
_SOME = 1_500
"""Sites up to which exchanges and parts are looked at."""
_FEW = 80
"""Sites up to which parts alone find more than when they leave half of the work to others."""
_PART = 7
"""Sites taken out at once."""


def cost(board: Board) -> Cost:
    """What a plan is compared by once its last wave is settled."""
    return under_minimum(board), len(broken_wishes(board)), value(board, board.snapshot())


def value(board: Board, days: Mapping[str, int]) -> float:
    """Worth-weighted days from the day the plan is made for; less is better."""
    start = board.instance.as_of
    return round(sum(board.weight[job] * (day - start) for job, day in days.items() if job in board.weight), 6)


def broken_wishes(board: Board) -> list[tuple[str, str]]:
    """Pairs (site, rather after) in the other order."""
    days = board.day_of
    pairs = sorted({pair for pairs in board.wishes.values() for pair in pairs})
    return [(job, before) for job, before in pairs if job in days and before in days and days[job] <= days[before]]


def under_minimum(board: Board) -> int:
    """How many waves have fewer sites than wished."""
    return len(short(board))


def short(board: Board) -> tuple[int, ...]:
    """Waves up to the last one with fewer sites than wished."""
    pool = board.sized
    if pool is None:
        return ()
    last = max((wave for wave, used in pool.used.items() if used), default=0)
    return tuple(wave for wave in range(1, last + 1) if pool.used.get(wave, 0) < pool.resource.wish(wave))


def improve(board: Board, budget: int) -> None:
    """Fewer waves under their minimum, then fewer broken wishes, then more value earlier, within the board's limit.

    First single moves, then exchanges with whoever is in the way, then a handful of sites at a time is taken out and
    put back in the best way there is (large neighbourhood search, Shaw 1998), and with what is left of the limit some
    leave and come back otherwise.
    """
    until = board.steps + budget
    by_worth = sorted(board.placed(), key=lambda job: (-board.weight[job], job))
    changed = True
    while changed and board.steps < until:
        changed = False
        for job in counted("moving sites to better days", by_worth):
            if board.steps >= until:
                return
            changed |= _move(board, job)
        if len(by_worth) <= _SOME:
            for job in counted("exchanging sites", by_worth):
                if board.steps >= until:
                    return
                changed |= _exchange(board, job)
    if 2 <= len(by_worth) <= _SOME:
        left = until - board.steps
        _rebuild_parts(board, by_worth, until if len(by_worth) <= _FEW else board.steps + left // 4)
        recreate(board, by_worth, until - left // 5, lambda: (under_minimum(board), len(broken_wishes(board))))
        _rebuild_parts(board, by_worth, until)


def _soft(board: Board, job: str, day: int) -> tuple[int, int]:
    """How waves under their minimum and broken wishes change when a job that is off the board goes to a day."""
    under = broken = 0
    pool = board.sized
    if pool is not None and job in pool.resource.demands:
        wave = board.wave(day)
        under = -1 if pool.used.get(wave, 0) == pool.resource.wish(wave) - 1 else 0
    days = board.day_of
    for later, before in board.wishes.get(job, ()):
        mine, other = (day, days.get(before)) if later == job else (days.get(later), day)
        broken += mine is not None and other is not None and mine <= other
    return under, broken


def _move(board: Board, job: str) -> bool:
    """One site to a better day, if there is one."""
    old = board.remove(job)
    mask = board.allowed(job)
    options = {old}
    if mask:
        options.add(board.first_day(mask))
        if board.sized is not None or job in board.wishes:
            for days in board.wave_days.values():
                if mask & days:
                    options.add(board.first_day(mask & days))
                    options.add(board.last_day(mask & days))
    costs = {day: (*_soft(board, job, day), day) for day in options}
    best = min(costs, key=costs.__getitem__)
    board.place(job, best)
    return best != old


def _exchange(board: Board, job: str) -> bool:
    """A site on an earlier day, with one lighter site that is in the way moved to the best day left for it."""
    now, weight = board.day_of[job], board.weight[job]
    board.remove(job)
    shuts = reasons(board, job)
    mask = sole(board, job, shuts) & board.up_to(now - 1)
    board.place(job, now)
    start = cost(board) if board.sized is not None or board.wishes else None
    tried = 0
    while mask and tried < 40:
        bit = mask & -mask
        mask ^= bit
        day = board.first_day(bit)
        pool = next((pool for pool, shut in shuts if pool is not None and shut & bit), None)
        if pool is None:
            continue
        gain = weight * (now - day)
        demands = pool.resource.demands[job]
        for bucket, amount in pool.buckets(day, demands).items():
            over = pool.used.get(bucket, 0) + amount - pool.cap(bucket)
            if over <= 0:
                continue
            users = pool.users.get(bucket, {})
            light = sorted((board.weight[o], o) for o, takes in users.items() if takes >= over and o != job)
            for other_weight, other in light[:8]:
                if other_weight >= weight:
                    break
                tried += 1
                if _exchanged(board, job, other, day, gain, start):
                    return True
            break
    return False


def _exchanged(board: Board, job: str, other: str, day: int, gain: float, start: Cost | None) -> bool:
    late, early = board.remove(job), board.remove(other)
    if board.allowed(job) & board.bit(day):
        board.place(job, day)
        mask = board.allowed(other)
        if mask:
            found = board.first_day(mask)
            if gain - board.weight[other] * (found - early) > 1e-9:
                board.place(other, found)
                if start is None or cost(board) < start:
                    return True
                board.remove(other)
        board.remove(job)
    board.place(job, late)
    board.place(other, early)
    return False


def _rebuild_parts(board: Board, jobs: list[str], until: int) -> None:
    """Takes some sites out and puts them back better, until many parts in a row gave nothing."""
    # A generator of our own seed: the same programme gets the same plan on any machine.
    chance = Random(len(jobs))  # noqa: S311 - it only has to be the same everywhere
    by_day = sorted(jobs, key=lambda job: (board.day_of[job], job))
    idle, begun = 0, board.steps
    while idle < 10 + 3 * len(jobs) and board.steps < until:
        tell("improving the plan", board.steps - begun, until - begun)
        if idle % 3 == 2:
            part = chance.sample(jobs, min(_PART, len(jobs)))
        else:
            # Neighbours in time compete for the same waves and days.
            first = chance.randrange(len(by_day))
            near = by_day[max(0, first - _PART) : first + _PART]
            part = chance.sample(near, min(_PART, len(near)))
        if _rebuilt(board, part):
            by_day.sort(key=lambda job: (board.day_of[job], job))
            idle = 0
        else:
            idle += 1


def _rebuilt(board: Board, part: list[str]) -> bool:
    """Whether a better way was found to place these sites, all others as they are; it is then on the board."""
    weight = board.weight
    part = sorted(part, key=lambda job: (-weight[job], job))
    before = {job: board.day_of[job] for job in part}
    soft = board.sized is not None or bool(board.wishes)
    best: Cost = (
        *((under_minimum(board), len(broken_wishes(board))) if soft else (0, 0)),
        sum(weight[job] * day for job, day in before.items()),
    )
    for job in part:
        board.remove(job)
    found: dict[str, int] | None = None
    until = board.steps + 40 * len(part)  # few sites leave few ways

    def go(left: list[str], spent: float) -> None:
        nonlocal best, found
        if not left:
            now: Cost = (*((under_minimum(board), len(broken_wishes(board))) if soft else (0, 0)), spent)
            if now[:2] < best[:2] or (now[:2] == best[:2] and now[2] < best[2] - 1e-6):
                best, found = now, {job: board.day_of[job] for job in part}
            return
        masks = {job: board.allowed(job) for job in left}
        if not all(masks.values()):
            return
        least = spent + sum(weight[job] * board.first_day(mask) for job, mask in masks.items())
        if best[:2] == (0, 0) and least >= best[2] - 1e-6:
            return
        job = left[0]
        rest = left[1:]
        for day in _options(board, masks[job]):
            if board.steps >= until:
                return
            board.place(job, day)
            go(rest, spent + weight[job] * day)
            board.remove(job)

    go(part, 0.0)
    for job, day in (found or before).items():
        board.place(job, day)
    return found is not None


def _options(board: Board, mask: int) -> list[int]:
    """The first two open days of each wave."""
    days = []
    for days_of_wave in board.wave_days.values():
        here = mask & days_of_wave
        for _ in range(2):
            if here:
                days.append(board.first_day(here))
                here &= here - 1
    return days
