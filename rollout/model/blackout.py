"""Days on which something may not happen (a blackout), or only on which it may (a window)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rollout.model.fields import DurationField, Id, Listed, Many, Model, Name, SpanDay
from rollout.model.selector import EVERY_SITE, Selector
from rollout.model.times import Duration, MonthDay

LONGEST = {"month": 31, "quarter": 92, "year": 366}
"""Days of the longest period of each kind."""


ONLY_GO_LIVE = ("go_live",)
"""What a blackout blocks that leaves work alone."""


class Span(Model):
    """A named stretch of days, both ends included, once or in every month, quarter or year.

    `{id: close, from: -3, to: 5, every: month}` runs from the third last day of each month to the fifth of the next.
    """

    id: Id
    """Short name; `explain` and error messages use it."""
    start: SpanDay = Field(alias="from")
    """First day: `2026-12-18`; `12-18` with `every: year`; or the number of a day with `every`: 1 is the period's first
    day, -1 its last. A number beyond the period's length is its last day (31 in April is the 30th), a negative one its
    first."""
    to: SpanDay
    """Last day, included. A repeated span may run over the end of its period (`from: 12-18, to: 01-03`;
    `from: -3, to: 5`)."""
    every: Literal["month", "quarter", "year"] | None = None
    """Again every `month`, `quarter` or `year`."""
    because: Name | None = None
    """Why; shown wherever it decides something."""

    @model_validator(mode="after")
    def _ends_agree(self) -> Span:
        ends = (self.start, self.to)
        numbered = [end for end in ends if isinstance(end, int)]
        yearly = [end for end in ends if isinstance(end, MonthDay)]
        if numbered:
            if len(numbered) == 1:
                msg = "`from` and `to` are either both numbers of days (1, -1) or both days"
                raise ValueError(msg)
            if self.every is None:
                msg = "numbers of days such as -3 need `every: month`, `every: quarter` or `every: year`"
                raise ValueError(msg)
            longest = LONGEST[self.every]
            wrong = [end for end in numbered if not 1 <= abs(end) <= longest]
            if wrong:
                msg = f"a day of a {self.every} is 1 to {longest}, or from its end -1 to -{longest}, not {wrong[0]}"
                raise ValueError(msg)
            return self
        if self.every in ("month", "quarter"):
            msg = f"with `every: {self.every}` days are numbers: 1 is the first of the {self.every}, -1 its last"
            raise ValueError(msg)
        if len(yearly) == 1:
            msg = "`from` and `to` are either both days (2026-12-18) or both days of the year (12-18)"
            raise ValueError(msg)
        if yearly and self.every is None:
            msg = "days of the year such as 12-18 need `every: year`; a single stretch needs years"
            raise ValueError(msg)
        if isinstance(self.start, date) and isinstance(self.to, date) and self.every is None and self.to < self.start:
            msg = f"it ends ({self.to}) before it begins ({self.start})"
            raise ValueError(msg)
        return self

    @property
    def spoken(self) -> str:
        """The days in words: `from 12-18 to 01-03, every year`, `from day -3 to day 5 of every month`."""
        if isinstance(self.start, int):
            return f"from day {self.start} to day {self.to} of every {self.every}"
        return f"from {self.start} to {self.to}{', every year' if self.every else ''}"

    def stretches(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Every stretch (first day, last day, both included) that touches the days asked for, in order."""
        if isinstance(self.start, int) and isinstance(self.to, int):
            assert self.every is not None
            yield from _numbered(self.start, self.to, _MONTHS[self.every], first, last)
            return
        if self.every is None:
            assert isinstance(self.start, date)
            assert isinstance(self.to, date)
            if self.start <= last and self.to >= first:
                yield self.start, self.to
            return
        start, to = _month_day(self.start), _month_day(self.to)
        for year in range(first.year - 1, last.year + 1):
            begins = start.in_year(year)
            ends = to.in_year(year if to >= start else year + 1)
            if begins <= last and ends >= first:
                yield begins, ends


_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def _numbered(start: int, to: int, months: int, first: date, last: date) -> Iterator[tuple[date, date]]:
    """Stretches between numbered days of periods of so many months.

    Where `to` stands before `from` in every period (5 before 20, 5 before -3, -9 before -3) the stretch ends in the
    next period. `from: 15, to: -15` does not: it is left out in short months in which it would end before it begins.
    """
    runs_over = (to < 0, to) < (start < 0, start)
    period = (first.year * 12 + first.month - 1) // months - 1
    while True:
        begins, ends = _day_of(period, months, start), _day_of(period + runs_over, months, to)
        if begins is None or ends is None or begins > last:
            return
        if first <= ends and begins <= ends:
            yield begins, ends
        period += 1


def _day_of(period: int, months: int, number: int) -> date | None:
    """A numbered day of a period, or the period's own last (first) day where it is shorter; None past the calendar."""
    year, month = divmod(period * months, 12)
    next_year, next_month = divmod((period + 1) * months, 12)
    if not 1 <= year <= next_year <= date.max.year:
        return None
    opens, closes = date(year, month + 1, 1), date(next_year, next_month + 1, 1) - timedelta(days=1)
    if number > 0:
        return min(opens + timedelta(days=number - 1), closes)
    return max(closes + timedelta(days=number + 1), opens)


class Blackout(Span):
    """Never then. Blackouts of programme, country and site add up, and win over windows.

    `{id: freeze, from: 12-18, to: 01-03, every: year}`, or `{id: quarter-end, from: -10, to: 5, every: quarter}`.
    """

    where: Selector = EVERY_SITE
    """Which sites it is about; all of the level it is written at when left out."""
    blocks: Annotated[tuple[Name, ...], Many, Listed] = ONLY_GO_LIVE
    """What may not happen: `go_live`, or ids or phases of activities such as `training`."""
    clear_before: DurationField = Duration(0)
    """No go-live in this long before the first day either, so that nobody is in hypercare when it begins."""

    def closed(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """The stretches in which go-live is not allowed, clearance included."""
        clear = timedelta(days=self.clear_before.days)
        for begins, ends in self.stretches(first, last + clear):
            yield begins - clear, ends


class Window(Span):
    """Only then: with any window in force, go-live has to be inside one."""

    where: Selector = EVERY_SITE
    """Which sites it is about."""


def _month_day(value: Any) -> MonthDay:
    return value if isinstance(value, MonthDay) else MonthDay(value.month, value.day)
