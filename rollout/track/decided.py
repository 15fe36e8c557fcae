"""What records decide, in words, and what was on record when they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rollout.model.activity import Criterion
from rollout.model.audited import Evidence
from rollout.model.calendar import spoken
from rollout.model.decision import ApprovalRecord, HaltRecord, ResumeRecord, ScaleRecord, WaiverRecord
from rollout.model.measured import EvidenceRecord, ForecastRecord, MilestoneRecord, ProofRecord, ReforecastRecord
from rollout.model.plan import Plan
from rollout.model.record import ItemRecord, LessonRecord, Record, kind_of, status_of
from rollout.model.record_line import PROGRAMME

KINDS = ("approval", "waiver", "halt", "resume", "scale", "status", "milestone", "lesson", "reforecast", "forecast")
"""Kinds of records that decide something."""


class _Known(Protocol):
    def __call__(self, site: str) -> Mapping[str, Sequence[Record]]: ...


def decision(record: Record) -> str | None:
    """What was decided, in words; None where a record only reports."""
    if isinstance(record, ApprovalRecord):
        return f"{record.approval}: {record.decision} as {record.role}"
    if isinstance(record, WaiverRecord):
        at = f" at {record.gate}" if record.gate else ""
        return f"{record.waiver} waived{at} until {spoken(record.expires)}, {record.owner} answers for it"
    if isinstance(record, HaltRecord):
        kept = f", except {', '.join(record.exempt)}" if record.exempt else ""
        return f"halt {record.halt}{kept}"
    if isinstance(record, ResumeRecord):
        return f"resume {record.resume}"
    if isinstance(record, ScaleRecord):
        return f"scale: {record.scale}"
    if isinstance(record, LessonRecord):
        return None if record.state == "open" else f"lesson {record.lesson} {record.state}"
    if isinstance(record, ReforecastRecord):
        return f"{record.reforecast} re-forecast at {record.at_completion:,.0f}"
    if isinstance(record, ForecastRecord):
        return f"go-live expected on {spoken(record.forecast)}"
    if isinstance(record, MilestoneRecord) and status_of(record) is not None:
        return f"{record.milestone} reached: {status_of(record)}"
    status = status_of(record)
    return None if status is None else f"status {status}"


def by_subject(records: Sequence[Record]) -> dict[str, list[Record]]:
    """Records that can show something, by item, criterion or metric."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record, ItemRecord | EvidenceRecord | ProofRecord):
            found.setdefault(str(getattr(record, kind_of(record))), []).append(record)
    return found


def evidence_of(record: Record, plan: Plan, known: _Known) -> Iterator[Evidence]:
    """What was on record for the criteria of a gate on the day it was approved, at the sites the approval covers."""
    if not isinstance(record, ApprovalRecord):
        return
    gate = plan.gate(record.approval)
    for criterion in gate.needs if gate is not None else ():
        for site in dict.fromkeys((*_sites(criterion, plan, record), PROGRAMME)):
            before = [one for one in known(site).get(_subject(criterion), ()) if one.on <= record.on]
            if before:
                latest = max(before, key=lambda one: (one.on, one.index))
                where = "" if site == PROGRAMME else site
                yield Evidence(site=where, subject=criterion.id, says=_says(latest), on=latest.on)


def _sites(criterion: Criterion, plan: Plan, record: ApprovalRecord) -> tuple[str, ...]:
    if criterion.at == "lighthouse":
        return (plan.lighthouse,) if plan.lighthouse else ()
    return tuple(sorted(record.sites))


def _subject(criterion: Criterion) -> str:
    return criterion.evidence or criterion.measure or criterion.id


def _says(record: Record) -> str:
    if isinstance(record, EvidenceRecord):
        return record.at
    if isinstance(record, ItemRecord):
        return record.evidence or record.state
    assert isinstance(record, ProofRecord)
    parts = [
        f"{name} {value:g}" for name in ("before", "target", "after") if (value := getattr(record, name)) is not None
    ]
    return ", ".join(parts) + (f" {record.unit}" if record.unit else "")
