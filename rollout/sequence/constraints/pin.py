"""A site pinned to a day or to a wave."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import FOREVER, Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """`go_live: DAY` and `wave: N` of each site."""
    for site_id, constraint, source in scope.decided():
        if constraint.go_live is not None:
            day = constraint.go_live.toordinal()
            said = f"{site_id} is pinned to {spoken(constraint.go_live)}"
            closed = (Stretch(0, day - 1, said), Stretch(day + 1, FOREVER, said))
            yield Window((site_id,), closed, scope.because("pin", said, source / "go_live", constraint.because))
        if constraint.wave is not None:
            said = f"{site_id} is pinned to wave {constraint.wave}"
            because = scope.because("pin", said, source / "wave", constraint.because)
            yield Window((site_id,), (), because, waves=(constraint.wave, constraint.wave))
