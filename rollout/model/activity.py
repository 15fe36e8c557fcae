"""What has to be done at a site, and the gates that ask whether it was."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, model_validator

from rollout.model.calendar import Calendar
from rollout.model.fields import (
    Bool,
    Count,
    DurationField,
    Id,
    Listed,
    Many,
    Model,
    Name,
    Number,
    OffsetField,
    is_internal,
    parse_entries,
)
from rollout.model.selector import EVERY_SITE, Selector
from rollout.model.site import LABEL, Site
from rollout.model.spelling import CalledAfter
from rollout.model.team import Staff
from rollout.problem import did_you_mean


class Raci(Model):
    """Who does a piece of work, answers for it, is asked before and is told after, by role.

    `raci: {responsible: embedded_engineer, consulted: [security], informed: [site_lead]}`
    """

    responsible: Annotated[tuple[Name, ...], Many, Listed] = ()
    """Roles that do it; the owner where left out."""
    accountable: Annotated[tuple[Name, ...], Many, Listed] = ()
    """The one role that answers for it; the owner where left out. More than one is a finding."""
    consulted: Annotated[tuple[Name, ...], Many, Listed] = ()
    """Roles that are asked before it is decided."""
    informed: Annotated[tuple[Name, ...], Many, Listed] = ()
    """Roles that are told afterwards."""


class Activity(Model):
    """One piece of work at every site it applies to. Offsets are norms; durations of what remains are hard."""

    id: Id
    """Its key; boxes, records and plans name it, so it never changes."""
    title: Name
    """What to do, as an order: "Book the crane"."""
    how: Name | None = None
    """One sentence that says when it counts as done."""
    phase: Id = "prepare"
    """Heading it stands under in the checklist; phases stand in the order of their first activity."""
    starts: OffsetField
    """When it normally starts, counted from go-live: `T-42`, `T-10wd`, `T+14`."""
    takes: DurationField
    """How long it takes; hard, unlike the offset."""
    valid_for: DurationField | None = None
    """How long it stays good once it is done: `valid_for: 28d`. Where go-live is later than that, it is done again, at
    full length; for ever where left out. Only for work before go-live."""
    owner: Name = "site_lead"
    """Role that does it and answers for it: `site_lead`, `sponsor`, or a role of the plan's `people`."""
    raci: Raci = Raci()
    """Where others than the owner take part: `raci: {consulted: [security], informed: [site_lead]}`."""
    where: Selector = EVERY_SITE
    """Sites it applies to."""
    evidence: Name | None = None
    """What shows that it was done."""
    blocking: Bool = False
    """Whether go-live waits for it at the go/no-go meeting."""
    depends_on: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Activities that must be finished before it starts."""
    two_step: Bool = False
    """Whether a request starts a clock: two boxes, requested and approved."""
    needs: dict[Id, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """Team capacity while it lasts: `{integration: 1}`."""
    staff: Annotated[tuple[Staff, ...], Listed] = ()
    """People while it lasts, by skill instead of by team: `[{skill: training, people: 1, speaks: site}]`."""
    workflow_change: Bool = False
    """Whether it changes how people work (rather than technology)."""
    source: Name | None = None
    """Where the default comes from."""
    from_lesson: Id | None = None
    """The lesson it was learned from: `from_lesson: camera-glare`. Without `where` it is for the sites that the lesson
    selects, except the one that learned it and those that were live by then."""

    def applies_to(self, site: Site) -> bool:
        """Whether it is work of a site."""
        return self.where.matches(site)

    def reaching(self, selects: Selector, spared: frozenset[str]) -> LearnedWork:
        """The same work at the sites that its lesson selects, except those that need it no more."""
        copy = LearnedWork.model_construct(self.model_fields_set, **dict(self))
        copy._selects, copy._spared = selects, spared
        return copy

    @property
    def before_go_live(self) -> bool:
        """Whether go-live waits for its duration: by the norm it ends on or before go-live."""
        if self.starts.working and self.takes.working:
            return -self.starts.days >= self.takes.length and self.starts.days < 0
        return self.starts.days < 0 and self.days_before >= self.takes.days

    @property
    def days_before(self) -> int:
        """Calendar days from its normal start to go-live; working days at five a week, rounded up as durations are."""
        return -(self.starts.days * 7 // 5) if self.starts.working else -self.starts.days

    @property
    def responsible(self) -> tuple[str, ...]:
        """Roles that do it."""
        return self.raci.responsible or (self.owner,)

    @property
    def accountable(self) -> str:
        """The role that answers for it."""
        return self.raci.accountable[0] if self.raci.accountable else self.owner


class LearnedWork(Activity):
    """Work that a lesson brought, at the sites that the lesson selects: only that costs more to ask."""

    _selects: Selector = PrivateAttr(default=EVERY_SITE)
    _spared: frozenset[str] = PrivateAttr(default=frozenset())

    def applies_to(self, site: Site) -> bool:
        """Whether it is work of a site."""
        return site.id not in self._spared and self._selects.matches(site)


class Criterion(Model):
    """One row of a gate: a measure or a piece of evidence, its threshold and its age."""

    id: Id
    """Its key."""
    measure: Id | None = None
    """What is measured."""
    evidence: Id | None = None
    """Activity or record that shows it."""
    at: Name | None = None
    """Where: `lighthouse`, `previous-wave` (each of its sites), `plan` (all of it), a site's id, or the site itself
    where left out."""
    at_least: Number | None = None
    """Lower bound, included."""
    at_most: Number | None = None
    """Upper bound, included."""
    unit: Name | None = None
    """Unit of the bounds: %, ppm, hours."""
    max_age: DurationField | None = None
    """How old the evidence may be."""
    owner: Name = "site_lead"
    """Role that answers for it."""
    go: Name | None = None
    """When the answer is go, in words."""
    no_go: Name | None = None
    """What stops the go-live, in words."""
    source: Name | None = None
    """Where the default comes from."""

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if (self.measure is None) == (self.evidence is None):
            msg = "a criterion names a `measure` or a piece of `evidence`, one of the two"
            raise ValueError(msg)
        if self.measure is not None and self.at_least is None and self.at_most is None:
            msg = "a `measure` needs `at_least` or `at_most`"
            raise ValueError(msg)
        return self


ANY_WAVE = "wave"
"""The gate of every wave after the first that has none of its own."""
WAVE = re.compile(r"wave-([1-9][0-9]{0,5})")


def _bindable(field: str) -> str:
    known = [name for name, of in Site.model_fields.items() if name not in ("id", "formerly") and not is_internal(of)]
    if field in known or LABEL.fullmatch(field):
        return field
    msg = did_you_mean(field, known) or "fields of sites are known, and labels.NAME"
    msg = f'"{field}" is no field of a site; {msg}'
    raise ValueError(msg)


_CALLED = CalledAfter(("measure", "evidence"))


def _named(value: Any) -> Any:
    """Criteria with ids, in any of their spellings: one without an id is called after what it asks for."""
    return parse_entries([_called(row) for row in value] if isinstance(value, list) else value)


def _called(row: Any) -> Any:
    asked = (row.get("measure") or row.get("evidence")) if isinstance(row, dict) else None
    return {"id": asked, **row} if asked else row


Opens = Literal["wave", "site", "exit", "scale"]


class Gate(Model):
    """A decision with criteria. `wave-N` opens wave N, `go-live` one site, `exit` ends hypercare.

    `wave` stands for each later wave that has no gate of its own, `scale` is about all sites still to come.
    """

    id: Id
    """Its key."""
    title: Name | None = None
    """What is decided."""
    on: OffsetField | None = None
    """Day of the decision, counted from the go-live it opens."""
    needs: Annotated[tuple[Criterion, ...], BeforeValidator(_named), _CALLED, Listed] = ()
    """Criteria."""
    approvals: dict[str, Annotated[Count, Field(ge=1)]] = Field(default_factory=dict)
    """How many must approve, by role."""
    tolerance: DurationField | None = None
    """How far the go-live may move before an approval is stale; not at all where left out."""
    binds_fields: Annotated[tuple[Annotated[Name, AfterValidator(_bindable)], ...], Many, Listed] = ()
    """What an approval is for besides country, systems, workflows, languages, head-count and version: fields of the
    site or labels (`[shifts, labels.line]`)."""

    def day(self, go_live: date, calendar: Calendar) -> date | None:
        """The working day on which it is decided about a go-live: its own, or the last before it; None without one."""
        return None if self.on is None else calendar.on_or_before(calendar.shift(go_live, self.on))

    @property
    def opens(self) -> Opens:
        """What it is about, by its id: a wave, the end of hypercare, all sites to come, or (any other id) one site."""
        if self.id == ANY_WAVE or WAVE.fullmatch(self.id):
            return "wave"
        return "exit" if self.id == "exit" else "scale" if self.id == "scale" else "site"
