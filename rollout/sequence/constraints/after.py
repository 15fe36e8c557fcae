"""One site before another: with a lag, after the other's hypercare, or as a wish."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import After, Prefer, Stretch, Window
from rollout.model.times import days
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[After | Window | Prefer]:
    """`after` (with `lag`), `after_exit` (the planned length of hypercare, or its recorded exit), `prefer_after`.

    A lag that has passed (the other is live for longer than it) holds nothing back. Sites that are paused or dropped
    are not waited for.
    """
    lasts = scope.plan.hypercare.lasts.days
    for site_id, constraint, source in scope.decided():
        for before in constraint.after:
            if before in scope.sites:
                lag = constraint.lag.days
                said = f"{site_id} goes live {f'{days(lag)} ' if lag else ''}after {before}"
                because = scope.because(f"after {before}", said, source / "after", constraint.because)
                # Two sites in an order never share a day, or nobody could say which was first.
                yield After(site_id, before, max(lag, 1), because)
        for before in constraint.after_exit:
            said = f"{site_id} goes live after {before} has left hypercare"
            because = scope.because(f"after the exit of {before}", said, source / "after_exit", constraint.because)
            left = scope.facts(before).left_hypercare
            if left is not None:
                yield Window((site_id,), (Stretch(0, left.toordinal(), f"until {spoken(left)}"),), because)
            elif before in scope.sites:
                yield After(site_id, before, lasts, because)
        for before in constraint.prefer_after:
            if before in scope.sites:
                said = f"{site_id} would rather go live after {before}"
                because = scope.because(f"prefer_after {before}", said, source / "prefer_after", constraint.because)
                yield Prefer(site_id, before, because)
