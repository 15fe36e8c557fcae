"""Repeated spans against a definition day by day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.blackout import LONGEST, Blackout

Every = Literal["month", "quarter", "year"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def is_inside(day: date, start: int, to: int, every: Every) -> bool:
    """By walking to both ends of the day's own period."""
    first = last = day

    def period(d: date) -> int:
        return (d.year * 12 + d.month - 1) // MONTHS[every]

    while period(first - timedelta(days=1)) == period(day):
        first -= timedelta(days=1)
    while period(last + timedelta(days=1)) == period(day):
        last += timedelta(days=1)
    length = (last - first).days + 1

    def place(number: int) -> int:
        return min(number, length) if number > 0 else max(length + 1 + number, 1)

    here = (day - first).days + 1
    runs_over = (start < 0 < to) or ((start > 0) == (to > 0) and to < start)
    if runs_over:
        return here >= place(start) or here <= place(to)
    return place(start) <= here <= place(to)


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int, Every]:
    every: Every = draw(st.sampled_from(["month", "quarter", "year"]))
    # Ends near a period's own are where the lengths of months matter.
    near = st.integers(1, LONGEST[every]) | st.integers(1, 5) | st.integers(LONGEST[every] - 4, LONGEST[every])
    number = st.tuples(near, st.sampled_from([1, -1])).map(lambda pair: pair[0] * pair[1])
    return draw(number), draw(number), every


@given(spans(), st.dates(date(2023, 1, 1), date(2029, 1, 1)), st.integers(0, 200))
def test_numbered_days_are_those_of_the_definition(span: tuple[int, int, Every], first: date, days: int) -> None:
    start, to, every = span
    blackout = Blackout.model_validate({"id": "x", "from": start, "to": to, "every": every})
    last = first + timedelta(days=days)
    stretches = list(blackout.stretches(first, last))
    assert stretches == sorted(stretches)
    for number in range(0, days + 1, max(1, days // 12)):
        day = first + timedelta(days=number)
        assert any(a <= day <= b for a, b in stretches) == is_inside(day, start, to, every), day
    assert all(a <= b and a <= last and b >= first for a, b in stretches)


@pytest.mark.parametrize(
    ("start", "to", "every", "expected"),
    [
        ("-3", "5", "month", [("01-29", "02-05"), ("02-26", "03-05"), ("03-29", "04-05")]),
        ("31", "31", "month", [("01-31", "01-31"), ("02-28", "02-28"), ("03-31", "03-31")]),
        ("1", "-1", "quarter", [("01-01", "03-31")]),
        ("-5", "-1", "quarter", [("03-27", "03-31")]),
        ("15", "-15", "month", [("01-15", "01-17"), ("03-15", "03-17")]),  # February's would end before it begins
        ("40", "42", "year", [("02-09", "02-11")]),
        ("02-27", "03-02", "year", [("02-27", "03-02")]),
    ],
)
def test_spans_by_hand(start: str, to: str, every: str, expected: list[tuple[str, str]]) -> None:
    blackout = Blackout.model_validate({"id": "x", "from": start, "to": to, "every": every})
    found = [(a, b) for a, b in blackout.stretches(date(2027, 1, 6), date(2027, 3, 31))]
    assert [(f"{a:%m-%d}", f"{b:%m-%d}") for a, b in found] == expected


def test_a_leap_year_has_one_day_more() -> None:
    blackout = Blackout.model_validate({"id": "x", "from": "-1", "to": "-1", "every": "month"})
    assert list(blackout.stretches(date(2028, 2, 1), date(2028, 2, 29))) == [(date(2028, 2, 29), date(2028, 2, 29))]


def test_spans_are_spoken() -> None:
    numbered = Blackout.model_validate({"id": "x", "from": "-3", "to": "5", "every": "month"})
    yearly = Blackout.model_validate({"id": "x", "from": "12-18", "to": "01-03", "every": "year"})
    assert numbered.spoken == "from day -3 to day 5 of every month"
    assert yearly.spoken == "from 12-18 to 01-03, every year"


def test_the_end_of_the_calendar_is_the_end() -> None:
    blackout = Blackout.model_validate({"id": "x", "from": "1", "to": "2", "every": "month"})
    found = list(blackout.stretches(date(9998, 11, 1), date.max))
    assert found[0] == (date(9998, 11, 1), date(9998, 11, 2))
