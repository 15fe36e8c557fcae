"""Numbers of many runs side by side, one column a quantity: as lists, or as arrays where numpy is at hand.

Both give the same values: draws come from integer arithmetic, and every operation on fractions is one that IEEE 754
rounds correctly (+, -, *, /, square root), done in the same order. So speed is all that the extra `exact` changes here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from math import sqrt
from typing import Any, Protocol

from rollout.model.forecast import Spread

Column = Any
"""A list of numbers, or an array of them; only the class that made it looks inside."""

# splitmix64: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
# Its n-th number is a function of n, so that runs can be computed in any order and in batches of any size.
_GAMMA, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_MASK = (1 << 64) - 1
_UNIT = 2.0**-53


def stream(seed: int, name: str) -> int:
    """Where the draws of one name begin: another site's draws never depend on it."""
    return int.from_bytes(blake2b(f"{seed} {name}".encode(), digest_size=8).digest(), "big")


class Columns(Protocol):
    """What can be done with columns of one batch of runs."""

    def luck(self, stream: int, first: int, count: int) -> Column:
        """Draws from 0 (included) to 1 (not), for the runs from `first` on."""

    def either(self, chosen: Column, below: float, first: Column, second: Column) -> Column:
        """`first` where `chosen` is below a number, `second` elsewhere."""

    def percent(self, luck: Column, spread: Spread) -> Column:
        """A triangular distribution by its inverse: https://en.wikipedia.org/wiki/Triangular_distribution."""

    def stretched(self, percent: Column, length: int, plus: int = 0) -> Column:
        """So much of a length in whole days, half rounded up, plus a number of days."""

    def constant(self, value: int, count: int) -> Column:
        """The same number in every run."""

    def plus(self, column: Column, days: int) -> Column:
        """Every number and `days`."""

    def add(self, first: Column, second: Column) -> Column:
        """Sums."""

    def latest(self, first: Column, second: Column) -> Column:
        """The larger of two numbers."""

    def later(self, day: Column, cause: Column, other: Column, number: int) -> tuple[Column, Column]:
        """`day` raised to `other`, and `cause` set to `number` where that changed it."""

    def table(self, values: Sequence[int]) -> Column:
        """Numbers to look up by place."""

    def look(self, table: Column, places: Column) -> Column:
        """The numbers at these places; places past an end give the number at that end."""

    def same(self, first: Column, second: Column) -> bool:
        """Whether nothing differs."""

    def on(self, column: Column, other: Column) -> Column:
        """Whether the numbers are equal, run by run."""

    def where_cause(self, flags: Column, cause: Column, number: int) -> Column:
        """Flags that are set, where the cause is this number."""

    def either_flag(self, first: Column, second: Column) -> Column:
        """Flags set in one or the other."""

    def count(self, flags: Column) -> int:
        """How many flags are set."""

    def tally(self, column: Column) -> dict[int, int]:
        """How often each number occurs."""


