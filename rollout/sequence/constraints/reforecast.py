"""The day a site expects to go live, as it recorded it: no day that is looked for is before it."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import Stretch, Window
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """The latest `forecast` of each site that has not gone live. A published day before it may stay (`Window`)."""
    for site in scope.open_sites():
        told = scope.facts(site.id).forecast
        if told is not None:
            said = f"{site.id} expects to go live on {spoken(told.forecast)}"
            because = scope.because("re-forecast", said, told.place / "forecast", told.because)
            closed = (Stretch(0, told.forecast.toordinal() - 1, f"before {spoken(told.forecast)}"),)
            yield Window((site.id,), closed, because, is_reforecast=True)
