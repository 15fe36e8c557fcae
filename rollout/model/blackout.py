"""Days on which something may not happen (a blackout), or only on which it may (a window)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rollout.model.fields import DayOrMonthDay, Duration, DurationField, Id, Listed, Many, Model, MonthDay, Name
from rollout.model.selector import EVERY_SITE, Selector


class Span(Model):
    """A named stretch of days, both ends included, once or every year."""

    id: Id
    """Short name; `explain` and error messages use it."""
    start: DayOrMonthDay = Field(alias="from")
    """First day: `2026-12-18`, or `12-18` with `every: year`."""
    to: DayOrMonthDay
    """Last day, included. A yearly span may run over New Year (`from: 12-18, to: 01-03`)."""
    every: Literal["year"] | None = None
    """`year`: again every year."""
    because: Name | None = None
    """Why; shown wherever it decides something."""

    @model_validator(mode="after")
    def _ends_agree(self) -> Span:
        yearly = isinstance(self.start, MonthDay), isinstance(self.to, MonthDay)
        if any(yearly) and not all(yearly):
            msg = "`from` and `to` are either both days (2026-12-18) or both days of the year (12-18)"
            raise ValueError(msg)
        if all(yearly) and self.every is None:
            msg = "days of the year such as 12-18 need `every: year`; a single stretch needs years"
            raise ValueError(msg)
        if not any(yearly) and self.every is None and self.to < self.start:  # type: ignore[operator]
            msg = f"it ends ({self.to}) before it begins ({self.start})"
            raise ValueError(msg)
        return self

    def stretches(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Every stretch (first day, last day, both included) that touches the days asked for, in order."""
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


class Blackout(Span):
    """Never then. Blackouts of programme, country and site add up, and win over windows."""

    where: Selector = EVERY_SITE
    """Which sites it is about; all of the level it is written at when left out."""
    blocks: Annotated[tuple[Name, ...], Many, Listed] = ("go_live",)
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
