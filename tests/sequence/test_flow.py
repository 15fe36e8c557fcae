"""How much can begin in a run of waves: the quick way says what filling day by day says."""

from __future__ import annotations

from itertools import combinations_with_replacement

from hypothesis import given
from hypothesis import strategies as st

from rollout.sequence.bound import _scales, flow


def day_by_day(waves: list[int], count: int, spans: list[tuple[int, ...]], rooms: list[int]) -> list[list[int]]:
    base = spans[0][0]
    table: list[list[int]] = [[]]
    for first in range(1, count + 1):
        left, total, row = list(rooms), 0, [0] * (count + 1)
        for wave, span in zip(waves, spans, strict=True):
            if wave >= first:
                fits = max(0, min(left[bucket - base] for bucket in span))
                total += fits
                for bucket in span:
                    left[bucket - base] -= fits
                row[wave] = total
        for number in range(first + 1, count + 1):
            row[number] = max(row[number], row[number - 1])
        table.append(row)
    return table


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[int], int, list[tuple[int, ...]], list[int]]:
    length = draw(st.integers(1, 6))
    gaps = draw(st.lists(st.integers(0, 4), min_size=1, max_size=14))
    waves, starts, day, wave = [], [], draw(st.integers(-3, 3)), 1
    for gap in gaps:
        day += gap
        wave += draw(st.integers(0, 1))
        waves.append(wave)
        starts.append(day)
    spans = [tuple(range(start, start + length)) for start in starts]
    rooms = draw(
        st.lists(st.integers(-2, 5), min_size=starts[-1] + length - starts[0], max_size=starts[-1] + length - starts[0])
    )
    return waves, wave, spans, rooms


@given(problems())
def test_jumping_over_full_buckets_says_the_same(
    problem: tuple[list[int], int, list[tuple[int, ...]], list[int]],
) -> None:
    assert flow(*problem) == day_by_day(*problem)


def test_what_fits_beside_each_other_fits_however_it_is_measured() -> None:
    for cap in range(1, 11):
        for count in (1, 2, 3):
            for together in combinations_with_replacement(range(1, cap + 1), count):
                if sum(together) <= cap:
                    for sizes in ([*together], [1, *together]):
                        for scale, grown in _scales(cap, sorted(set(sizes))):
                            assert sum(map(grown, together)) <= scale, (cap, together)
