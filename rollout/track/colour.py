"""What makes a site red or amber: one row a rule. The help of `status` and docs/reference/status.md say the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rollout.model.calendar import spoken
from rollout.model.silence import SILENCE
from rollout.model.stated import Reason
from rollout.model.times import days
from rollout.track.look import Look
from rollout.track.measures import SEVERE

EXIT_GRACE = 7
"""Days of hypercare over its length until its missing exit is said."""
NEAR = 14
"""Days before its go-live from which a site that waits for something that is not ready is red."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a site has a colour."""

    id: str
    colour: Literal["red", "amber"]
    says: str
    """The rule in one sentence."""
    ask: Callable[[Look], str | None]
    """The reason at a site, or None where the rule does not apply."""


_AT_REST = ("paused", "dropped", "rolled_back", "stable")
"""Statuses of sites that are on their way to nowhere just now: neither a day nor what they wait for can be late."""


def reasons(look: Look) -> tuple[Reason, ...]:
    """Every reason a site has not to be green, in the order of the rules: red ones first."""
    return tuple(Reason(rule.id, rule.colour, said) for rule in RULES if (said := rule.ask(look)) is not None)


def _unready(look: Look, *, near: bool) -> str | None:
    if look.pace is None or not look.unready or ((look.pace.go_live - look.as_of).days <= NEAR) != near:
        return None
    late = look.waits_for
    if not late:
        return None
    (title, day), more = late[0], len(late) - 1
    others = f" (and {more} more)" if more else ""
    return f"waits for {title}, due on {spoken(day)} and not ready by record{others}"


def _rolled_back(look: Look) -> str | None:
    since = look.facts.status_since
    return f"rolled back on {spoken(since)}" if look.facts.status == "rolled_back" and since else None


def _unplaced(look: Look) -> str | None:
    if look.standing.placement is not None or look.facts.status in _AT_REST:
        return None
    return None if look.facts.went_live else f"has no date: {look.standing.unplaced}"


def _overdue(look: Look) -> str | None:
    if look.pace is None or look.pace.go_live >= look.as_of:
        return None
    return f"was to go live on {spoken(look.pace.go_live)}, and nothing says that it did"


def _late(look: Look) -> str | None:
    pace = look.pace
    if pace is None or not pace.slip or not pace.path.chain:
        return None
    first = pace.path.chain[0]
    if first.id in pace.begun:
        since = f"had to be over by {spoken(pace.latest_end[first.id])}"
    else:
        since = f"had to start by {spoken(pace.latest[first.id])}"
    return f"{days(pace.slip)} late: {first.title} ({since})"


def _incident(look: Look) -> str | None:
    found = [record for _, record in sorted(look.facts.incidents.items()) if record.is_open(SEVERE)]
    if not found:
        return None
    first = found[0]
    how = f"of severity {first.severity}" if first.severity is not None else "without a severity"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"incident {first.incident} {how} is open since {spoken(first.on)}{more}"


def _lesson(look: Look) -> str | None:
    if not look.lessons:
        return None
    more = f" and {len(look.lessons) - 1} more" if len(look.lessons) > 1 else ""
    site, _, lesson = look.lessons[0].partition("/")
    return f"blocking lesson {lesson} of {site} is open{more}"


def _forecast(look: Look, over: bool) -> str | None:
    forecast, pace = look.facts.forecast, look.pace
    if forecast is None or pace is None or forecast.forecast <= pace.go_live:
        return None
    later = forecast.forecast - pace.go_live
    if (later > look.tolerance) != over:
        return None
    because = f": {forecast.because}" if forecast.because else ""
    return f"expects {spoken(forecast.forecast)}, {days(later.days)} later than planned{because}"


def _paused(look: Look) -> str | None:
    since = look.facts.status_since
    return f"paused since {spoken(since)}" if look.facts.status == "paused" and since else None


