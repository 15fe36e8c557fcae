"""How many sites may be in hypercare at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rollout.model.instance import Demand, Resource
from rollout.sequence.scope import Scope

GRACE = timedelta(days=7)
"""A hypercare past its planned length without a recorded exit is taken to end this long after today."""


def length(scope: Scope, site_id: str) -> int:
    """Days a site is in hypercare, its go-live included: planned, or until the exit that was recorded."""
    planned = scope.plan.hypercare.lasts.days
    facts = scope.facts(site_id)
    if facts.went_live is None:
        return planned
    if facts.left_hypercare is not None:
        return max(1, (facts.left_hypercare - facts.went_live).days)
    return max(planned, (scope.as_of + GRACE - facts.went_live).days)


def lower(scope: Scope) -> Iterator[Resource]:
    """`hypercare.at_once`, by day."""
    cap = scope.plan.hypercare.at_once
    if cap is not None:
        demands = {site_id: (Demand(1, 0, length(scope, site_id) - 1),) for site_id in scope.sites}
        said = f"at most {cap} sites in hypercare at once"
        because = scope.because("hypercare", said, scope.plan.source / "hypercare" / "at_once")
        yield Resource("hypercare", "day", (cap,), demands, because)
