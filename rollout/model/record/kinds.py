"""What may happen: every kind of record, and the order in which records count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, Self

from pydantic import model_validator

from rollout.model.decision import ApprovalRecord, HaltRecord, ResumeRecord, ScaleRecord, WaiverRecord
from rollout.model.fields import Bool, Day, Id, Name
from rollout.model.governance import GovernanceRecord
from rollout.model.measured import (
    CommittedRecord,
    CostRecord,
    EvidenceRecord,
    ForecastRecord,
    IncidentRecord,
    MilestoneRecord,
    NoteRecord,
    ProofRecord,
    ReforecastRecord,
    UsersRecord,
)
from rollout.model.readiness import ReadinessRecord
from rollout.model.record_line import Record, Where
from rollout.model.selector import EVERY_SITE, Selector
from rollout.model.status import ORDER, StatusRecord, status_of

State = Literal["requested", "submitted", "approved", "done"]
STATES: tuple[State, ...] = ("requested", "submitted", "approved", "done")
"""In the order they are reached; of two recorded on one day the later holds."""


class ItemRecord(Record):
    """A checklist item moved on."""

    WORDS: ClassVar[tuple[str, ...]] = ("item", "state")
    EXAMPLE: ClassVar[str] = "lyon security-review done --evidence docs/lyon/security.pdf"

    item: Id
    """Activity id."""
    state: State
    """`requested` starts the clock of a two-step item, `submitted` says that the papers are in, `approved` or `done`
    ends it."""
    evidence: Where | None = None
    """What shows it: a path inside the repository, or an address."""
    expires: Day | None = None
    """Last day an approval holds."""


class FoundRecord(Record):
    """A system was found that the site had not declared, or a declared one was confirmed."""

    WORDS: ClassVar[tuple[str, ...]] = ("found",)
    EXAMPLE: ClassVar[str] = "lyon found wms-rex --kind wms --source walk-through"

    found: Id
    """System id."""
    kind: Name
    """erp, mes, …"""
    source: Name | None = None
    """How it was found."""
    unneeded: Bool = False
    """Whether it needs no connector here; `because` says why. Else it gets one, declared or not."""

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.unneeded and self.because is None:
            msg = "a system that is unneeded needs `because`: why it gets no connector"
            raise ValueError(msg)
        return self


class LessonRecord(Record):
    """Something learned that others should not have to learn again. A later line of the same name updates it."""

    WORDS: ClassVar[tuple[str, ...]] = ("lesson", "says")
    EXAMPLE: ClassVar[str] = (
        'lyon lesson camera-glare "Hood the cameras" --affects workflows=visual-inspection --blocking'
    )

    lesson: Id
    """Short name."""
    says: Name | None = None
    """What to do differently, as an order; a later line of the same lesson may leave it out."""
    affects: Selector = EVERY_SITE
    """Sites it is for."""
    blocking: Bool = False
    """Whether it closes the gate of the next wave while open."""
    state: Literal["open", "rejected", "deferred"] = "open"
    """Whether it is to be taken up; turning it down or putting it off needs `because`."""

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.state != "open" and self.because is None:
            msg = f"a lesson that is {self.state} needs `because`"
            raise ValueError(msg)
        return self


KINDS: Mapping[str, type[Record]] = {
    "status": StatusRecord,
    "milestone": MilestoneRecord,
    "forecast": ForecastRecord,
    "readiness": ReadinessRecord,
    "item": ItemRecord,
    "governance": GovernanceRecord,
    "evidence": EvidenceRecord,
    "note": NoteRecord,
    "found": FoundRecord,
    "cost": CostRecord,
    "committed": CommittedRecord,
    "reforecast": ReforecastRecord,
    "users": UsersRecord,
    "incident": IncidentRecord,
    "lesson": LessonRecord,
    "proof": ProofRecord,
    "approval": ApprovalRecord,
    "waiver": WaiverRecord,
    "halt": HaltRecord,
    "resume": ResumeRecord,
    "scale": ScaleRecord,
}
"""The key that tells what a record is about, and its model: a new kind is a class and a row here.

The command line, its help and the order in files follow from it. Where a line holds two of the keys (an item with
its `evidence`) the first of this table tells.
"""


def kind_in(raw: Mapping[str, object]) -> str | None:
    """The key that tells what a line is about, as it stands in a file; None where it holds none."""
    return next((kind for kind in KINDS if kind in raw), None)


def kind_of(record: Record) -> str:
    """The key of a record."""
    return _KIND_OF[type(record)]


_KIND_OF = {model: kind for kind, model in KINDS.items()}


class _Text:
    """A record's text, worked out only where day and rank leave two records equal."""

    __slots__ = ("record",)

    def __init__(self, record: Record) -> None:
        self.record = record

    def __lt__(self, other: _Text) -> bool:
        return text_of(self.record) < text_of(other.record)


def text_of(record: Record) -> str:
    """What a record says, without where it stands."""
    return record.model_dump_json(exclude={"index", "path"}, exclude_defaults=True)


def by_day(records: Iterable[Record]) -> list[Record]:
    """Records in the order in which they count, wherever they stand: by day, then rank, then text."""
    return sorted(records, key=lambda record: (record.on, _rank(record), _Text(record)))


def _rank(record: Record) -> int:
    if (status := status_of(record)) is not None:
        return ORDER.index(status)
    return STATES.index(record.state) if isinstance(record, ItemRecord) else 0
