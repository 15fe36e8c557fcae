"""What a kind of constraint sees while it is lowered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rollout.model.calendar import Calendar
from rollout.model.instance import Because
from rollout.model.plan import Constraint, Plan, Prerequisite
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Facts
from rollout.model.schedule import Ready
from rollout.model.site import Site
from rollout.model.source import Source


@dataclass(frozen=True, kw_only=True)
class Scope:
    """A plan, the sites that get a day, and the stretch of days looked at."""

    programme: Programme
    folder: PlanFolder
    sites: Mapping[str, Site]
    """Sites that get a day, by id: in the plan, neither paused nor dropped."""
    prerequisites: Mapping[str, Prerequisite]
    shared: Mapping[str, Ready]
    """Connectors that a higher-ranked plan has published: they are built once, then, and by whom it asks."""
    as_of: date
    first: date
    """First day looked at."""
    last: date
    """Last day looked at."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.folder.plan

    @property
    def start(self) -> date:
        """The first day on which anything can still happen: not before today, nor before work on the plan begins."""
        return max(self.as_of, self.plan.work_from)

    def facts(self, site_id: str) -> Facts:
        """What happened at a site."""
        return self.folder.facts_of(site_id)

    def ready_on(self, prerequisite: str) -> date | None:
        """The day since when evidence, recorded for the whole plan, says that a prerequisite is ready."""
        return self.folder.common.shown_on(prerequisite, self.as_of)

    def is_open(self, site_id: str) -> bool:
        """Whether the site still gets a day: it is in scope and has not gone live."""
        return site_id in self.sites and self.facts(site_id).went_live is None

    def open_sites(self) -> list[Site]:
        """Sites that have not gone live, by id."""
        return [site for site in self.sites.values() if self.is_open(site.id)]

    def calendar(self, site: Site) -> Calendar:
        """Working days of a site."""
        return self.programme.calendar_of(site)

    def because(self, name: str, message: str, source: Source, why: str | None = None) -> Because:
        """A reason, with the words of whoever wrote it."""
        return Because(name, f"{message} ({why})" if why else message, source)

    def decided(self) -> list[tuple[str, Constraint, Source]]:
        """The decisions about single sites that still get a day: site id, decision, place."""
        return [
            (site_id, constraint, self.plan.source / "constraints" / site_id)
            for site_id, constraint in sorted(self.plan.constraints.items())
            if self.is_open(site_id)
        ]
