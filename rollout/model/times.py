"""Days, days of a year, lengths of time and days counted from go-live, as people write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, NamedTuple

from rollout.model.few import so_many
from rollout.model.spelling import shown

YEARS = range(1900, 2200)
"""Years that a day may lie in: nothing is planned beyond them, and no sum of days leaves the calendar."""
LONGEST = 20 * 366
"""Days of the longest duration."""
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
DAY_NUMBER = re.compile(r"-?[0-9]{1,3}")
DURATION = re.compile(r"([0-9]{1,5})(d|wd|w)")
OFFSET = re.compile(r"T(?:([-+])([0-9]{1,4})(d|wd|w)?)?")


def parse_day(value: Any) -> date:
    """A day as ten characters, `2027-02-09`. Raises ValueError for anything else, impossible dates included."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            msg = f"{value} is not a day of the calendar"
            raise ValueError(msg) from None
        if day.year not in YEARS:
            msg = f"a day lies between the years {YEARS[0]} and {YEARS[-1]}, not in {value[:4]}"
            raise ValueError(msg)
        return day
    msg = f"a day is written like 2027-02-09, not {shown(value)}"
    raise ValueError(msg)


class MonthDay(NamedTuple):
    """A day of every year, `12-14`."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def in_year(self, year: int) -> date:
        """This day of that year; 29 February is the 28th where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, 2, 28)


def parse_span_day(value: Any) -> date | MonthDay | int:
    """A day, a day of every year as `12-18`, or a day of a period as `1` or `-3`. Raises ValueError otherwise."""
    if isinstance(value, MonthDay) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and DAY_NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, str) and (match := _MONTH_DAY.fullmatch(value)):
        month, day = int(match[1]), int(match[2])
        try:
            date(2024, month, day)
        except ValueError:
            msg = f"{value} is not a day of the year (month-day)"
            raise ValueError(msg) from None
        return MonthDay(month, day)
    if isinstance(value, str) and not DAY.fullmatch(value):
        msg = f"a day is 2027-02-09, or with `every` 12-18 or a number such as 1 or -3, not {shown(value)}"
        raise ValueError(msg)
    return parse_day(value)


class Duration(NamedTuple):
    """A length of time: `42d` calendar days, `10wd` working days, `4w` weeks."""

    length: int
    working: bool = False

    def __str__(self) -> str:
        return f"{self.length}{'wd' if self.working else 'd'}"

    @property
    def days(self) -> int:
        """Calendar days; working days at five a week, rounded up, where no calendar is at hand."""
        return -(-self.length * 7 // 5) if self.working else self.length


def parse_duration(value: Any) -> Duration:
    """`42d`, `10wd` or `4w`. Raises ValueError for anything else."""
    if isinstance(value, Duration):
        return value
    if isinstance(value, str) and (match := DURATION.fullmatch(value)):
        count = int(match[1]) * (7 if match[2] == "w" else 1)
        if count > LONGEST:
            msg = f"a duration is at most 20 years, not {shown(value)}"
            raise ValueError(msg)
        return Duration(count, match[2] == "wd")
    msg = f"a duration is 42d (calendar days), 10wd (working days) or 4w, not {shown(value)}"
    raise ValueError(msg)


def days(count: int) -> str:
    """`1 day`, `12 days`."""
    return so_many(count, "day")


def weeks(count: int) -> str:
    """A number of days, whichever way, as people say it: `2 weeks`, `10 days`."""
    whole, rest = divmod(abs(count), 7)
    return so_many(whole, "week") if whole and not rest else days(abs(count))


def later(count: int) -> str:
    """A number of days as `14 days later`, or `earlier` where it is negative."""
    return f"{days(abs(count))} {_way(count)}"


def weeks_later(count: int) -> str:
    """The same as people say it: `2 weeks later`."""
    return f"{weeks(count)} {_way(count)}"


def _way(count: int) -> str:
    return "later" if count > 0 else "earlier"


class Offset(NamedTuple):
    """A day counted from go-live: `T-42` calendar days before, `T-10wd` working days before, `T+14` after."""

    days: int
    working: bool = False

    def __str__(self) -> str:
        if not self.days:
            return "T"
        return f"T{self.days:+}{'wd' if self.working else ''}"


def parse_offset(value: Any) -> Offset:
    """`T-42`, `T-10wd`, `T` or `T+14`. Raises ValueError for anything else."""
    if isinstance(value, Offset):
        return value
    if isinstance(value, str) and (match := OFFSET.fullmatch(value)):
        count = int(match[2] or 0) * (7 if match[3] == "w" else 1)
        return Offset(-count if match[1] == "-" else count, match[3] == "wd")
    msg = f"a day counted from go-live is T-42, T-10wd, T or T+14, not {shown(value)}"
    raise ValueError(msg)
