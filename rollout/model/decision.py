"""Records of what somebody decided: approvals, waivers, halts, whether to go on at scale."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from rollout.model.fields import Day, Id, Listed, Many, Model, Name
from rollout.model.record_line import Record, Scope

Decision = Literal["go", "no_go", "conditional_go"]


def _digest(value: str) -> str:
    if not re.fullmatch(r"v1:[0-9a-f]{64}", value):
        msg = f'"{value[:80]}" is no digest: `rollout record` writes "v1:" and 64 of 0-9 and a-f, and nobody types it'
        raise ValueError(msg)
    return value


class Approved(Model):
    """What an approval was given for, at one site."""

    binds: Annotated[str, AfterValidator(_digest)] | None = None
    """Digest of what was approved; an approval without one is on record and binds nothing."""
    go_live: Day | None = None
    """Go-live it was given for."""


class ApprovalRecord(Record):
    """Somebody approved a gate, or refused to."""

    WORDS: ClassVar[tuple[str, ...]] = ("approval", "decision")
    SCOPE: ClassVar[Scope] = "plan"
    EXAMPLE: ClassVar[str] = '--plan-level approval wave-1 go --role sponsor --by "Marc Petit"'

    approval: Id
    """The gate."""
    decision: Decision
    """go, no_go or conditional_go."""
    role: Name
    """In which role: sponsor, security, …"""
    recorded_by: Name | None = None
    """Who wrote it down, where that is somebody else."""
    sites: dict[Id, Approved] = Field(default_factory=dict)
    """The sites it covers, with what it binds at each."""


class WaiverRecord(Record):
    """A criterion of a gate need not be met for a time."""

    WORDS: ClassVar[tuple[str, ...]] = ("waiver",)
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = (
        'lyon waiver security-review --gate go-live --owner "Ines Wolff" --expires 2027-06-01 --because "…"'
    )

    waiver: Id
    """The criterion that is waived."""
    gate: Id | None = None
    """The gate; every gate with that criterion where left out."""
    owner: Name
    """Who answers for it."""
    expires: Day
    """Last day it holds."""

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.because is None:
            msg = "a waiver needs `because`: why the criterion may stay open"
            raise ValueError(msg)
        if self.expires < self.on:
            msg = f"it expires ({self.expires}) before it is given ({self.on})"
            raise ValueError(msg)
        return self

    def is_replaced_by(self, later: WaiverRecord) -> bool:
        """Whether a later one takes its place: of the same criterion, for the same gate or for every gate."""
        return later.waiver == self.waiver and later.gate in (None, self.gate)


class HaltRecord(Record):
    """The programme stands still: `{halt: recall, because: cameras recalled, resume_when: [new firmware], on: …}`.

    Written in `records/_plan.yaml`. From its day no site goes live, until the halt is resumed.
    """

    WORDS: ClassVar[tuple[str, ...]] = ("halt",)
    SCOPE: ClassVar[Scope] = "plan"
    EXAMPLE: ClassVar[str] = '--plan-level halt recall --because "cameras recalled" --resume-when "new firmware"'

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

    WORDS: ClassVar[tuple[str, ...]] = ("resume",)
    SCOPE: ClassVar[Scope] = "plan"
    EXAMPLE: ClassVar[str] = "--plan-level resume recall"

    resume: Id
    """The halt's name."""


class ScaleRecord(Record):
    """The decision to go on from the lighthouse to all sites, or not to."""

    WORDS: ClassVar[tuple[str, ...]] = ("scale",)
    SCOPE: ClassVar[Scope] = "plan"
    EXAMPLE: ClassVar[str] = '--plan-level scale go --because "escapes down by 70 %, two clean rehearsals"'

    scale: Decision
    """go, no_go or conditional_go."""

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.because is None:
            msg = "the decision needs `because`: what it rests on"
            raise ValueError(msg)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What the records of the whole plan add up to."""

    approvals: tuple[ApprovalRecord, ...] = ()
    """All, by day, of one day the more careful one last; which of them count is the gate's to say."""
    scale: ScaleRecord | None = None
    """The latest decision; of one day the more careful one."""


_CAREFUL: dict[Any, int] = {"go": 0, "conditional_go": 1, "no_go": 2}


def decide(records: Iterable[Record]) -> Decisions:
    """The decisions that records of the whole plan add up to. The order of lines means nothing."""
    dated = sorted(records, key=lambda record: (record.on, record.model_dump_json(exclude={"index", "path"})))
    scales = [record for record in dated if isinstance(record, ScaleRecord)]
    approvals = [record for record in dated if isinstance(record, ApprovalRecord)]
    return Decisions(
        approvals=tuple(sorted(approvals, key=lambda record: (record.on, _CAREFUL[record.decision]))),
        scale=max(scales, key=lambda record: (record.on, _CAREFUL[record.scale])) if scales else None,
    )


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
