"""How many sites may be in hypercare at once."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.few import so_many
from rollout.model.instance import Demand, Resource
from rollout.model.staffing import hypercare_days
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Resource]:
    """`hypercare.at_once`, by day."""
    cap = scope.plan.hypercare.at_once
    if cap is not None:
        lasts = {site_id: hypercare_days(scope.plan, scope.facts(site_id), scope.as_of) for site_id in scope.sites}
        demands = {site_id: (Demand(1, 0, days - 1),) for site_id, days in lasts.items()}
        said = f"at most {so_many(cap, 'site')} in hypercare at once"
        because = scope.because("hypercare", said, scope.plan.source / "hypercare" / "at_once")
        yield Resource("hypercare", "day", (cap,), demands, because)
