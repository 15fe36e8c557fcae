"""Where it stands: `status`, `due`, `gate`, `audit`."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from rollout.model.answers.common import Colour, CommitJson, CommitSaidJson, Decision, ItemsJson, Status


class ReasonJson(TypedDict):
    """Why a site has its colour."""

    rule: str
    """Which of the stated rules."""
    colour: Colour
    message: str


class PushedSiteJson(TypedDict):
    """Entry of `pushes`."""

    site: str
    days: int


class SiteStateJson(TypedDict):
    """One site on a day."""

    site: str
    name: str
    wave: int | None
    status: Status
    colour: Colour
    """The worst of its reasons; green without any."""
    reasons: list[ReasonJson]
    """The worst first; none for green."""
    go_live: str | None
    expected: str | None
    """The first day its own work, its own forecast and the sites it waits for leave for it; the same where kept."""
    slip: int
    """Days by which its own remaining work or forecast is late for the published day; what it waits for left out."""
    pushes: list[PushedSiteJson]
    """Sites that its slip moves, directly or through others."""
    items: ItemsJson


class HaltStateResumeWhenJson(TypedDict):
    """Entry of `resume_when`."""

    says: str
    met: bool | None


_HaltStateExcept = TypedDict("_HaltStateExcept", {"except": list[str]})


class HaltStateJson(_HaltStateExcept):
    """A halt that nobody has ended."""

    halt: str
    since: str
    by: str
    because: str | None
    resume_when: list[HaltStateResumeWhenJson]
    resumes: str | None


class ProgrammeStateInFlightJson(TypedDict):
    """Entry of `in_flight`."""

    site: str
    status: Status


class ProgrammeStateJson(TypedDict):
    """A whole plan on a day, or one wave of it."""

    version: int
    plan: str
    as_of: str
    colour: Colour
    """Red where it is stopped or its end slips; amber where any site is red or amber."""
    stopped: bool
    stop_when: StopWhenJson | None
    summary: SummaryJson
    halts: list[HaltStateJson]
    in_flight: list[ProgrammeStateInFlightJson]
    """Sites that are preparing, ready or live, nearest to the end first."""
    remarks: list[str]
    waves: list[WaveStateJson]
    sites: list[SiteStateJson]


class ItemReportUntickedJson(TypedDict):
    """`unticked`."""

    by: str
    on: str


class ItemReportJson(TypedDict):
    """One item of a checklist."""

    item: str
    title: str
    phase: str
    state: Literal["done", "requested", "open", "again"]
    by: str | None
    on: str | None
    told_by: Literal["record", "tick", "page"] | None
    """A record; a tick with an author; the page alone, because nobody has committed the tick."""
    owner: str
    starts: str
    """By its checklist."""
    ends: str
    latest: str | None
    """Last day on which it can begin (once requested: be over) with the go-live kept; null if it need not wait."""
    timing: Literal["late", "behind", "soon"] | None
    unticked: ItemReportUntickedJson | None


class DueItemJson(TypedDict):
    """One thing that is due."""

    kind: Literal["request", "start", "over", "decide", "renew", "review", "exit", "ready"]
    id: str
    """The activity, gate, criterion or prerequisite."""
    title: str
    site: str | None
    wave: int | None
    day: str
    """The latest day: of a start the last one that keeps the published go-live."""
    norm: str
    """The day the checklist asks for; the same where there is only one."""
    overdue: bool
    slip_now: int
    """Days the go-live slips even if it is done today."""
    slip_if_missed: int
    """Days it slips when nothing happens within the days asked about."""
    requested: str | None
    role: str
    owner: str | None
    email: str | None


class MessageJson(TypedDict):
    """What one owner is written."""

    owner: str | None
    role: str
    email: str | None
    subject: str
    body: str


class DueJson(TypedDict):
    """What is due within some days, overdue first."""

    version: int
    plan: str
    as_of: str
    until: str
    overdue: int
    """What had to happen before the day asked for."""
    items: list[DueItemJson]
    waiting: int
    """Items behind their checklist's day whose latest day lies after `until`."""
    remarks: list[str]


