"""What could be rolled out: opportunities with their worth and effort, and in which order they pay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from rollout.model.fields import Amount, Count, Entries, Id, Listed, Model, Name
from rollout.model.layout import PORTFOLIO
from rollout.model.selector import EVERY_SITE, Sites
from rollout.model.site import Person
from rollout.model.source import Source
from rollout.model.spelling import TEXT, Also, spelled


def _parse_percent(value: Any) -> Any:
    return value.removesuffix("%").strip() if isinstance(value, str) else value


def _parse_person(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


Percent = Annotated[
    Count,
    Field(ge=1, le=99),
    BeforeValidator(_parse_percent),
    spelled("percentage", "40%", type=["integer", "string"], pattern=r"[1-9][0-9]? *%?", minimum=1, maximum=99),
]


class Opportunity(Model):
    """A capability that is worth rolling out, or may be."""

    id: Id
    """Its key; a plan names it with `opportunity`."""
    title: Name
    """What it is, in words."""
    value: Amount
    """What it is worth a year once all its sites have it; one unit for all opportunities."""
    effort: Annotated[Amount, Field(gt=0)]
    """What it takes to bring it to all its sites, done alone; one unit for all opportunities."""
    sites: Sites = EVERY_SITE
    """Where it is of use: `all`, or a selector."""
    owner: Annotated[Person, BeforeValidator(_parse_person), Also(({"title": "text", "type": list(TEXT)},))] | None = (
        None
    )
    """Who answers for its worth: a name, or `{name: …, title: …}`."""
    plan: Id | None = None
    """The plan that carries it, where the plan does not say so itself."""
    reuse: dict[Id, Percent] = Field(default_factory=dict)
    """What of its effort is saved once another opportunity is done: `{vision-inspection: 40%}`, for connectors,
    platform and people that are there then."""
    because: Name | None = None
    """What the figures rest on."""

    @model_validator(mode="after")
    def _something_is_left(self) -> Self:
        saved = sum(self.reuse.values())
        if saved > 99:
            msg = f"others save {saved} % of its effort; at most 99 % can be saved"
            raise ValueError(msg)
        if self.id in self.reuse:
            msg = "it cannot reuse what itself has built"
            raise ValueError(msg)
        return self


class Portfolio(Model):
    """`waves/_portfolio.yaml`."""

    value_in: Name = "points"
    """Unit of all values: `EUR a year`."""
    effort_in: Name = "points"
    """Unit of all efforts: `person-days`."""
    opportunities: Annotated[tuple[Opportunity, ...], Entries, Listed] = ()
    """What could be rolled out."""

    @property
    def source(self) -> Source:
        """Where opportunities are written."""
        return Source((PORTFOLIO,))

    def get(self, opportunity_id: str) -> Opportunity | None:
        """The opportunity of that id."""
        return next((one for one in self.opportunities if one.id == opportunity_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """An opportunity in its place."""

    opportunity: Opportunity
    plans: tuple[str, ...]
    """The plans that carry it."""
    saved: Mapping[str, int]
    """Percent of its effort that others save, which come before it or are carried by a plan."""
    effort: float
    """What is left of its effort then."""

    @property
    def ratio(self) -> float:
        """Value for each unit of effort that is left."""
        return self.opportunity.value / self.effort


def rank(portfolio: Portfolio, carried: Mapping[str, tuple[str, ...]]) -> tuple[Rank, ...]:
    """The opportunities by value for effort, best first; among equals by id.

    Greedy: the best comes next, then all others are looked at again, because what it has built saves effort
    elsewhere. What a plan carries already counts as built for those that no plan carries.
    """
    by_id = {one.id: one for one in portfolio.opportunities}
    users: dict[str, list[str]] = {}
    for one in portfolio.opportunities:
        for other in one.reuse:
            users.setdefault(other, []).append(one.id)
    ranked: dict[str, Rank] = {}

    def placed(name: str) -> Rank:
        one = by_id[name]
        built = {} if name in carried else carried
        saved = {other: percent for other, percent in one.reuse.items() if other in built or other in ranked}
        left = one.effort * (100 - sum(saved.values())) / 100
        return Rank(opportunity=one, plans=carried.get(name, ()), saved=saved, effort=left)

    waiting = [(-placed(name).ratio, name) for name in by_id]
    heapify(waiting)
    while waiting:
        _, name = heappop(waiting)
        if name in ranked:  # an older entry, from before something it reuses was ranked
            continue
        ranked[name] = placed(name)
        for user in users.get(name, ()):
            if user not in ranked:
                heappush(waiting, (-placed(user).ratio, user))
    return tuple(ranked.values())
