"""What happened: dated lines that somebody committed, and the facts they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from rollout.model.fields import Bool, Count, Day, Id, Listed, Many, Model, Name
from rollout.model.selector import EVERY_SITE, Selector
from rollout.model.source import Source

Status = Literal["planned", "preparing", "ready", "live", "stable", "paused", "rolled_back", "dropped"]
ORDER: tuple[Status, ...] = ("planned", "paused", "preparing", "ready", "live", "stable", "rolled_back", "dropped")
"""Legal order; of two statuses recorded on one day the later in it holds."""


class Record(Model):
    """What every record says besides its fact."""

    on: Day
    """Day it happened or was found."""
    by: Name
    """Who says so."""
    because: Name | None = None
    """Why, where it needs saying."""
    index: int = Field(default=0, json_schema_extra={"internal": True})
    """Place in its file."""
    path: str = Field(default="", json_schema_extra={"internal": True})
    """The file it stands in."""

    @property
    def place(self) -> Source:
        """Where the record is written."""
        return Source((self.path,), (self.index,))


class StatusRecord(Record):
    """The site is now in this state."""

    status: Status
    """planned, preparing, ready, live (in hypercare), stable, paused, rolled_back or dropped."""


Score = Annotated[Count, Field(le=5)]


class Readiness(Model):
    """Eight dimensions, 0 (nothing) to 5 (could not be better)."""

    leadership: Score
    """Willing sponsor and site lead, with time."""
    workflow_redesign: Score
    """Workflows written down, changes wanted."""
    data_quality: Score
    """Master data and history fit for use."""
    systems: Score
    """Systems known, supported, reachable."""
    people: Score
    """Champions, training time, shift cover."""
    change_capacity: Score
    """What else is going on."""
    security: Score
    """Reviews known and under way."""
    infrastructure: Score
    """Network, devices, power where the work is."""

    @property
    def mean(self) -> float:
        """Mean of the eight, for ranking; gates look at the minimum."""
        scores: list[int] = list(self.model_dump().values())
        return sum(scores) / len(scores)


class ReadinessRecord(Record):
    """An assessment."""

    readiness: Readiness
    """The eight scores."""


class ItemRecord(Record):
    """A checklist item moved on."""

    item: Id
    """Activity id."""
    state: Literal["requested", "approved", "done"]
    """`requested` starts the clock of a two-step item, `approved` or `done` ends it."""


class FoundRecord(Record):
    """A system was found that the site had not declared, or a declared one was confirmed."""

    found: Id
    """System id."""
    kind: Name
    """erp, mes, …"""
    source: Name | None = None
    """How it was found."""


class LessonRecord(Record):
    """Something learned that others should not have to learn again."""

    lesson: Id
    """Short name."""
    says: Name
    """What to do differently, as an order."""
    affects: Selector = EVERY_SITE
    """Sites it is for."""
    blocking: Bool = False
    """Whether it closes the gate of the next wave while open."""


class HaltRecord(Record):
    """The programme stands still: `{halt: recall, because: cameras recalled, resume_when: [new firmware], on: …}`.

    Written in `records/_plan.yaml`. From its day no site goes live, until the halt is resumed.
    """

    halt: Id
    """Short name; `resume` ends it by this name."""
    resume_when: Annotated[tuple[Name, ...], Many, Listed] = ()
    """What has to be true before it goes on, in words."""
    exempt: Annotated[tuple[Id, ...], Many, Listed] = Field(default=(), alias="except")
    """Sites that go live all the same: `except: [bergen]`."""
    resumes: Day | None = None
    """First day go-lives are possible again, where it is known; without it planning stops."""

    @model_validator(mode="after")
    def _resumes_later(self) -> Self:
        if self.resumes is not None and self.resumes <= self.on:
            msg = f"it resumes ({self.resumes}) before it has begun ({self.on})"
            raise ValueError(msg)
        return self


class ResumeRecord(Record):
    """A halt is over: `{resume: recall, on: 2027-03-20, by: Claire Dubois}`. Written in `records/_plan.yaml`."""

    resume: Id
    """The halt's name."""


KINDS: dict[str, type[Record]] = {
    "status": StatusRecord,
    "readiness": ReadinessRecord,
    "item": ItemRecord,
    "found": FoundRecord,
    "lesson": LessonRecord,
    "halt": HaltRecord,
    "resume": ResumeRecord,
}
"""The key that tells what a record is about, and its model."""


PROGRAMME = "_plan"
"""Name of the file of records about the whole plan rather than one site."""


def open_halts(records: Iterable[Record]) -> tuple[HaltRecord, ...]:
    """The halts that no record of the same day or later resumes, by day and name."""
    known = tuple(records)
    resumed = [record for record in known if isinstance(record, ResumeRecord)]
    still = [
        halt
        for halt in known
        if isinstance(halt, HaltRecord)
        and not any(record.resume == halt.halt and record.on >= halt.on for record in resumed)
    ]
    return tuple(sorted(still, key=lambda halt: (halt.on, halt.halt, halt.index)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the records of one site add up to; the latest dated fact wins."""

    status: Status = "planned"
    status_since: date | None = None
    went_live: date | None = None
    """Go-live that happened and was not rolled back."""
    left_hypercare: date | None = None
    readiness: ReadinessRecord | None = None
    items: dict[str, ItemRecord] = field(default_factory=dict)
    """Latest record of each item."""
    ticked: frozenset[str] = frozenset()
    """Items whose box is ticked on the site's checklist; of one in two steps `ID:requested` and `ID:approved`."""
    found: tuple[FoundRecord, ...] = ()
    lessons: tuple[LessonRecord, ...] = ()

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
        return self.is_recorded(item) or item in self.ticked or f"{item}:approved" in self.ticked

    def is_requested(self, item: str) -> bool:
        """Whether an item in two steps was asked for, or is further than that."""
        return item in self.items or f"{item}:requested" in self.ticked or self.is_done(item)

    def is_recorded(self, item: str) -> bool:
        """Whether the records say that an item is finished."""
        record = self.items.get(item)
        return record is not None and record.state in ("done", "approved")


NOTHING_HAPPENED = Facts()


def fold(records: Iterable[Record]) -> Facts:
    """The facts that records add up to. The order of lines means nothing."""
    dated = sorted(
        records,
        key=lambda r: (r.on, ORDER.index(r.status) if isinstance(r, StatusRecord) else 0, r.index),
    )
    if not dated:
        return NOTHING_HAPPENED
    status: Status = "planned"
    since = went_live = left = readiness = None
    items: dict[str, ItemRecord] = {}
    found: list[FoundRecord] = []
    lessons: list[LessonRecord] = []
    for record in dated:
        if isinstance(record, StatusRecord):
            status, since = record.status, record.on
            if status in ("live", "stable") and went_live is None:
                went_live = record.on
            if status == "stable":
                left = record.on
            if status in ("rolled_back", "planned"):
                went_live = left = None
        elif isinstance(record, ReadinessRecord):
            readiness = record
        elif isinstance(record, ItemRecord):
            items[record.item] = record
        elif isinstance(record, FoundRecord):
            found.append(record)
        elif isinstance(record, LessonRecord):
            lessons.append(record)
    return Facts(
        status=status,
        status_since=since,
        went_live=went_live,
        left_hypercare=left,
        readiness=readiness,
        items=items,
        found=tuple(found),
        lessons=tuple(lessons),
    )
