"""The work at one site: which activities apply, how early they let it go live, and when each is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from graphlib import TopologicalSorter

from rollout.model.activity import Activity
from rollout.model.calendar import ONE_DAY, Calendar
from rollout.model.plan import Plan
from rollout.model.record import Facts
from rollout.model.site import Site


@dataclass(frozen=True, slots=True)
class Task:
    """An activity with its dates at a site."""

    activity: Activity
    starts: date
    """First day of work."""
    ends: date
    """Last day of work."""
    norm: date
    """When it would normally start."""
    is_done: bool = False
    """Whether its box is ticked, or its latest record says so."""
    is_requested: bool = False
    clash: str | None = None
    """A blackout that it could not be moved out of."""

    @property
    def is_compressed(self) -> bool:
        """Whether it starts more than a week later than the norm asks for."""
        return self.starts > self.norm + timedelta(days=7)


def activities_at(plan: Plan, site: Site) -> tuple[Activity, ...]:
    """The activities that apply at a site, in dependency order, then as listed.

    Dependencies on activities that do not apply there are dropped.
    """
    return tuple(activity for activity in plan.activities if activity.where.matches(site))


def in_order(activities: Sequence[Activity]) -> tuple[Activity, ...]:
    """Activities with each after all it depends on; among equals as listed. Expects no cycle (a check says so)."""
    by_id = {activity.id: activity for activity in activities}
    rank = {activity.id: number for number, activity in enumerate(activities)}
    sorter = TopologicalSorter({a.id: [d for d in a.depends_on if d in by_id] for a in activities})
    sorter.prepare()
    ordered: list[Activity] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=rank.__getitem__)
        ordered += [by_id[activity_id] for activity_id in ready]
        sorter.done(*ready)
    return tuple(ordered)


@dataclass(frozen=True, slots=True)
class Path:
    """The longest chain of remaining work before go-live."""

    free: date
    """First day on which the site can go live."""
    chain: tuple[Activity, ...]
    """What takes until then, first to last."""


def longest_path(activities: Sequence[Activity], facts: Facts, calendar: Calendar, start: date) -> Path:
    """How early the remaining durations let a site go live when work begins on `start` (first free day, chain).

    Critical path over `depends_on`, forward pass. Offsets play no part: they are norms, durations are hard. An item
    whose request is recorded counts from that day.
    """
    free, cause = _forward(activities, facts, calendar, start)
    best: Activity | None = None
    for activity in activities:
        if activity.before_go_live and free[activity.id] > (free[best.id] if best else start):
            best = activity
    chain: list[Activity] = []
    link = best
    while link is not None:
        chain.append(link)
        link = cause[link.id]
    return Path(free[best.id] if best else start, tuple(reversed(chain)))


def _forward(
    activities: Sequence[Activity], facts: Facts, calendar: Calendar, start: date
) -> tuple[dict[str, date], dict[str, Activity | None]]:
    """First free day after each activity, and the activity that decided its start."""
    free: dict[str, date] = {}
    cause: dict[str, Activity | None] = {}
    by_id = {activity.id: activity for activity in activities}
    for activity in in_order(activities):
        begins, cause[activity.id] = start, None
        if facts.is_done(activity.id):
            free[activity.id] = start
            continue
        for needed in activity.depends_on:
            if needed in free and free[needed] > begins:
                begins, cause[activity.id] = free[needed], by_id[needed]
        record = facts.items.get(activity.id)
        if record is not None and record.state == "requested":
            free[activity.id] = max(calendar.after(record.on, activity.takes), start)
        else:
            free[activity.id] = calendar.after(begins, activity.takes)
    return free, cause


def agenda(plan: Plan, site: Site, facts: Facts, calendar: Calendar, go_live: date, start: date) -> tuple[Task, ...]:
    """Every activity of a site with its dates, back-planned from go-live, by day of start, then as listed.

    The norm is the offset from go-live in the site's own calendar. Where work could not begin that early (`start`, or
    an activity it waits for), it begins when it can. Work that a blackout blocks is moved before it, if there is room.
    A tick moves no dates: pages show them, and whoever ticks a box must not make a page stale with it.
    """
    activities = activities_at(plan, site)
    recorded = replace(facts, ticked=frozenset()) if facts.ticked else facts
    free, _ = _forward(activities, recorded, calendar, start)
    blackouts = [b for b in (*plan.blackouts, *site.blackouts) if b.blocks != ("go_live",) and b.where.matches(site)]
    tasks = []
    for activity in activities:
        norm = calendar.shift(go_live, activity.starts)
        is_before = activity.starts.days < 0
        earliest = max((free[d] for d in activity.depends_on if d in free), default=start) if is_before else norm
        starts = max(norm, min(earliest, go_live)) if is_before else norm
        starts = calendar.on_or_after(starts) if starts == earliest or not is_before else calendar.on_or_before(starts)
        ends = _last_day(calendar, starts, activity)
        clash = None
        for blackout in blackouts:
            if activity.id not in blackout.blocks and activity.phase not in blackout.blocks:
                continue
            for closed_from, closed_to in blackout.stretches(starts, ends):
                length = ends - starts
                moved = calendar.on_or_before(closed_from - ONE_DAY - length)
                if is_before and moved >= earliest:
                    starts, ends = moved, _last_day(calendar, moved, activity)
                elif not is_before:
                    starts = calendar.on_or_after(closed_to + ONE_DAY)
                    ends = _last_day(calendar, starts, activity)
                else:
                    clash = blackout.id
        tasks.append(
            Task(
                activity,
                starts,
                ends,
                norm,
                is_done=facts.is_done(activity.id),
                is_requested=facts.is_requested(activity.id),
                clash=clash,
            )
        )
    rank = {activity.id: number for number, activity in enumerate(activities)}
    return tuple(sorted(tasks, key=lambda task: (task.starts, rank[task.activity.id])))


def _last_day(calendar: Calendar, starts: date, activity: Activity) -> date:
    last = calendar.after(starts, activity.takes) - ONE_DAY
    return max(starts, calendar.on_or_before(max(starts, last)))
