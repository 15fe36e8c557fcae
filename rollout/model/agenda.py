"""The work at one site: which activities apply, how early they let it go live, and when each is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from graphlib import TopologicalSorter

from rollout.model.activity import Activity
from rollout.model.blackout import ONLY_GO_LIVE, Blackout
from rollout.model.calendar import ONE_DAY, Calendar
from rollout.model.plan import Plan
from rollout.model.record import Facts, ItemRecord
from rollout.model.site import Site
from rollout.model.times import Offset


@dataclass(frozen=True, slots=True)
class Reopened:
    """Work that was done and has to be done again: it is too old for the go-live, or was asked for once more."""

    activity: Activity
    done: ItemRecord
    """The record that says it was done."""
    until: date | None
    """Last go-live it was good for; None where nobody waits for it to grow old, because it was asked for again."""

    @property
    def key(self) -> str:
        """Key of its box in the checklist: `training:again:2027-02-05`.

        It names the day of the work that has grown too old, so that each repeat has a box of its own, and a tick in
        one is never taken for another's.
        """
        return f"{self.activity.id}:again:{self.done.on}"


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
    has_begun: bool = False
    """Whether the records say that work on it has begun. A tick does not count: it changes nothing else on a page."""
    clash: str | None = None
    """A blackout that it could not be moved out of."""
    again: Reopened | None = None
    """Set where the dates are those of a repeat."""

    @property
    def is_compressed(self) -> bool:
        """Whether it starts more than a week later than the norm asks for, and has not begun."""
        return not self.has_begun and self.starts > self.norm + timedelta(days=7)


def activities_at(plan: Plan, site: Site) -> tuple[Activity, ...]:
    """The activities that apply at a site, as listed."""
    return tuple(activity for activity in plan.activities if activity.applies_to(site))


def in_order(activities: Sequence[Activity]) -> tuple[Activity, ...]:
    """Activities with each after all of these that it depends on; among equals as listed.

    Expects no cycle (a check says so).
    """
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


def reopened(
    activities: Sequence[Activity], facts: Facts, calendar: Calendar, go_live: date | None
) -> tuple[Reopened, ...]:
    """What was done at a site and has to be done again before this go-live, as listed.

    Work done on day D with `valid_for: 28d` is good for go-lives up to D + 28 (working days: in the site's calendar).
    What waits for it stays done as long as it is itself young enough. Nothing is reopened at a site that is live. The
    difference between two go-lives is what a slip reopens.
    """
    if not facts.finished or facts.went_live is not None:
        return ()
    found = []
    for activity in activities:
        done = facts.finished.get(activity.id)
        if done is None:
            continue
        if not facts.is_recorded(activity.id):
            repeat = Reopened(activity, done, None)
        elif go_live is not None and (until := _good_until(activity, done, calendar)) is not None and until < go_live:
            repeat = Reopened(activity, done, until)
        else:
            continue
        if not facts.is_ticked(repeat.key):
            found.append(repeat)
    return tuple(found)


def _good_until(activity: Activity, done: ItemRecord, calendar: Calendar) -> date | None:
    """Last go-live for which work is young enough; None where it never grows old."""
    valid = activity.valid_for
    if valid is None or not activity.before_go_live:
        return None
    return calendar.shift(done.on, Offset(valid.length, valid.working))


@dataclass(frozen=True, slots=True)
class Path:
    """The longest chain of remaining work before go-live."""

    free: date
    """First day on which the site can go live."""
    chain: tuple[Activity, ...]
    """What takes until then, first to last."""


def longest_path(
    activities: Sequence[Activity], facts: Facts, calendar: Calendar, start: date, go_live: date | None = None
) -> Path:
    """How early the remaining durations let a site go live when work begins on `start` (first free day, chain).

    Critical path over `depends_on`, forward pass. Offsets play no part: they are norms, durations are hard. An item
    whose request is recorded counts from that day. With `go_live`, what is too old for that day counts as not done.
    """
    again = {repeat.activity.id: repeat for repeat in reopened(activities, facts, calendar, go_live)}
    free, cause = _forward(activities, facts, calendar, start, again)
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


@dataclass(frozen=True, slots=True)
class Unready:
    """A stretch of days on which a site cannot go live, because work before it would not be finished."""

    first: date
    last: date
    path: Path
    """The work that holds the last of these days back."""
    again: tuple[Reopened, ...]
    """What is too old for them and counts as remaining work."""


def unready(activities: Sequence[Activity], facts: Facts, calendar: Calendar, start: date) -> tuple[Unready, ...]:
    """The days on which remaining work keeps a site from going live, in order, and never two stretches that touch.

    Without work that grows old that is one stretch, up to the longest path. Each day on which something done becomes
    too old lengthens what remains: from the day after it on, the site waits for the longer path, if that is not over by
    then. So a site may go live before its training has grown too old, or once it was repeated, and not in between.
    """
    grown = {
        until
        for activity in activities
        if facts.is_recorded(activity.id) and (until := _good_until(activity, facts.finished[activity.id], calendar))
    }
    found: list[Unready] = []
    first = date.min
    for last in (*sorted(grown), date.max):
        path = longest_path(activities, facts, calendar, start, go_live=last)
        closed = min(path.free - ONE_DAY, last)
        if first <= closed:
            touches = bool(found) and found[-1].last == first - ONE_DAY
            begins = found.pop().first if touches else first
            found.append(Unready(begins, closed, path, reopened(activities, facts, calendar, last)))
        if last < date.max:
            first = last + ONE_DAY
    return tuple(stretch for stretch in found if stretch.path.chain)


def _forward(
    activities: Sequence[Activity], facts: Facts, calendar: Calendar, start: date, again: Mapping[str, Reopened]
) -> tuple[dict[str, date], dict[str, Activity | None]]:
    """First free day after each activity, and the activity that decided its start."""
    free: dict[str, date] = {}
    cause: dict[str, Activity | None] = {}
    by_id = {activity.id: activity for activity in activities}
    for activity in in_order(activities):
        repeat = again.get(activity.id)
        # Nobody repeats what is not done yet.
        begins, cause[activity.id] = max(start, repeat.done.on) if repeat else start, None
        if repeat is None and facts.is_done(activity.id):
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

    The norm is the offset from go-live in the site's own calendar, and the latest start: where something that waits for
    it has to begin sooner than it would be over, it begins earlier. Where work could not begin that early (`start`, or
    what it waits for), it begins when it can, and what waits for it follows. Work that a blackout blocks is moved
    before it, together with what it waits for; after it where there is no room; else the clash is named. Work that was
    requested counts from the request, and what has grown too old for the go-live is planned again. A tick
    moves no dates: pages show them, and whoever ticks a box must not make a page stale with it.
    """
    activities = activities_at(plan, site)
    recorded = replace(facts, ticked=frozenset()) if facts.ticked else facts
    again = {repeat.activity.id: repeat for repeat in reopened(activities, recorded, calendar, go_live)}
    blackouts = tuple(blackout for blackout in plan.blackouts_of(site) if blackout.blocks != ONLY_GO_LIVE)
    tasks = _Dating(activities, recorded, calendar, go_live, start, again, blackouts).tasks()
    if facts.ticked:
        tasks = [_with_ticks(task, facts) for task in tasks]
    rank = {activity.id: number for number, activity in enumerate(activities)}
    return tuple(sorted(tasks, key=lambda task: (task.starts, rank[task.activity.id])))


def _with_ticks(task: Task, facts: Facts) -> Task:
    box = task.again.key if task.again else task.activity.id
    is_done = task.is_done or facts.is_ticked(box)
    is_requested = task.is_requested or is_done or f"{box}:requested" in facts.ticked
    return replace(task, is_done=is_done, is_requested=is_requested)


@dataclass(frozen=True, slots=True)
class _Dating:
    """Dates for the activities of one site."""

    activities: Sequence[Activity]
    facts: Facts
    calendar: Calendar
    go_live: date
    start: date
    again: Mapping[str, Reopened]
    blackouts: tuple[Blackout, ...]

    def tasks(self) -> list[Task]:
        """Forward, each after what it waits for; towards the days wanted, which were found backward."""
        ordered = in_order(self.activities)
        wanted, latest = self._backward(ordered)
        free: dict[str, date] = {}
        tasks = []
        for activity in ordered:
            earliest = max((free[needed] for needed in activity.depends_on if needed in free), default=self.start)
            begins, task = self._task(activity, earliest, wanted[activity.id], latest.get(activity.id))
            if not task.is_done:
                free[activity.id] = self.calendar.after(begins, activity.takes)
            tasks.append(task)
        return tasks

    def _is_done(self, activity: Activity) -> bool:
        return activity.id not in self.again and self.facts.is_done(activity.id)

    def _backward(self, ordered: Sequence[Activity]) -> tuple[dict[str, date], dict[str, date]]:
        """The start wanted for each activity; and the latest that durations alone leave, where go-live waits for it."""
        followers: dict[str, list[str]] = {}
        wanted: dict[str, date] = {}
        latest: dict[str, date] = {}
        for activity in reversed(ordered):
            behind = followers.get(activity.id, ())
            bounds = [latest[name] for name in behind if name in latest]
            bounds += [self.go_live] if activity.before_go_live else []
            if bounds:
                latest[activity.id] = self.calendar.before(min(bounds), activity.takes)
            day = self.calendar.shift(self.go_live, activity.starts)
            if activity.starts.days < 0:
                waiting = [wanted[name] for name in behind] + ([self.go_live] if activity.before_go_live else [])
                if waiting:
                    day = min(day, self.calendar.before(min(waiting), activity.takes))
                day = self._before_blackouts(activity, self.calendar.on_or_before(day))
            wanted[activity.id] = day
            if not self._is_done(activity):
                for needed in activity.depends_on:
                    followers.setdefault(needed, []).append(activity.id)
        return wanted, latest

    def _task(self, activity: Activity, earliest: date, wanted: date, latest: date | None) -> tuple[date, Task]:
        """The day its duration counts from (which may be a day off, as in the longest path), and its dates."""
        norm = self.calendar.shift(self.go_live, activity.starts)
        record, repeat = self.facts.items.get(activity.id), self.again.get(activity.id)
        if self._is_done(activity):
            begins = self.calendar.on_or_before(max(norm, self.start))
            return begins, Task(
                activity, *self._days(begins, activity), norm, is_done=True, is_requested=True, has_begun=True
            )
        if record is not None and record.state == "requested":
            ends = self._days(record.on, activity)[1]
            return record.on, Task(activity, record.on, ends, norm, is_requested=True, has_begun=True, again=repeat)
        if repeat is not None:
            earliest = max(earliest, repeat.done.on)
        clash = None
        if activity.starts.days >= 0:
            begins = self._after_blackouts(activity, max(self.calendar.on_or_after(norm), earliest))
        else:
            begins = max(wanted, earliest)
            begins = min(begins, max(self.go_live, self.start)) if activity.before_go_live else begins
            begins, clash = self._around_blackouts(activity, begins, latest)
        return begins, Task(activity, *self._days(begins, activity), norm, clash=clash, again=repeat)

    def _around_blackouts(self, activity: Activity, starts: date, latest: date | None) -> tuple[date, str | None]:
        """The day itself, or one after the blackouts it falls into, or the name of one where there is no room."""
        closed = self._closed(activity, starts)
        if closed is None:
            return starts, None
        moved = self._after_blackouts(activity, starts)
        return (moved, None) if moved <= (latest or self.go_live) else (starts, closed[2])

    def _before_blackouts(self, activity: Activity, starts: date) -> date:
        """A start from which the work is over before each blackout it would fall into; the day itself without room."""
        day = starts
        while (closed := self._closed(activity, day)) is not None:
            # Work that takes no time is still seen on a day: it has to leave the first day as well.
            latest = min(self.calendar.before(closed[0], activity.takes), closed[0] - ONE_DAY)
            day = self.calendar.on_or_before(latest)
            if day < self.start:
                return starts
        return day

    def _after_blackouts(self, activity: Activity, starts: date) -> date:
        """The first start from the day on from which the work meets no blackout; the day itself without any."""
        day = starts
        while (closed := self._closed(activity, day)) is not None:
            day = self.calendar.on_or_after(closed[1] + ONE_DAY)
            if day > starts + _FARTHEST:
                return starts
        return day

    def _closed(self, activity: Activity, starts: date) -> tuple[date, date, str] | None:
        """The first stretch that the work would fall into, and its blackout."""
        first, ends = self._days(starts, activity)
        found = [
            (begins, to, blackout.id)
            for blackout in self.blackouts
            if activity.id in blackout.blocks or activity.phase in blackout.blocks
            for begins, to in blackout.stretches(first, ends)
        ]
        return min(found, default=None)

    def _days(self, begins: date, activity: Activity) -> tuple[date, date]:
        """First and last day of work that counts from a day: working days, unless all of them are days off."""
        last = max(begins, self.calendar.after(begins, activity.takes) - ONE_DAY)
        first, ends = self.calendar.on_or_after(begins), self.calendar.on_or_before(last)
        return (first, ends) if first <= ends else (begins, last)


_FARTHEST = timedelta(days=3 * 366)
"""Work that finds no gap between blackouts in this long stays where it is."""
