"""The portfolio: every opportunity ranked, with its sites, its plans and how far they are."""

from __future__ import annotations

from rollout.model.opportunities import Opportunities, Place
from rollout.model.portfolio import rank
from rollout.model.programme import PlanFolder, Programme


def opportunities(programme: Programme) -> Opportunities:
    """What `waves/_portfolio.yaml` says, best first."""
    carried = programme.carried
    live = {plan: _live(programme, folder) for plan, folder in programme.plans.items()}
    meant: dict[str, tuple[str, ...]] = {}
    places = []
    for ranked in rank(programme.portfolio, carried):
        where = ranked.opportunity.sites
        if where.key not in meant:
            meant[where.key] = tuple(site.id for site in programme.sites.values() if where.matches(site))
        sites = meant[where.key]
        there = frozenset[str]().union(*(live[plan] for plan in ranked.plans))
        places.append(Place(rank=ranked, sites=sites, live=len(there.intersection(sites))))
    carrying = {plan for plans in carried.values() for plan in plans}
    without = tuple(plan for plan in programme.plans if plan not in carrying)
    return Opportunities(portfolio=programme.portfolio, places=tuple(places), without=without)


def _live(programme: Programme, folder: PlanFolder) -> frozenset[str]:
    """The sites of a plan that have gone live with it."""
    return frozenset(
        site.id for site in programme.sites_of(folder.plan) if folder.facts_of(site.id).went_live is not None
    )
