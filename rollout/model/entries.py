"""Entries of a calendar: whole days, each with a name that stays and a number that rises when its day moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rollout.model.schedule import Schedule

Sort = Literal["go-live", "gate", "blackout", "due"]
_BEGINNING = date(2020, 1, 1)
_PER_DAY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a calendar."""

    uid: str
    """The same for the same thing whatever its day."""
    sort: Sort
    first: date
    last: date
    """Included."""
    summary: str
    description: str = ""
    url: str | None = None
    stamp: date
    """The day it was said."""
    sequence: int
    has_happened: bool = False


@dataclass(frozen=True, slots=True)
class LastMove:
    """When a date last changed: the `as_of` of the schedule that changed it, and how often under that day before."""

    as_of: date
    again: int = 0

    @property
    def sequence(self) -> int:
        """Hundred for each day since 2020, and one for each further change of that day: a later move is a larger
        number, whoever counts, and without any history."""
        return sequence_on(self.as_of) + min(self.again, _PER_DAY - 1)


def sequence_on(day: date) -> int:
    """The number of what was said on a day."""
    return max((day - _BEGINNING).days, 0) * _PER_DAY


class Moves:
    """Follows the published dates through versions of the schedule, oldest first."""

    def __init__(self) -> None:
        self._known: dict[str, date] = {}
        self._moved: dict[str, LastMove] = {}

    def take(self, as_of: date, days: Mapping[str, date | None]) -> None:
        """What a version says of some sites; None of one it has no date for."""
        for site, day in days.items():
            if day is None:
                self._known.pop(site, None)
            elif self._known.get(site) != day:
                before = self._moved.get(site)
                self._moved[site] = LastMove(as_of, before.again + 1 if before and before.as_of == as_of else 0)
                self._known[site] = day

    def of(self, schedule: Schedule) -> Mapping[str, LastMove]:
        """When each date of this schedule, the latest version, last changed."""
        self.take(schedule.made.as_of, {site: placement.go_live for site, placement in schedule.sites.items()})
        return {site: self._moved[site] for site in schedule.sites}
