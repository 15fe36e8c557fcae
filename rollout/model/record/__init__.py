"""What happened: dated lines that somebody committed, and the facts they add up to."""

from __future__ import annotations

from rollout.model.decision import HaltRecord, ResumeRecord, open_halts
from rollout.model.measured import EvidenceRecord, MilestoneRecord, NoteRecord
from rollout.model.readiness import Assessment, Readiness, ReadinessRecord, Score, Scores
from rollout.model.record.facts import NOTHING_HAPPENED, Facts, carried, fold
from rollout.model.record.kinds import (
    KINDS,
    STATES,
    FoundRecord,
    ItemRecord,
    LessonRecord,
    State,
    by_day,
    kind_in,
    kind_of,
    text_of,
)
from rollout.model.record_line import PROGRAMME, Record
from rollout.model.status import LEGAL, ORDER, Status, StatusRecord, status_of

__all__ = [
    "KINDS",
    "LEGAL",
    "NOTHING_HAPPENED",
    "ORDER",
    "PROGRAMME",
    "STATES",
    "Assessment",
    "EvidenceRecord",
    "Facts",
    "FoundRecord",
    "HaltRecord",
    "ItemRecord",
    "LessonRecord",
    "MilestoneRecord",
    "NoteRecord",
    "Readiness",
    "ReadinessRecord",
    "Record",
    "ResumeRecord",
    "Score",
    "Scores",
    "State",
    "Status",
    "StatusRecord",
    "by_day",
    "carried",
    "fold",
    "kind_in",
    "kind_of",
    "open_halts",
    "status_of",
    "text_of",
]
