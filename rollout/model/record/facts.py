"""What the records of a site add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from rollout.model.decision import WaiverRecord
from rollout.model.governance import GovernanceRecord
from rollout.model.measured import (
    CommittedRecord,
    CostRecord,
    EvidenceRecord,
    ForecastRecord,
    IncidentRecord,
    NoteRecord,
    ProofRecord,
    ReforecastRecord,
    UsersRecord,
)
from rollout.model.readiness import Assessment, Readiness, ReadinessRecord
from rollout.model.record.kinds import FoundRecord, ItemRecord, LessonRecord, by_day, kind_of
from rollout.model.record_line import Record
from rollout.model.status import Status, StatusRecord, status_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the records of one site add up to; the latest dated fact wins."""

    status: Status = "planned"
    status_since: date | None = None
    went_live: date | None = None
    """Go-live that happened and was not rolled back."""
    left_hypercare: date | None = None
    readiness: Assessment | None = None
    """None until each of the eight dimensions has a score."""
    items: dict[str, ItemRecord] = field(default_factory=dict)
    """Latest record of each item; what is submitted counts from its request."""
    submitted: dict[str, ItemRecord] = field(default_factory=dict)
    """Latest record that says that an item's papers are in."""
    finished: dict[str, ItemRecord] = field(default_factory=dict)
    """Latest record that says an item is done; a newer request in `items` means that it is being done again."""
    evidence: dict[str, ItemRecord | EvidenceRecord] = field(default_factory=dict)
    """Latest evidence of each item or criterion."""
    notes: dict[str, NoteRecord] = field(default_factory=dict)
    """Latest remark on each item."""
    ticked: frozenset[str] = frozenset()
    """Items whose box is ticked on the site's checklist; of one in two steps `ID:requested` and `ID:approved`."""
    found: tuple[FoundRecord, ...] = ()
    """By day."""
    lessons: tuple[LessonRecord, ...] = ()
    """The latest line of each with what only earlier ones said, by the day of its first."""
    forecast: ForecastRecord | None = None
    """The go-live the site expects, until it has gone live."""
    costs: dict[str, CostRecord] = field(default_factory=dict)
    """Spent so far, by line of the budget."""
    committed: dict[str, CommittedRecord] = field(default_factory=dict)
    """Ordered or contracted so far, by line of the budget."""
    reforecasts: dict[str, ReforecastRecord] = field(default_factory=dict)
    """Latest re-forecast, by line of the budget."""
    users: UsersRecord | None = None
    incidents: dict[str, IncidentRecord] = field(default_factory=dict)
    """Latest state of each, with what earlier lines said of it."""
    proofs: dict[str, ProofRecord] = field(default_factory=dict)
    """By metric: the latest of `before`, `target`, `after` and `unit`, each by itself."""
    governance: dict[str, GovernanceRecord] = field(default_factory=dict)
    """By version of the capability: the latest of each field by itself."""
    waivers: tuple[WaiverRecord, ...] = ()
    """Those that no later one takes the place of, by day."""

    @property
    def is_set_aside(self) -> bool:
        """Whether it is paused or dropped: it gets no day as long as it is not live."""
        return self.status in ("paused", "dropped")

    @property
    def is_started(self) -> bool:
        """Whether work at the site has begun."""
        return (
            self.status not in ("planned", "dropped")
            or any(map(self.is_recorded, self.items))
            or any(not item.endswith(":requested") for item in self.ticked)
        )

    @property
    def has_items(self) -> bool:
        """Whether anything is known of any item."""
        return bool(self.items or self.ticked)

    def is_done(self, item: str) -> bool:
        """Whether an item is finished: its box is ticked, or its latest record says so."""
        return self.is_recorded(item) or self.is_ticked(item)

    def is_ticked(self, box: str) -> bool:
        """Whether a box is ticked on the checklist; the second of two, where there are two."""
        return box in self.ticked or f"{box}:approved" in self.ticked

    def is_requested(self, item: str) -> bool:
        """Whether an item in two steps was asked for, or is further than that."""
        return item in self.items or f"{item}:requested" in self.ticked or self.is_done(item)

    def is_recorded(self, item: str) -> bool:
        """Whether the records say that an item is finished."""
        record = self.items.get(item)
        return record is not None and record.state in ("done", "approved")

    def shown_on(self, name: str, as_of: date) -> date | None:
        """The day of the evidence for an item, a criterion or a prerequisite; None where there is none by that day."""
        record = self.evidence.get(name)
        return record.on if record is not None and record.on <= as_of else None


