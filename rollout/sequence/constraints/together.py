"""Sites that go live in one wave."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.instance import Same
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Same]:
    """Each `together` group, as far as its sites still get a day or have one."""
    for number, group in enumerate(scope.plan.together):
        jobs = tuple(site for site in group if site in scope.sites)
        if len(jobs) > 1:
            said = f"{', '.join(jobs)} go live in the same wave"
            yield Same(jobs, scope.because("together", said, scope.plan.source / "together" / number))
