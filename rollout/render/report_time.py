"""The report's drawings along time: bars of sites, the calendar of waves, sites live over the months, the forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, log10

from rollout.model.calendar import MONTHS, ONE_DAY, month_after, spoken, spoken_without_year
from rollout.model.few import so_many
from rollout.model.report import Report, SiteLine
from rollout.model.schedule import wave_name
from rollout.render.markdown import clean
from rollout.render.views.report import View

CALENDAR_MONTHS = 18
"""Months drawn; the table beside them has all waves."""
_POINTS = 300
"""Steps of a curve at most."""
_LABELS = 6


@dataclass(frozen=True)
class Axis:
    """Days from left to right, in percent."""

    first: date
    last: date

    @classmethod
    def over(cls, days: Sequence[date]) -> Axis:
        """Whole months around these days."""
        return cls(min(days).replace(day=1), month_after(max(days)) - ONE_DAY)

    def at(self, day: date) -> float:
        """Where a day begins."""
        inside = min(max(day, self.first), self.last + ONE_DAY)
        return round(100 * (inside - self.first).days / ((self.last - self.first).days + 1), 2)

    def span(self, first: date, last: date) -> View:
        """A stretch of days, the last one included."""
        x = self.at(first)
        return {"x": x, "width": round(max(self.at(last + ONE_DAY) - x, 0.15), 2)}

    def months(self) -> list[View]:
        """The beginnings of months, quarters or years, few enough to be read."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((step for step in (1, 2, 3, 6, 12, 24, 60) if count / step <= _LABELS * 1.5), 120)
        found = []
        for number in range(count):
            year, month = divmod(self.first.year * 12 + self.first.month - 1 + number, 12)
            if number == 0 or (year * 12 + month) % step:
                continue
            day = date(year, month + 1, 1)
            label = str(year) if step >= 12 else MONTHS[month] + (f" {year}" if month == 0 else "")
            found.append({"x": self.at(day), "label": label, "is_year": month == 0})
        return found


def axis_of(report: Report) -> Axis:
    """From the first work to the end of the last hypercare, the day of the report included."""
    days = [report.as_of, report.plan.work_from]
    for line in report.sites:
        days += [day for day in (line.begins, line.state.go_live, line.state.expected, line.leaves) if day]
    return Axis.over(days)


def timeline(report: Report, axis: Axis) -> View:
    """What all rows of the Gantt share: months, closed days, the day of the report."""
    return {
        "months": axis.months(),
        "today": axis.at(report.as_of),
        "closed": [
            {
                **axis.span(one.first, one.last),
                "everywhere": one.everywhere,
                "says": _closed(one.name, one.because),
                "dates": f"{spoken(one.first)} to {spoken(one.last)}",
            }
            for one in report.closed
            if one.first <= axis.last and one.last >= axis.first
        ],
    }


def _closed(name: str, because: str) -> str:
    return clean(f"{name}: {because}" if because else name)


def bars(line: SiteLine, axis: Axis) -> View | None:
    """The bars of one site; None without a day."""
    go_live = line.state.go_live
    if go_live is None or line.begins is None or line.leaves is None:
        return None
    said = [f"preparation from {spoken(line.begins)}"] if line.begins < go_live else []
    drawn: list[View] = []
    if line.begins < go_live:
        drawn.append({"kind": "p", **axis.span(line.begins, go_live - ONE_DAY)})
    if line.training:
        first, last = line.training
        drawn.append({"kind": "t", **axis.span(first, last)})
        said.append(f"training {spoken(first)} to {spoken(last)}")
    drawn.append({"kind": "h", **axis.span(go_live, line.leaves)})
    said.append(f"go-live {spoken(go_live)}, hypercare until {spoken(line.leaves)}")
    expected = line.state.expected
    late = axis.at(expected) if expected and expected > go_live else None
    if late is not None and expected:
        said.append(f"expected {spoken(expected)}")
    return {"bars": drawn, "mark": axis.at(go_live), "late": late, "says": ", ".join(said)}


def calendar(report: Report) -> list[View]:
    """Months with go-lives from the one of the report on, each as weeks of days."""
    by_month: dict[tuple[int, int], list[SiteLine]] = {}
    for line in report.sites:
        if line.state.go_live:
            by_month.setdefault((line.state.go_live.year, line.state.go_live.month), []).append(line)
    if not by_month:
        return []
    now = (report.as_of.year, report.as_of.month)
    coming = [month for month in by_month if month >= now] or [max(by_month)]
    return [_month(report, month, by_month[month]) for month in sorted(coming)[:CALENDAR_MONTHS]]


