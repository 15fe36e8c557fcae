"""Calendars that people subscribe to: one entry of whole days each (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from rollout.model.calendar import ONE_DAY
from rollout.model.due import Due, DueItem
from rollout.model.entries import Entry, sequence_on
from rollout.model.harmless import clean
from rollout.model.times import days
from rollout.problem import environment


def calendar(found: Due) -> bytes:
    """What is due, as a file. What is overdue stands on the day asked for. Same input, same bytes: every entry keeps
    its uid, and is stamped with the day asked for. Raises RolloutError (exit code 3) where icalendar is not installed.
    """
    entries = [entry_of(item, found) for item in found.items]
    return entries_file(entries, f"due.{found.plan}@rollout", f"{found.name}: due", found.as_of, "due")


def entry_of(item: DueItem, found: Due) -> Entry:
    """Something that is due as an entry; its number rises with the day asked for, because its day may move by then."""
    day = max(item.day, found.as_of)
    return Entry(
        uid=f"{item.uid}.{found.plan}@rollout",
        sort="due",
        first=day,
        last=day,
        summary=_summary(item),
        description=_description(item),
        url=item.page,
        stamp=found.as_of,
        sequence=sequence_on(found.as_of),
    )


def entries_file(entries: Iterable[Entry], uid: str, name: str, as_of: date, what: str = "plan") -> bytes:
    """The .ics file of these entries, in their order. Raises RolloutError (exit code 3) without the extra."""
    try:
        from icalendar import Calendar, Event  # noqa: PLC0415 - an extra
    except ImportError:
        hint = 'pip install "rollout[calendar]"'
        raise environment("missing-extra", "calendars are written by icalendar, which is not installed", hint) from None
    made = Calendar.new(uid=uid, prodid=f"-//rollout//{what}//EN", name=clean(name), last_modified=_midnight(as_of))
    for entry in entries:
        event = Event.new(
            uid=entry.uid,
            stamp=_midnight(entry.stamp),
            start=entry.first,
            # DTEND is the day after; without it an entry is one whole day.
            end=entry.last + ONE_DAY if entry.last > entry.first else None,
            summary=clean(entry.summary),
            description=clean(entry.description) or None,
            url=entry.url,
            sequence=entry.sequence,
            categories=[entry.sort],
        )
        event.add("TRANSP", "TRANSPARENT")  # it takes nobody's day
        if entry.sort == "go-live":
            event.add("STATUS", "CONFIRMED" if entry.has_happened else "TENTATIVE")
        made.add_component(event)
    return bytes(made.to_ical())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _summary(item: DueItem) -> str:
    late = "Overdue: " if item.is_overdue else ""
    return f"{late}{item.site_name + ': ' if item.site else ''}{item.what}"


def _description(item: DueItem) -> str:
    said = [f"Who: {item.owner.shown}", f"Latest day: {item.day}", f"By the checklist: {item.norm}"]
    if item.slip_now:
        said.append(f"The go-live slips {days(item.slip_now)} even if it happens today.")
    return "\n".join(map(clean, said))
