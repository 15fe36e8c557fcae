"""Working days where a site is: its weekend and its public holidays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from pydantic import Field, model_validator

from rollout.model.fields import WEEKDAYS, Count, Day, Model, Name, Weekend
from rollout.model.times import Duration, Offset
from rollout.model.unseen import escaped

ONE_DAY = timedelta(days=1)
# Our own words for days: the C library's depend on the locale of whoever runs this.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def spoken(day: date) -> str:
    """A day for people: `9 Feb 2027`."""
    return f"{spoken_without_year(day)} {day.year}"


def spoken_ordinal(day: int) -> str:
    """A day that is counted, for people: `9 Feb 2027`."""
    return spoken(date.fromordinal(day))


def spoken_without_year(day: date) -> str:
    """A day where its year is known: `9 Feb`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def spoken_with_weekday(day: date) -> str:
    """A day for people who have to be there: `Tue 9 Feb 2027`."""
    return f"{_DAYS[day.weekday()]} {spoken(day)}"


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


class HolidayCalendar(Model):
    """The weekend and public holidays of a country or of one of its subdivisions, over some years."""

    weekend: Weekend
    """Days off each week."""
    first: Count = Field(alias="from")
    """First year."""
    last: Count = Field(alias="to")
    """Last year."""
    days: dict[Day, Name] = Field(default_factory=dict)
    """Holidays and what they are called."""

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.last < self.first:
            msg = f"`to` ({self.last}) is before `from` ({self.first})"
            raise ValueError(msg)
        return self


class Holidays(Model):
    """`waves/_holidays.yaml`: the public holidays in use, reviewed like the schedule."""

    source: Name = "holidays"
    """Where they come from, with the release."""
    calendars: dict[str, HolidayCalendar] = Field(default_factory=dict)
    """By country, or country and subdivision: `DE-BY`."""

    def text(self) -> str:
        """The file as `plan` writes it."""
        lines = [
            "# written by `rollout plan` from the library below; a date here wins over any newer release of it",
            f"source: {self.source if _PLAIN.fullmatch(self.source) else _in_quotes(self.source)}",
            "calendars:" if self.calendars else "calendars: {}",
        ]
        for code, calendar in sorted(self.calendars.items()):
            weekend = ", ".join(WEEKDAYS[day] for day in calendar.weekend)
            lines.append(f"  {_in_quotes(code)}:")
            lines.append(f"    weekend: [{weekend}]")
            lines.append(f"    from: {calendar.first}")
            lines.append(f"    to: {calendar.last}")
            lines.append("    days:" if calendar.days else "    days: {}")
            for day, name in sorted(calendar.days.items()):
                lines.append(f"      {day}: {_in_quotes(name)}")
        return "\n".join(lines) + "\n"


_PLAIN = re.compile(r"[A-Za-z][\w.+-]*(?: [\w.+-]+)*", re.ASCII)


def _in_quotes(text: str) -> str:
    return '"' + escaped(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked at a place."""

    weekend: frozenset[int]
    holidays: dict[date, str] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether people are at work that day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def why_off(self, day: date) -> str | None:
        """What makes it a day off: the weekend or the holiday's name."""
        if day in self.holidays:
            return self.holidays[day]
        return "weekend" if day.weekday() in self.weekend else None

    def on_or_before(self, day: date) -> date:
        """The day itself or the last working day before it."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself or the next working day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def shift(self, day: date, offset: Offset) -> date:
        """A day counted from another: calendar days, or working days of this place."""
        if not offset.working:
            return day + timedelta(days=offset.days)
        step = ONE_DAY if offset.days > 0 else -ONE_DAY
        left = abs(offset.days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def after(self, day: date, duration: Duration) -> date:
        """First free day after work of that length that begins on `day`."""
        if not duration.working:
            return day + timedelta(days=duration.length)
        left = duration.length
        while left:
            left -= self.is_working(day)
            day += ONE_DAY
        return day

    def before(self, day: date, duration: Duration) -> date:
        """Last day on which work of that length can begin to be over by `day`: `after` of it is `day` or earlier."""
        if not duration.working:
            return day - timedelta(days=duration.length)
        left = duration.length
        while left:
            day -= ONE_DAY
            left -= self.is_working(day)
        return day


MONDAY_TO_FRIDAY = Calendar(frozenset({5, 6}))
"""Working days of teams and prerequisites without a country."""


class Calendars:
    """The calendars of all places, looked up in the reviewed file.

    A subdivision that it lacks has its country's; a country that it lacks has weekends only.
    """

    def __init__(self, holidays: Holidays) -> None:
        self._holidays = holidays
        self._made: dict[tuple[str, str | None, tuple[int, ...] | None], Calendar] = {}

    def of(self, country: str | None, subdivision: str | None = None, weekend: Iterable[int] | None = None) -> Calendar:
        """The calendar of a place, with its own weekend where it has one."""
        if country is None:
            return MONDAY_TO_FRIDAY
        key = (country, subdivision, None if weekend is None else tuple(weekend))
        if key not in self._made:
            known = self._holidays.calendars
            listed = known.get(calendar_code(country, subdivision)) or known.get(country)
            days = listed.days if listed else {}
            own = key[2] if key[2] is not None else (listed.weekend if listed else (5, 6))
            self._made[key] = Calendar(frozenset(own), days)
        return self._made[key]


def calendar_code(country: str, subdivision: str | None) -> str:
    """Key of a calendar in the file."""
    return f"{country}-{subdivision}" if subdivision else country


def public_holidays(codes: Iterable[tuple[str, str | None]], first: int, last: int, known: Holidays) -> Holidays:
    """`known` widened to these places and years (both included) from the `holidays` library.

    What the file already says stays: a new release of the library must not move a published date.
    """
    missing = [
        (country, subdivision)
        for country, subdivision in sorted(set(codes), key=lambda c: (c[0], c[1] or ""))
        if (listed := known.calendars.get(calendar_code(country, subdivision))) is None
        or listed.first > first
        or listed.last < last
    ]
    if not missing:
        return known
    from importlib.metadata import version  # noqa: PLC0415 - wanted only when a calendar is missing

    calendars = dict(known.calendars)
    for country, subdivision in missing:
        code = calendar_code(country, subdivision)
        old = calendars.get(code)
        first_year, last_year = min(first, old.first if old else first), max(last, old.last if old else last)
        weekend, days = _of_library(country, subdivision, range(first_year, last_year + 1))
        if old:
            kept = {day: name for day, name in days.items() if not old.first <= day.year <= old.last}
            weekend, days = old.weekend, {**kept, **old.days}
        calendars[code] = HolidayCalendar.model_construct(weekend=weekend, first=first_year, last=last_year, days=days)
    return Holidays.model_construct(source=f"holidays {version('holidays')}", calendars=calendars)


def _of_library(country: str, subdivision: str | None, years: range) -> tuple[tuple[int, ...], dict[date, str]]:
    """Weekend and holidays of a place: of its country where the library does not know it, none without either."""
    import warnings  # noqa: PLC0415 - with the library below, when a calendar is missing

    import holidays as library  # noqa: PLC0415 - a quarter of a second, wanted only when a calendar is missing

    for part in dict.fromkeys((subdivision, None)):
        try:
            with warnings.catch_warnings():
                # Some lunar holidays are known for a few years only, and the library says so on standard error.
                warnings.simplefilter("ignore")
                found = library.country_holidays(country, subdiv=part, years=years, language="en_US")
        except NotImplementedError:
            continue
        return tuple(sorted(found.weekend)), {day: " ".join(found[day].split()) for day in sorted(found)}
    return (5, 6), {}
