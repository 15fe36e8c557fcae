"""What is due, as a calendar that people subscribe to: one entry of a whole day each (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, time

from rollout.model.due import Due, DueItem
from rollout.model.stated import days
from rollout.problem import environment
from rollout.render.markdown import clean


def calendar(found: Due) -> bytes:
    """The file. What is overdue stands on the day asked for. Same input, same bytes: every entry keeps its uid, and is
    stamped with the day asked for. Raises RolloutError (exit code 3) where icalendar is not installed.
    """
    try:
        from icalendar import Calendar, Event  # noqa: PLC0415 - an extra
    except ImportError:
        hint = 'pip install "rollout[calendar]"'
        raise environment("missing-extra", "calendars are written by icalendar, which is not installed", hint) from None
    stamp = datetime.combine(found.as_of, time(), UTC)
    made = Calendar.new(
        uid=f"due.{found.plan}@rollout",
        prodid="-//rollout//due//EN",
        name=clean(f"{found.name}: due"),
        last_modified=stamp,
    )
    for item in found.items:
        event = Event.new(
            uid=f"{item.uid}.{found.plan}@rollout",
            stamp=stamp,
            start=max(item.day, found.as_of),
            summary=clean(_summary(item)),
            description=_description(item),
            url=item.page,
        )
        event.add("TRANSP", "TRANSPARENT")  # it takes nobody's day
        made.add_component(event)
    return bytes(made.to_ical())


def _summary(item: DueItem) -> str:
    late = "Overdue: " if item.is_overdue else ""
    return f"{late}{item.site_name + ': ' if item.site else ''}{item.what}"


def _description(item: DueItem) -> str:
    said = [f"Who: {item.owner.shown}", f"Latest day: {item.day}", f"By the checklist: {item.norm}"]
    if item.slip_now:
        said.append(f"The go-live slips {days(item.slip_now)} even if it happens today.")
    return "\n".join(map(clean, said))
