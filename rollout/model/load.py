"""What each team has to do when: capacity against load, by week and by month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import MONTHS, spoken
from rollout.model.few import few
from rollout.model.instance import Demand, Instance, Resource
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.people import (
        MonthJson,
        TeamJson,
        TeamLoadsJson,
        TeamMonthsJson,
        TeamWeeksJson,
        UserJson,
        WeekJson,
    )

By = Literal["week", "month"]
_MANY_NAMES = 6
_MANY_NOTES = 20


def taken_by(
    instance: Instance, resource: Resource, job: str, demands: tuple[Demand, ...], day: int
) -> Mapping[int, int]:
    """What a job on `day` takes of a resource by day or by week, whichever it is counted in.

    Weeks are numbered so that week w begins on the Monday with ordinal 7w + 1. What a job takes twice in one week
    counts once, by its larger amount.
    """
    taken: dict[int, int] = {}
    for demand in demands:
        last = day + demand.last
        if demand.last < demand.first:
            last = max(day, instance.jobs[job].usable(day) - 1)
        first = day + demand.first
        buckets = range(first, last + 1) if resource.unit == "day" else range((first - 1) // 7, (last - 1) // 7 + 1)
        for bucket in buckets:
            taken[bucket] = max(taken.get(bucket, 0), demand.amount)
    return taken


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a team."""

    starts: date
    """Its Monday."""
    load: int
    """What is asked of the team; of a resource counted by day its fullest day."""
    users: tuple[tuple[str, int], ...]
    """Who asks, and for how much, by id."""

    def who(self, most: int | None = _MANY_NAMES) -> str:
        """The users in words."""
        names = [f"{name} ({amount})" if amount > 1 else name for name, amount in self.users]
        return few(names, len(names) if most is None else most)


@dataclass(frozen=True, slots=True)
class Month:
    """The weeks of a team that begin in one month."""

    year: int
    number: int
    """1 to 12."""
    peak: int
    """Its fullest week."""
    percent: int
    """Mean load in percent of the capacity."""


