"""What `rollout report` shows: a plan on one day, every question asked once, with the numbers of the drawings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.budgeted import Budgeted, money, percent
from rollout.model.calendar import spoken
from rollout.model.discovered import Systems
from rollout.model.due import Due
from rollout.model.forecast import Forecast, Outlook
from rollout.model.gated import Gated, Gates
from rollout.model.learned import Lessons
from rollout.model.load import TeamLoads
from rollout.model.plan import Plan
from rollout.model.proved import Proved
from rollout.model.readiness import Assessment
from rollout.model.review import Review
from rollout.model.schedule import Made
from rollout.model.site import Site
from rollout.model.stated import ProgrammeState, SiteState
from rollout.model.table import Table
from rollout.model.tied import GroupKind, OrderKind

if TYPE_CHECKING:
    from rollout.model.answers.files import ReportJson

TieKind = Literal["after", "after hypercare", "rather after", "together", "apart", "near"]
_KINDS: Mapping[OrderKind | GroupKind, TieKind] = {
    "after": "after",
    "after_exit": "after hypercare",
    "prefer_after": "rather after",
    "together": "together",
    "apart": "apart",
    "neighbours": "near",
}
OUT = ("dropped", "paused")
"""Statuses of sites that have no day and are not meant to have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """One site, as tables and drawings need it."""

    site: Site
    state: SiteState
    begins: date | None = None
    """First day of work; None, as the days below, for a site without a day."""
    training: tuple[date, date] | None = None
    leaves: date | None = None
    """Last day of hypercare, as recorded or else as planned."""
    outlook: Outlook | None = None
    """None where the forecast does not know the site."""
    assessment: Assessment | None = None
    went_live: date | None = None
    unplaced: str | None = None
    """Why it has no day."""
    page: str | None = None
    """Where its checklist stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A stretch in which the plan, or a part of it, does not go live."""

    name: str
    first: date
    last: date
    everywhere: bool
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Work that sites wait for besides other sites."""

    id: str
    title: str
    starts: date | None
    ready: date | None
    waiting: int
    """Sites that wait for it."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What the plan says of two sites: the second follows the first, or they share a wave, or may not."""

    one: str
    other: str
    kind: TieKind
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A plan as of a day."""

    plan: Plan
    as_of: date
    made: Made
    state: ProgrammeState
    sites: tuple[SiteLine, ...]
    """By go-live, then id; those without a day last."""
    closed: tuple[Closed, ...]
    needed: tuple[Needed, ...]
    ties: tuple[Tie, ...]
    forecast: Forecast | None
    """None where no site has a day."""
    gates: Gates
    evidence: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """By place (a site or `plan`) and criterion: where the evidence is, as recorded."""
    loads: TeamLoads
    money: Budgeted
    systems: Systems
    lessons: Lessons
    proof: Proved
    due: Due
    review: Review | None = None
    """What changed since the ref asked for."""

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each site is called, by id."""
        return {line.site.id: line.site.name for line in self.sites}

    @property
    def live(self) -> tuple[date, ...]:
        """Days on which sites went live, in order."""
        return tuple(sorted(line.went_live for line in self.sites if line.went_live))

    @property
    def planned(self) -> tuple[date, ...]:
        """Go-live days as published, of those that are live the actual ones, in order."""
        return tuple(sorted(line.state.go_live for line in self.sites if line.state.go_live))

    def foreseen(self, percent: Literal[50, 80]) -> tuple[date, ...]:
        """The days that sites make in so many percent of the runs, in order."""
        known = [line.outlook for line in self.sites if line.outlook]
        return tuple(sorted(one.p50 if percent == 50 else one.p80 for one in known))

    @property
    def next_go_live(self) -> SiteLine | None:
        """The site that goes live next."""
        coming = [line for line in self.sites if line.state.go_live and not line.went_live]
        return coming[0] if coming else None

    @property
    def next_gate(self) -> Gated | None:
        """The gate that comes next and is not open; one that is late comes first."""
        asked = [gate for gate in self.gates.gates if gate.on and gate.sites and gate.decision == "no_go"]
        return asked[0] if asked else None

    def facts(self) -> Iterator[tuple[str, str]]:
        """The numbers of the first screen, in words."""
        state = self.state
        yield "status", "stopped" if state.is_stopped else state.colour
        yield "sites", str(len(state.sites))
        yield "live", str(len(self.live))
        if line := self.next_go_live:
            yield "next go-live", f"{line.site.name}, {spoken(line.state.go_live)}" if line.state.go_live else ""
        if (gate := self.next_gate) and gate.on:
            yield "next gate", f"{gate.gate}, {spoken(gate.on)}: {gate.failing} open"
        published = state.ends[0]
        if published:
            yield "last go-live", spoken(published)
        if self.forecast:
            yield "last go-live at 80 %", spoken(self.forecast.end.p80)
        yield "proof", self.evidence_says
        budget, forecast = self.cost
        if budget:
            yield (
                "forecast cost",
                f"{money(forecast)} of {money(budget)} ({percent(100 * (forecast - budget) / budget)})",
            )

    @property
    def evidence_says(self) -> str:
        """What the lighthouse has shown so far, in a sentence."""
        pack = [row for row in self.proof.rows if row.site == self.proof.lighthouse]
        if not pack:
            return "nothing measured yet"
        met = sum(row.proof.verdict == "met" for row in pack)
        missed = sum(row.proof.verdict == "not met" for row in pack)
        if met == len(pack):
            return f"proved at {self.proof.lighthouse}: all {met} targets met"
        if not any(row.proof.afters for row in pack):
            before = sum(row.proof.before is not None for row in pack)
            return f"{before} of {len(pack)} measures have a figure from before go-live; none since"
        return f"{met} of {len(pack)} targets met at {self.proof.lighthouse}, {missed} not met"

    @property
    def cost(self) -> tuple[float, float]:
        """Budget (or the re-forecast that took its place) and forecast at completion over all lines."""
        lines = self.money.lines
        return sum(line.total.expected for line in lines), sum(line.total.forecast for line in lines)

    def table(self) -> Table:
        """The first screen."""
        return Table(self.plan.name, ("what", "as of " + spoken(self.as_of)), tuple(self.facts()))

    def json(self) -> ReportJson:
        """For programs: the answers of the commands that each ask one of these questions, as they give them."""
        return {
            "version": VERSION,
            "plan": self.plan.id,
            "as_of": self.as_of.isoformat(),
            "facts": dict(self.facts()),
            "status": self.state.json(),
            "forecast": self.forecast.json() if self.forecast else None,
            "gates": self.gates.json(),
            "capacity": self.loads.json(),
            "budget": self.money.json(),
            "systems": self.systems.json(),
            "lessons": self.lessons.json(),
            "proof": self.proof.json(),
            "due": self.due.json(),
            "diff": self.review.json() if self.review else None,
        }


def ties_of(plan: Plan) -> tuple[Tie, ...]:
    """Everything a plan says of sites in relation to each other, in its order."""
    found = [Tie(one.before, one.site, _KINDS[one.kind], one.because or "") for one in plan.orders]
    for group in plan.groups:
        found += _chained(group.sites, _KINDS[group.kind], group.because or "")
    return tuple(dict.fromkeys(found))


def _chained(sites: tuple[str, ...], kind: TieKind, because: str) -> list[Tie]:
    """A group as a chain: all of them hold each other, and a line between each two would be a thicket."""
    members = tuple(dict.fromkeys(sites))
    return [Tie(one, other, kind, because) for one, other in itertools.pairwise(members)]