NOTHING_HAPPENED = Facts()

_R = TypeVar("_R", bound=Record)


def fold(records: Iterable[Record]) -> Facts:
    """The facts that records add up to. The order of lines means nothing."""
    dated = by_day(records)
    if not dated:
        return NOTHING_HAPPENED
    sums = _Sums()
    for record in dated:
        sums.add(record)
    return sums.facts()


_ADDING_UP = (IncidentRecord, ProofRecord, LessonRecord, GovernanceRecord)
"""Kinds of which a later line keeps what only an earlier one said."""


class _Sums:
    """Adds up the records of a site, earliest first."""

    def __init__(self) -> None:
        self.status: Status = "planned"
        self.since: date | None = None
        self.went_live: date | None = None
        self.left: date | None = None
        self.scores: dict[str, tuple[int, ReadinessRecord]] = {}
        self.scorer = ""
        """Who gave the latest of them."""
        self.found: list[FoundRecord] = []
        self.waivers: list[WaiverRecord] = []
        self.latest: dict[str, dict[str, Any]] = {}
        """By kind the latest record of each subject."""

    def add(self, record: Record) -> None:
        """Take one record in."""
        if (status := status_of(record)) is not None:
            self._turn(status, record.on)
        if isinstance(record, ReadinessRecord):
            self.scores |= {name: (score, record) for name, score in record.readiness.given.items()}
            self.scorer = record.by
        elif isinstance(record, FoundRecord):
            self.found.append(record)
        elif isinstance(record, WaiverRecord):
            self.waivers = [one for one in self.waivers if not one.is_replaced_by(record)] + [record]
        elif not isinstance(record, StatusRecord):
            kind = kind_of(record)
            known = self.latest.setdefault(kind, {})
            subject = str(getattr(record, kind, ""))
            if isinstance(record, ForecastRecord | UsersRecord):
                subject = ""
            earlier = known.get(subject)
            if earlier is not None and isinstance(record, _ADDING_UP):
                record = carried(earlier, record)
            if isinstance(record, EvidenceRecord) or (isinstance(record, ItemRecord) and record.evidence):
                self.latest.setdefault("shown", {})[subject] = record
            if isinstance(record, ItemRecord) and record.state == "submitted":
                self.latest.setdefault("submitted", {})[subject] = record
                is_running = isinstance(earlier, ItemRecord) and earlier.state == "requested"
                record = earlier if is_running and earlier else record.model_copy(update={"state": "requested"})
            elif isinstance(record, ItemRecord) and record.state != "requested":
                self.latest.setdefault("finished", {})[subject] = record
            known[subject] = record

    def facts(self) -> Facts:
        """The sum."""
        one: Callable[[str], Any] = lambda kind: self.latest.get(kind, {})  # noqa: E731 - a name for a shape
        forecast = one("forecast").get("")
        return Facts(
            status=self.status,
            status_since=self.since,
            went_live=self.went_live,
            left_hypercare=self.left,
            readiness=self._assessment(),
            items=one("item"),
            submitted=one("submitted"),
            finished=one("finished"),
            evidence=one("shown"),
            notes=one("note"),
            found=tuple(self.found),
            lessons=tuple(one("lesson").values()),
            forecast=forecast if self.went_live is None else None,
            costs=one("cost"),
            committed=one("committed"),
            reforecasts=one("reforecast"),
            users=one("users").get(""),
            incidents=one("incident"),
            proofs=one("proof"),
            governance=one("governance"),
            waivers=tuple(self.waivers),
        )

    def _turn(self, status: Status, on: date) -> None:
        self.status, self.since = status, on
        if status in ("live", "stable") and self.went_live is None:
            self.went_live = on
        if status == "stable":
            self.left = on
        if status in ("rolled_back", "planned"):
            self.went_live = self.left = None

    def _assessment(self) -> Assessment | None:
        if len(self.scores) < len(Readiness.model_fields):
            return None
        oldest = min((record for _, record in self.scores.values()), key=lambda record: record.on)
        readiness = Readiness.model_validate({name: score for name, (score, _) in self.scores.items()})
        return Assessment(readiness, oldest.on, self.scorer, oldest.place)


def carried(earlier: _R, later: _R) -> _R:
    """The later record, with what only the earlier one said."""
    said = {name for name, value in later if value is not None and name in later.model_fields_set}
    kept = {
        name: value
        for name, value in earlier
        if value is not None and name in earlier.model_fields_set and name not in said
    }
    return later.model_copy(update=kept)
