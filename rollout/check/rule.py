"""What a rule sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rollout.model.boxes import Box
from rollout.model.layout import Layout
from rollout.model.lighthouse import Ranking, rank_to_judge
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Facts, LessonRecord
from rollout.model.selector import Selector
from rollout.model.source import Source
from rollout.problem import Problem

MANY = 20
"""Sites up to which a rule speaks of each; of more it says how many, and names the first."""


@dataclass(frozen=True)
class Subject:
    """A programme as of a day."""

    programme: Programme
    as_of: date

    @property
    def folders(self) -> tuple[PlanFolder, ...]:
        """All plans, by id."""
        return tuple(self.programme.plans.values())

    @cached_property
    def site_ids(self) -> frozenset[str]:
        """Ids of all sites, those with a broken file included."""
        return self.programme.broken_sites | self.programme.sites.keys()

    @cached_property
    def rankings(self) -> tuple[Ranking, ...]:
        """The sites of each plan whose choice of a lighthouse can be judged, as they rank for being it."""
        found = (rank_to_judge(one, self.programme.sites_of(one.plan), self.as_of) for one in self.folders)
        return tuple(ranking for ranking in found if ranking is not None)

    def is_plan(self, name: str) -> bool:
        """Whether a plan has that id, be its file broken."""
        return name in self.programme.plans or Layout(name).plan in self.programme.unread

    def selectors(self) -> Iterator[tuple[Selector, Source]]:
        """Every selector that somebody wrote, with its place; one that many sites inherit comes with each of them."""
        for opportunity in self.programme.portfolio.opportunities:
            yield opportunity.sites, self.programme.portfolio.source / "opportunities" / opportunity.id / "sites"
        for site in self.programme.sites.values():
            for name, spans in (("blackouts", site.blackouts), ("windows", site.windows)):
                for span in (one for one in spans if one.where.model_fields_set):
                    yield span.where, site.source / name / span.id / "where"
        for folder in self.folders:
            plan: Plan = folder.plan
            yield plan.sites, plan.source / "sites"
            for name in ("limits", "prerequisites", "blackouts", "windows", "activities"):
                for entry in getattr(plan, name):
                    yield entry.where, plan.source / name / entry.id / "where"
            for exclusion in plan.lighthouse_fit.never:
                yield exclusion.where, plan.source / "lighthouse_fit" / "never" / exclusion.id / "where"
            for records in folder.records.values():
                for record in records:
                    if isinstance(record, LessonRecord):
                        yield record.affects, record.place / "affects"


@dataclass(frozen=True, slots=True)
class PageSubject:
    """A checklist that people work in."""

    path: str
    text: str
    marks: tuple[str, ...]
    """Every id that stands on it with a whole comment."""
    boxes: tuple[Box, ...]
    facts: Facts
    """What is known of its site."""
    activities: Mapping[str, bool]
    """The plan's activities, and whether each has two boxes."""
    own_items: frozenset[str]
    """Items that the programme's own templates write."""

    def warning(self, line: int, column: int, code: str, said: str, hint: str) -> Problem:
        """A finding on the page."""
        return Problem(path=self.path, line=line, column=column, code=code, message=said, hint=hint, severity="warning")
