"""The intent: which sites, how many a month, what must come before what. The dates follow from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from rollout.model.activity import Activity, Gate
from rollout.model.blackout import Blackout, Window
from rollout.model.fields import (
    Count,
    Day,
    Duration,
    DurationField,
    Entries,
    Id,
    Listed,
    Many,
    Model,
    Name,
    Url,
    Weekday,
)
from rollout.model.selector import EVERY_SITE, Selector
from rollout.model.site import Person, Site
from rollout.model.source import Source


class WaveSize(Model):
    """How many sites a wave takes: at least (wished) and at most (never more), the last pair for all later waves."""

    steps: tuple[tuple[int, int], ...]

    def at_most(self, wave: int) -> int:
        """The cap of wave `wave`, counted from 1."""
        return self.steps[min(wave, len(self.steps)) - 1][1]

    def at_least(self, wave: int) -> int:
        """The wished minimum of wave `wave`, counted from 1."""
        return self.steps[min(wave, len(self.steps)) - 1][0]


def _parse_step(value: Any) -> tuple[int, int]:
    low, dash, high = str(value).partition("-") if isinstance(value, str) else ("", "", "")
    if low.isdigit() and (high.isdigit() if dash else True) and len(low) < 7 and len(high) < 7:
        least, most = (int(low), int(high)) if dash else (1, int(low))
        if 1 <= least <= most:
            return least, most
    msg = f'a wave size is 4, 3-4 (wished minimum and hard maximum) or a list of them, not "{value}"'
    raise ValueError(msg)


def parse_size(value: Any) -> WaveSize:
    """`4`, `3-4`, or a list of them. Raises ValueError for anything else."""
    if isinstance(value, WaveSize):
        return value
    steps = value if isinstance(value, list | tuple) else (value,)
    if not steps:
        msg = "a wave size needs at least one number"
        raise ValueError(msg)
    return WaveSize(steps=tuple(_parse_step(step) for step in steps))


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
    size: Annotated[
        WaveSize,
        BeforeValidator(parse_size),
        Field(json_schema_extra={"examples": ["3-4", "60", ["1", "3", "4"]]}),
    ] = WaveSize(steps=((1, 4),))
    """Sites a wave: `4`, `3-4`, or a list that grows (`[1, 3, 4, 4]`)."""
    go_live: GoLiveDays = GoLiveDays()
    """Days on which sites go live."""


class Hypercare(Model):
    """Intensive support after go-live."""

    lasts: DurationField = Duration(28)
    """How long it is planned to last; it ends when its exit is recorded."""
    at_once: Annotated[Count, Field(ge=1)] | None = None
    """At most so many sites in hypercare on any day."""
    needs: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """Team capacity a site takes while in hypercare."""


class Limit(Model):
    """At most so many sites of one kind in a wave: `{id: per-region, same: region, max: 2}`."""

    id: Id
    """Short name."""
    same: Name
    """Field or label whose values are counted apart: `country`, `systems`, `labels.line`."""
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


class Prerequisite(Model):
    """Something that sites wait for besides other sites."""

    id: Id
    """Its key."""
    title: Name
    """What it is."""
    needs: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """Team capacity while it lasts."""
    takes: DurationField
    """How long the work takes."""
    not_before: Day | None = None
    """First day the work can begin."""
    where: Selector = EVERY_SITE
    """Sites that wait for it."""
    depends_on: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Prerequisites that must be ready first."""


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


Document = Literal["playbook", "checklist", "training", "go-no-go"]
DOCUMENTS: tuple[Document, ...] = ("playbook", "checklist", "training", "go-no-go")


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
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 4217."""
    version: Name | None = None
    """Version of the capability that is rolled out."""
    work_from: Day
    """First day anyone works on it."""
    sites: Annotated[Selector, BeforeValidator(lambda v: {} if v == "all" else v)] = EVERY_SITE
    """`all`, or a selector."""
    lighthouse: Id | None = None
    """The first site, alone."""
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
    prerequisites: Annotated[tuple[Prerequisite, ...], Entries, Listed] = ()
    """What sites wait for besides sites."""
    connectors: Connectors = Connectors()
    """Defaults for connectors still to be built."""
    blackouts: Annotated[tuple[Blackout, ...], Entries, Listed] = ()
    """Never then."""
    windows: Annotated[tuple[Window, ...], Entries, Listed] = ()
    """Only then."""
    activities: Annotated[tuple[Activity, ...], Entries, Listed] = ()
    """Work at each site, over the preset's."""
    gates: Annotated[tuple[Gate, ...], Entries, Listed] = ()
    """Decisions, over the preset's."""
    training: Training = Training()
    """How people are taught."""
    people: dict[str, Person] = Field(default_factory=dict)
    """Who holds which role of the programme."""
    budget: dict[str, Count] = Field(default_factory=dict)
    """Money by category."""
    documents: Annotated[tuple[Document, ...], Many, Listed] = DOCUMENTS
    """What is written for each site."""
    replan: Replan = Replan()
    """How much a published plan may move."""
    paths: tuple[str, ...] = Field(default=(), json_schema_extra={"internal": True})
    """`plan.yaml` and its preset."""

    @property
    def source(self) -> Source:
        """Where the plan is written."""
        return Source(self.paths)

    def covers(self, site: Site) -> bool:
        """Whether the plan is about the site."""
        return self.sites.matches(site)

    def gate(self, gate_id: str) -> Gate | None:
        """The gate of that id."""
        return next((gate for gate in self.gates if gate.id == gate_id), None)
