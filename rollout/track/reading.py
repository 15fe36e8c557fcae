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
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.track.given import Approvals
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
    def approvals(self) -> Approvals:
        """Who approved what, and whether it stands; who wrote what is approved aside."""
        return Approvals(self.programme, self.folder, self.as_of)

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


NAMED = 5
"""How many of those that are counted are named."""


class OpenLessons:
    """Open lessons by the sites they mean: most select alike, and sites that the same ones mean have one answer."""

    def __init__(self, lessons: Iterable[tuple[str, LessonRecord]]) -> None:
        self._lessons = tuple((learner, lesson, lesson.affects.key) for learner, lesson in lessons)
        self._selectors = {key: lesson.affects for _, lesson, key in self._lessons}
        self._own: dict[str, list[int]] = {}
        for number, (learner, _, _) in enumerate(self._lessons):
            self._own.setdefault(learner, []).append(number)
        self._meant: dict[tuple[frozenset[str], bool], tuple[list[int], Reading]] = {}

    def at(self, site: Site | None, *, blocking: bool) -> Reading:
        """Those of a site, or (None) of the whole plan; of `blocking` ones only these."""
        meant = frozenset(key for key, where in self._selectors.items() if site is None or where.matches(site))
        if (meant, blocking) not in self._meant:
            found = [
                number
                for number, (_, lesson, key) in enumerate(self._lessons)
                if key in meant and (lesson.blocking or not blocking)
            ]
            self._meant[meant, blocking] = found, self._reading(found, len(found))
        found, reading = self._meant[meant, blocking]
        # Who learned a lesson has it, whomever it means.
        own = [
            number
            for number in (self._own.get(site.id, ()) if site is not None else ())
            if self._lessons[number][2] not in meant and (self._lessons[number][1].blocking or not blocking)
        ]
        return self._reading(sorted([*found[:NAMED], *own]), len(found) + len(own)) if own else reading

    def _reading(self, numbers: Sequence[int], count: int) -> Reading:
        """The answer for so many lessons, of which these are the first."""
        first = [self._lessons[number] for number in numbers[:NAMED]]
        return count_of([(lesson, f"{lesson.lesson} of {by}") for by, lesson, _ in first], "lesson", count)


def count_of(found: Sequence[tuple[Record | None, str]], what: str, count: int | None = None) -> Reading:
    """How many there are (`count`, where only the first are given), some by name, and the line of the first."""
    count = len(found) if count is None else count
    names = ", ".join(name for _, name in found[:NAMED])
    shown = names + (f" and {count - NAMED} more" if count > NAMED else "")
    first = next((record for record, _ in found if record is not None), None)
    return Reading(count, source=first.place if first else None, said=shown or f"no {what}")


def number(value: float) -> str:
    """A value in words: two decimals at most, and only as many as it has."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
