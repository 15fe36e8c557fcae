"""First day a site may go live; and no day before today or before work begins."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """`not_before` of each site, and the day the plan is made for all."""
    start = scope.start
    sites = tuple(site.id for site in scope.open_sites())
    if sites:
        because = scope.because("start", f"nothing happens before {spoken(start)}", scope.plan.source / "work_from")
        yield Window(sites, (Stretch(0, start.toordinal() - 1, f"before {spoken(start)}"),), because)
    for site_id, constraint, source in scope.decided():
        if constraint.not_before is not None:
            said = f"{site_id} goes live on {spoken(constraint.not_before)} or later"
            because = scope.because("not_before", said, source / "not_before", constraint.because)
            last = constraint.not_before.toordinal() - 1
            yield Window((site_id,), (Stretch(0, last, f"before {spoken(constraint.not_before)}"),), because)
