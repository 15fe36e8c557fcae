"""How far a site is, and what may follow what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import ClassVar, Literal

from rollout.model.measured import MilestoneRecord
from rollout.model.record_line import Record

Status = Literal["planned", "preparing", "ready", "live", "stable", "paused", "rolled_back", "dropped"]
ORDER: tuple[Status, ...] = ("planned", "paused", "preparing", "ready", "live", "stable", "rolled_back", "dropped")
"""Legal order; of two statuses recorded on one day the later in it holds."""
LEGAL: Mapping[Status, tuple[Status, ...]] = {
    "planned": ("preparing", "paused", "dropped"),
    "preparing": ("ready", "paused", "dropped"),
    "ready": ("live", "paused", "dropped"),
    "paused": ("planned", "preparing", "ready", "dropped"),
    "live": ("stable", "rolled_back"),
    "stable": (),
    "rolled_back": ("preparing", "dropped"),
    "dropped": ("planned",),
}
"""What may follow a status."""


class StatusRecord(Record):
    """The site is now in this state."""

    WORDS: ClassVar[tuple[str, ...]] = ("status",)
    EXAMPLE: ClassVar[str] = "lyon status preparing --on 2026-10-06"

    status: Status
    """planned, preparing, ready, live (in hypercare), stable, paused, rolled_back or dropped."""


IMPORTED = "import"
"""Who says so where a sheet was imported: it knows where a site is, not how it came there."""


def status_of(record: Record) -> Status | None:
    """The status a site has by this record: said, or by a milestone."""
    if isinstance(record, StatusRecord):
        return record.status
    if isinstance(record, MilestoneRecord):
        return _REACHED.get(record.milestone)
    return None


_REACHED: Mapping[str, Status] = {"go-live": "live", "exit": "stable"}


def bad_steps(records: Iterable[Record]) -> Iterator[tuple[Record | None, Record]]:
    """Statuses that may not follow each other: (earlier line, later line); earlier None where history begins there.

    Statuses of one day may stand in any order that is legal and ends with the one that holds. What a milestone says
    of the status is a fact of its own and asks for no steps in between, as long as it does not go back.
    """
    days: dict[date, list[Record]] = {}
    told = [
        (record.on, ORDER.index(reached), isinstance(record, StatusRecord), record)
        for record in records
        if (reached := status_of(record)) is not None
    ]
    for on, _, _, record in sorted(told, key=lambda row: row[:3]):
        lines = days.setdefault(on, [])
        if not lines or status_of(lines[-1]) != status_of(record):  # said twice is said once
            lines.append(record)
    status: Status = "planned"
    before: Record | None = None
    for lines in days.values():
        order = _legal_order(status, lines) or lines
        for line in order:
            now = status_of(line) or status
            if not _may_follow(status, line, now):
                yield before, line
                if line is not order[-1]:
                    continue  # the next of this day may well follow
            status, before = now, line


def _may_follow(status: Status, line: Record, reached: Status) -> bool:
    if reached == status:
        return True
    if line.by == IMPORTED and is_ahead(status, reached):
        return True
    if isinstance(line, MilestoneRecord):
        return reached == "stable" if status == "live" else reached == "live" and status in _BEFORE_LIVE
    return reached in LEGAL[status]


def is_ahead(status: Status, reached: Status) -> bool:
    """Whether a site with this status may be found further on by a sheet that knows no steps in between."""
    if reached in LEGAL[status]:
        return True
    if status in _BEFORE_LIVE:
        return reached in ("ready", "live", "stable") and _ROAD.index(reached) > _ROAD.index(status)
    return False


_BEFORE_LIVE: tuple[Status, ...] = ("planned", "paused", "preparing", "ready")


_ROAD: tuple[Status, ...] = ("paused", "planned", "preparing", "ready", "live", "stable")


def _legal_order(status: Status, lines: list[Record]) -> list[Record] | None:
    """The lines of a day in an order in which each may follow the one before; the one that holds comes last."""
    if len(lines) == 1:
        return lines if _may_follow(status, lines[0], status_of(lines[0]) or status) else None
    for number, line in enumerate(lines[:-1]):
        reached = status_of(line)
        if reached is not None and _may_follow(status, line, reached):
            rest = _legal_order(reached, [*lines[:number], *lines[number + 1 :]])
            if rest is not None:
                return [line, *rest]
    return None
