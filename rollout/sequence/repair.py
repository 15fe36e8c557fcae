"""Stable re-planning: a published plan that no longer holds is mended by moving as few sites as can be.

Most important first: every site has a day; nobody moves out of or into the weeks people are working towards (the hold);
the last wave is no later; few sites move, those where work has begun last of all; then value.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from random import Random

from rollout.model.instance import Window
from rollout.sequence.board import Board
from rollout.sequence.bound import Counting, reach, waves_needed
from rollout.sequence.construct import drop_followers
from rollout.sequence.eject import blockers, eject
from rollout.sequence.exhaust import FEW, exhaust

_DAYS = 60
"""Days looked at for each site that is pushed in."""
_LARGE = 3_000
"""Sites beyond which more of them get no more work: one step of it takes longer there."""
_MANY = 10
"""One of so many sites without a day: then this is no repair any more, and room is made for all of them at once."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended plan."""

    waves: int
    moved: tuple[str, ...]
    at_least: int
    """No plan on the same foundations moves fewer: the published days of so many are closed to them."""


class _Mending:
    def __init__(self, board: Board, home: Mapping[str, int]) -> None:
        self.board = board
        self.home = {job: day for job, day in home.items() if job in board.window}
        start = board.instance.as_of
        self.held = board.between(start, start + board.instance.hold)
        self.pinned = {job for job, day in self.home.items() if board.bit(day) & self.held}
        self.pinned |= board.instance.approved & self.home.keys()
        self.expected = {
            job
            for window in board.instance.primitives
            if isinstance(window, Window) and window.is_reforecast
            for job in window.jobs
            if self.home.get(job, window.closed[0].last + 1) <= min(window.closed[0].last, start + board.instance.hold)
        }
        """Sites of the hold, or overdue, that said themselves when they will be there instead."""
        # A move of a site where work has begun weighs as much as any number of others.
        self.price = {job: 1_000 if job in board.instance.started else 1 for job in self.home}

    def is_home(self, job: str) -> bool:
        return self.board.day_of.get(job) == self.home.get(job, -1)

    def cost(self, part: Iterable[str]) -> tuple[int, float]:
        """Moves of some sites, all of them placed, and how early those that move go live."""
        board = self.board
        away = [job for job in part if job in self.home and not self.is_home(job)]
        return sum(self.price[job] for job in away), sum(board.weight[job] * board.day_of[job] for job in away)

    def place_home(self, jobs: list[str]) -> list[str]:
        """Puts sites on their published days where these are open; the others."""
        board, rest = self.board, []
        for job in jobs:
            if job not in board.day_of:
                if job in self.home and board.allowed(job) & board.bit(self.home[job]):
                    board.place(job, self.home[job])
                else:
                    rest.append(job)
        return rest

    def options(self, job: str) -> int:
        """Open days of a site: outside the hold; inside it only where there is no other at all."""
        mask = self.board.allowed(job)
        return mask & ~self._held(job) or (mask if not self.board.window[job] & ~self.held else 0)

    def _held(self, job: str) -> int:
        """Days that a site does not move to: those of the hold, unless it says itself that it needs one of them."""
        return 0 if job in self.expected else self.held

    def settle(self, jobs: list[str]) -> list[str]:
        """Places sites on their best open day; those that have none."""
        board, rest = self.board, []
        for job in sorted(jobs, key=lambda j: (board.window[j].bit_count(), -board.weight[j], j)):
            mask = self.options(job)
            if mask:
                board.place(job, board.first_day(mask))
            else:
                rest.append(job)
        return rest

    def push(self, jobs: list[str], budget: int) -> list[str]:
        """Places sites by moving others on, those that are away from home first; those left without a day."""
        board = self.board
        until = board.steps + budget
        pushed: dict[str, int] = {}
        # Being moved from its published day is what costs; who has moved already moves again for nothing.
        prices = {job: self.price[job] if self.is_home(job) else 0 for job in board.placed() if job in self.home}
        waiting = deque(jobs)

        def place(job: str, day: int) -> None:
            board.place(job, day)
            prices[job] = (self.price.get(job, 0) if self.is_home(job) else 0) + pushed.get(job, 0)

        while waiting and board.steps < until:
            job = waiting.popleft()
            board.steps += 1
            mask = self.options(job)
            if mask:
                place(job, board.first_day(mask))
                continue
            pushed[job] = pushed.get(job, 0) + 1
            choice = self._cheapest(job, prices)
            if choice is None:
                waiting.append(job)
                board.steps += 20
                continue
            day, out = choice
            for other in sorted(out):
                board.remove(other)
            if board.allowed(job) & board.bit(day):
                place(job, day)
            else:
                waiting.append(job)
            waiting += sorted(out)
        return list(waiting)

    def _cheapest(self, job: str, prices: Mapping[str, int]) -> tuple[int, set[str]] | None:
        board = self.board
        mask = board.window[job] & board.limit & ~self._held(job)
        best: tuple[int, int, set[str]] | None = None
        looked = 0
        while mask and looked < _DAYS:
            bit = mask & -mask
            mask ^= bit
            looked += 1
            day = board.first_day(bit)
            out = blockers(board, job, day, prices)
            if out is None or out & self.pinned:
                continue
            total = sum(prices.get(other, 0) for other in out)
            if best is None or total < best[0]:
                best = total, day, out
        board.steps += looked // 3
        return None if best is None else best[1:]

    def make_room(self, budget: int, hopeless: Set[str]) -> bool:
        """Places what is missing at whatever number of moves, the hold left alone; `bring_home` has the rest to do."""
        board = self.board
        windows, saved = dict(board.window), board.snapshot()
        for job in board.open:
            if job in self.pinned and self.is_home(job):
                board.window[job] = board.bit(self.home[job])
            elif board.window[job] & ~self._held(job):
                board.window[job] &= ~self._held(job)
        done = eject(board, budget, hopeless)
        if not done and len(board.open) <= FEW:
            board.restore({})
            done = exhaust(board, hopeless, budget) is True
        board.window.update(windows)
        if not done:
            board.restore(saved)
        return done

    def bring_home(self, budget: int) -> None:
        """Fewer moves: sites away from home go back where those in their way are away too, or are fewer."""
        board = self.board
        chance = Random(len(board.open))  # noqa: S311 - it only has to be the same everywhere
        until = board.steps + budget
        away, idle = self._away(), 0
        while board.steps < until and away and idle <= 3 * len(away):
            job = away[chance.randrange(len(away))]
            day = board.remove(job)
            out = blockers(board, job, self.home[job], self._home_prices(job))
            board.place(job, day)
            if out is None or out & self.pinned:
                idle += 1
                board.steps += 5
                continue
            # Others that are away make room, or come home with it.
            part = sorted({job} | out | set(chance.sample(away, min(len(away), 6))))
            if self._rearranged(job, part, chance):
                away, idle = self._away(), 0
            else:
                idle += 1

    def _away(self) -> list[str]:
        """Sites away from a published day that is open to them."""
        board = self.board
        there = (j for j in board.open if j in self.home and j in board.day_of and not self.is_home(j))
        return [j for j in there if board.window[j] & board.bit(self.home[j]) & board.limit]

    def _home_prices(self, job: str) -> dict[str, int]:
        """What it costs to push aside those who share something with a site on its published day."""
        board, found = self.board, dict[str, int]()
        for pool, demands, _ in board.asks.get(job, ()):
            for bucket in pool.buckets(self.home[job], demands):
                for other in pool.users.get(bucket, ()):
                    found[other] = self.price.get(other, 0) if self.is_home(other) else 0
        return found

    def _rearranged(self, job: str, part: list[str], chance: Random) -> bool:
        """Takes a part of the sites off and puts as many as possible home, `job` first; undone unless it is cheaper."""
        board = self.board
        saved = {other: board.day_of[other] for other in part}
        before = self.cost(part)
        for other in part:
            board.remove(other)
        others = [other for other in part if other != job]
        rest = self.settle(self.place_home([job, *chance.sample(others, len(others))]))
        if not rest and self.cost(part) < before:
            return True
        for other in part:
            if other in board.day_of:
                board.remove(other)
        for other, day in saved.items():
            board.place(other, day)
        return False


