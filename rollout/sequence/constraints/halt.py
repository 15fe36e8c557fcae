"""A programme that stands still: no go-live from the day of the halt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rollout.model.calendar import spoken
from rollout.model.instance import FOREVER, Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """Each open halt of `records/_plan.yaml`, for all sites but its exceptions, until the day it is due to resume."""
    for halt in scope.folder.halts:
        jobs = tuple(site.id for site in scope.open_sites() if site.id not in halt.exempt)
        if not jobs:
            continue
        last = FOREVER if halt.resumes is None else (halt.resumes - timedelta(days=1)).toordinal()
        said = f"the programme is halted from {spoken(halt.on)}"
        said += f" until {spoken(halt.resumes)}" if halt.resumes is not None else ""
        because = scope.because(f"halt {halt.halt}", said, halt.place / "halt", halt.because)
        yield Window(jobs, (Stretch(halt.on.toordinal(), last, f"halt {halt.halt}"),), because)
