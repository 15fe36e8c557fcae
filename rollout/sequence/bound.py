"""What no plan can be better than: days propagated both ways through precedence, then counting against capacity.

A plan that ends in the wave of the bound is proved to end as early as any can, without a solver.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from graphlib import TopologicalSorter

from rollout.model.instance import Apart, Demand
from rollout.model.source import Source
from rollout.sequence.board import Board, Group
from rollout.sequence.pool import Pool


@dataclass(frozen=True, slots=True)
class Reach:
    """The days each open site can have by windows, precedence and groups, capacity left out."""

    masks: Mapping[str, int]
    blocked: tuple[str, ...]
    """Sites for which none is left."""


def in_order(board: Board) -> list[str]:
    """Open sites, each after all it must follow. Expects no cycle (a check says so)."""
    waits = {job: [b for b, lag in board.before.get(job, ()) if lag >= 0] for job in board.open}
    return list(TopologicalSorter(waits).static_order())


def reach(board: Board, limit: int, order: list[str] | None = None) -> Reach:
    """What windows, precedence and groups leave of `limit` for each open site."""
    order = order or in_order(board)
    masks = {job: board.window[job] & limit for job in board.open}
    related = [job for job in order if job in board.before or job in board.later or job in board.group]
    changed = True
    rounds = 0
    while changed and rounds < 50:
        changed = False
        rounds += 1
        for job in related:
            mask = masks[job]
            for before, lag in board.before.get(job, ()):
                if masks[before]:
                    mask &= ~board.up_to(board.first_day(masks[before]) + lag - 1)
                elif lag >= 0:
                    mask = 0
            if mask != masks[job]:
                masks[job], changed = mask, True
        for job in reversed(related):
            mask = masks[job]
            for later, lag in board.later.get(job, ()):
                if masks[later]:
                    mask &= board.up_to(board.last_day(masks[later]) - lag)
            if mask != masks[job]:
                masks[job], changed = mask, True
        changed |= _groups(board, masks)
    return Reach(masks, tuple(job for job in board.open if not masks[job]))


def _groups(board: Board, masks: dict[str, int]) -> bool:
    """Together means the same wave: only waves that every member can be in are left."""
    changed = False
    for group in board.groups:
        here = [member for member in group.members if member in masks]
        shared = group.days
        for wave in group.waves:
            days = board.wave_days[wave]
            if not all(masks[member] & days for member in here) or not _holds(board, masks, group, days):
                shared &= ~days
        for member in here:
            if masks[member] & ~shared:
                masks[member] &= shared
                changed = True
    return changed


def _holds(board: Board, masks: Mapping[str, int], group: Group, days: int) -> bool:
    """Whether a wave is long enough for the order between its members: each as early as it can be."""
    first: dict[str, int] = {}
    for job in group.between:
        mask = masks[job] & days if job in group.members else masks[job]
        for before, lag in board.before.get(job, ()):
            if before in first:
                mask &= ~board.up_to(first[before] + lag - 1)
        if not mask:
            return False
        first[job] = board.first_day(mask)
    return True


Rooms = tuple[list[tuple[str, int]], list[list[int]]]
"""How much each site takes, and how much there is room for from one wave (row) to another (column)."""


class Counting:
    """For each resource: how much can begin in any run of waves, and how much of it must."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.order = in_order(board)
        self.waves = max(board.wave_days, default=0)
        self._rooms: list[tuple[*Rooms, Source]] = []
        for pool in board.pools:
            jobs = [job for job in pool.resource.demands if job in board.window]
            if jobs:
                found = self._by_wave(pool, jobs) if pool.resource.unit == "wave" else self._by_time(pool, jobs)
                self._rooms += [(*rooms, pool.resource.because.source) for rooms in found]
        ones: list[list[int]] | None = None
        for primitive in board.instance.primitives:
            if isinstance(primitive, Apart):
                ones = ones or self._sums([1] * (self.waves + 1))
                amounts = [(job, 1) for job in primitive.jobs if job in board.window]
                self._rooms.append((amounts, ones, primitive.because.source))

    def refutes(self, last_wave: int) -> bool:
        """Whether no plan can end in `last_wave` or earlier. False says nothing."""
        board = self.board
        found = reach(board, board.up_to_wave(last_wave), self.order)
        if found.blocked:
            return True
        span = {
            job: (board.wave(board.first_day(mask)), board.wave(board.last_day(mask)))
            for job, mask in found.masks.items()
        }
        return any(_overfull(amounts, room, span, last_wave) for amounts, room, _ in self._rooms)

    def certificate(self, last_wave: int, site: str) -> tuple[list[str], Source] | None:
        """Sites that have to share a run of waves too short for them, one with `site` in it first, and the line that
        says how much it holds; None where no resource proves that a plan cannot end in `last_wave`."""
        board = self.board
        found = reach(board, board.up_to_wave(last_wave), self.order)
        span = {
            job: (board.wave(board.first_day(mask)), board.wave(board.last_day(mask)))
            for job, mask in found.masks.items()
            if mask
        }
        crowds = []
        for amounts, room, source in self._rooms:
            here = [(job, amount) for job, amount in amounts if job in span]
            run = _overfull(here, room, span, last_wave)
            if run is not None:
                crowds.append(([job for job, _ in here if run[0] <= span[job][0] and span[job][1] <= run[1]], source))
        return min(crowds, key=lambda crowd: (site not in crowd[0], len(crowd[0])), default=None)

    def _by_wave(self, pool: Pool, jobs: list[str]) -> Iterator[Rooms]:
        amounts = {job: max(d.amount for d in pool.resource.demands[job]) for job in jobs}
        room = [0] + [max(0, pool.cap(wave) - pool.given.get(wave, 0)) for wave in range(1, self.waves + 1)]
        yield list(amounts.items()), self._sums(room)

    def _sums(self, room: list[int]) -> list[list[int]]:
        table: list[list[int]] = [[]]
        for first in range(1, self.waves + 1):
            row, total = [0] * (self.waves + 1), 0
            for last in range(first, self.waves + 1):
                total += room[last]
                row[last] = total
            table.append(row)
        return table

    def _by_time(self, pool: Pool, jobs: list[str]) -> Iterator[Rooms]:
        """Room by day or week: as much as flows in when every day is filled as soon as it can be.

        All demands are cut down to the stretch that they share, so what is counted is never more than what they take.
        Filling from the left is the most that fits, because stretches that begin later also end later.
        """
        kinds = {pool.resource.demands[job] for job in jobs}
        mains = [max(kind, key=lambda d: d.amount * (d.last - d.first + 1)) for kind in kinds]
        first, last = max(d.first for d in mains), min(d.last for d in mains)
        if last < first or not self.board.days:
            return
        least = {kind: _least(kind, first, last) for kind in kinds}
        amounts = {job: least[pool.resource.demands[job]] for job in jobs}
        common = (Demand(1, first, last),)
        spans = [tuple(pool.buckets(day, common)) for day in self.board.days]
        waves = [self.board.wave(day) for day in self.board.days]
        cap = pool.cap(0)
        seen: set[tuple[float, ...]] = set()
        sizes = sorted(set(amounts.values()) - {0})
        for scale, grown in _scales(cap, sizes):
            # Only what each size takes of the whole matters: the same shares count the same.
            shares = tuple(grown(size) / scale for size in sizes)
            if shares not in seen:
                seen.add(shares)
                rooms = [scale - grown(min(cap, pool.given.get(b, 0))) for b in range(spans[0][0], spans[-1][-1] + 1)]
                yield (
                    [(job, grown(amount)) for job, amount in amounts.items() if amount],
                    flow(waves, self.waves, spans, rooms),
                )


