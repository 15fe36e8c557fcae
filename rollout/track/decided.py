"""What records decide, in words, and what was on record when they did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from rollout.model.activity import Criterion
from rollout.model.audited import Evidence
from rollout.model.binding import places_of
from rollout.model.calendar import spoken
from rollout.model.decision import ApprovalRecord, HaltRecord, ResumeRecord, ScaleRecord, WaiverRecord
from rollout.model.freshness import wave_of
from rollout.model.measured import EvidenceRecord, ForecastRecord, MilestoneRecord, ProofRecord, ReforecastRecord
from rollout.model.programme import PlanFolder
from rollout.model.record import ItemRecord, LessonRecord, Record, kind_of, status_of
from rollout.model.record_line import PROGRAMME

KINDS = ("approval", "waiver", "halt", "resume", "scale", "status", "milestone", "lesson", "reforecast", "forecast")
"""Kinds of records that decide something."""
BySubject = Mapping[str, Sequence[Record]]
"""Records by the item, criterion or metric that they show something of."""


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


def by_subject(records: Sequence[Record]) -> BySubject:
    """Those of the records that show something."""
    found: dict[str, list[Record]] = {}
    for record in records:
        if isinstance(record, ItemRecord | EvidenceRecord | ProofRecord):
            found.setdefault(str(getattr(record, kind_of(record))), []).append(record)
    return found


def evidence_of(
    record: Record, folder: PlanFolder, sites: Iterable[str], known: Callable[[str], BySubject]
) -> Iterator[Evidence]:
    """What was on record for the criteria of a gate on the day it was approved, wherever the gate judges them.

    `sites` are those it covers, by the ids they have now; `known` gives the records of a site (or `_plan`) by what they
    show.
    """
    if not isinstance(record, ApprovalRecord):
        return
    gate = folder.plan.gate_of(record.approval)
    for criterion in gate.needs if gate is not None else ():
        names = {criterion.evidence, criterion.id} if criterion.evidence is not None else {criterion.measure}
        for site in _places(folder, criterion, record.approval, sites):
            told = known(site)
            before = [one for name in names for one in told.get(name or "", ()) if one.on <= record.on]
            if before:
                latest = max(before, key=lambda one: (one.on, one.index))
                where = "" if site == PROGRAMME else site
                yield Evidence(site=where, subject=criterion.id, says=_says(latest), on=latest.on)


def _places(folder: PlanFolder, criterion: Criterion, gate: str, sites: Iterable[str]) -> Iterable[str]:
    """Sites, and the whole plan. Where the approval names no site: those that are asked whichever it is about."""
    places = [
        place
        for site in sorted(sites) or ("",)
        for place in places_of(folder, criterion, site, wave_of(folder, gate, site))
    ]
    return dict.fromkeys((*filter(None, places), PROGRAMME))


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
