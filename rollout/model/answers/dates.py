"""Answers about dates: `plan`, `publish`, `render`, `explain`, `forecast`, `whatif`, `show`, `init`."""

from __future__ import annotations

from typing import Literal, TypedDict

from rollout.model.answers.common import MemberJson, MoveJson, ProblemJson, UnplacedJson


class PlannedBoundJson(TypedDict):
    """`bound`."""

    waves: int


class PlannedWaveSiteJson(TypedDict):
    """Entry of `sites`."""

    site: str
    go_live: str


class PlannedWaveJson(TypedDict):
    """Entry of `waves`."""

    wave: int
    starts: str
    ends: str
    sites: list[PlannedWaveSiteJson]


class PlannedJson(TypedDict):
    """A plan's dates."""

    version: int
    plan: str
    outcome: Literal["optimal", "feasible", "infeasible", "unknown"]
    proved: list[Literal["waves", "value"]]
    bound: PlannedBoundJson | None
    as_of: str
    kept: bool
    """Whether the dates are those that were published."""
    waves: list[PlannedWaveJson]
    unplaced: list[UnplacedJson]
    conflict: list[MemberJson]
    """The first of `conflicts`."""
    conflicts: list[list[MemberJson]]
    """Lines that cannot hold together; any one of a group removed, the others can."""
    wishes: list[MemberJson]
    """Wishes that are not met."""
    short: list[int]
    """Waves with fewer sites than wished."""
    revision: RevisionJson | None
    """What changes against the published dates."""


class RenderedPagesJson(TypedDict):
    """What rendering did, or would do."""

    version: int
    written: list[str]
    unchanged: int
    stale: list[str]
    conflicts: list[str]
    """Pages in which somebody has to choose."""
    disputes: list[DisputeJson]
    """Where in them."""
    deleted: list[str]
    """Blocks that a person deleted, as `path#block`."""
    left: list[str]
    """Blocks kept though rollout has no more use for them, as `path#block`: a person worked in them."""


class ShownValueJson(TypedDict):
    """A value of an effective site, and where it is written."""

    key: str
    value: str
    path: str
    line: int


class ShownJson(TypedDict):
    """An effective site."""

    version: int
    site: str
    values: list[ShownValueJson]
    notes: list[str]


class StartedJson(TypedDict):
    """A programme that was begun."""

    version: int
    folder: str
    written: list[str]


class RevisionHeldJson(TypedDict):
    """Entry of `held`."""

    site: str
    because: str


class RevisionJson(TypedDict):
    """What changes when new dates take the place of the published ones. Pairs are before and after."""

    moved: list[MoveJson]
    """Sites whose day is another one, by id; those that are new and those that lose theirs included."""
    moved_at_least: int
    """No plan that ends as early moves fewer of the published sites."""
    last_go_live: list[str | None]
    waves: list[int]
    worth: list[float]
    """Worth-weighted days over the sites that have a day in both."""
    held: list[RevisionHeldJson]
    """Sites that leave the weeks that are held, and what forced each of them."""


class WhatIfJson(TypedDict):
    """Scenarios beside the plan as it stands."""

    version: int
    plan: str
    as_of: str
    base: WhatIfBaseJson
    """The published dates where they are lawful, else the plan that `rollout plan` would make today."""
    scenarios: list[ScenarioJson]


class NamedJson(TypedDict):
    """One constraint that people know by name, as far as it decides something here."""

    constraint: str
    message: str
    path: str
    line: int
    free_on: str | None
    """First permitted day from the blocked one on that this constraint alone leaves open; null when it never does."""


class EarlierJson(TypedDict):
    """An earlier wave (or, of the own wave and for the lighthouse, a stretch of earlier days) and its best day."""

    wave: int
    period: str
    """`April 2027`."""
    day: str
    """The day with the fewest constraints in the way, the earliest of them."""
    verdict: Literal["blocked", "tie", "worth less", "free"]
    says: str
    """The reason, where nothing is in the way."""
    constraints: list[NamedJson]


_CostLastGoLiveFrom = TypedDict("_CostLastGoLiveFrom", {"from": str | None})


class CostLastGoLiveJson(_CostLastGoLiveFrom):
    """`last_go_live`."""

    to: str | None


_CostLastWaveFrom = TypedDict("_CostLastWaveFrom", {"from": int})


class CostLastWaveJson(_CostLastWaveFrom):
    """`last_wave`."""

    to: int


_CostWavesUnderMinimumFrom = TypedDict("_CostWavesUnderMinimumFrom", {"from": int})


class CostWavesUnderMinimumJson(_CostWavesUnderMinimumFrom):
    """`waves_under_minimum`."""

    to: int


