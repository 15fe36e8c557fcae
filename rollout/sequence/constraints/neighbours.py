"""Sites that exchange people or goods, and so do not run on different systems for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rollout.model.calendar import spoken
from rollout.model.instance import FOREVER, After, Stretch, Window
from rollout.model.times import days
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[After | Window]:
    """Each `neighbours` group, pair by pair: neither goes live more than `within` after the other.

    That `graz` is no later than 42 days after `linz` reads: `linz` at least -42 days after `graz`. Once `linz` is live
    that is the last day of `graz`, counted from what happened; where it has passed `graz` has no day left, and
    `validate` says so. Sites that are paused or dropped hold nobody.
    """
    for number, group in enumerate(scope.plan.neighbours):
        jobs = tuple(site for site in dict.fromkeys(group.sites) if site in scope.sites)
        waiting = tuple(job for job in jobs if scope.is_open(job))
        within = group.within.days
        said = f"{', '.join(jobs)} go live within {days(within)} of each other"
        because = scope.because("neighbours", said, scope.plan.source / "neighbours" / number, group.because)
        for job in waiting:
            for other in waiting:
                if job != other:
                    yield After(job, other, -within, because)
        live = [day for job in jobs if (day := scope.facts(job).went_live) is not None]
        if live and waiting:
            last = min(live) + timedelta(days=within)
            closed = (Stretch(last.toordinal() + 1, FOREVER, f"after {spoken(last)}"),)
            yield Window(waiting, closed, because)