def _behind(look: Look) -> str | None:
    if look.facts.status in _AT_REST:
        return None
    found = look.behind
    if look.pace is not None:
        latest = {**look.pace.latest_end, **look.pace.latest}
        found = [task for task in found if latest.get(task.activity.id, look.as_of) >= look.as_of]
    if not found:
        return None
    first = found[0]
    day = spoken(first.ends if first.is_requested else first.starts)
    count = f"{len(found)} items behind, the first" if len(found) > 1 else "1 item behind,"
    return f"{count} since {day}: {first.activity.title}"


def _silent(look: Look) -> str | None:
    if look.facts.status in _AT_REST:
        return None
    since = look.silent_since
    if since is None or (look.as_of - since).days < SILENCE:
        return None
    return f"silent for {days((look.as_of - since).days)}, and work is due"


def _waiver(look: Look) -> str | None:
    if look.facts.status in ("dropped", "stable") or not look.waivers:
        return None
    first = look.waivers[0]
    verb = "ended" if first.expires < look.as_of else "ends"
    return f"waiver of {first.waiver} {verb} on {spoken(first.expires)}"


def _approval(look: Look) -> str | None:
    if look.facts.is_set_aside or not (stale := look.stale):
        return None
    said = ", ".join(dict.fromkeys(f"{record.approval} by {record.by}" for record in stale))
    return f"to be approved again, because something it was given for has changed: {said}"


def _tight(look: Look) -> str | None:
    if look.pace is None:
        return None
    count = sum(task.is_compressed for task in look.open_tasks)
    return f"tight: {count} {'item starts' if count == 1 else 'items start'} later than usual" if count else None


def _exit(look: Look) -> str | None:
    if look.facts.status != "live" or look.facts.went_live is None:
        return None
    planned = look.facts.went_live + look.hypercare
    over = (look.as_of - planned).days
    return f"in hypercare {days(over)} longer than planned" if over > EXIT_GRACE else None


RULES: tuple[Rule, ...] = (
    Rule("rolled-back", "red", "It was rolled back.", _rolled_back),
    Rule("no-date", "red", "It has no go-live, and nobody has paused or dropped it.", _unplaced),
    Rule("overdue", "red", "Its go-live has passed, and no record says that it happened.", _overdue),
    Rule("late", "red", "What remains takes longer than there is time until the published go-live.", _late),
    Rule(
        "unready",
        "red",
        "Something it waits for was to be ready, nothing says that it is, and go-live is 14 days away or less.",
        lambda look: _unready(look, near=True),
    ),
    Rule("incident", "red", "An incident of severity 1 or 2, or without one, is open.", _incident),
    Rule("lesson", "red", "A blocking lesson that is for it is open.", _lesson),
    Rule(
        "forecast",
        "red",
        "It expects to go live later than planned by more than the tolerance of the gate go-live (5 days without one).",
        lambda look: _forecast(look, over=True),
    ),
    Rule(
        "later",
        "amber",
        "It expects to go live later, within that tolerance.",
        lambda look: _forecast(look, over=False),
    ),
    Rule("paused", "amber", "It is paused.", _paused),
    Rule("behind", "amber", "Work is behind its checklist, and go-live can still be kept.", _behind),
    Rule(
        "prerequisite",
        "amber",
        "Something it waits for was to be ready, nothing says that it is, and go-live is further away.",
        lambda look: _unready(look, near=False),
    ),
    Rule("silent", "amber", "Nobody has recorded or ticked anything for 14 days while work is due.", _silent),
    Rule("waiver", "amber", "A waiver ends within 14 days, or has ended.", _waiver),
    Rule("approval", "amber", "An approval of it was given for something else than what stands there now.", _approval),
    Rule("tight", "amber", "Work that is still to come starts more than a week later than it normally would.", _tight),
    Rule("hypercare", "amber", "Hypercare has lasted a week longer than planned.", _exit),
)
"""`waits` (amber) is added where sites are looked at together: a site it waits for slips and moves it."""
WAITS = Rule("waits", "amber", "A site it waits for slips, and moves it.", lambda _: None)
