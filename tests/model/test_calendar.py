"""Days off, spans that run over New Year, and the file of holidays in use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.load.overlay import overlay
from rollout.load.validate import build
from rollout.load.yaml import parse
from rollout.model.blackout import Blackout
from rollout.model.calendar import MONDAY_TO_FRIDAY, Calendar, Calendars, HolidayCalendar, Holidays, public_holidays
from rollout.model.site import Site
from rollout.model.times import Duration, Offset

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def blackout(**fields: str) -> Blackout:
    return Blackout.model_validate({"id": "b", **{key.rstrip("_"): value for key, value in fields.items()}})


def test_a_yearly_span_runs_over_new_year() -> None:
    freeze = blackout(from_="12-18", to="01-03", every="year")
    assert list(freeze.stretches(date(2027, 1, 1), date(2027, 12, 31))) == [
        (date(2026, 12, 18), date(2027, 1, 3)),
        (date(2027, 12, 18), date(2028, 1, 3)),
    ]


def test_a_single_span_is_given_once_and_only_if_it_touches() -> None:
    easter = blackout(from_="2027-03-24", to="2027-04-02")
    assert list(easter.stretches(date(2027, 4, 2), date(2027, 12, 31))) == [(date(2027, 3, 24), date(2027, 4, 2))]
    assert list(easter.stretches(date(2027, 4, 3), date(2027, 12, 31))) == []


def test_clear_before_closes_the_days_before_too() -> None:
    freeze = blackout(from_="12-18", to="01-03", every="year", clear_before="14d")
    assert list(freeze.closed(date(2027, 12, 1), date(2027, 12, 10))) == [(date(2027, 12, 4), date(2028, 1, 3))]


def test_the_29th_of_february_is_the_28th_in_other_years() -> None:
    leap = blackout(from_="02-29", to="03-01", every="year")
    assert [a for a, _ in leap.stretches(date(2027, 1, 1), date(2028, 12, 31))] == [
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"from_": "2027-03-24", "to": "2027-03-20"},
        {"from_": "12-18", "to": "01-03"},
        {"from_": "12-18", "to": "2027-01-03", "every": "year"},
        {"from_": "13-01", "to": "13-02", "every": "year"},
        {"from_": "02-30", "to": "03-02", "every": "year"},
    ],
)
def test_impossible_spans_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        blackout(**fields)


@given(days, st.integers(0, 40))
def test_working_days_before_and_after_meet(day: date, count: int) -> None:
    calendar = Calendar(frozenset({4, 5}), {day + timedelta(days=3): "Holiday"})
    start = calendar.on_or_after(day)
    later = calendar.shift(start, Offset(count, True))
    assert calendar.is_working(later) or count == 0
    assert calendar.shift(later, Offset(-count, True)) == start


@given(days, st.integers(1, 60))
def test_work_of_n_working_days_holds_n_working_days(day: date, count: int) -> None:
    free = MONDAY_TO_FRIDAY.after(day, Duration(count, True))
    assert sum(MONDAY_TO_FRIDAY.is_working(day + timedelta(days=n)) for n in range((free - day).days)) == count
    assert MONDAY_TO_FRIDAY.is_working(free - timedelta(days=1))


def test_weekends_are_friday_and_saturday_where_they_are() -> None:
    holidays = public_holidays([("EG", None), ("FR", None)], 2027, 2027, Holidays())
    calendars = Calendars(holidays)
    friday, sunday = date(2027, 2, 12), date(2027, 2, 14)
    assert not calendars.of("EG").is_working(friday)
    assert calendars.of("EG").is_working(sunday)
    assert calendars.of("FR").is_working(friday)
    assert calendars.of("EG", None, (6,)).is_working(friday)
    assert calendars.of("FR").why_off(date(2027, 7, 14)) == "National Day"


def test_a_weekend_leaves_a_day_to_work_on() -> None:
    all_days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert Site.model_validate({"id": "lyon", "name": "Lyon", "country": "FR", "weekend": all_days[1:]}).weekend
    with pytest.raises(ValueError, match="a weekend leaves at least one day"):
        Site.model_validate({"id": "lyon", "name": "Lyon", "country": "FR", "weekend": all_days})
    with pytest.raises(ValueError, match="a weekend leaves at least one day"):
        HolidayCalendar.model_validate({"weekend": all_days, "from": "2026", "to": "2026"})


def test_what_the_file_says_wins_over_the_library() -> None:
    first = public_holidays([("FR", None)], 2027, 2027, Holidays())
    moved = first.calendars["FR"].model_copy(update={"days": {date(2027, 7, 15): "Moved"}})
    known = first.model_copy(update={"calendars": {"FR": moved}})
    assert public_holidays([("FR", None)], 2027, 2027, known) is known
    wider = public_holidays([("FR", None)], 2027, 2028, known).calendars["FR"]
    assert wider.days[date(2027, 7, 15)] == "Moved"
    assert date(2027, 7, 14) not in wider.days
    assert date(2028, 7, 14) in wider.days


def test_a_subdivision_that_the_library_does_not_know_has_the_holidays_of_its_country() -> None:
    calendars = Calendars(public_holidays([("FR", "ARA"), ("FR", None)], 2027, 2027, Holidays()))
    assert calendars.of("FR", "ARA") == calendars.of("FR")
    assert calendars.of("FR", "ARA").why_off(date(2027, 7, 14)) == "National Day"


def test_a_subdivision_that_the_file_lacks_has_the_holidays_of_its_country() -> None:
    calendars = Calendars(public_holidays([("DE", None)], 2027, 2027, Holidays()))
    assert calendars.of("DE", "BY") == calendars.of("DE"), "until it is planned"
    assert calendars.of("DE", "BY").why_off(date(2027, 10, 3)) == "German Unity Day"


def test_what_the_file_says_of_a_place_that_the_library_does_not_know_stays() -> None:
    own = {"weekend": ["friday"], "from": "2026", "to": "2026", "days": {"2026-02-17": "Midwinter"}}
    known = Holidays.model_validate({"calendars": {"DE-ZZ": own}})
    wider = public_holidays([("DE", "ZZ")], 2026, 2027, known).calendars["DE-ZZ"]
    assert (wider.weekend, wider.first, wider.last) == ((4,), 2026, 2027)
    assert wider.days[date(2026, 2, 17)] == "Midwinter"


def test_the_file_is_read_back_as_it_was_written() -> None:
    places = [("IL", None), ("DE", "BY"), ("XK", None), ("DE", 'the "Bay\\ern"')]
    holidays = public_holidays(places, 2026, 2027, Holidays())
    raw, problems = parse(holidays.text(), "waves/_holidays.yaml")
    assert not problems
    built, wrong = build(Holidays, overlay([raw]), [("waves/_holidays.yaml", raw)])
    assert not wrong
    assert built is not None
    assert built.text() == holidays.text()
