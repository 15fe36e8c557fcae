"""What was learned: `lighthouse`, `lessons`, `proof`, `systems`."""

from __future__ import annotations

from typing import Literal, TypedDict

from rollout.model.answers.common import FaultJson, UnplacedJson
from rollout.model.answers.dates import RevisionJson


class LessonRowJson(TypedDict):
    """A lesson and what became of it."""

    lesson: str
    says: str
    site: str
    by: str
    on: str
    blocking: bool
    state: Literal["open", "adopted", "rejected", "deferred"]
    """`adopted` as soon as every page it has to reach holds the work it became."""
    decided_by: str | None
    decided_on: str | None
    because: str | None
    items: list[str]
    """Activities of the plan that say `from_lesson`."""
    all_sites: bool
    sites: list[str]
    selects: int
    """How many these are."""
    reaches: int
    """Pages that have to hold its work: of sites it is for that are still to go live, without who learned it."""
    missing: list[str]
    """Sites whose page does not hold all of it yet."""
    path: str
    line: int


class LessonsJson(TypedDict):
    """The lessons of a plan, as asked."""

    version: int
    plan: str
    affects: str | None
    """The site they were asked for."""
    open: int
    """How many are open."""
    blocking: int
    """How many are open and close gates."""
    lessons: list[LessonRowJson]


class SiteProofJson(TypedDict):
    """One metric of one site, as of a day."""

    site: str
    metric: str
    went_live: str | None
    before: FigureJson | None
    late: FigureJson | None
    target: FigureJson | None
    after: list[FigureJson]
    share: float | None
    verdict: Literal["met", "not met", "inconclusive"]
    reason: str
    quoted: bool
    due: ProofDueJson | None
    """The checkpoint that is to be measured next: days after go-live, and the day."""
    overdue: bool


class ProvedJson(TypedDict):
    """The proof packs of a plan, as asked."""

    version: int
    plan: str
    lighthouse: str | None
    proved: bool
    proofs: list[SiteProofJson]
    without: list[str]
    """Sites still to go live that lack a figure from before for something that is measured elsewhere, next first."""


class SystemRowFoundJson(TypedDict):
    """Entry of `found`."""

    site: str
    on: str
    source: str | None
    by: str
    unneeded: bool


class SystemRowConnectorJson(TypedDict):
    """`connector`."""

    live_since: str | None
    team: str | None
    ready: str | None


class SystemRowJson(TypedDict):
    """One system: who runs it, who says so, and its one connector."""

    system: str
    kind: str
    registered: bool
    owner: str | None
    declared_at: list[str]
    found: list[SystemRowFoundJson]
    """Sites and lines that say it was found there, by day."""
    connector: SystemRowConnectorJson
    """How far its connector is."""


class KindJson(TypedDict):
    """Entry of `kinds`."""

    kind: str
    believed: int | None
    declared: int
    found: int
    in_use: int


class SystemsConnectorsJson(TypedDict):
    """`connectors`."""

    count: int
    live: int
    pairs: int


class LinkedJson(TypedDict):
    """Entry of `links`."""

    link: str
    between: list[str]
    carries: str | None
    waived_until: str | None


class IncompleteJson(TypedDict):
    """Entry of `incomplete`."""

    site: str
    empty: bool
    unconfirmed: list[str]
    undeclared: list[str]
    unregistered: list[str]


class SystemsJson(TypedDict):
    """The systems of a programme's sites, or of one plan's."""

    version: int
    sites: int
    kinds: list[KindJson]
    systems: list[SystemRowJson]
    idle: list[str]
    """Systems of the register that no site runs."""
    connectors: SystemsConnectorsJson
    links: list[LinkedJson]
    incomplete: list[IncompleteJson]
    """Sites whose discovery is not complete."""


class FoundLateJson(TypedDict):
    """What finding a system at a site does to the plan. Pairs are before and after."""

    version: int
    plan: str
    system: str
    site: str
    new: bool
    ready: str | None
    """First day it can be used."""
    earliest: list[str | None]
    """First day the site could go live if nobody else were in the way."""
    go_live: list[str | None]
    unplaced: list[UnplacedJson]
    """Sites that would have no day, and why."""
    revision: RevisionJson | None
    """What changes against the dates that hold now; null where nothing does."""


class RankedSurvivesLostJson(TypedDict):
    """Entry of `lost`."""

    dimension: str
    percent: int
    winner: str


class RankedSurvivesJson(TypedDict):
    """`survives`."""

    percent: int
    all: bool
    lost: list[RankedSurvivesLostJson]


class RankedDimensionJson(TypedDict):
    """Entry of `dimensions`."""

    id: str
    group: Literal["willing", "represents", "technical"]
    weight: int
    at_most: float


class RankedJson(TypedDict):
    """The sites of a plan in the order in which they suit to be its lighthouse."""

    version: int
    plan: str
    as_of: str
    lighthouse: str | None
    winner: str | None
    survives: RankedSurvivesJson
    dimensions: list[RankedDimensionJson]
    not_counted: list[str]
    sites: list[CandidateJson]


class CandidateContributionJson(TypedDict):
    """Entry of `contributions`."""

    dimension: str
    value: float | None
    points: float


class CandidateJson(TypedDict):
    """A site, what it brings in each dimension, and why it is out."""

    site: str
    rank: int | None
    eligible: bool
    score: float
    contributions: list[CandidateContributionJson]
    reasons: list[FaultJson]
    """Why it may not be the first; none if it may."""


class FigureJson(TypedDict):
    """A measurement."""

    value: float
    unit: str | None
    on: str
    by: str
    age: int | None
    """Days since go-live."""


class ProofDueJson(TypedDict):
    """The next measurement."""

    days: int
    """After go-live."""
    on: str
