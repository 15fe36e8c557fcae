"""Who answers for a piece of work at a site, by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rollout.model.people import engineers
from rollout.model.plan import Plan
from rollout.model.site import Person
from rollout.model.standing import SiteStanding


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
    if role == "embedded_engineer" and standing.placement is not None:
        there = engineers(standing.spoke, site, standing.placement.go_live, on)
        if there:
            mail = next((p.email for p in plan.people.values() if p.name == there[0].name), None)
            return Owner(role, there[0].name, mail)
    return plan_owner(plan, role) if own is None else Owner(role, own.name, own.email)


def plan_owner(plan: Plan, role: str) -> Owner:
    """Whoever holds a role of the whole plan."""
    who = plan.people.get(role)
    return Owner(role, who.name, who.email) if who else Owner(role)
