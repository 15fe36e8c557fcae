"""Sites that never go live in one wave."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.instance import Apart
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Apart]:
    """Each `apart` group."""
    for number, group in enumerate(scope.plan.apart):
        jobs = tuple(site for site in group if site in scope.sites)
        if len(jobs) > 1:
            said = f"no two of {', '.join(jobs)} go live in the same wave"
            yield Apart(jobs, scope.because("apart", said, scope.plan.source / "apart" / number))
