"""How much an early day is worth: value times readiness."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

from rollout.sequence.scope import Scope


def worths(scope: Scope) -> Mapping[str, float]:
    """Weight of each site: its value (else the fleet's median; head-count where nobody states one) times the mean of
    its readiness scores (the fleet's median where it was not assessed), scaled so that the mean weight is 1."""
    stated = [site.value for site in scope.sites.values() if site.value is not None]
    middle = median(stated) if stated else 0.0
    values = {
        site.id: (site.value if site.value is not None else middle) if stated else float(site.people or 1)
        for site in scope.sites.values()
    }
    means = {
        site_id: facts.readiness.readiness.mean
        for site_id in scope.sites
        if (facts := scope.facts(site_id)).readiness is not None
    }
    usual = median(means.values()) if means else 1.0
    raw = {site_id: values[site_id] * means.get(site_id, usual) for site_id in scope.sites}
    mean = sum(raw.values()) / len(raw) if raw else 0.0
    # Rounded, so that the last bit of a division never decides between two sites.
    return {site_id: round(weight / mean, 6) if mean else 1.0 for site_id, weight in raw.items()}
