"""Stable re-planning: a published plan that no longer holds is mended by moving as few sites as can be.

Most important first: every site has a day; nobody moves out of or into the weeks people are working towards (the hold);
the last wave is no later; few sites move, those where work has begun last of all; then value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from rollout.sequence.board import Board
from rollout.sequence.bound import Counting, waves_needed
from rollout.sequence.construct import drop_followers
from rollout.sequence.eject import blockers, eject
from rollout.sequence.exhaust import FEW, exhaust


@dataclass(frozen=True, slots=True)
class Mended:
    """A mended plan."""

    waves: int
    needed: int
    """No plan can do with fewer waves."""
    moved: tuple[str, ...]
    at_least: int
    """No plan without later waves moves fewer: so many have days that are closed to them, or share too little."""


class _Mending:
    def __init__(self, board: Board, home: Mapping[str, int]) -> None:
        self.board = board
        self.home = {job: day for job, day in home.items() if job in board.window}
        start = board.instance.as_of
        self.held = board.between(start, start + board.instance.hold)
        self.pinned = {job for job, day in self.home.items() if board.bit(day) & self.held}
        # A move of a site where work has begun weighs as much as any number of others.
        self.price = {job: 1_000 if job in board.instance.started else 1 for job in self.home}

    def is_home(self, job: str) -> bool:
        return self.board.day_of.get(job) == self.home.get(job, -1)

    def cost(self) -> tuple[int, int, float]:
        board = self.board
        away = [job for job in board.open if job in self.home and not self.is_home(job)]
        worth = sum(board.weight[job] * board.day_of[job] for job in away if job in board.day_of)
        return len(board.missing()), sum(self.price[job] for job in away), worth

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
        return mask & ~self.held or (mask if not self.board.window[job] & ~self.held else 0)

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
        waiting = list(jobs)
        while waiting and board.steps < until:
            job = waiting.pop(0)
            board.steps += 1
            mask = self.options(job)
            if mask:
                board.place(job, board.first_day(mask))
                continue
            pushed[job] = pushed.get(job, 0) + 1
            choice = self._cheapest(job, pushed)
            if choice is None:
                waiting.append(job)
                board.steps += 20
                continue
            day, out = choice
            for other in sorted(out):
                board.remove(other)
            if board.allowed(job) & board.bit(day):
                board.place(job, day)
            else:
                waiting.append(job)
            waiting += sorted(out)
        return waiting

    def _cheapest(self, job: str, pushed: Mapping[str, int]) -> tuple[int, set[str]] | None:
        board = self.board
        prices = _Prices(self, pushed)
        mask = board.window[job] & board.limit & ~self.held
        best: tuple[int, int, set[str]] | None = None
        looked = 0
        while mask and looked < 60:
            bit = mask & -mask
            mask ^= bit
            looked += 1
            day = board.first_day(bit)
            out = blockers(board, job, day, prices)
            if out is None or out & self.pinned:
                continue
            total = sum(prices.get(other) for other in out)
            if best is None or total < best[0]:
                best = total, day, out
        board.steps += looked // 3
        return None if best is None else best[1:]

    def make_room(self, budget: int) -> bool:
        """Places what is missing at whatever number of moves, the hold left alone; `bring_home` has the rest to do."""
        board = self.board
        windows, saved = dict(board.window), board.snapshot()
        for job in board.open:
            if job in self.pinned and self.is_home(job):
                board.window[job] = board.bit(self.home[job])
            elif board.window[job] & ~self.held:
                board.window[job] &= ~self.held
        done = eject(board, budget)
        if not done and len(board.open) <= FEW:
            board.restore({})
            done = exhaust(board, frozenset(), budget) is True
        board.window.update(windows)
        if not done:
            board.restore(saved)
        return done

    def bring_home(self, budget: int) -> None:
        """Fewer moves: sites away from home go back where those in their way are away too, or are fewer."""
        board = self.board
        chance = Random(len(board.open))  # noqa: S311 - it only has to be the same everywhere
        until = board.steps + budget
        idle = 0
        while board.steps < until:
            away = [j for j in board.open if j in self.home and not self.is_home(j) and j in board.day_of]
            away = [j for j in away if board.window[j] & board.bit(self.home[j]) & board.limit]
            if not away or idle > 3 * len(away):
                return
            before, saved = self.cost(), board.snapshot()
            job = away[chance.randrange(len(away))]
            part = {job}
            board.remove(job)
            out = blockers(board, job, self.home[job], _Prices(self, {}))
            if out is None or out & self.pinned:
                board.place(job, saved[job])
                idle += 1
                board.steps += 5
                continue
            part |= out
            # Others that are away make room, or come home with it.
            part |= set(chance.sample(away, min(len(away), 6)))
            for other in sorted(part - {job}):
                if other in board.day_of:
                    board.remove(other)
            rest = self.place_home([job, *chance.sample(sorted(part - {job}), len(part) - 1)])
            rest = self.settle(rest)
            if rest or self.cost() >= before:
                board.restore(saved)
                idle += 1
            else:
                idle = 0


class _Prices:
    """What it costs to push a site aside: its move from home, and how often it was pushed already."""

    def __init__(self, mending: _Mending, pushed: Mapping[str, int]) -> None:
        self._mending, self._pushed = mending, pushed

    def get(self, job: str, _: int = 0) -> int:
        """The price of one site."""
        mending = self._mending
        return (mending.price.get(job, 0) if mending.is_home(job) else 0) + self._pushed.get(job, 0)


def repair(board: Board, home: Mapping[str, int]) -> Mended:
    """Mends the published days `home`; the result is on the board."""
    counting = Counting(board)
    needed = waves_needed(board, counting)
    mending = _Mending(board, home)
    published = max((board.wave(day) for day in mending.home.values()), default=0)
    last = max(published, needed)
    board.limit = board.up_to_wave(last)
    order = sorted(
        mending.home,
        key=lambda j: (j not in mending.pinned, -mending.price[j], mending.home[j], -board.weight[j], j),
    )
    rest = mending.place_home(order) + [job for job in board.open if job not in mending.home]
    forced = [job for job in rest if job in mending.home and not board.window[job] & board.bit(mending.home[job])]
    rest = mending.settle(rest)
    budget = 2_000 + 20 * len(board.open)
    if rest:
        rest = mending.push(rest, budget)
    if rest and mending.make_room(3 * budget):
        rest = []
    if rest:
        # It cannot end as early as published, or a way was not found: later waves are open too.
        board.limit = board.every_day
        rest = mending.settle(rest)
        if rest:
            rest = mending.push(rest, budget)
        if rest:
            eject(board, budget)
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
    return Mended(board.last_wave(), needed, moved, len(forced))


def pull(board: Board, home: Mapping[str, int]) -> Mended:
    """Lawful published days, with sites outside the hold on earlier ones where these are open; nobody later."""
    mending = _Mending(board, home)
    mending.settle(mending.place_home(sorted(mending.home, key=lambda j: (mending.home[j], j))))
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
    return Mended(board.last_wave(), waves_needed(board), moved, 0)
