"""What-if: a few wishes about the plan, and what planning makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import so_many
from rollout.model.result import Planned, problem_json
from rollout.model.schedule import Placement, Schedule, slot
from rollout.model.table import Table
from rollout.model.times import weeks_later
from rollout.problem import Problem

if TYPE_CHECKING:
    from rollout.model.answers.dates import FiguresJson, ScenarioJson, WhatIfJson

KINDS = ("delay", "drop", "add", "cap", "blackout", "pin", "lighthouse")
"""What can be wished, by the name of its option."""
_MANY_NOTES = 10


@dataclass(frozen=True, slots=True)
class Scenario:
    """Wishes that are tried together: each a kind and its text, as in `--delay lyon=3w`."""

    name: str
    wishes: tuple[tuple[str, str], ...] = ()

    @property
    def spelled(self) -> str:
        """The options as typed."""
        return " ".join(f"--{kind} {text}" for kind, text in self.wishes)


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of a site's place."""

    site: str
    before: Placement | None
    after: Placement | None
    is_new: bool = False
    is_dropped: bool = False

    @property
    def days(self) -> int | None:
        """Days later (earlier when negative); None where there are not two days to compare."""
        if self.before is None or self.after is None:
            return None
        return (self.after.go_live - self.before.go_live).days


@dataclass(frozen=True, slots=True)
class Outcome:
    """What planning a scenario gives: dates, or the problems of its inputs."""

    scenario: Scenario
    planned: Planned | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether there is a lawful plan in which every site has a day, but those paused or dropped."""
        return self.planned is not None and not self.planned.refused

    def moves(self, base: Planned) -> tuple[Move, ...]:
        """Sites whose day or wave is another one, by the day they had, new sites last."""
        if self.planned is None:
            return ()
        old, new = base.schedule.sites, self.planned.schedule.sites
        found = [
            Move(
                site,
                old.get(site),
                new.get(site),
                is_new=site not in base.sites,
                is_dropped=self.planned.set_aside.get(site) == "dropped",
            )
            for site in {**old, **new, **_refused_anew(base, self.planned)}
            if _place(old, site) != _place(new, site) or site not in base.sites
        ]
        return tuple(sorted(found, key=lambda move: (_day(move.before), _day(move.after), move.site)))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Scenarios beside the plan as it stands."""

    base: Planned
    """The published dates where they are lawful, else the plan that `rollout plan` would make today."""
    is_published: bool
    """Whether there are published dates at all."""
    as_of: date
    outcomes: tuple[Outcome, ...]

    @property
    def is_placed(self) -> bool:
        """Whether every scenario has a lawful plan in which every site has a day."""
        return all(outcome.is_placed for outcome in self.outcomes)

    @property
    def _now(self) -> str:
        return "published" if self.base.kept else "plan today"

    def table(self, most: int | None = None) -> Table:
        """Scenarios side by side: one row a site that moves in any of them."""
        moves = [{move.site: move for move in outcome.moves(self.base)} for outcome in self.outcomes]
        everybody = {site: move for found in reversed(moves) for site, move in found.items()}
        order = sorted(everybody.values(), key=lambda move: (_day(move.before), _day(move.after), move.site))
        rows = []
        for move in order:
            row = [move.site, _with_wave(*_before(move))]
            for outcome, found in zip(self.outcomes, moves, strict=True):
                here = found.get(move.site)
                if here is not None:
                    day, wave, days = _after(here)
                    row += [_with_wave(day, wave), days]
                else:
                    row += ["?" if outcome.planned is None else "same" if move.before else "", ""]
            rows.append(tuple(row))
        columns = ["site", f"{self._now} (wave)"]
        for outcome in self.outcomes:
            columns += [outcome.scenario.name, "days"]
        return self._titled(tuple(columns), rows, most)

    def by_scenario(self, most: int | None = None) -> Table:
        """One row a scenario and site: for narrow places and for programs that read tables."""
        rows: list[tuple[str, ...]] = [
            (outcome.scenario.name, move.site, *_before(move), *_after(move))
            for outcome in self.outcomes
            for move in outcome.moves(self.base)
        ]
        columns = ("scenario", "site", self._now, "wave", "then", "new wave", "days")
        return self._titled(columns, rows, most)

    def _titled(self, columns: tuple[str, ...], rows: list[tuple[str, ...]], most: int | None) -> Table:
        notes = tuple(self.sentences())
        if most is not None and len(rows) > most:
            notes = (f"and {so_many(len(rows) - most, 'more row')}; --format json has all", *notes)
            rows = rows[:most]
        return Table(self.base.plan.name, columns, tuple(rows), notes)

    def sentences(self) -> Iterator[str]:
        """What is compared with, then each scenario: its end, its waves, who moves, who has no day and why."""
        if not self.is_published:
            yield "No dates are published: scenarios are compared with the plan of today's files."
        elif not self.base.kept:
            why = so_many(len(self.base.because), "finding")
            said = f"The published dates do not hold any more ({why}, see `rollout plan --check`)"
            if not self.base.because:
                said = "A site without a published day can have one now (see `rollout plan --dry-run`)"
            yield f"{said}: scenarios are compared with the plan of today's files."
        for outcome in self.outcomes:
            yield from self._said(outcome)

    def _said(self, outcome: Outcome) -> Iterator[str]:
        name, spelled = outcome.scenario.name, outcome.scenario.spelled
        head = f"{name} ({spelled})" if spelled else name
        if outcome.planned is None:
            yield f"{head}: cannot be planned."
            yield from _few([f"  {problem}" for problem in outcome.problems])
            return
        new = outcome.planned.schedule
        said = (
            _end(self.base.schedule, new),
            _waves(self.base.schedule, new),
            _moved(outcome.moves(self.base), _without_a_day(self.base, outcome.planned)),
        )
        yield f"{head}: {'; '.join(said)}."
        yield from _few([f"  {site}: {why}" for site, why in sorted(outcome.planned.refused.items())])

    def json(self) -> WhatIfJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.base.plan.id,
            "as_of": self.as_of.isoformat(),
            "base": {"published": self.base.kept, **_figures(self.base.schedule)},
            "scenarios": [self._outcome_json(outcome) for outcome in self.outcomes],
        }

    def _outcome_json(self, outcome: Outcome) -> ScenarioJson:
        schedule = outcome.planned.schedule if outcome.planned is not None else None
        return {
            "name": outcome.scenario.name,
            "options": [f"--{kind} {text}" for kind, text in outcome.scenario.wishes],
            **(_figures(schedule) if schedule is not None else _NO_FIGURES),
            "moved": [
                {"site": m.site, "from": slot(m.before), "to": slot(m.after), "days": m.days}
                for m in outcome.moves(self.base)
            ],
            "unplaced": [
                {"site": site, "reason": why} for site, why in sorted((schedule.unplaced if schedule else {}).items())
            ],
            "problems": [problem_json(problem) for problem in outcome.problems],
        }