def repair(board: Board, home: Mapping[str, int]) -> Mended:
    """Mends the published days `home`; the result is on the board."""
    counting = Counting(board)
    mending = _Mending(board, home)
    published = max((board.wave(day) for day in mending.home.values()), default=0)
    last = max(published, waves_needed(board, counting))
    board.limit = board.up_to_wave(last)
    order = sorted(
        mending.home,
        key=lambda j: (j not in mending.pinned, -mending.price[j], mending.home[j], -board.weight[j], j),
    )
    # Who can have no day at all must not push anybody else aside.
    hopeless = frozenset(reach(board, board.every_day, counting.order).blocked)
    rest = mending.place_home([job for job in order if job not in hopeless])
    rest += [job for job in board.open if job not in mending.home and job not in hopeless]
    forced = [job for job in rest if job in mending.home and not board.window[job] & board.bit(mending.home[job])]
    rest = mending.settle(rest)
    budget = 2_000 + 20 * min(len(board.open), _LARGE)
    if rest and _MANY * len(rest) <= len(board.open) + _DAYS:
        rest = mending.push(rest, budget)
    if rest and mending.make_room(3 * budget, hopeless):
        rest = []
    if rest:
        # It cannot end as early as published, or a way was not found: later waves are open too.
        board.limit = board.every_day
        rest = mending.settle(rest)
        if rest and not counting.refutes(counting.waves):
            rest = mending.settle(mending.push(rest, budget))
            eject(board, budget, hopeless)
        drop_followers(board)
        board.limit = board.up_to_wave(max(last, board.last_wave()))
    mending.bring_home(budget)
    for job in sorted(board.placed(), key=lambda j: (-board.weight[j], j)):
        # What has to move anyway goes to its best day.
        if not mending.is_home(job):
            now = board.remove(job)
            mask = mending.options(job) & board.up_to(now)
            board.place(job, board.first_day(mask) if mask else now)
    board.limit = board.every_day
    moved = tuple(job for job in board.open if job in mending.home and not mending.is_home(job))
    return Mended(board.last_wave(), moved, len(forced))


def pull(board: Board, home: Mapping[str, int]) -> Mended:
    """Lawful published days, with sites outside the hold on earlier ones where these are open.

    Nobody is later but the sites that say that they will be, and who makes room for a site that has no day yet.
    """
    mending = _Mending(board, home)
    hopeless = frozenset(reach(board, board.every_day).blocked)
    rest = mending.place_home(sorted(mending.home, key=lambda j: (mending.home[j], j)))
    rest += [job for job in board.open if job not in mending.home and job not in hopeless]
    at_least = 0
    if mending.settle(rest):
        board.restore({})
        at_least = repair(board, home).at_least
    changed = True
    while changed:
        changed = False
        for job in sorted(board.placed(), key=lambda j: (-board.weight[j], j)):
            if job in mending.pinned:
                continue
            now = board.remove(job)
            mask = board.allowed(job) & ~mending.held & board.up_to(now - 1)
            board.place(job, board.first_day(mask) if mask else now)
            changed |= bool(mask)
    moved = tuple(job for job in board.open if job in mending.home and not mending.is_home(job))
    return Mended(board.last_wave(), moved, at_least)
