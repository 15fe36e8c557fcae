"""What is left of one resource while a plan is made, as masks of days: the part of the board that is asked most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from rollout.model.instance import Demand, Resource, WaveTable


class Days(Protocol):
    """The candidate days, as masks of bits: what a board knows of them."""

    table: WaveTable
    every_day: int
    wave_days: dict[int, int]

    def between(self, first: int, last: int) -> int:
        """Candidate days from one day to another."""


class Level:
    """One size of demand on a resource: the buckets too full for it, and the days these shut."""

    __slots__ = ("covers", "demand", "dirty", "full", "mask", "stale")

    def __init__(self, demand: Demand) -> None:
        self.demand = demand
        self.covers: dict[int, int] = {}
        self.full: set[int] = set()
        self.mask = 0
        self.stale = True
        self.dirty: set[int] | None = None
        """Buckets that changed since the mask was right; None where it never was."""


class Pool:
    """One resource while a plan is made: who uses what of each bucket, and for each demand the days that are shut."""

    def __init__(self, resource: Resource, board: Days) -> None:
        self.resource = resource
        self.used: dict[int, int] = dict(resource.taken)
        self.given: dict[int, int] = dict(resource.taken)
        """What is used by what does not move: other plans, foundations, sites that are live."""
        self.users: dict[int, dict[str, int]] = {}
        """By bucket: the open jobs in it, and how much each takes."""
        self._board = board
        self._levels: dict[Demand, Level] = {}
        self._caps: dict[int, int] = {}
        self._taken: dict[tuple[int, tuple[Demand, ...]], dict[int, int]] = {}

    def cap(self, bucket: int) -> int:
        """Capacity of a bucket."""
        found = self._caps.get(bucket)
        if found is None:
            found = self._caps[bucket] = self.resource.cap(bucket)
        return found

    def level(self, demand: Demand) -> Level:
        """The level of a demand, kept up to date from now on."""
        if demand not in self._levels:
            level = self._levels[demand] = Level(demand)
            buckets = self._board.wave_days if self.resource.unit == "wave" else self.used
            level.full = {b for b in buckets if self.used.get(b, 0) + demand.amount > self.cap(b)}
        return self._levels[demand]

    def shut(self, level: Level) -> int:
        """Days on which this much is not left."""
        if level.stale:
            level.mask, level.stale = self._mask(level), False
            level.dirty = set()
        return level.mask

    def _mask(self, level: Level) -> int:
        full, dirty = level.full, level.dirty
        demand = level.demand
        if self.resource.unit != "wave" and demand.amount > self.cap(0):
            return self._board.every_day
        buckets: Iterable[int] = full
        mask = 0
        if dirty:
            # Only what touches the same days as a changed bucket has to be looked at again.
            beside = {"wave": 0, "day": demand.last - demand.first, "week": (demand.last - demand.first) // 7 + 1}
            low, high = min(dirty) - beside[self.resource.unit], max(dirty) + beside[self.resource.unit]
            if high - low < len(full):
                mask = level.mask
                for bucket in dirty:
                    mask &= ~self._covered(level, bucket)
                buckets = [bucket for bucket in range(low, high + 1) if bucket in full]
        for bucket in buckets:
            mask |= self._covered(level, bucket)
        return mask

    def _covered(self, level: Level, bucket: int) -> int:
        cover = level.covers.get(bucket)
        if cover is None:
            cover = level.covers[bucket] = self._cover(level.demand, bucket)
        return cover

    def buckets(self, day: int, demands: tuple[Demand, ...]) -> dict[int, int]:
        """What demands take when the job's day is `day`: amount by bucket, pieces of one job never added up."""
        found = self._taken.get((day, demands))
        if found is None:
            found = self._taken[day, demands] = self._count(day, demands)
        return found

    def _count(self, day: int, demands: tuple[Demand, ...]) -> dict[int, int]:
        taken: dict[int, int] = {}
        for demand in demands:
            if self.resource.unit == "wave":
                span: Iterable[int] = (self._board.table.wave(day),)
            elif self.resource.unit == "day":
                span = range(day + demand.first, day + demand.last + 1)
            else:
                span = range((day + demand.first - 1) // 7, (day + demand.last - 1) // 7 + 1)
            for bucket in span:
                taken[bucket] = max(taken.get(bucket, 0), demand.amount)
        return taken

    def take(self, taken: Mapping[int, int], job: str | None = None) -> None:
        """Uses up what a placed job takes (`job` where it can be moved away again)."""
        all_used, users = self.used, self.users
        levels = list(self._levels.values())
        for bucket, amount in taken.items():
            used = all_used[bucket] = all_used.get(bucket, 0) + amount
            if job is not None:
                if bucket in users:
                    users[bucket][job] = amount
                else:
                    users[bucket] = {job: amount}
            else:
                self.given[bucket] = used
            left = self.cap(bucket) - used
            for level in levels:
                if level.demand.amount > left and bucket not in level.full:
                    level.full.add(bucket)
                    if not level.stale:
                        level.mask |= self._covered(level, bucket)
                    elif level.dirty is not None:
                        level.dirty.add(bucket)

    def give_back(self, taken: Mapping[int, int], job: str) -> None:
        """Frees what a removed job took."""
        all_used, users = self.used, self.users
        levels = list(self._levels.values())
        for bucket, amount in taken.items():
            used = all_used[bucket] = all_used[bucket] - amount
            del users[bucket][job]
            left = self.cap(bucket) - used
            for level in levels:
                if level.demand.amount <= left and bucket in level.full:
                    level.full.discard(bucket)
                    level.stale = True
                    if level.dirty is not None:
                        level.dirty.add(bucket)

    def _cover(self, demand: Demand, bucket: int) -> int:
        """Candidate days on which the demand would touch the bucket."""
        board = self._board
        if self.resource.unit == "wave":
            return board.wave_days.get(bucket, 0)
        if self.resource.unit == "day":
            return board.between(bucket - demand.last, bucket - demand.first)
        return board.between(bucket * 7 + 1 - demand.last, bucket * 7 + 7 - demand.first)
