"""Lessons: what a site learned, for whom it is, and which work of the plan it became."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rollout.model.activity import Activity
from rollout.model.plan import Plan
from rollout.model.record import LessonRecord, Record, by_day, carried, fold
from rollout.model.site import Site
from rollout.model.status import status_of

_LIVE = ("live", "stable")


@dataclass(frozen=True, slots=True)
class Learned:
    """A lesson as its lines in one site's records add up."""

    site_id: str
    """Who learned it."""
    first: LessonRecord
    """Its first line: who learned it, and when."""
    now: LessonRecord
    """Its latest line, with what only earlier ones said: for whom it is, and what was decided."""

    @property
    def id(self) -> str:
        """Its short name."""
        return self.now.lesson

    @property
    def says(self) -> str:
        """What to do differently; its name where no line says so (a rule asks for the words)."""
        return self.now.says or self.id


def learned(records: Mapping[str, Iterable[Record]]) -> tuple[Learned, ...]:
    """Every lesson of a plan's records by site: by the day of its first line, then in the order of `by_day`."""
    found: list[Learned] = []
    for site_id, lines in sorted(records.items()):
        known: dict[str, Learned] = {}
        for line in by_day(line for line in lines if isinstance(line, LessonRecord)):
            assert isinstance(line, LessonRecord)
            before = known.get(line.lesson)
            now = line if before is None else carried(before.now, line)
            known[line.lesson] = Learned(site_id, before.first if before else line, now)
        found += known.values()
    return tuple(found)


def meant(lessons: Iterable[Learned]) -> dict[str, Learned]:
    """The lesson that a name means in `from_lesson`: the one learned first, of one day the first by site."""
    found: dict[str, Learned] = {}
    for lesson in sorted(lessons, key=lambda lesson: (lesson.first.on, lesson.site_id)):
        found.setdefault(lesson.id, lesson)
    return found


def items_of(plan: Plan) -> dict[str, tuple[Activity, ...]]:
    """The activities that lessons became, by lesson."""
    found: dict[str, tuple[Activity, ...]] = {}
    for activity in plan.activities:
        if activity.from_lesson is not None:
            found[activity.from_lesson] = (*found.get(activity.from_lesson, ()), activity)
    return found


def with_lessons(plan: Plan, records: Mapping[str, Iterable[Record]]) -> Plan:
    """The plan with the sites of each activity that a lesson added, where its `where` does not say.

    They are the sites that the lesson selects, except who learned it and who was live by then: those found their own
    way, and an item that no one can do any more would only stand open.
    """
    if not any(activity.from_lesson for activity in plan.activities):
        return plan
    known = meant(learned(records))
    live = {site_id: on for site_id, lines in records.items() if (on := _went_live(lines)) is not None}

    def placed(activity: Activity) -> Activity:
        lesson = known.get(activity.from_lesson or "")
        if lesson is None or "where" in activity.model_fields_set:
            return activity
        spared = frozenset({lesson.site_id, *(site for site, on in live.items() if on <= lesson.first.on)})
        return activity.reaching(lesson.now.affects, spared)

    return plan.model_copy(update={"activities": tuple(map(placed, plan.activities))})


def _went_live(records: Iterable[Record]) -> date | None:
    lines = tuple(records)
    # Most sites are not live, and need no fold.
    return fold(lines).went_live if any(status_of(line) in _LIVE for line in lines) else None


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson with the names that pages show."""

    site: Site
    """Who learned it."""
    learned: Learned
    items: tuple[Activity, ...]
    """The work of the plan that it became."""

    @property
    def record(self) -> LessonRecord:
        """Its latest line."""
        return self.learned.now

    @property
    def stops(self) -> bool:
        """Whether it closes gates by what the plan says: blocking, neither turned down nor put off nor taken up."""
        return self.record.blocking and self.record.state == "open" and not self.items
