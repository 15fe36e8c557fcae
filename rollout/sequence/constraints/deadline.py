"""Last day a site may go live."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import FOREVER, Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """`deadline` of each site."""
    for site_id, constraint, source in scope.decided():
        if constraint.deadline is not None:
            said = f"{site_id} goes live on {spoken(constraint.deadline)} or earlier"
            because = scope.because("deadline", said, source / "deadline", constraint.because)
            first = constraint.deadline.toordinal() + 1
            yield Window((site_id,), (Stretch(first, FOREVER, f"after {spoken(constraint.deadline)}"),), because)
