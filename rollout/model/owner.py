"""Who answers for a piece of work at a site, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rollout.model.plan import Plan
from rollout.model.site import Person
from rollout.model.standing import SiteStanding
from rollout.model.team import Engineer


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody to ask; nobody's name where nobody is named for the role."""

    role: str
    name: str | None = None
    email: str | None = None

    @property
    def shown(self) -> str:
        """The name, or the role in words."""
        return self.name or self.role.replace("_", " ")


def owner_of(plan: Plan, standing: SiteStanding, role: str, on: date) -> Owner:
    """Whoever holds a role at a site on a day: the site's own people, an engineer of its spoke, or the plan's."""
    site = standing.site
    own: Person | None = {"site_lead": site.site_lead, "sponsor": site.sponsor}.get(role)
    if own is None and role == "embedded_engineer" and (there := engineers(standing, on)):
        mail = next((p.email for p in plan.people.values() if p.name == there[0].name), None)
        return Owner(role, there[0].name, mail)
    return plan_owner(plan, role) if own is None else Owner(role, own.name, own.email)


def plan_owner(plan: Plan, role: str) -> Owner:
    """Whoever holds a role of the whole plan."""
    who = plan.people.get(role)
    return Owner(role, who.name, who.email) if who else Owner(role)


def engineers(standing: SiteStanding, on: date | None = None) -> list[Engineer]:
    """Engineers of the spoke who are there on a day (by go-live, without one), speakers of its languages first."""
    if standing.spoke is None or standing.placement is None:
        return []
    there = standing.spoke.there(standing.site.id, on or standing.placement.go_live)
    return sorted(there, key=lambda who: not speaks(who, standing.site.languages))


def speaks(who: Engineer, languages: Iterable[str]) -> bool:
    """Whether somebody speaks one of the languages."""
    return any(map(who.speaks, languages))
