"""A plan as bars of characters: one line a site, or one a wave where there are many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rollout.model.calendar import MONTHS
from rollout.model.schedule import wave_name

if TYPE_CHECKING:
    from rollout.model.result import Planned

MANY = 60
_BLOCKS = {"prepare": "░", "live": "█", "care": "▓", "none": "·"}
_ASCII = {"prepare": "-", "live": "#", "care": "=", "none": "."}


def gantt(planned: Planned, width: int, unicode: bool = True) -> Iterator[str]:
    """Lines of a Gantt chart that fits `width` columns: preparation, go-live, hypercare; months on top."""
    schedule, plan = planned.schedule, planned.plan
    if not schedule.sites:
        return
    care = timedelta(days=plan.hypercare.lasts.days)
    rows: list[tuple[str, date, date, date]] = []
    for wave, placed in schedule.waves().items():
        first, last = placed[0][1], placed[-1][1]
        name = wave_name(wave)
        if len(schedule.sites) > MANY:
            rows.append((f"{name} ({len(placed)})", first, last, last + care))
        else:
            rows += [(f"{wave or 'L'} {site}", day, day, day + care) for site, day in placed]
    begin = min(plan.work_from, rows[0][1])
    end = max(row[3] for row in rows)
    label = min(max(len(row[0]) for row in rows), 24)
    columns = max(20, min(width, 160) - label - 2)
    marks = _BLOCKS if unicode else _ASCII
    yield " " * (label + 1) + _months(begin, end, columns)
    for name, first, last, over in rows:
        line = []
        for column in range(columns):
            a, b = _day(begin, end, columns, column), _day(begin, end, columns, column + 1)
            if a <= last and b > first:
                kind = "live"
            elif b <= first:
                kind = "prepare"
            else:
                kind = "care" if a < over else "none"
            line.append(marks[kind])
        yield f"{name[:label]:<{label}} {''.join(line)}"
    yield f"{marks['prepare']} preparation  {marks['live']} go-live  {marks['care']} hypercare"


def _day(begin: date, end: date, columns: int, column: int) -> date:
    return begin + timedelta(days=((end - begin).days + 1) * column // columns)


def _months(begin: date, end: date, columns: int) -> str:
    """Names of months (or years, where months would not fit) above the columns in which they begin."""
    months = (end.year - begin.year) * 12 + end.month - begin.month + 1
    by_year = columns < months * 4
    ruler = [" "] * columns
    for column in range(columns):
        a, b = _day(begin, end, columns, column), _day(begin, end, columns, column + 1)
        starts = date(b.year, 1 if by_year else b.month, 1)
        if column == 0 or a < starts <= b:
            day = begin if column == 0 else starts
            name = str(day.year) if by_year or day.month == 1 else MONTHS[day.month - 1]
            room = columns - column
            if room >= len(name) and ruler[max(0, column - 1)] == " ":
                ruler[column : column + len(name)] = name
    return "".join(ruler)[:columns].rstrip()
