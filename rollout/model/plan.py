"""The intent: which sites, how many a month, what must come before what. The dates follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field, model_validator

from rollout.model.activity import ANY_WAVE, WAVE, Activity, Gate
from rollout.model.blackout import Blackout, Window
from rollout.model.budget import PLAIN_AMOUNT, BudgetLine, parse_line
from rollout.model.document import DOCUMENTS, Document
from rollout.model.fields import (
    Count,
    Currency,
    Day,
    DurationField,
    Entries,
    Id,
    Language,
    Listed,
    Many,
    Model,
    Name,
    Url,
    Weekday,
)
from rollout.model.fit import LighthouseFit
from rollout.model.forecast import Spread, SpreadField
from rollout.model.rule_setting import RuleSetting
from rollout.model.selector import EVERY_SITE, Selector, Sites
from rollout.model.site import Person, Site
from rollout.model.source import Source
from rollout.model.team import SITE, Staff
from rollout.model.tied import Group, Order, OrderKind
from rollout.model.times import Duration
from rollout.model.wave_size import WaveSize, WaveSizeField


class GoLiveDays(Model):
    """On which days sites go live."""

    on: Annotated[tuple[Weekday, ...], Many, Listed] = (0, 1, 2, 3)
    """Weekdays."""
    per_day: Annotated[Count, Field(ge=1)] | None = None
    """At most so many sites on one day."""


class Waves(Model):
    """How go-lives are batched."""

    every: Literal["week", "month", "quarter"] = "month"
    """Length of a wave: one calendar period."""
    size: WaveSizeField = WaveSize(steps=((1, 4),))
    """Sites a wave: `4`, `3-4` (3 wished, 4 never exceeded), `10%` or `5%-10%` of the plan's sites that get a wave
    (live or still to go live, the lighthouse not counted; rounded down, at least one), or a list that grows
    (`[1, 3, 4, 4]`, `[1, 10%, 30%]`)."""
    go_live: GoLiveDays = GoLiveDays()
    """Days on which sites go live."""


class Hypercare(Model):
    """Intensive support after go-live."""

    lasts: DurationField = Duration(28)
    """How long it is planned to last; it ends when its exit is recorded."""
    at_once: Annotated[Count, Field(ge=1)] | None = None
    """At most so many sites in hypercare on any day."""
    needs: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """Team capacity a site takes while in hypercare: `{support: 1}`."""
    staff: Annotated[tuple[Staff, ...], Listed] = ()
    """People a site takes while in hypercare, by skill: `[{skill: hypercare, speaks: site}]`."""

    def ends(self, go_live: date) -> date:
        """The day on which it is planned to end at a site, or a wave, that goes live on a day."""
        return go_live + timedelta(days=self.lasts.days)


class Limit(Model):
    """At most so many sites of one kind in a wave: `{id: per-region, same: region, max: 2}`.

    `{id: per-erp, same: systems, max: 3}` counts a site with two systems under both.
    """

    id: Id
    """Short name."""
    same: Name
    """Field or label whose values are counted apart: `country`, `site_lead`, `labels.line`; or a list such as
    `systems`, `workflows` or `languages`, where a site counts under each of its values."""
    max: Annotated[Count, Field(ge=1)]
    """Sites per wave with the same value."""
    where: Selector = EVERY_SITE
    """Which sites are counted."""
    because: Name | None = None
    """Why."""


class Constraint(Model):
    """What a person decided about one site."""

    after: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Sites that go live before it."""
    lag: DurationField = Duration(0)
    """At least so long after each of them."""
    after_exit: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Sites whose hypercare ends before it goes live."""
    prefer_after: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Sites it should rather follow: `prefer_after: [linz, wels]`. A wish: nothing waits for it, and where it is not
    met that is reported."""
    not_before: Day | None = None
    """First day it may go live."""
    deadline: Day | None = None
    """Last day it may go live."""
    wave: Count | None = None
    """Pinned to this wave."""
    go_live: Day | None = None
    """Pinned to this day."""
    because: Name | None = None
    """Why; `explain` prints it."""


class Neighbours(Model):
    """Sites that exchange people or goods: `{sites: [graz, linz, wels], within: 6w, because: one lorry for all}`."""

    sites: Annotated[tuple[Id, ...], Listed]
    """Two or more; all go live within the time of each other. One that is live counts from its actual day."""
    within: DurationField
    """The longest they run on different systems: from the first go-live to the last at most so long (`6w`, `42d`)."""
    because: Name | None = None
    """Why; `explain` prints it."""

    @model_validator(mode="after")
    def _several(self) -> Self:
        if len(set(self.sites)) < 2:
            msg = "neighbours are two sites or more"
            raise ValueError(msg)
        if not self.within.length:
            msg = "neighbours have a day between them at least: `within: 1d`, or `together` for the same wave"
            raise ValueError(msg)
        return self


