"""Making room: sites without a day push others aside, the ones that were hardest to place least.

Guided ejection search (Nagata and Bräysy 2009, who use it to save vehicles; a wave saved is the same question): a site
that finds no open day takes the one whose occupants cost least, where the cost of an occupant counts how often it
could not be placed before. Among the formulations tried on tight programmes of 120 and 1,000 sites it is the one that
reaches the bound; ejection by worth with tabu counts stalls one to two waves above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from random import Random
from typing import Protocol

from rollout.model.watched import tell
from rollout.sequence.board import Board
from rollout.sequence.pool import Pool


class Prices(Protocol):
    """What it costs to push a site aside: a mapping, or whatever answers like one."""

    def get(self, job: str, default: int, /) -> int:
        """The price of one site."""
        ...


_DAYS = 6
"""Days looked at for each site that is pushed in."""
_USERS = 6
"""Occupants looked at on each of them."""


def eject(board: Board, budget: int, hopeless: Set[str] = frozenset()) -> bool:
    """Places what is missing within the board's limit by moving others; True when all have a day.

    Keeps the state with the fewest missing. `budget` is in placements. `hopeless` are sites that can have no day at
    all: they are left out, and push nobody aside.
    """
    # A generator of our own seed: the same programme gets the same plan on any machine.
    chance = Random(len(board.open))  # noqa: S311 - it only has to be the same everywhere
    waiting = [job for job in board.missing() if job not in hopeless]
    # A site that could not be placed even on an empty board is nobody's fault.
    waiting.sort(key=lambda j: (-board.window[j].bit_count(), j))
    pushed: dict[str, int] = {}
    best = (len(waiting), board.snapshot())
    until = board.steps + budget
    begun = board.steps
    while waiting and board.steps < until:
        tell("looking for days", board.steps - begun, budget)
        job = waiting.pop()
        mask = board.allowed(job)
        if mask:
            board.place(job, board.first_day(mask))
        elif not _shift(board, job, chance):
            pushed[job] = pushed.get(job, 1) + 1
            board.steps += 5
            choice = _cheapest(board, job, pushed, chance)
            if choice is not None:
                day, out = choice
                for other in sorted(out):
                    board.remove(other)
                if board.allowed(job) & board.bit(day):
                    board.place(job, day)
                else:
                    waiting.insert(0, job)
                waiting.extend(sorted(out, key=lambda o: (pushed.get(o, 1), o)))
            else:
                board.steps += 20
                waiting.insert(0, job)
            _stir(board, chance)
        if len(waiting) < best[0]:
            best = (len(waiting), board.snapshot())
    if waiting:
        board.restore(best[1])
    return not waiting


def _some_day(mask: int, size: int, chance: Random) -> int:
    """The mask of one day of a mask that is not empty, by chance."""
    start = chance.randrange(size)
    rest = mask >> start << start or mask
    return rest & -rest


def reasons(board: Board, job: str) -> list[tuple[Pool | None, int]]:
    """What shuts days to a job, each with the days it shuts; None stands for precedence, groups and pairs."""
    found: list[tuple[Pool | None, int]] = [(None, board.every_day & ~board.related(job))]
    for pool, _, levels in board.asks.get(job, ()):
        shut = 0
        for level in levels:
            shut |= pool.shut(level)
        found.append((pool, shut))
    return found


def sole(board: Board, job: str, shuts: Iterable[tuple[Pool | None, int]]) -> int:
    """Days of the limit that exactly one of these reasons shuts."""
    once = twice = 0
    for _, shut in shuts:
        twice |= once & shut
        once |= shut
    return board.window[job] & board.limit & once & ~twice


def _shift(board: Board, job: str, chance: Random) -> bool:
    """Places the job by moving one other that finds another day at once."""
    mask = sole(board, job, reasons(board, job))
    for _ in range(_DAYS):
        if not mask:
            return False
        bit = _some_day(mask, len(board.days), chance)
        mask &= ~bit
        day = board.first_day(bit)
        for other in _occupants(board, job, day, chance):
            old = board.remove(other)
            if board.allowed(job) & bit:
                board.place(job, day)
                open_to = board.allowed(other)
                if open_to:
                    board.place(other, board.first_day(open_to))
                    return True
                board.remove(job)
            board.place(other, old)
    return False


def _occupants(board: Board, job: str, day: int, chance: Random) -> list[str]:
    """Some of the sites that use what the job lacks on a day."""
    for pool, demands, _ in board.asks.get(job, ()):
        for bucket, amount in pool.buckets(day, demands).items():
            over = pool.used.get(bucket, 0) + amount - pool.cap(bucket)
            if over > 0:
                fitting = [other for other, takes in pool.users.get(bucket, {}).items() if takes >= over]
                return chance.sample(fitting, min(_USERS, len(fitting)))
    return []


def _cheapest(board: Board, job: str, pushed: dict[str, int], chance: Random) -> tuple[int, set[str]] | None:
    """A day of the job, and the others that have to go for it: those that were pushed aside least often."""
    mask = sole(board, job, reasons(board, job)) or board.window[job] & board.limit
    best: tuple[int, int, set[str]] | None = None
    for _ in range(_DAYS):
        if not mask:
            break
        bit = _some_day(mask, len(board.days), chance)
        mask &= ~bit
        day = board.first_day(bit)
        out = blockers(board, job, day, pushed)
        if out is None:
            continue
        cost = sum(pushed.get(other, 1) for other in out)
        if best is None or cost < best[0]:
            best = cost, day, out
    return None if best is None else best[1:]


def blockers(board: Board, job: str, day: int, pushed: Prices) -> set[str] | None:
    """Placed sites that would have to go for the job to fit on a day its window allows; None where it never fits."""
    found: set[str] = set()
    days, wave = board.day_of, board.wave
    here = wave(day)
    found |= {b for b, lag in board.before.get(job, ()) if b in days and days[b] + lag > day}
    found |= {x for x, lag in board.later.get(job, ()) if x in days and day + lag > days[x]}
    found |= {o for o in board.apart.get(job, ()) if o in days and wave(days[o]) == here}
    found |= {o for o in board.group.get(job, ()) if o != job and o in days and wave(days[o]) != here}
    if any(other not in board.window for other in found):
        return None
    for pool, demands, _ in board.asks.get(job, ()):
        for bucket, amount in pool.buckets(day, demands).items():
            over = pool.used.get(bucket, 0) + amount - pool.cap(bucket)
            users = pool.users.get(bucket, {})
            over -= sum(users.get(other, 0) for other in found)
            if over <= 0:
                continue
            left = [other for other in users if other not in found]
            while over > 0 and left:
                # One is nearly always enough, so the cheapest is looked for and not all of them sorted.
                other = min(left, key=lambda o: (pushed.get(o, 1), users[o] < over, o))
                left.remove(other)
                found.add(other)
                over -= users[other]
            if over > 0:
                return None
    return found


def _stir(board: Board, chance: Random) -> None:
    """A few random moves, so that the same few sites do not push each other round for ever."""
    for _ in range(3):
        job = board.open[chance.randrange(len(board.open))]
        if job in board.day_of:
            old = board.remove(job)
            bit = _some_day(board.allowed(job) | board.bit(old), len(board.days), chance)
            board.place(job, board.first_day(bit))