_NO_FIGURES: FiguresJson = {"outcome": None, "last_go_live": None, "waves": None, "sites": None}


def _figures(schedule: Schedule) -> FiguresJson:
    end = schedule.last_go_live
    return {
        "outcome": schedule.made.outcome,
        "last_go_live": end.isoformat() if end is not None else None,
        "waves": schedule.used,
        "sites": len(schedule.sites),
    }


def _refused_anew(base: Planned, planned: Planned) -> dict[str, str]:
    """New sites without a day: they are in neither schedule."""
    return {site: why for site, why in planned.refused.items() if site not in base.sites}


def _place(sites: Mapping[str, Placement], site: str) -> tuple[date, int] | None:
    placement = sites.get(site)
    return None if placement is None else (placement.go_live, placement.wave)


def _day(placement: Placement | None) -> date:
    return date.max if placement is None else placement.go_live


def _before(move: Move) -> tuple[str, str]:
    if move.before is None:
        return "new" if move.is_new else "no day", ""
    return spoken(move.before.go_live), str(move.before.wave)


def _after(move: Move) -> tuple[str, str, str]:
    if move.after is None:
        return "dropped" if move.is_dropped else "no day", "", ""
    days = move.days
    return spoken(move.after.go_live), str(move.after.wave), "" if days is None else f"{days:+}" if days else "0"


def _with_wave(day: str, wave: str) -> str:
    return f"{day} ({wave})" if wave else day


def _end(old: Schedule, new: Schedule) -> str:
    before, after = old.last_go_live, new.last_go_live
    if after is None:
        return "no site has a day"
    if before is None:
        return f"last go-live {spoken(after)}"
    if before == after:
        return f"last go-live stays {spoken(after)}"
    return f"last go-live {spoken(after)} instead of {spoken(before)}, {weeks_later((after - before).days)}"


def _waves(old: Schedule, new: Schedule) -> str:
    before, after = old.used, new.used
    return so_many(after, "wave") + (" as before" if before == after else f" instead of {before}")


def _moved(moves: tuple[Move, ...], without: str) -> str:
    moved = sum(1 for move in moves if move.days)
    renumbered = sum(1 for move in moves if move.days == 0)
    dropped = sum(move.is_dropped for move in moves)
    new = sum(move.is_new and move.after is not None for move in moves)
    said = [f"{so_many(moved, 'site')} move{'s' * (moved == 1)}" if moved else "nobody moves"]
    said += [f"{renumbered:,} keep{'s' * (renumbered == 1)} the day in another wave"] if renumbered else []
    said += [f"{dropped} dropped"] if dropped else []
    said += [f"{new} new"] if new else []
    said += [without] if without else []
    return ", ".join(said)


def _without_a_day(base: Planned, planned: Planned) -> str:
    count = len(planned.refused)
    same = " as before" if planned.refused.keys() == base.refused.keys() else ""
    return f"{so_many(count, 'site')} without a day{same}" if count else ""


def _few(lines: list[str]) -> list[str]:
    more = len(lines) - _MANY_NOTES
    return lines if more <= 0 else [*lines[:_MANY_NOTES], f"  and {more:,} more; --format json has all"]