def flow(waves: list[int], count: int, spans: list[tuple[int, ...]], rooms: list[int]) -> list[list[int]]:
    """How much can begin from each of `count` waves (row) to each later one (column).

    `waves` and `spans` have an entry for each candidate day: its wave, and the buckets in a row that work begun on it
    takes. `rooms` is what is left in each bucket, the first of the first span first. Full buckets are jumped over, so
    a row costs no more than the days it fills.
    """
    base = spans[0][0]
    starts = [span[0] - base for span in spans]
    ends = [span[-1] - base + 1 for span in spans]
    table: list[list[int]] = [[]]
    for wave in range(1, count + 1):
        left = rooms[:]
        row, total = [0] * (count + 1), 0
        at = bisect_left(waves, wave)
        while at < len(spans):
            first, last = starts[at], ends[at]
            window = left[first:last]
            fits = min(window)
            if fits > 0:
                total += fits
                row[waves[at]] = total
                window = [room - fits for room in window]
                left[first:last] = window
            # The last bucket with nothing left is in the way of every day up to it.
            full = max(place for place, room in enumerate(window, first) if room <= 0)
            at = bisect_right(starts, full, at + 1)
        for number in range(wave + 1, count + 1):
            row[number] = max(row[number], row[number - 1])
        table.append(row)
    return table


