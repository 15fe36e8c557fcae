"""How sure the published dates are: spreads of durations, and what thousands of imagined courses say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import PlainSerializer, PlainValidator

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import few, so_many
from rollout.model.spelling import shown, spelled
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.dates import ForecastJson, OutlookJson

MANY = 40
"""Rows up to which a table shows every site."""
_SPREAD = re.compile(r"([0-9]{1,3})-([0-9]{1,3})%")


class Spread(NamedTuple):
    """A three-point duration in percent of what is planned."""

    low: float
    likely: float
    high: float

    def __str__(self) -> str:
        return f"{self.low:g}-{self.high:g}%"


def parse_spread(value: Any) -> Spread:
    """`90-130%`: work takes 90 % of what is planned at best, 130 % at worst, most likely 100 %. Raises ValueError."""
    if isinstance(value, Spread):
        return value
    if isinstance(value, str) and (match := _SPREAD.fullmatch(value)):
        low, high = int(match[1]), int(match[2])
        if 1 <= low <= 100 <= high:
            return Spread(low, 100, high)
    msg = f"a spread is 90-130%: at best and at worst, in percent of the plan, with 100 in between, not {shown(value)}"
    raise ValueError(msg)


SpreadField = Annotated[
    Spread,
    PlainValidator(parse_spread),
    PlainSerializer(str),
    spelled("spread", "90-130%", pattern=_SPREAD.pattern),
]


class Histogram:
    """In how many runs something fell on which day."""

    def __init__(self) -> None:
        self._runs: dict[int, int] = {}

    def add(self, counts: dict[int, int]) -> None:
        """Runs by day, of one more batch."""
        for day, runs in counts.items():
            self._runs[day] = self._runs.get(day, 0) + runs

    def quantile(self, percent: int) -> date:
        """The nearest rank: the earliest day by which at least so many percent of the runs are through."""
        total = sum(self._runs.values())
        seen = 0
        for day, runs in sorted(self._runs.items()):
            seen += runs
            if seen * 100 >= total * percent:
                return date.fromordinal(day)
        msg = "there is no run to rank"
        raise ValueError(msg)

    def until(self, day: int) -> int:
        """Runs that were through on that day."""
        return sum(runs for moment, runs in self._runs.items() if moment <= day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What the runs say about one site, one prerequisite, or the end."""

    id: str
    planned: date
    """Published go-live, or first usable day; what happened, where it has."""
    p50: date
    """Half the runs are through by then."""
    p80: date
    """Four runs of five are."""
    kept: float
    """Share of runs in which the planned day holds."""
    critical: float
    """Share of runs in which it lies on the chain that decides the last go-live."""
    wave: int | None = None
    """Of a site that the schedule has."""

    @property
    def slip(self) -> int:
        """Days from the plan to P80."""
        return (self.p80 - self.planned).days

    def json(self) -> OutlookJson:
        """For programs."""
        return {
            "id": self.id,
            "planned": self.planned.isoformat(),
            "p50": self.p50.isoformat(),
            "p80": self.p80.isoformat(),
            "slip": self.slip,
            "kept": self.kept,
            "critical": self.critical,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """P50 and P80 of every date of a plan."""

    plan: str
    name: str
    as_of: date
    runs: int
    seed: int
    spread: Spread
    """Of the preparation of sites, as used: the plan's, or learnt."""
    learnt: str
    """Where the spread comes from, in words."""
    learnt_from: tuple[str, ...]
    """Sites whose actuals were used."""
    end: Outlook
    sites: tuple[Outlook, ...]
    """By published day, then id."""
    prerequisites: tuple[Outlook, ...]
    """By published day, then id."""
    left_out: tuple[str, ...] = ()
    """Sites without a day."""

    @property
    def sentence(self) -> str:
        """What a sponsor has to hear."""
        head = f"The plan's end, {spoken(self.end.planned)}, is kept in {_percent(self.end.kept)} of runs"
        if self.end.slip == 0:
            return f"{head}: it is a date to promise."
        return f"{head}; plan for {spoken(self.end.p80)} to be 80 % sure."

    def table(self) -> Table:
        """One row a site and deciding prerequisite, by day; where there are many, the most critical. The end last."""
        deciding = [prerequisite for prerequisite in self.prerequisites if prerequisite.critical]
        rows = [*self.sites, *deciding]
        shown = set(range(len(rows)))
        notes = [self.sentence]
        if len(rows) > MANY:
            worst = sorted(shown, key=lambda n: (-rows[n].critical, -rows[n].slip, rows[n].id))
            shown = set(worst[:MANY])
            notes.append(f"The {MANY} most critical of {len(rows)} rows; --format json has all.")
        drawn = [_row(outlook) for number, outlook in enumerate(rows) if number in shown]
        drawn.append(_row(self.end))
        notes += [f"{so_many(self.runs, 'run')}, seed {self.seed}. Durations: {self.learnt}.", LEVELLED]
        if others := len(self.prerequisites) - len(deciding):
            never = "never decides" if others == 1 else "never decide"
            count = so_many(others, "prerequisite")
            notes.append(
                f"{count} {never} the end and {'is' if others == 1 else 'are'} left out; --format json has all."
            )
        if self.left_out:
            notes.append(f"Without a day, so not in it: {few(self.left_out, 10)}.")
        columns = ("site, prerequisite", "planned", "P50", "P80", "slip", "critical")
        return Table(f"{self.name}: how sure the dates are", columns, tuple(drawn), tuple(notes))

    def json(self) -> ForecastJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            "runs": self.runs,
            "seed": self.seed,
            "spread": {"low": self.spread.low, "likely": self.spread.likely, "high": self.spread.high},
            "learnt": {"says": self.learnt, "sites": list(self.learnt_from)},
            "end": self.end.json(),
            "sites": [{**outlook.json(), "wave": outlook.wave} for outlook in self.sites],
            "prerequisites": [outlook.json() for outlook in self.prerequisites],
            "left_out": list(self.left_out),
        }


LEVELLED = (
    "A late site waits for its next lawful day; wave sizes and teams are not levelled again, so crowding adds to this."
)


def _row(outlook: Outlook) -> tuple[str, ...]:
    slip = f"{outlook.slip:+}d" if outlook.slip else ""
    days = (spoken(outlook.planned), spoken(outlook.p50), spoken(outlook.p80))
    critical = _percent(outlook.critical) if outlook.critical else ""
    return (outlook.id, *days, slip, critical)


def _percent(share: float) -> str:
    """Rounded, but never to all or nothing where it is neither."""
    whole = int(share * 100 + 0.5)
    if whole == 0 and share > 0:
        return "<1 %"
    if whole == 100 and share < 1:
        return ">99 %"
    return f"{whole} %"
