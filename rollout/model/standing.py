"""Where a plan stands: every site with its dates, its work and what is known of it, ready to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rollout.model.agenda import Task
from rollout.model.lesson import Lesson
from rollout.model.plan import Prerequisite
from rollout.model.programme import PlanFolder, Programme
from rollout.model.proof import Proof
from rollout.model.record import Facts
from rollout.model.schedule import Placement, Ready, Schedule
from rollout.model.site import Site
from rollout.model.team import Spoke, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """One site: what its pages are made of."""

    site: Site
    facts: Facts
    placement: Placement | None
    """Its wave and day; None for a site without a date."""
    unplaced: str | None
    """Why it has no date."""
    is_lighthouse: bool
    period: str
    """The calendar period of its wave in words: `March 2027`."""
    tasks: tuple[Task, ...]
    """Its work with dates, by day of start; empty without a date."""
    spoke: Spoke | None
    trainers: Mapping[str, Team | None]
    """For each language of the site, the team that trains in it."""
    prerequisites: tuple[tuple[Prerequisite, Ready | None], ...]
    """What it waits for besides sites, with dates."""
    lessons: tuple[Lesson, ...]
    """What earlier sites learned that applies here, by site and lesson."""

    @property
    def training(self) -> Task | None:
        """Its training, where that is among its work."""
        return next((task for task in self.tasks if task.activity.id == "training"), None)

    def begins(self, go_live: date) -> date:
        """First day of its work, if it goes live on a day; that day where nothing comes before."""
        return min((go_live, *(task.starts for task in self.tasks)))


@dataclass(frozen=True, slots=True)
class Wave:
    """A wave of the published schedule."""

    number: int
    """0 is the lighthouse."""
    period: str
    """`March 2027`."""
    sites: tuple[tuple[Site, date], ...]
    """By day, then id."""

    @property
    def starts(self) -> date:
        """First go-live."""
        return self.sites[0][1]

    @property
    def ends(self) -> date:
        """Last go-live."""
        return self.sites[-1][1]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A plan and its published schedule. Sites are worked out one at a time, so that ten thousand fit in memory."""

    programme: Programme
    folder: PlanFolder
    schedule: Schedule
    waves: tuple[Wave, ...]
    site_ids: tuple[str, ...]
    """Sites the plan is about, sorted."""
    prerequisites: tuple[Prerequisite, ...]
    """What any of them waits for besides sites, by id."""
    proof: tuple[Proof, ...]
    """What the lighthouse measured, by metric."""
    lessons: Mapping[str, Lesson]
    """The lessons that work of the plan comes from, by name."""
    site: Callable[[str], SiteStanding]
    """The standing of one site."""

    @cached_property
    def ready(self) -> Mapping[str, Ready]:
        """When prerequisites are ready, by id: as recorded, else as published."""
        return ready_of(self.folder, self.schedule)

    @property
    def waits_for(self) -> tuple[tuple[Prerequisite, Ready | None], ...]:
        """The prerequisites in the order in which they are ready; those without a day last."""
        known = [(one, self.ready.get(one.id)) for one in self.prerequisites]
        known.sort(key=lambda row: (*((row[1].ready, row[1].starts) if row[1] else (date.max, date.max)), row[0].title))
        return tuple(known)

    def to_come(self, wave: Wave) -> tuple[tuple[Site, date], ...]:
        """The sites of a wave that its gate decides about, by day: neither live nor dropped or paused."""
        facts = self.folder.facts_of
        return tuple(
            (site, day)
            for site, day in wave.sites
            if self.folder.is_placed(site.id) and facts(site.id).went_live is None
        )

    def __iter__(self) -> Iterator[SiteStanding]:
        return map(self.site, self.site_ids)


def ready_of(folder: PlanFolder, schedule: Schedule) -> Mapping[str, Ready]:
    """When prerequisites with published days are ready, by id: as evidence of the plan says, else as published."""
    found = {}
    for name, published in schedule.prerequisites.items():
        shown = folder.common.evidence.get(name)
        found[name] = published
        if shown is not None:
            found[name] = Ready.model_construct(starts=min(published.starts, shown.on), ready=shown.on)
    return found