def _overfull(
    amounts: list[tuple[str, int]], room: list[list[int]], span: Mapping[str, tuple[int, int]], last_wave: int
) -> tuple[int, int] | None:
    """A run of waves (first, last) that has to take more than it has room for."""
    starting: dict[int, dict[int, int]] = {}
    for job, amount in amounts:
        first, last = span[job]
        here = starting.setdefault(first, {})
        here[last] = here.get(last, 0) + amount
    inside = [0] * (last_wave + 2)
    for first in range(last_wave, 0, -1):
        for last, amount in starting.get(first, {}).items():
            inside[last] += amount
        needed = 0
        roomy = room[first]
        for last in range(first, last_wave + 1):
            needed += inside[last]
            if needed > roomy[last]:
                return first, last
    return None


_FEW = 12
"""Sites that use one resource at once, up to which what cannot be filled exactly is counted too."""


def _scales(cap: int, sizes: list[int]) -> Iterator[tuple[int, Callable[[int], int]]]:
    """Ways to measure demands so that whatever fits together in `cap` still fits: the whole, and each demand's share.

    Dual feasible functions (Fekete and Schepers 2001). Three of five fit into eighteen, not three point six: measured
    as thirds, what is left over by whole sites counts as used.
    """
    yield max(cap, 0), lambda amount: amount
    if not sizes or cap <= 0 or cap // sizes[0] > _FEW:
        return
    for k in range(1, cap // sizes[0] + 1):
        yield k * cap, partial(_rounded, cap=cap, k=k)
    for least in sizes:
        if 2 * least <= cap:
            yield cap, partial(_large, cap=cap, least=least)


def _rounded(amount: int, cap: int, k: int) -> int:
    times = (k + 1) * amount
    return amount * k if times % cap == 0 else times // cap * cap


def _large(amount: int, cap: int, least: int) -> int:
    return cap if amount > cap - least else amount if amount >= least else 0


def _least(demands: tuple[Demand, ...], first: int, last: int) -> int:
    """The least a demand takes anywhere between two offsets."""
    inside = [d for d in demands if d.first <= last and d.last >= first]
    covered = sum(min(d.last, last) - max(d.first, first) + 1 for d in inside)
    return min(d.amount for d in inside) if covered >= last - first + 1 else 0


def waves_needed(board: Board, counting: Counting | None = None) -> int:
    """A number of waves that no plan can do with fewer of; sites with no day at all are left out of the count."""
    counting = counting or Counting(board)
    low, high = 0, counting.waves
    if counting.refutes(high):
        # Something has no place at all: the bound is over what remains, by earliest days alone.
        masks = reach(board, board.every_day, counting.order).masks
        return max((board.wave(board.first_day(mask)) for mask in masks.values() if mask), default=0)
    while low < high:
        middle = (low + high) // 2
        if counting.refutes(middle):
            low = middle + 1
        else:
            high = middle
    return low
