"""The longest path of remaining work: a site cannot go live before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollout.model.agenda import Path, activities_at, longest_path
from rollout.model.calendar import spoken
from rollout.model.instance import Stretch, Window
from rollout.model.record import NOTHING_HAPPENED
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """One window for all sites that the same chain of work holds back until the same day."""
    start = max(scope.plan.work_from, scope.as_of)
    found: dict[tuple[date, tuple[str, ...]], tuple[Path, list[str]]] = {}
    # Thousands of sites share a handful of paths: same activities, same calendar, nothing recorded.
    known: dict[tuple[tuple[str, ...], int], Path] = {}
    for site in scope.open_sites():
        activities = activities_at(scope.plan, site)
        calendar, facts = scope.calendar(site), scope.facts(site.id)
        key = (tuple(a.id for a in activities), id(calendar))
        if facts.has_items:
            path = longest_path(activities, facts, calendar, start)
        else:
            if key not in known:
                known[key] = longest_path(activities, NOTHING_HAPPENED, calendar, start)
            path = known[key]
        group = (path.free, tuple(a.id for a in path.chain))
        found.setdefault(group, (path, []))[1].append(site.id)
    for path, sites in found.values():
        if not path.chain:
            continue
        chain = " → ".join(f"{activity.title} ({activity.takes})" for activity in path.chain)
        because = scope.because(
            "work before go-live",
            f"its remaining work lasts until {spoken(path.free)}: {chain}",
            scope.plan.source / "activities" / path.chain[-1].id,
        )
        yield Window(tuple(sites), (Stretch(0, path.free.toordinal() - 1, "work before go-live"),), because)
