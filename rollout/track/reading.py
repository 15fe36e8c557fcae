"""What measures read of a plan as of a day, and what they answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rollout.model.governance import GovernanceRecord
from rollout.model.money import Line, lines
from rollout.model.programme import PlanFolder, Programme
from rollout.model.proof import Proof
from rollout.model.record import Facts, LessonRecord
from rollout.model.record_line import Record
from rollout.model.selector import Selector
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.track.lessons import open_lessons
from rollout.track.proof import pack_of


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure read off the records."""

    value: float | None
    """None where nothing was measured."""
    on: date | None = None
    """The day it was measured; None for what is counted over all records, and so is of today."""
    source: Source | None = None
    """The record that decides it."""
    said: str = ""
    """What it comes from, or why there is none."""


@dataclass(frozen=True)
class Measured:
    """What measures read: one programme and plan as of a day. What several of them want is worked out once."""

    programme: Programme
    folder: PlanFolder
    as_of: date

    @cached_property
    def open_lessons(self) -> OpenLessons:
        """Lessons that nobody has taken up, turned down or put off."""
        return OpenLessons((one.site_id, one.now) for one in open_lessons(self.programme, self.folder))

    @cached_property
    def money(self) -> tuple[Line, ...]:
        """The budget with what is recorded and forecast."""
        return lines(self.folder, self.programme.sites_of(self.folder.plan))

    def pack(self, site: Site | None) -> tuple[Proof, ...]:
        """What a site has proved, by metric, as `rollout proof` judges it."""
        return pack_of(self.folder, site.id) if site is not None else ()

    def facts(self, site: Site | None) -> Facts:
        """What is known of a site; of the plan as a whole for None."""
        return self.folder.common if site is None else self.folder.facts_of(site.id)

    def governance(self, site: Site | None) -> GovernanceRecord | None:
        """What is settled about the version that is rolled out: the site's own words over those for all sites."""
        version = self.folder.plan.version
        if version is None:
            return None
        common = self.folder.common.governance.get(version)
        own = self.facts(site).governance.get(version)
        if common is None or own is None:
            return own or common
        said = {name for name, value in own if value is not None}
        return own.model_copy(update={name: value for name, value in common if name not in said})


class OpenLessons:
    """Open lessons by the sites they mean: most select alike, and sites that the same ones mean have one answer."""

    def __init__(self, lessons: Iterable[tuple[str, LessonRecord]]) -> None:
        self._lessons = tuple((learner, lesson, _key(lesson.affects)) for learner, lesson in lessons)
        self._selectors = {key: lesson.affects for _, lesson, key in self._lessons}
        self._own: dict[str, set[str]] = {}
        for learner, _, key in self._lessons:
            self._own.setdefault(learner, set()).add(key)
        self._known: dict[tuple[frozenset[str], str, bool], Reading] = {}

    def at(self, site: Site | None, *, blocking: bool) -> Reading:
        """Those of a site, or (None) of the whole plan; of `blocking` ones only these."""
        meant = frozenset(key for key, where in self._selectors.items() if site is None or where.matches(site))
        # Who learned a lesson has it, whomever it means.
        learner = site.id if site is not None and not self._own.get(site.id, set()) <= meant else ""
        known = (meant, learner, blocking)
        if known not in self._known:
            found = [
                (lesson, f"{lesson.lesson} of {by}")
                for by, lesson, key in self._lessons
                if (lesson.blocking or not blocking) and (key in meant or by == learner)
            ]
            self._known[known] = count_of(found, "lesson")
        return self._known[known]


def _key(where: Selector) -> str:
    return where.model_dump_json(exclude_unset=True)


def count_of(found: Sequence[tuple[Record | None, str]], what: str) -> Reading:
    """How many there are, with the first of them by name, and the line of the first."""
    names = [name for _, name in found]
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    first = next((record for record, _ in found if record is not None), None)
    return Reading(len(found), source=first.place if first else None, said=shown or f"no {what}")
