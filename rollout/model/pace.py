"""How the remaining work of a site fits its go-live: the latest days, and what it costs to miss one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from rollout.model.activity import Activity
from rollout.model.agenda import Path, Task, in_order, longest_path, reopened
from rollout.model.calendar import ONE_DAY, Calendar
from rollout.model.record import Facts, ItemRecord


def with_ticked_requests(facts: Facts, tasks: Sequence[Task], as_of: date) -> Facts:
    """Facts in which a request that is only ticked has a day.

    A box says that something was asked for, not when. It is taken to have been asked for on the day the checklist
    wants it, or on `as_of` where that is still to come.
    """
    asked = {
        task.activity.id: min(task.starts, as_of)
        for task in tasks
        if task.is_requested and not task.is_done and task.activity.id not in facts.items and task.again is None
    }
    if not asked:
        return facts
    made = {
        item: ItemRecord.model_construct(item=item, state="requested", on=day, by="", because=None, evidence=None)
        for item, day in asked.items()
    }
    return replace(facts, items={**facts.items, **made})


@dataclass(frozen=True)
class Pace:
    """The remaining work of one site against the go-live it is to keep."""

    calendar: Calendar
    go_live: date
    path: Path
    """The longest chain of remaining work from the day asked for, and the day it lets the site go live."""
    latest: Mapping[str, date]
    """By activity not begun: the last day on which its work can begin with go-live kept, were all else on time.

    Only of activities go-live waits for. A day off at the site is never named: people begin on the day before it.
    """
    latest_end: Mapping[str, date]
    """By activity not finished: the last day of its work with go-live kept."""
    begun: Mapping[str, date]
    """By activity that was requested and is not finished: the day it is to be over by its own duration."""
    followers: Mapping[str, tuple[Activity, ...]]
    _known: dict[tuple[str, date], date] = field(default_factory=dict, compare=False, repr=False)

    @property
    def slip(self) -> int:
        """Days by which the go-live cannot be kept any more; 0 where it can."""
        return max(0, (self.path.free - self.go_live).days)

    def slip_if_started(self, activity: Activity, day: date) -> int:
        """Days by which go-live slips when the work begins on this day and nothing else is late; 0 for none."""
        return max(0, (self._live(activity, day) - self.go_live).days)

    def slip_if_over(self, activity: Activity, free: date) -> int:
        """The same for work that was begun, when `free` is the first day after it."""
        return max(0, (self._onward(activity, free) - self.go_live).days)

    def _live(self, activity: Activity, day: date) -> date:
        key = (activity.id, day)
        if key not in self._known:
            self._known[key] = self._onward(activity, self.calendar.after(day, activity.takes))
        return self._known[key]

    def _onward(self, activity: Activity, free: date) -> date:
        days = [self._live(follower, free) for follower in self.followers.get(activity.id, ())]
        return max([free if activity.before_go_live else date.min, *days])


def pace(activities: Sequence[Activity], facts: Facts, calendar: Calendar, go_live: date, start: date) -> Pace:
    """How the work that remains from `start` on fits a go-live.

    A backward pass over remaining durations (critical path method) in the site's calendar: the mirror of
    `longest_path`, so offsets play no part, what was requested waits for nothing, and what has grown too old for the
    go-live is to be done again. Expects `activities` without cycles.
    """
    again = {repeat.activity.id for repeat in reopened(activities, facts, calendar, go_live)}
    open_ones = [a for a in activities if a.id in again or not facts.is_done(a.id)]
    begun = {
        activity.id: record.on
        for activity in open_ones
        if (record := facts.items.get(activity.id)) is not None and record.state == "requested"
    }
    followers: dict[str, list[Activity]] = {}
    limit: dict[str, date] = {}
    latest: dict[str, date] = {}
    for activity in reversed(in_order(open_ones)):
        # From behind, so that what follows has its own latest start by now.
        waiting = [latest[f.id] for f in followers.get(activity.id, ()) if f.id in latest]
        waiting += [go_live] if activity.before_go_live else []
        if waiting:
            limit[activity.id] = min(waiting)
            latest[activity.id] = calendar.before(min(waiting), activity.takes)
        if activity.id not in begun:
            for needed in activity.depends_on:
                followers.setdefault(needed, []).append(activity)
    by_id = {activity.id: activity for activity in open_ones}
    return Pace(
        calendar=calendar,
        go_live=go_live,
        path=longest_path(activities, facts, calendar, start, go_live),
        latest={name: calendar.on_or_before(day) for name, day in latest.items() if name not in begun},
        latest_end={name: calendar.on_or_before(day - ONE_DAY) for name, day in limit.items()},
        begun={name: calendar.after(on, by_id[name].takes) - ONE_DAY for name, on in begun.items()},
        followers={name: tuple(found) for name, found in followers.items()},
    )