class Prerequisite(Model):
    """Something that sites wait for besides other sites."""

    id: Id
    """Its key."""
    title: Name
    """What it is."""
    needs: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """Team capacity while it lasts: `{integration: 2}`."""
    staff: Annotated[tuple[Staff, ...], Listed] = ()
    """People it takes while it lasts, by skill: `[{skill: sap, people: 2}]`; a language is given by name, as no one
    site speaks it."""
    takes: DurationField
    """How long the work takes."""
    at_best: DurationField | None = None
    """How long it takes when all goes well; the plan's spread where left out."""
    at_worst: DurationField | None = None
    """How long it takes when much goes wrong; the plan's spread where left out."""
    not_before: Day | None = None
    """First day the work can begin."""
    where: Selector = EVERY_SITE
    """Sites that wait for it."""
    depends_on: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Prerequisites that must be ready first."""

    @model_validator(mode="after")
    def _is_no_site(self) -> Self:
        if any(staff.speaks == SITE for staff in self.staff):
            msg = "`speaks: site` is for work at a site; name a language here, such as fr"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        best, worst = self.at_best or self.takes, self.at_worst or self.takes
        if best.working != self.takes.working or worst.working != self.takes.working:
            msg = "`at_best`, `takes` and `at_worst` are all in calendar days or all in working days"
            raise ValueError(msg)
        if not best.length <= self.takes.length <= worst.length:
            msg = "`takes` lies between `at_best` and `at_worst`"
            raise ValueError(msg)
        return self


class Training(Model):
    """How people are taught."""

    class_size: Annotated[Count, Field(ge=1)] = 12
    """People in one session."""
    hours: Annotated[Count, Field(ge=1, le=40)] = 4
    """Length of one session."""


class Connectors(Model):
    """Defaults for connectors that the register does not describe."""

    takes: DurationField = Duration(40)
    """How long one takes to build and test."""


class Replan(Model):
    """How much a published plan may move."""

    hold: DurationField = Duration(42)
    """No go-live moves out of or into this time from today."""


class StopWhen(Model):
    """The failure tolerance: `stop_when: {red: 3}`."""

    red: Count
    """The programme stops for a decision when more sites than this are red (`rollout status` exits with 1)."""


class Forecasting(Model):
    """How far durations spread; `rollout forecast` imagines courses of the programme from it."""

    # Durations overrun more often, and further, than they end early; three actual go-lives replace this norm.
    spread: SpreadField = Spread(90, 100, 130)
    """Work takes so much of what is planned: at best and at worst, 100 % most likely."""
    common: Annotated[Count, Field(le=100)] = 0
    """Share of runs, in percent, in which all work goes equally well or badly (the rank correlation of any two)."""


DATES_ONLY = ("constraints", "together", "apart", "neighbours", "limits", "replan", "waves")
"""Keys of a plan of which pages of a site show nothing, or only what is said of that site; all others show on each."""


class Plan(Model):
    """`waves/PLAN/plan.yaml` over its preset."""

    id: Id = Field(json_schema_extra={"internal": True})
    """The folder's name."""
    name: Name
    """The capability, as people call it."""
    preset: Annotated[str, Field(pattern=r"^[a-z0-9-]+@[0-9]+$")] = "standard@1"
    """Activities, gates and limits it starts from."""
    web: Url | None = None
    """Where the repository is shown; pages link to their own edit view."""
    branch: Name = "main"
    """Branch that `web` links go to."""
    currency: Currency | None = None
    """ISO 4217."""
    version: Name | None = None
    """Version of the capability that is rolled out."""
    work_from: Day
    """First day anyone works on it."""
    sites: Sites = EVERY_SITE
    """`all`, or a selector."""
    lighthouse: Id | None = None
    """The first site, alone."""
    lighthouse_fit: LighthouseFit = LighthouseFit()
    """How `rollout lighthouse` ranks sites for being the first."""
    waves: Waves = Waves()
    """How go-lives are batched."""
    hypercare: Hypercare = Hypercare()
    """Support after go-live."""
    limits: Annotated[tuple[Limit, ...], Entries, Listed] = ()
    """At most so many of one kind in a wave."""
    constraints: dict[Id, Constraint] = Field(default_factory=dict)
    """Decisions about single sites."""
    together: Annotated[tuple[Annotated[tuple[Id, ...], Listed], ...], Listed] = ()
    """Groups of sites that go live in the same wave."""
    apart: Annotated[tuple[Annotated[tuple[Id, ...], Listed], ...], Listed] = ()
    """Groups of sites of which no two go live in the same wave."""
    neighbours: Annotated[tuple[Neighbours, ...], Listed] = ()
    """Groups of sites that go live soon after each other: `[{sites: [graz, linz], within: 6w}]`."""
    prerequisites: Annotated[tuple[Prerequisite, ...], Entries, Listed] = ()
    """What sites wait for besides sites."""
    connectors: Connectors = Connectors()
    """Defaults for connectors still to be built."""
    blackouts: Annotated[tuple[Blackout, ...], Entries, Listed] = ()
    """Never then: `[{id: freeze, from: 12-18, to: 01-03, every: year}]`."""
    windows: Annotated[tuple[Window, ...], Entries, Listed] = ()
    """Only then: `[{id: month-begin, from: 2, to: 10, every: month}]`."""
    activities: Annotated[tuple[Activity, ...], Entries, Listed] = ()
    """Work at each site, over the preset's."""
    gates: Annotated[tuple[Gate, ...], Entries, Listed] = ()
    """Decisions, over the preset's."""
    training: Training = Training()
    """How people are taught."""
    people: dict[str, Person] = Field(default_factory=dict)
    """Who holds which role of the programme."""
    opportunity: Id | None = None
    """The opportunity of `waves/_portfolio.yaml` that it carries."""
    budget: dict[str, Annotated[BudgetLine, BeforeValidator(parse_line), PLAIN_AMOUNT]] = Field(default_factory=dict)
    """Money by line, in the plan's currency: `{integration: 400000, change: 250000}`."""
    documents: Annotated[tuple[Document, ...], Many, Listed] = DOCUMENTS
    """What is written for each site."""
    written_in: Language | None = None
    """Language of playbooks, checklists and go/no-go pages; each site's own where left out. Training packets are
    always in the language of those who are trained."""
    replan: Replan = Replan()
    """How much a published plan may move."""
    forecast: Forecasting = Forecasting()
    """How far durations spread."""
    stop_when: StopWhen | None = None
    """When the programme stops for a decision; never by itself where left out."""
    rules: dict[str, RuleSetting] = Field(default_factory=dict)
    """Rules of `rollout validate` that this plan has otherwise: `{silent: {off: true, because: …}}`."""
    paths: tuple[str, ...] = Field(default=(), json_schema_extra={"internal": True})
    """`plan.yaml` and its preset."""

    @property
    def source(self) -> Source:
        """Where the plan is written."""
        return Source(self.paths)

    @property
    def edit_root(self) -> str | None:
        """Where the repository's files are edited in the browser; None where the plan does not say."""
        if not self.web:
            return None
        web = self.web.rstrip("/")
        # GitLab keeps its own pages behind `/-/`; GitHub and those that follow it do not.
        dash = "/-" if "gitlab" in (urlsplit(web).hostname or "") else ""
        return f"{web}{dash}/edit/{quote(self.branch)}"

    @property
    def orders(self) -> Iterator[Order]:
        """Every site that goes live after another, with the line that says so."""
        for site, decided in self.constraints.items():
            kinds: tuple[tuple[OrderKind, tuple[str, ...], Duration | None], ...] = (
                ("after", decided.after, decided.lag if decided.lag.length else None),
                ("after_exit", decided.after_exit, None),
                ("prefer_after", decided.prefer_after, None),
            )
            for kind, others, lag in kinds:
                for number, before in enumerate(others):
                    keys = ("constraints", site, kind, number)
                    yield Order(site=site, before=before, kind=kind, lag=lag, because=decided.because, keys=keys)

    @property
    def groups(self) -> Iterator[Group]:
        """Every group of sites that are tied to each other, with the line that says so."""
        for number, sites in enumerate(self.together):
            yield Group(sites=sites, kind="together", keys=("together", number))
        for number, sites in enumerate(self.apart):
            yield Group(sites=sites, kind="apart", keys=("apart", number))
        for number, near in enumerate(self.neighbours):
            keys = ("neighbours", number, "sites")
            yield Group(sites=near.sites, kind="neighbours", within=near.within, because=near.because, keys=keys)

    def covers(self, site: Site) -> bool:
        """Whether the plan is about the site."""
        return self.sites.matches(site)

    def blackouts_of(self, site: Site) -> tuple[Blackout, ...]:
        """The blackouts that are about a site: the plan's, then its own (a folder's may select among its sites)."""
        return tuple(blackout for blackout in (*self.blackouts, *site.blackouts) if blackout.where.matches(site))

    def gate(self, gate_id: str) -> Gate | None:
        """The gate of that id."""
        return next((gate for gate in self.gates if gate.id == gate_id), None)

    def gate_of(self, name: str) -> Gate | None:
        """The gate that answers to a name: `wave-3` is the plan's `wave` where it has no `wave-3`."""
        own = self.gate(name)
        wave = WAVE.fullmatch(name)
        return self.gate(ANY_WAVE) if own is None and wave is not None and int(wave[1]) > 1 else own