@dataclass(frozen=True, slots=True)
class TeamLoad:
    """A team's weeks from the first in which any team of the plan works to the last."""

    team: str
    unit: str
    """`people`, `person-days a week`, or `sites`."""
    capacity: int
    weeks: tuple[Week, ...]

    @property
    def percent(self) -> int:
        """Mean load in percent of the capacity, from its own first week to its own last."""
        busy = [number for number, week in enumerate(self.weeks) if week.load]
        return _percent(self.weeks[busy[0] : busy[-1] + 1], self.capacity) if busy else 0

    @property
    def over(self) -> tuple[Week, ...]:
        """Weeks in which more is asked than there is."""
        return tuple(week for week in self.weeks if week.load > self.capacity)

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months; a week counts to the month of its Monday."""
        found: dict[tuple[int, int], list[Week]] = {}
        for week in self.weeks:
            found.setdefault((week.starts.year, week.starts.month), []).append(week)
        return tuple(
            Month(year, month, max(week.load for week in weeks), _percent(weeks, self.capacity))
            for (year, month), weeks in found.items()
        )

    def stretches(self) -> Iterator[tuple[date, date, Week]]:
        """Weeks that are alike, one after the other, as one: first day, last day, what they have in common."""
        begun: Week | None = None
        before: Week | None = None
        for week in self.weeks:
            if begun is not None and before is not None and (week.load, week.users) != (begun.load, begun.users):
                yield begun.starts, before.starts + timedelta(days=6), begun
                begun = week
            begun = begun or week
            before = week
        if begun is not None and before is not None:
            yield begun.starts, before.starts + timedelta(days=6), begun


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLoads:
    """The load of a plan's teams on its published dates."""

    plan: str
    name: str
    by: By
    teams: tuple[TeamLoad, ...]
    idle: tuple[str, ...] = ()
    """Teams of which nothing is asked."""

    @property
    def is_over(self) -> bool:
        """Whether any team has a week with more than it can do."""
        return any(team.over for team in self.teams)

    def table(self) -> Table:
        """By month one row a team (and year), the fullest week of each month; by week one row a stretch alike."""
        return self._by_week() if self.by == "week" else self._by_month()

    def lines(self) -> Table:
        """The same for a spreadsheet: one row a team and month, or week."""
        if self.by == "week":
            columns = ("team", "week", "load", "capacity", "over", "who")
            rows = [
                (t.team, w.starts.isoformat(), str(w.load), str(t.capacity), _yes(w.load > t.capacity), w.who(None))
                for t in self.teams
                for w in t.weeks
            ]
        else:
            columns = ("team", "month", "peak", "capacity", "over", "mean %")
            rows = [
                (
                    t.team,
                    f"{m.year}-{m.number:02}",
                    str(m.peak),
                    str(t.capacity),
                    _yes(m.peak > t.capacity),
                    f"{m.percent}",
                )
                for t in self.teams
                for m in t.months
            ]
        return Table(self.name, columns, tuple(rows))

    def _by_week(self) -> Table:
        rows = [
            (
                team.team,
                spoken(first),
                spoken(last),
                f"{week.load}/{team.capacity}{'!' * (week.load > team.capacity)}",
                week.who(),
            )
            for team in self.teams
            for first, last, week in team.stretches()
            if week.load
        ]
        return Table(f"{self.name}: load by week", ("team", "from", "to", "load", "who"), tuple(rows), self._notes())

    def grid(self) -> Table:
        """The table by month for a terminal: its months share one column, so that twelve of them fit 80 characters."""
        table = self.table()
        if self.by == "week":
            return table
        begin = table.columns.index("year") + 1 if "year" in table.columns else 2
        end = len(table.columns) - (table.columns[-1] == "mean")
        wide = max((len(cell) for row in (table.columns, *table.rows) for cell in row[begin:end]), default=0)

        def joined(cells: tuple[str, ...]) -> str:
            return " ".join(f"{cell or '-':>{wide}}" for cell in cells)

        rows = [(*row[:begin], joined(row[begin:end]), *row[end:]) for row in table.rows]
        columns = (*table.columns[:begin], joined(table.columns[begin:end]), *table.columns[end:])
        return Table(table.title, columns, tuple(rows), table.notes)

    def _by_month(self) -> Table:
        months = [(month.year, month.number) for month in self.teams[0].months] if self.teams else []
        title = f"{self.name}: load by month"
        rows: list[tuple[str, ...]] = []
        if len(months) <= 12:
            names = tuple(MONTHS[month - 1] for _, month in months)
            for team in self.teams:
                cells = (_cell(month.peak, team) for month in team.months)
                rows.append((team.team, str(team.capacity), *cells, f"{team.percent}%"))
            return Table(title, ("team", "has", *names, "mean"), tuple(rows), self._notes())
        for team in self.teams:
            peaks = {(month.year, month.number): month.peak for month in team.months}
            for year in sorted({year for (year, _), peak in peaks.items() if peak}):
                cells = (_cell(peaks.get((year, month), 0), team) for month in range(1, 13))
                rows.append((team.team, str(team.capacity), str(year), *cells))
        return Table(title, ("team", "has", "year", *MONTHS), tuple(rows), self._notes())

    def _notes(self) -> tuple[str, ...]:
        notes = []
        if self.by == "month" and self.teams and self.teams[0].weeks:
            first, last = self.teams[0].weeks[0].starts, self.teams[0].weeks[-1].starts
            span = f"{MONTHS[first.month - 1]} {first.year} to {MONTHS[last.month - 1]} {last.year}"
            mean = (
                "; mean: over the weeks from a team's first work to its last" if len(self.teams[0].months) <= 12 else ""
            )
            notes.append(f"{span}, each month by its fullest week{mean}.")
        odd = [f"{team.team} in {team.unit}" for team in self.teams if team.unit != "people"]
        if odd:
            notes.append(f"In people; {', '.join(odd)}.")
        over = [
            f"{team.team} is over, {week.load} of {team.capacity}, {spoken(first)} to {spoken(last)}: {week.who(12)}"
            for team in self.teams
            for first, last, week in team.stretches()
            if week.load > team.capacity
        ]
        notes += over[:_MANY_NOTES]
        if len(over) > _MANY_NOTES:
            notes.append(f"and {len(over) - _MANY_NOTES} more; --format json has all")
        if not over:
            notes.append("Nobody is over." if self.teams else "No team has work on these dates.")
            full = [team.team for team in self.teams if any(week.load == team.capacity for week in team.weeks)]
            if full:
                notes[-1] = f"Nobody is over; without a reserve in some weeks: {', '.join(full)}."
        if self.idle:
            notes.append(f"Nothing is asked of {', '.join(self.idle)}.")
        return tuple(notes)

    def json(self) -> TeamLoadsJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "by": self.by,
            "over": self.is_over,
            "teams": [self._team(team) for team in self.teams],
            "idle": list(self.idle),
        }

    def _team(self, team: TeamLoad) -> TeamWeeksJson | TeamMonthsJson:
        head: TeamJson = {
            "team": team.team,
            "unit": team.unit,
            "capacity": team.capacity,
            "mean_percent": team.percent,
            "over": [_week(week) for week in team.over],
        }
        if self.by == "week":
            return {**head, "weeks": [_week(week) for week in team.weeks]}
        months: list[MonthJson] = [
            {"month": f"{m.year}-{m.number:02}", "peak": m.peak, "mean_percent": m.percent} for m in team.months
        ]
        return {**head, "months": months}


def _week(week: Week) -> WeekJson:
    users: list[UserJson] = [{"id": name, "amount": amount} for name, amount in week.users]
    return {"week": week.starts.isoformat(), "load": week.load, "users": users}


def _percent(weeks: tuple[Week, ...] | list[Week], capacity: int) -> int:
    """Half rounded up; 0 where there is no capacity to take a share of."""
    whole = len(weeks) * capacity
    return (sum(week.load for week in weeks) * 200 + whole) // (2 * whole) if whole else 0


def _cell(load: int, team: TeamLoad) -> str:
    return f"{load or ''}{'!' if load > team.capacity else ''}"


def _yes(answer: bool) -> str:
    return "yes" if answer else ""
