"""At most so many sites of one kind in a wave."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.few import so_many
from rollout.model.instance import Demand, Resource
from rollout.sequence.scope import Scope

ONE = (Demand(),)


def lower(scope: Scope) -> Iterator[Resource]:
    """One resource for each value of the field that enough sites share for the limit to bind."""
    for limit in scope.plan.limits:
        sharing: dict[str, list[str]] = {}
        for site in scope.sites.values():
            if site.id != scope.plan.lighthouse and limit.where.matches(site):
                for value in site.values_of(limit.same):
                    sharing.setdefault(value, []).append(site.id)
        for value, sites in sorted(sharing.items()):
            if len(sites) > limit.max:
                name = f"limit {limit.id}"
                said = f"at most {so_many(limit.max, 'site')} a wave with {limit.same} {value}"
                because = scope.because(name, said, scope.plan.source / "limits" / limit.id, limit.because)
                yield Resource(f"{name} {value}", "wave", (limit.max,), dict.fromkeys(sites, ONE), because)