def _month(report: Report, month: tuple[int, int], lines: list[SiteLine]) -> View:
    first = date(*month, 1)
    going: dict[date, int] = {}
    for line in lines:
        assert line.state.go_live is not None
        going[line.state.go_live] = going.get(line.state.go_live, 0) + 1
    days: list[View] = []
    day = first
    while day < month_after(first):
        place = day.day - 1 + first.weekday()
        closed = any(one.everywhere and one.first <= day <= one.last for one in report.closed)
        kind = "go" if day in going else "shut" if closed else "off" if day.weekday() > 4 else "day"
        days.append({"x": place % 7, "y": place // 7, "number": day.day, "kind": kind, "now": day == report.as_of})
        day += ONE_DAY
    waves = sorted({line.state.wave for line in lines if line.state.wave is not None})
    return {
        "name": f"{MONTHS[first.month - 1]} {first.year}",
        "waves": ", ".join(map(wave_name, waves)),
        "weeks": max(day["y"] for day in days) + 1,
        "days": days,
        "sites": [
            {"day": spoken_without_year(line.state.go_live), "name": clean(line.site.name), "id": line.site.id}
            for line in lines[:6]
            if line.state.go_live
        ],
        "more": max(0, len(lines) - 6),
    }


def burn_up(report: Report) -> View | None:
    """Sites live over time: as published, as it happened, as foreseen in one run of two and in four of five."""
    planned, live = report.planned, report.live
    if not planned:
        return None
    p50, p80 = report.foreseen(50), report.foreseen(80)
    first = min(report.as_of, report.plan.work_from, planned[0])
    axis = Axis.over([first, planned[-1], report.as_of, *p80[-1:]])
    top, ticks = _ticks(len(planned))
    curve = _Curve(axis, top)
    fan = ""
    if p80:
        fan = f"M{curve.steps(planned, None)}L{curve.backwards(p80)}Z"
    label = f"Sites live over time. Published: all {len(planned)} by {spoken(planned[-1])}. "
    label += f"Live on {spoken(report.as_of)}: {len(live)}."
    if report.forecast:
        label += f" Four runs of five are through by {spoken(report.forecast.end.p80)}."
    return {
        "says": label,
        "months": axis.months(),
        "ticks": [{"y": round(100 - 100 * tick / top, 2), "label": f"{tick:,}"} for tick in ticks],
        "today": axis.at(report.as_of),
        "as_of": spoken_without_year(report.as_of),
        "is_late": axis.at(report.as_of) > 70,
        "planned": f"M{curve.steps(planned, axis.last)}",
        "p50": f"M{curve.steps(p50, axis.last)}" if p50 else "",
        "p80": f"M{curve.steps(p80, axis.last)}" if p80 else "",
        "fan": fan,
        "live": f"M{curve.steps(live, report.as_of)}",
        "dot": {"x": axis.at(report.as_of), "y": round(100 - 100 * len(live) / top, 2)},
        "last": spoken(planned[-1]),
        "end": {"x": axis.at(planned[-1]), "y": round(100 - 100 * len(planned) / top, 2)},
    }


@dataclass(frozen=True)
class _Curve:
    """Counts over days, as points of a drawing of 1,000 by 1,000."""

    axis: Axis
    top: int

    def points(self, days: Sequence[date], until: date | None) -> Iterator[tuple[float, float]]:
        """A step up on each day; few enough of them for any number of sites."""
        yield 10 * self.axis.at(self.axis.first), 1000
        every = ceil(len(days) / _POINTS) if days else 1
        before = 0
        for number, day in enumerate(days, 1):
            is_last_of_day = number == len(days) or days[number] != day
            if not is_last_of_day or (number % every and number != len(days)):
                continue
            yield 10 * self.axis.at(day), self._y(before)
            yield 10 * self.axis.at(day), self._y(number)
            before = number
        if until is not None:
            yield 10 * self.axis.at(until), self._y(before)

    def steps(self, days: Sequence[date], until: date | None) -> str:
        """From left to right."""
        return "L".join(f"{x:.5g} {y:.5g}" for x, y in self.points(days, until))

    def backwards(self, days: Sequence[date]) -> str:
        """From right to left."""
        return "L".join(f"{x:.5g} {y:.5g}" for x, y in reversed([*self.points(days, None)]))

    def _y(self, count: int) -> float:
        return 1000 - 1000 * count / self.top


def _ticks(count: int) -> tuple[int, list[int]]:
    """The top of a scale that ends a little above a count, and round numbers below."""
    power = 10 ** int(log10(max(count, 1)))
    step = next(s for s in (power // 5, power // 2, power, 2 * power, 5 * power) if s >= 1 and count / s <= 5)
    return max(ceil(count * 1.08), count + 1), list(range(0, count + 1, step))


def ranges(report: Report, most: int) -> list[View]:
    """Where published days lie against those of the forecast: sites and prerequisites that decide the end most."""
    if report.forecast is None:
        return []
    found = report.forecast
    rows = sorted((*found.sites, *found.prerequisites), key=lambda one: (-one.critical, -one.slip, one.planned, one.id))
    rows = [one for one in rows if one.critical or one.slip][:most]
    rows = [*rows, found.end]
    axis = Axis.over([day for one in rows for day in (one.planned, one.p50, one.p80)])
    names = report.names
    titles = {**{one.id: one.title for one in report.needed}, **names}
    return [
        {
            "site": one.id if one.id in names else None,
            "name": titles.get(one.id, "The last go-live" if one is found.end else one.id.replace("-", " ")),
            "outlook": one,
            "planned": axis.at(one.planned),
            "p50": axis.at(one.p50),
            "p80": axis.at(one.p80),
            "says": f"published {spoken(one.planned)}, one run of two by {spoken(one.p50)}, "
            f"four of five by {spoken(one.p80)}",
        }
        for one in rows
    ]


def in_days(day: date, as_of: date) -> str:
    """`in 12 weeks`, `today`, `3 days ago`."""
    ahead = (day - as_of).days
    if ahead == 0:
        return "today"
    count = abs(ahead)
    said = so_many(count // 7, "week") if count >= 21 else so_many(count, "day")
    return f"in {said}" if ahead > 0 else f"{said} ago"
