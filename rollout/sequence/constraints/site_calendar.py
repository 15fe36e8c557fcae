"""The site's own weekend and public holidays: nobody goes live on a day off."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import Calendar
from rollout.model.country import NAMES
from rollout.model.instance import Stretch, Window
from rollout.model.layout import HOLIDAYS
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """One window for all sites that share a calendar. Weekdays on which no site goes live anyway are left out."""
    shared: dict[int, tuple[Calendar, list[Site]]] = {}
    for site in scope.open_sites():
        calendar = scope.calendar(site)
        shared.setdefault(id(calendar), (calendar, []))[1].append(site)
    weekdays = set(scope.plan.waves.go_live.on)
    first, last = scope.first.toordinal(), scope.last.toordinal()
    for calendar, sites in shared.values():
        place = NAMES[sites[0].country]
        closed = [
            Stretch(day.toordinal(), day.toordinal(), f"holiday {name}")
            for day, name in sorted(calendar.holidays.items())
            if first <= day.toordinal() <= last and day.weekday() in weekdays
        ]
        for weekday in calendar.weekend & weekdays:
            begins = first + (weekday - scope.first.weekday()) % 7
            closed += [Stretch(day, day, "weekend") for day in range(begins, last + 1, 7)]
        if closed:
            source = Source((HOLIDAYS,), ("calendars",))
            because = scope.because("calendar", f"a weekend or public holiday in {place}", source)
            yield Window(tuple(site.id for site in sites), tuple(sorted(closed, key=lambda s: s.first)), because)