class CostJson(TypedDict):
    """What it would cost to have the site in another wave."""

    wave: int
    possible: bool | None
    unplaced: list[UnplacedJson]
    at_most: bool
    moved: list[MoveJson]
    last_go_live: CostLastGoLiveJson
    """Before and after."""
    last_wave: CostLastWaveJson
    waves_under_minimum: CostWavesUnderMinimumJson
    weighted_days: float
    """Change of the sum of weight times days; 1 is a site of average worth a day later."""


class ExplainedJson(TypedDict):
    """Why a site goes live when it does."""

    version: int
    site: str
    wave: int | None
    go_live: str | None
    because: list[BlockedJson]
    state: Literal["placed", "live", "set aside", "unplaced"]
    reason: str
    """Why it has no day, or that it happened."""
    chain: list[LinkJson]
    """What it waits for, nearest first."""
    waves: list[EarlierJson]
    within: EarlierJson | None
    """The best of the earlier days in its own wave."""
    cost: CostJson | None
    """With `--wave`."""
    notes: list[str]


class ForecastSpreadJson(TypedDict):
    """`spread`."""

    low: float
    likely: float
    high: float


class ForecastLearntJson(TypedDict):
    """`learnt`."""

    says: str
    sites: list[str]


class ForecastJson(TypedDict):
    """P50 and P80 of every date of a plan."""

    version: int
    plan: str
    as_of: str
    runs: int
    seed: int
    spread: ForecastSpreadJson
    """Of the preparation of sites, as used: the plan's, or learnt."""
    learnt: ForecastLearntJson
    """Where the spread comes from, in words."""
    end: OutlookJson
    sites: list[SiteOutlookJson]
    prerequisites: list[OutlookJson]
    """By published day, then id."""
    left_out: list[str]
    """Sites without a day."""


class PushedJson(TypedDict):
    """Where a branch went."""

    remote: str
    """The name git knows it by."""
    url: str
    """Its address, without passwords."""


class PublishedJson(TypedDict):
    """One commit of exactly what was written, or none."""

    version: int
    commit: str | None
    branch: str | None
    """The branch it is on; null when HEAD is detached, or no branch was made."""
    files: int
    plan: PlannedJson
    description: str
    """For the pull request, in Markdown; its first line is one sentence."""
    pushed: PushedJson | None


class DisputeJson(TypedDict):
    """Where the conflict markers are, or would be."""

    path: str
    line: int
    block: str
    """The block that was changed on both sides; empty for markers that git wrote when it merged branches."""


class PreviewedPageJson(TypedDict):
    """Entry of `pages`."""

    path: str
    text: str


class PreviewedJson(TypedDict):
    """The pages of one site."""

    version: int
    pages: list[PreviewedPageJson]


class FiguresJson(TypedDict):
    """What a plan comes to; null where there is none."""

    outcome: Literal["optimal", "feasible", "infeasible", "unknown"] | None
    last_go_live: str | None
    waves: int | None
    sites: int | None


class WhatIfBaseJson(FiguresJson):
    """What scenarios are compared with."""

    published: bool
    """Whether it is the published dates."""


class ShiftJson(MoveJson):
    """A site that gets another day or another wave, and how much later that is."""

    days: int | None
    """Later; negative where it is earlier, null where a side has no day."""


class ScenarioJson(FiguresJson):
    """One scenario."""

    name: str
    options: list[str]
    moved: list[ShiftJson]
    unplaced: list[UnplacedJson]
    problems: list[ProblemJson]


class LinkJson(MemberJson):
    """One step of what a site waits for: the site or prerequisite, and what keeps it from being earlier."""

    job: str
    day: str | None
    """Its go-live, or the day work on it begins."""
    not_before: str
    """First day that what comes before it allows."""
    decides: bool
    """Whether its day is the first permitted one from then on."""
    first: str | None
    """The first permitted day from then on."""
    then: list[str]
    """What else is in the way on that first day, where it does not decide."""


class BlockedJson(NamedJson):
    """A constraint that keeps the site out of an earlier wave."""

    wave: int
    """That wave."""


class OutlookJson(TypedDict):
    """What the runs say about one site, one prerequisite, or the end."""

    id: str
    planned: str
    """Published go-live, or first usable day; what happened, where it has."""
    p50: str
    """Half the runs are through by then."""
    p80: str
    """Four runs of five are."""
    slip: int
    """Days from the plan to P80."""
    kept: float
    """Share of runs in which the planned day holds."""
    critical: float
    """Share of runs in which it lies on the chain that decides the last go-live."""


class SiteOutlookJson(OutlookJson):
    """That of a site."""

    wave: int | None


class CheckedJson(PlannedJson):
    """`plan --check`: the published dates, and what is wrong with them."""

    problems: list[ProblemJson]
