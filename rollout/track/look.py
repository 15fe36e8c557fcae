"""One site on a day: its standing, its remaining work, and when it was last heard of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from rollout.model.activity import Activity
from rollout.model.agenda import Task
from rollout.model.calendar import Calendar
from rollout.model.decision import ApprovalRecord, WaiverRecord
from rollout.model.pace import Pace, pace, with_ticked_requests
from rollout.model.record import Facts, LessonRecord, Record
from rollout.model.silence import SILENCE, last_word
from rollout.model.standing import SiteStanding, Standing
from rollout.track.given import Approvals
from rollout.track.lessons import open_lessons
from rollout.track.unready import unready

Heard = Callable[[], Mapping[str, date]]
"""By site, the last day people worked in its pages or records as far as history tells; asked once, and only if it
matters."""


ENDING = timedelta(days=14)
"""How long before its end a waiver is spoken of."""


@dataclass(frozen=True)
class Look:
    """One site, as of a day."""

    standing: SiteStanding
    as_of: date
    facts: Facts
    """With a day for what is only ticked as requested."""
    calendar: Calendar
    pace: Pace | None
    """None for a site that is live, or has no day to keep."""
    lessons: tuple[str, ...]
    """Open blocking lessons that are for it, as `SITE/LESSON`; none once it is live."""
    tolerance: timedelta
    """How far its own forecast may be later than the published day."""
    hypercare: timedelta
    records: tuple[Record, ...]
    approvals: Approvals
    unready: Mapping[str, date]
    """Prerequisites of the plan that were to be ready before this day, and are not."""
    heard: Heard

    @property
    def go_live(self) -> date | None:
        """The day it went live, else the published one."""
        placement = self.standing.placement
        return self.facts.went_live or (placement.go_live if placement else None)

    @property
    def open_tasks(self) -> Iterator[Task]:
        """What is not done, by day of start; of a site that is live, what comes after go-live."""
        live = self.facts.went_live is not None
        return (t for t in self.standing.tasks if not t.is_done and not (live and t.activity.starts.days < 0))

    @property
    def behind(self) -> list[Task]:
        """What its checklist wanted begun (or once requested over) before this day, and is not."""
        return [t for t in self.open_tasks if (t.ends if t.is_requested else t.starts) < self.as_of]

    @property
    def waivers(self) -> list[WaiverRecord]:
        """Waivers of the site that end within a fortnight or have ended."""
        ending = (waiver for waiver in self.facts.waivers if waiver.expires <= self.as_of + ENDING)
        return sorted(ending, key=lambda waiver: (waiver.waiver, waiver.expires))

    @property
    def waits_for(self) -> list[tuple[str, date]]:
        """What it waits for though it was to be ready: title, and since when; the one that was due first, first."""
        late = [
            (prerequisite.title, self.unready[prerequisite.id])
            for prerequisite, _ in self.standing.prerequisites
            if prerequisite.id in self.unready and self.facts.shown_on(prerequisite.id, self.as_of) is None
        ]
        return sorted(late, key=lambda one: (one[1], one[0]))

    @property
    def stale(self) -> tuple[ApprovalRecord, ...]:
        """Approvals of it that have to be given again."""
        return self.approvals.stale(self.standing.site)

    @cached_property
    def silent_since(self) -> date | None:
        """Since when nothing was heard while work was due; None where no work is."""
        due = min((t.starts for t in self.open_tasks if t.starts <= self.as_of), default=None)
        if due is None:
            return None
        word = last_word(self.records, self.as_of)
        since = max(due, word or due)
        if (self.as_of - since).days < SILENCE:
            return since
        return max(since, self.heard().get(self.standing.site.id, since))


class Looks:
    """The looks of a plan's sites, one at a time."""

    def __init__(self, standing: Standing, as_of: date, heard: Heard | None = None) -> None:
        self.standing = standing
        self.as_of = as_of
        self._heard: dict[str, date] | None = None
        self._ask = heard
        self._lessons = _Lessons(standing)
        self._unready = unready(standing, as_of)
        self.approvals = Approvals(standing.programme, standing.folder, as_of)
        plan = standing.folder.plan
        gate = plan.gate("go-live")
        self._tolerance = timedelta(days=gate.tolerance.days if gate and gate.tolerance else 5)

    def __iter__(self) -> Iterator[Look]:
        return map(self.look, self.standing.site_ids)

    def look(self, site_id: str) -> Look:
        """One site."""
        standing, plan = self.standing.site(site_id), self.standing.folder.plan
        site, placement = standing.site, standing.placement
        calendar = self.standing.programme.calendar_of(site)
        facts = with_ticked_requests(standing.facts, standing.tasks, self.as_of)
        found: Pace | None = None
        is_going = facts.went_live is None and facts.status not in ("paused", "dropped", "rolled_back")
        if placement is not None and is_going:
            start = max(self.as_of, plan.work_from)
            activities: tuple[Activity, ...] = tuple(a for a in plan.activities if a.applies_to(site))
            found = pace(activities, facts, calendar, placement.go_live, start)
        return Look(
            standing=standing,
            as_of=self.as_of,
            facts=facts,
            calendar=calendar,
            pace=found,
            lessons=self._lessons.of(standing) if is_going else (),
            tolerance=self._tolerance,
            hypercare=timedelta(days=plan.hypercare.lasts.days),
            records=self.standing.folder.records.get(site_id, ()),
            approvals=self.approvals,
            unready=self._unready,
            heard=self._hear,
        )

    def _hear(self) -> Mapping[str, date]:
        if self._heard is None:
            renamed, self._heard = self.standing.programme.renamed, {}
            for name, day in (self._ask() if self._ask else {}).items():
                site = renamed.get(name, name)
                self._heard[site] = max(day, self._heard.get(site, day))
        return self._heard


class _Lessons:
    """Open blocking lessons (not yet on the pages they have to reach), asked once a selector, not once a lesson."""

    def __init__(self, standing: Standing) -> None:
        found: dict[str, tuple[LessonRecord, list[str]]] = {}
        for lesson in open_lessons(standing.programme, standing.folder):
            if lesson.now.blocking:
                found.setdefault(lesson.now.affects.key, (lesson.now, []))[1].append(f"{lesson.site_id}/{lesson.id}")
        self._found = tuple((record.affects, tuple(names)) for record, names in found.values())

    def of(self, standing: SiteStanding) -> tuple[str, ...]:
        """Those that are for a site."""
        site = standing.site
        hit = [names for affects, names in self._found if affects.matches(site)]
        return hit[0] if len(hit) == 1 else tuple(name for names in hit for name in names)
