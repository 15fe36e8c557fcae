"""The portfolio: every opportunity ranked, with its sites, its plans and how far they are."""

from __future__ import annotations

from rollout.model.opportunities import Opportunities, Place
from rollout.model.portfolio import rank
from rollout.model.programme import Programme


def opportunities(programme: Programme) -> Opportunities:
    """What `waves/_portfolio.yaml` says, best first."""
    carried = programme.carried
    places = []
    for ranked in rank(programme.portfolio, carried):
        sites = [site for site in programme.sites.values() if ranked.opportunity.sites.matches(site)]
        live = sum(
            any(
                programme.plans[plan].plan.covers(site)
                and programme.plans[plan].facts_of(site.id).went_live is not None
                for plan in ranked.plans
            )
            for site in sites
        )
        places.append(Place(rank=ranked, sites=tuple(site.id for site in sites), live=live))
    carrying = {plan for plans in carried.values() for plan in plans}
    without = tuple(plan for plan in programme.plans if plan not in carrying)
    return Opportunities(portfolio=programme.portfolio, places=tuple(places), without=without)
