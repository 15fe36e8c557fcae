"""A site's checklist as a workbook: one row an item, and beside it how each row was when it was sent out.

What a person changed is what differs from that; so a workbook that lay about for a month takes nothing back that was
recorded in the meantime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rollout.model.binding import where_of
from rollout.model.record import Facts

State = Literal["open", "requested", "done"]
STATES: tuple[State, ...] = ("open", "requested", "done")

SHEET = "Checklist"
HELP = "How to"
KEPT = "rollout"
"""Hidden sheet with the rows as they were sent out."""
MARK = "rollout workbook"
VERSION = "1"

COLUMNS = (
    "id",
    "what",
    "phase",
    "latest start",
    "due",
    "owner",
    "state",
    "done on",
    "by",
    "evidence",
    "note",
)
"""In this order; the last five are for people."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known of an item."""

    state: State = "open"
    on: date | None = None
    """Day it was requested or done."""
    by: str = ""
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """A row: what is to be done, and how far it is."""

    id: str
    what: str
    phase: str
    starts: date | None
    due: date | None
    owner: str
    progress: Progress


@dataclass(frozen=True, slots=True)
class Checklist:
    """The rows of one site."""

    plan: str
    site: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """A row as it came back."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    id: str
    cells: Mapping[str, str]
    """By column."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back."""

    path: str
    plan: str
    site: str
    header: tuple[str, ...]
    rows: tuple[ReturnedRow, ...]
    sent: Mapping[str, Mapping[str, str]]
    """By item what the columns for people held when it was sent out."""


def progress_of(facts: Facts, item: str) -> Progress:
    """How far an item is by the records."""
    record = facts.items.get(item)
    shown = facts.evidence.get(item)
    at = "" if shown is None else (where_of(shown) or "")
    note = facts.notes[item].says if item in facts.notes else ""
    if record is None:
        return Progress(evidence=at, note=note)
    state: State = "requested" if record.state == "requested" else "done"
    return Progress(state, record.on, record.by, at, note)
