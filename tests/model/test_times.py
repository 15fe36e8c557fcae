"""Lengths of time in words."""

from __future__ import annotations

from datetime import date

import pytest

from rollout.model.revision import Revision
from rollout.model.times import later, weeks, weeks_later


@pytest.mark.parametrize(
    ("count", "in_days", "in_weeks"),
    [
        (1, "1 day later", "1 day later"),
        (-1, "1 day earlier", "1 day earlier"),
        (7, "7 days later", "1 week later"),
        (-14, "14 days earlier", "2 weeks earlier"),
        (15, "15 days later", "15 days later"),
    ],
)
def test_a_move_is_so_many_days_or_weeks(count: int, in_days: str, in_weeks: str) -> None:
    assert (later(count), weeks_later(count)) == (in_days, in_weeks)


def test_nothing_is_no_days() -> None:
    assert weeks(0) == "0 days"


def test_an_end_that_moves_by_a_day_moves_by_one() -> None:
    ends = date(2027, 3, 1), date(2027, 3, 2)
    said = Revision(moves={}, ends=ends, waves=(1, 1), worth=(0, 0)).spoken()
    assert said == "0 published sites move; last go-live 2 Mar 2027, 1 day later"