class Lists:
    """Columns as lists of Python's own numbers."""

    def luck(self, stream: int, first: int, count: int) -> Column:
        """See Columns."""
        found = []
        for run in range(first + 1, first + count + 1):
            x = (stream + run * _GAMMA) & _MASK
            x = ((x ^ (x >> 30)) * _FIRST) & _MASK
            x = ((x ^ (x >> 27)) * _SECOND) & _MASK
            found.append(((x ^ (x >> 31)) >> 11) * _UNIT)
        return found

    def either(self, chosen: Column, below: float, first: Column, second: Column) -> Column:
        """See Columns."""
        return [a if c < below else b for c, a, b in zip(chosen, first, second, strict=True)]

    def percent(self, luck: Column, spread: Spread) -> Column:
        """See Columns."""
        low, high = float(spread.low), float(spread.high)
        if low == high:
            return [low] * len(luck)
        turn, rising, falling = _triangle(spread)
        return [low + sqrt(u * rising) if u < turn else high - sqrt((1.0 - u) * falling) for u in luck]

    def stretched(self, percent: Column, length: int, plus: int = 0) -> Column:
        """See Columns."""
        # Never negative, so cutting off is rounding down.
        return [int(p * length / 100.0 + 0.5) + plus for p in percent]

    def constant(self, value: int, count: int) -> Column:
        """See Columns."""
        return [value] * count

    def plus(self, column: Column, days: int) -> Column:
        """See Columns."""
        return [a + days for a in column]

    def add(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return [a + b for a, b in zip(first, second, strict=True)]

    def latest(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return list(map(max, first, second))

    def later(self, day: Column, cause: Column, other: Column, number: int) -> tuple[Column, Column]:
        """See Columns."""
        why = [number if b > a else c for a, b, c in zip(day, other, cause, strict=True)]
        return list(map(max, day, other)), why

    def table(self, values: Sequence[int]) -> Column:
        """See Columns."""
        return list(values)

    def look(self, table: Column, places: Column) -> Column:
        """See Columns."""
        last = len(table) - 1
        return [table[0 if p < 0 else min(p, last)] for p in places]

    def same(self, first: Column, second: Column) -> bool:
        """See Columns."""
        return bool(first == second)

    def on(self, column: Column, other: Column) -> Column:
        """See Columns."""
        return [a == b for a, b in zip(column, other, strict=True)]

    def where_cause(self, flags: Column, cause: Column, number: int) -> Column:
        """See Columns."""
        return [f and c == number for f, c in zip(flags, cause, strict=True)]

    def either_flag(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return [a or b for a, b in zip(first, second, strict=True)]

    def count(self, flags: Column) -> int:
        """See Columns."""
        return sum(flags)

    def tally(self, column: Column) -> dict[int, int]:
        """See Columns."""
        return dict(Counter(column))


class Arrays:
    """Columns as arrays of numpy; making one raises ImportError where it is not installed."""

    def __init__(self) -> None:
        import numpy  # noqa: PLC0415 - an extra, wanted only here

        self._np: Any = numpy
        self._counters: dict[tuple[int, int], Column] = {}

    def luck(self, stream: int, first: int, count: int) -> Column:
        """See Columns."""
        np = self._np
        if (first, count) not in self._counters:
            runs = np.arange(first + 1, first + count + 1, dtype=np.uint64)
            self._counters = {(first, count): runs * np.uint64(_GAMMA)}
        x = self._counters[first, count] + np.uint64(stream)
        x ^= x >> np.uint64(30)
        x *= np.uint64(_FIRST)
        x ^= x >> np.uint64(27)
        x *= np.uint64(_SECOND)
        x ^= x >> np.uint64(31)
        return (x >> np.uint64(11)).astype(np.float64) * _UNIT

    def either(self, chosen: Column, below: float, first: Column, second: Column) -> Column:
        """See Columns."""
        return self._np.where(chosen < below, first, second)

    def percent(self, luck: Column, spread: Spread) -> Column:
        """See Columns."""
        np = self._np
        low, high = float(spread.low), float(spread.high)
        if low == high:
            return np.full(len(luck), low)
        turn, rising, falling = _triangle(spread)
        return np.where(luck < turn, low + np.sqrt(luck * rising), high - np.sqrt((1.0 - luck) * falling))

    def stretched(self, percent: Column, length: int, plus: int = 0) -> Column:
        """See Columns."""
        days = (percent * float(length) / 100.0 + 0.5).astype(self._np.int64)
        days += plus
        return days

    def constant(self, value: int, count: int) -> Column:
        """See Columns."""
        return self._np.full(count, value, dtype=self._np.int64)

    def plus(self, column: Column, days: int) -> Column:
        """See Columns."""
        return column + days

    def add(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return first + second

    def latest(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return self._np.maximum(first, second)

    def later(self, day: Column, cause: Column, other: Column, number: int) -> tuple[Column, Column]:
        """See Columns."""
        np = self._np
        return np.maximum(day, other), np.where(other > day, np.int32(number), cause.astype(np.int32, copy=False))

    def table(self, values: Sequence[int]) -> Column:
        """See Columns."""
        return self._np.array(values, dtype=self._np.int64)

    def look(self, table: Column, places: Column) -> Column:
        """See Columns."""
        return table.take(places, mode="clip")

    def same(self, first: Column, second: Column) -> bool:
        """See Columns."""
        return bool((first == second).all())

    def on(self, column: Column, other: Column) -> Column:
        """See Columns."""
        return column == other

    def where_cause(self, flags: Column, cause: Column, number: int) -> Column:
        """See Columns."""
        return flags & (cause == number)

    def either_flag(self, first: Column, second: Column) -> Column:
        """See Columns."""
        return first | second

    def count(self, flags: Column) -> int:
        """See Columns."""
        return int(flags.sum())

    def tally(self, column: Column) -> dict[int, int]:
        """See Columns."""
        least = int(column.min())
        counts = self._np.bincount(column - least)
        return {least + int(place): int(counts[place]) for place in self._np.flatnonzero(counts)}


def best_columns() -> Columns:
    """Arrays where numpy is installed, lists elsewhere."""
    try:
        return Arrays()
    except ImportError:
        return Lists()


def _triangle(spread: Spread) -> tuple[float, float, float]:
    low, likely, high = map(float, spread)
    return (likely - low) / (high - low), (high - low) * (likely - low), (high - low) * (high - likely)
