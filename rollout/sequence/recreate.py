"""More value at the same last wave where no small change helps any more: a few sites leave, and come back otherwise.

Ruin and recreate (Schrimpf et al. 2000) with the blinks of Christiaens and Vanden Berghe (2020): sites that are near
each other in time are taken out and put back one after the other on the first day open to each, sometimes on the
second. What comes of it may be a little worse, the less so the later it is (simulated annealing); the best plan seen
is kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from rollout.model.watched import tell
from rollout.sequence.board import Board

_MOST = 12
"""Sites taken out at once."""
_WARM, _COLD = 4e-3, 2e-4
"""How much worse is taken at first and at last, as a share of the value of all days from the first one on."""
_BLINK = 0.05
"""How often the first open day is passed over."""
_SORTED_AGAIN = 50
"""Changes after which neighbours in time are looked up again."""


def recreate(board: Board, jobs: list[str], until: int, soft: Callable[[], tuple[int, int]]) -> None:
    """Goes on from the plan on the board until so many placements are made, and leaves the best plan seen there.

    `soft` says how many waves are under their minimum and how many wishes are not met: neither may grow.
    """
    chance = Random(len(jobs))  # noqa: S311 - it only has to be the same everywhere
    weight, begun = board.weight, board.steps
    first = min(board.day_of[job] for job in jobs)
    whole = sum(weight[job] * (board.day_of[job] - first) for job in jobs)
    kept, days, now, best = soft(), board.snapshot(), 0.0, 0.0
    near, changes = sorted(jobs, key=lambda job: (board.day_of[job], job)), 0
    while board.steps < until and whole > 0:
        tell("improving the plan", board.steps - begun, until - begun)
        part = _part(near, chance)
        old = {job: board.remove(job) for job in part}
        gain = _back(board, _ordered(board, part, old, chance), old, chance)
        warmth = whole * _WARM * (_COLD / _WARM) ** ((board.steps - begun) / (until - begun))
        is_taken = gain is not None and gain < -warmth * math.log(1 - chance.random())
        if is_taken and gain is not None and (is_soft := soft()) <= kept:
            now += gain
            changes += 1
            if is_soft < kept or now < best - 1e-6:
                kept, best, days = is_soft, now, board.snapshot()
            if changes % _SORTED_AGAIN == 0:
                near.sort(key=lambda job: (board.day_of[job], job))
            continue
        for job in part:
            if job in board.day_of:
                board.remove(job)
        for job, day in old.items():
            board.place(job, day)
    board.restore(days)


def _part(near: list[str], chance: Random) -> list[str]:
    """Some sites around one moment, around two, or from anywhere."""
    count = min(chance.randint(2, _MOST), len(near))
    how = chance.random()
    if how >= 0.75:
        return chance.sample(near, count)
    around: dict[str, None] = {}
    for _ in range(1 if how < 0.5 else 2):
        at = chance.randrange(len(near))
        around |= dict.fromkeys(near[max(0, at - count) : at + count])
    return chance.sample(list(around), min(count, len(around)))


def _ordered(board: Board, part: list[str], old: dict[str, int], chance: Random) -> list[str]:
    """Who comes back first: mostly whoever is worth more."""
    how = chance.random()
    if how < 0.5:
        return sorted(part, key=lambda job: (-board.weight[job], job))
    if how < 0.7:
        return sorted(part, key=lambda job: (old[job], job))
    if how < 0.85:
        return sorted(part, key=lambda job: (-board.weight[job] * (0.7 + 0.6 * chance.random()), job))
    return chance.sample(part, len(part))


def _back(board: Board, part: list[str], old: dict[str, int], chance: Random) -> float | None:
    """Puts the sites back, each on an early day; what that costs, None where one finds no day."""
    gain = 0.0
    for job in part:
        mask = board.allowed(job)
        if not mask:
            return None
        day = board.first_day(mask)
        while chance.random() < _BLINK and (mask := mask & (mask - 1)):
            day = board.first_day(mask)
        board.place(job, day)
        gain += board.weight[job] * (day - old[job])
    return gain
