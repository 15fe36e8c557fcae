"""What the playbook is told."""

from __future__ import annotations

from typing import TypedDict

from rollout.render.markdown import Markdown
from rollout.render.views.shared import ContentView, CriterionView, FromDay, PersonView, SitePage, WorkflowView


class EngineerView(TypedDict):
    """An engineer of the site's spoke."""

    name: str
    """Name."""
    languages: list[str]
    """Tags of the languages spoken."""
    speaks: bool
    """Whether one of them is the site's."""
    starts: Markdown | None
    """First day, where it comes after the site's first work."""


class TrainersView(TypedDict):
    """Who trains in a language."""

    language: str
    """Its tag."""
    team: str | None
    """The team's id; nothing where nobody speaks it."""
    people: int | None
    """How many they are."""


class WhoView(TypedDict):
    """Everybody who matters at a site."""

    lead: PersonView | None
    """Site lead."""
    sponsor: PersonView | None
    """Sponsor."""
    engineers: list[EngineerView]
    """Engineers of its spoke who are there at go-live, the one it has first."""
    spoke: str | None
    """The spoke in words."""
    programme: list[PersonView]
    """People of the programme."""
    trainers: list[TrainersView]
    """Trainers by language."""


class ChampionsView(TypedDict):
    """How many champions a site needs."""

    needed: int
    """At least so many."""
    per: int
    """One for so many users."""
    source: str | None
    """Where the rule comes from."""
    by: Markdown | None
    """The day by which they are chosen."""


class MilestoneView(TypedDict):
    """Work that everybody should know of."""

    starts: Markdown
    """First day."""
    ends: Markdown
    """Last day."""
    is_one_day: bool
    """Whether these are the same."""
    title: str
    """What is done."""
    owner: str
    """Who answers for it."""
    blocking: bool
    """Whether go-live waits for it."""
    after: bool
    """Whether it comes after go-live."""


class DayOffView(TypedDict):
    """A public holiday near go-live."""

    day: Markdown
    """The day."""
    name: str
    """What it is called."""


class PrerequisiteView(TypedDict):
    """Shared work that the site waits for."""

    title: str
    """What it is."""
    takes: str
    """How long it takes, in words."""
    starts: Markdown | None
    """First day of work; nothing while it is not planned."""
    ready: Markdown | None
    """First usable day."""
    teams: list[str]
    """Who does it, in words."""


class DecisionView(TypedDict):
    """What people decided about the site. Other sites by name, never with their days."""

    after: list[str]
    """Sites that go live before it."""
    lag: str | None
    """At least so long before."""
    after_exit: list[str]
    """Sites whose hypercare ends before it."""
    not_before: Markdown | None
    """First day allowed."""
    deadline: Markdown | None
    """Last day allowed."""
    wave: int | None
    """The wave it is pinned to."""
    go_live: Markdown | None
    """The day it is pinned to."""
    because: str | None
    """Why."""


class ClosedView(FromDay):
    """A blackout that touches the site's time."""

    name: str
    """In words."""
    to: Markdown
    """Last day."""
    because: str | None
    """Why."""
    blocks: list[str]
    """What may not happen, in words."""


class SystemView(TypedDict):
    """A system of the site."""

    id: str
    """Its id in the register."""
    title: str
    """Its name."""
    kind: str | None
    """ERP, MES, …; nothing where it is not in the register."""
    owner: str | None
    """Who answers for it."""
    live: Markdown | None
    """Since when its connector is live."""
    team: str | None
    """Who builds the connector, in words."""
    ready: Markdown | None
    """When the connector is ready."""


class FoundView(TypedDict):
    """A system that was found at the site."""

    title: str
    """Its name."""
    kind: str
    """What it is."""
    source: str | None
    """How it was found."""
    by: str
    """Who found it."""
    on: Markdown
    """When."""
    declared: bool
    """Whether the site names it itself."""
    unneeded: str | None
    """Why it needs no connection, where somebody said so."""


class CutoverDayView(TypedDict):
    """A day of the runbook."""

    label: str
    """`T-2`, `T-1`, `T` or `T+1`."""
    day: Markdown
    """The day."""
    off: str | None
    """Why nobody is at work then."""
    instead: Markdown | None
    """The nearest day on which people are."""


class HypercareView(TypedDict):
    """Intensive support after go-live."""

    lasts: str
    """How long, in words."""
    ends: Markdown
    """When it is planned to end."""
    lead: str
    """Who leads it."""
    decides: str
    """Who decides that it ends."""
    criteria: list[CriterionView]
    """What has to be met for that."""


class LessonView(TypedDict):
    """What another site learned."""

    site: str
    """Who learned it."""
    says: str
    """What to do differently."""
    by: str
    """Who says so."""
    on: Markdown
    """Since when."""
    because: str | None
    """Why."""
    blocking: bool
    """Whether no go-live is allowed as long as nothing is done about it."""
    items: list[str]
    """The work of this site's checklist that it became."""


class ProofView(TypedDict):
    """What the lighthouse measured: one metric."""

    metric: str
    """In words."""
    unit: str | None
    """ppm, hours, …"""
    before: str | None
    """The figure from before its go-live."""
    target: str | None
    """What was promised."""
    after: str
    """The last figure since."""
    on: Markdown
    """The day it was measured."""
    days: int
    """How many days after go-live that was."""
    verdict: str
    """`met`, `not met` or `inconclusive`."""


class LighthouseView(TypedDict):
    """The site that went first."""

    name: str
    """Its name."""
    went_live: Markdown
    """Its go-live."""
    proof: list[ProofView]
    """What it measured, by metric; only what was measured since go-live."""


class RaciView(TypedDict):
    """Work that the same people answer for."""

    phase: str
    """The phase in words at its first row, empty after that."""
    work: list[str]
    """Titles of the activities."""
    answers: str
    """Who answers for it."""
    does: list[str]
    """Who does it, where others do."""
    asked: list[str]
    """Who is asked before."""
    told: list[str]
    """Who is told after."""


class PlaybookView(TypedDict):
    """What only the playbook receives."""

    why: ContentView
    """Why this is done."""
    cutover: ContentView
    """The runbook."""
    rollback: ContentView
    """The way back."""
    workflows: list[WorkflowView]
    """The site's workflows."""
    raci: list[RaciView]
    """Who answers for what, by phase."""
    foreign: list[str]
    """Tags of the languages of texts that nobody has translated."""
    wanted: str
    """Tag of the site's first language."""
    author: str
    """Who writes what is missing."""
    who: WhoView
    """People."""
    champions: ChampionsView
    """Champions."""
    milestones: list[MilestoneView]
    """The dates that matter."""
    count: int
    """Pieces of work in all."""
    days_off: list[DayOffView]
    """Public holidays at most a week from go-live."""
    prerequisites: list[PrerequisiteView]
    """What has to be ready first."""
    decision: DecisionView | None
    """What people decided about the site."""
    blackouts: list[ClosedView]
    """Closed times."""
    systems: list[SystemView]
    """Its systems."""
    found: list[FoundView]
    """Systems found on the spot."""
    cutover_days: list[CutoverDayView]
    """The days of the runbook."""
    cutover_lead: str
    """Who calls the steps."""
    hypercare: HypercareView
    """Hypercare."""
    lighthouse: LighthouseView | None
    """The lighthouse, as soon as it has measured something; not in its own playbook."""
    lessons: list[LessonView]
    """What earlier sites learned that is for this one too."""


class PlaybookPage(SitePage, PlaybookView):
    """`playbook.md.j2`, once a site."""