class ApprovedJson(TypedDict):
    """One approval that was recorded, or one that is missing."""

    role: str
    by: str | None
    decision: Decision | None
    on: str | None
    sites: list[str]
    counts: bool
    message: str
    path: str
    line: int


class SiteGateJson(TypedDict):
    """A gate at one site."""

    site: str
    go_live: str | None
    decision: Decision
    binds: str
    """Digest of what an approval given now would bind."""
    bound: dict[str, str]
    """What it is made of."""


class EvidenceJson(TypedDict):
    """Entry of `evidence`."""

    site: str | None
    subject: str
    says: str
    on: str


class DecisionJson(TypedDict):
    """Entry of `decisions`."""

    on: str
    site: str | None
    kind: str
    decision: str
    by: str
    recorded_by: str | None
    because: str | None
    sites: list[str]
    evidence: list[EvidenceJson]
    path: str
    line: int | None
    commit: CommitJson | None
    older_than_history: bool
    removed: bool
    removed_in: CommitJson | None
    replaced_by: str | None


class AuditedJson(TypedDict):
    """The decisions of a plan in their order."""

    version: int
    plan: str
    site: str | None
    history: bool
    removed: int
    """Decisions whose line is gone."""
    decisions: list[DecisionJson]
    plan_edits: list[PlanEditJson]
    as_of: str | None
    notes: list[str]


class PlanEditJson(TypedDict):
    """A commit that changed what `plan.yaml` says."""

    on: str
    path: str
    parts: list[str]
    """The top-level keys it changed something of: gates, limits, constraints, …"""
    added: int
    """Lines, without comments."""
    removed: int
    commit: CommitSaidJson


class StopWhenJson(TypedDict):
    """When a programme stops for a decision."""

    red: int
    """More red sites than this."""


class ColoursJson(TypedDict):
    """How many sites have which colour."""

    red: int
    amber: int
    green: int


class SummaryJson(ColoursJson):
    """The whole in figures."""

    sites: int
    live: int
    end: str | None
    expected_end: str | None


class WaveStateJson(ColoursJson):
    """One wave on a day."""

    wave: int
    period: str
    starts: str
    ends: str
    colour: Colour
    """The worst of its sites."""
    sites: int
    live: int
    slip: int
    """Days, of the site that is most late."""
    items: ItemsJson


class SiteReportJson(SiteStateJson):
    """`status SITE`: one site on a day, with its checklist."""

    version: int
    plan: str
    as_of: str
    next: list[str]
    """What comes next: the open items that are not late, by the day they start."""
    checklist: list[ItemReportJson]
    notes: list[str]


class CheckJson(TypedDict):
    """One criterion, judged in one place."""

    id: str
    met: bool
    message: str
    path: str
    line: int
    at: str
    """Where it was judged: a site's id, or `plan`."""
    sites: list[str]
    owner: str
    waived: NotRequired[str]
    """By whom and until when, where it is."""


class GateJson(TypedDict):
    """One gate of a plan as of a day."""

    plan: str
    gate: str
    decision: Decision
    """go where every site may go, conditional_go where one may only thanks to a waiver or a condition."""
    as_of: str
    on: str | None
    """Its day."""
    late: bool
    criteria: list[CheckJson]
    approvals: list[ApprovedJson]
    sites: list[SiteGateJson]
    ready: list[str]
    """The sites that may go."""
    holding: list[str]
    """The sites that may not."""
    binds: list[str]
    """The fields that an approval binds."""
    notes: list[str]


class GatedJson(GateJson):
    """`gate NAME`."""

    version: int


class GatesJson(TypedDict):
    """`gate` without a name: all gates of a plan as of a day."""

    version: int
    plan: str
    as_of: str
    gates: list[GateJson]


class MessagesJson(TypedDict):
    """`due --messages`."""

    version: int
    messages: list[MessageJson]
