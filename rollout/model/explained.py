"""What `explain` answers: why a site goes live when it does, and what another wave would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.constraint_line import ConstraintLine
from rollout.model.schedule import Placement, slot, wave_name
from rollout.model.source import Place
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.dates import CostJson, EarlierJson, ExplainedJson, LinkJson, NamedJson

Verdict = Literal["blocked", "tie", "worth less", "free"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(ConstraintLine):
    """One constraint that people know by name, as far as it decides something here."""

    name: str
    """`limit per-region`."""
    free_on: date | None = None
    """First permitted day from the blocked one on that this constraint alone leaves open; None when it never does."""

    def json(self) -> NamedJson:
        """For programs."""
        return {
            "constraint": self.name,
            "message": self.said,
            "path": self.path,
            "line": self.line,
            "free_on": self.free_on.isoformat() if self.free_on else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An earlier wave (or, of the own wave and for the lighthouse, a stretch of earlier days) and its best day."""

    wave: int
    period: str
    """`April 2027`."""
    day: date
    """The day with the fewest constraints in the way, the earliest of them."""
    blocked_by: tuple[Named, ...] = ()
    verdict: Verdict = "blocked"
    says: str = ""
    """The reason, where nothing is in the way."""

    def json(self) -> EarlierJson:
        """For programs."""
        return {
            "wave": self.wave,
            "period": self.period,
            "day": self.day.isoformat(),
            "verdict": self.verdict,
            "says": self.says,
            "constraints": [named.json() for named in self.blocked_by],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One step of what a site waits for: the site or prerequisite, and what keeps it from being earlier."""

    job: str
    is_site: bool
    day: date | None
    """Its go-live, or the day work on it begins."""
    not_before: date
    """First day that what comes before it allows."""
    because: Named
    decides: bool
    """Whether its day is the first permitted one from then on."""
    first: date | None = None
    """The first permitted day from then on."""
    then: tuple[str, ...] = ()
    """What else is in the way on that first day, where it does not decide."""

    def json(self) -> LinkJson:
        """For programs."""
        return {
            "job": self.job,
            "day": self.day.isoformat() if self.day else None,
            "not_before": self.not_before.isoformat(),
            "decides": self.decides,
            "first": self.first.isoformat() if self.first else None,
            "then": list(self.then),
            "constraint": self.because.name,
            "message": self.because.said,
            "path": self.because.path,
            "line": self.because.line,
        }


@dataclass(frozen=True, slots=True)
class Move:
    """A site that gets another day; None where it has none."""

    site: str
    before: Placement | None
    after: Placement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What it would cost to have the site in another wave."""

    wave: int
    refused: tuple[tuple[str, str], ...] = ()
    """Sites that would be left without a day, each with its reason; then no such plan was found."""
    is_impossible: bool = False
    """Whether it is proved that there is none."""
    moves: tuple[Move, ...] = ()
    """Sites whose day changes, the asked one first."""
    last_go_live: tuple[date | None, date | None] = (None, None)
    """Before and after."""
    last_wave: tuple[int, int] = (0, 0)
    under_minimum: tuple[int, int] = (0, 0)
    """Waves with fewer sites than wished."""
    weighted_days: float = 0.0
    """Change of the sum of weight times days; 1 is a site of average worth a day later."""
    is_exact: bool = False
    """Whether it is proved that nothing less would do; otherwise it costs at most this."""

    def json(self) -> CostJson:
        """For programs."""
        end = [day.isoformat() if day else None for day in self.last_go_live]
        return {
            "wave": self.wave,
            "possible": True if not self.refused else False if self.is_impossible else None,
            "unplaced": [{"site": site, "reason": why} for site, why in self.refused],
            "at_most": not self.is_exact,
            "moved": [{"site": move.site, "from": slot(move.before), "to": slot(move.after)} for move in self.moves],
            "last_go_live": {"from": end[0], "to": end[1]},
            "last_wave": {"from": self.last_wave[0], "to": self.last_wave[1]},
            "waves_under_minimum": {"from": self.under_minimum[0], "to": self.under_minimum[1]},
            "weighted_days": self.weighted_days,
        }


State = Literal["placed", "live", "set aside", "unplaced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a site goes live when it does."""

    site: str
    state: State
    wave: int | None
    go_live: date | None
    last_wave: int
    is_lighthouse: bool = False
    reason: str = ""
    """Why it has no day, or that it happened."""
    chain: tuple[Link, ...] = ()
    """What it waits for, nearest first."""
    earlier: tuple[Earlier, ...] = ()
    """Earlier waves, first to last; all waves for a site without a day."""
    within: Earlier | None = None
    """The best of the earlier days in its own wave."""
    cost: Cost | None = None
    """With `--wave`."""
    notes: tuple[str, ...] = ()
    """What else to know, such as that the published dates are not lawful any more."""

    def located(self, place: Place) -> Explained:
        """The same with the place of every constraint found."""

        def found(row: Earlier) -> Earlier:
            return replace(row, blocked_by=tuple(named.located(place) for named in row.blocked_by))

        return replace(
            self,
            chain=tuple(replace(link, because=link.because.located(place)) for link in self.chain),
            earlier=tuple(map(found, self.earlier)),
            within=found(self.within) if self.within else None,
        )

    def json(self) -> ExplainedJson:
        """For programs."""
        return {
            "version": VERSION,
            "site": self.site,
            "wave": self.wave,
            "go_live": self.go_live.isoformat() if self.go_live else None,
            "because": [{"wave": row.wave, **named.json()} for row in self.earlier for named in row.blocked_by],
            "state": self.state,
            "reason": self.reason,
            "chain": [link.json() for link in self.chain],
            "waves": [row.json() for row in self.earlier],
            "within": self.within.json() if self.within else None,
            "cost": self.cost.json() if self.cost else None,
            "notes": list(self.notes),
        }

    def table(self) -> Table:
        """One row for each constraint in the way, by wave."""
        rows: list[tuple[str, ...]] = []
        for row in (*self.earlier, *([self.within] if self.within else [])):
            head = (wave_name(row.wave), spoken_with_weekday(row.day))
            if not row.blocked_by:
                rows.append((*head, row.verdict, row.says, "", ""))
            for named in row.blocked_by:
                rows.append(
                    (*head, named.name, named.said, named.place, spoken(named.free_on) if named.free_on else "never")
                )
        columns = ("wave", "best day", "constraint", "says", "written in", "frees on")
        return Table(self.headline(), columns, tuple(rows), (self.headline(), *self.notes))

    def headline(self) -> str:
        """One sentence: the site, its day and wave, or why it has none."""
        if self.go_live is None or self.wave is None:
            return f"{self.site} has no day: {self.reason}"
        if self.state == "live":
            return f"{self.site} {self.reason}"
        where = "the lighthouse" if self.is_lighthouse else f"in wave {self.wave} of {self.last_wave}"
        return f"{self.site} goes live on {spoken_with_weekday(self.go_live)}, {where}"
