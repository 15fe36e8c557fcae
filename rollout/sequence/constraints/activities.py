"""The longest path of remaining work: a site cannot go live before it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollout.model.agenda import Unready, activities_at, unready
from rollout.model.calendar import spoken
from rollout.model.instance import Stretch, Window
from rollout.model.record import NOTHING_HAPPENED
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """One window for all sites that the same chain of work holds back on the same days."""
    found: dict[tuple[object, ...], tuple[Unready, list[str]]] = {}
    # Thousands of sites share a handful of paths: same activities, same calendar, nothing recorded.
    known: dict[tuple[tuple[str, ...], int], tuple[Unready, ...]] = {}
    for site in scope.open_sites():
        activities = activities_at(scope.plan, site)
        calendar, facts = scope.calendar(site), scope.facts(site.id)
        key = (tuple(a.id for a in activities), id(calendar))
        if facts.has_items:
            stretches = unready(activities, facts, calendar, scope.start)
        else:
            if key not in known:
                known[key] = unready(activities, NOTHING_HAPPENED, calendar, scope.start)
            stretches = known[key]
        for stretch in stretches:
            chain = tuple(a.id for a in stretch.path.chain)
            again = tuple((repeat.key, repeat.until) for repeat in stretch.again)
            found.setdefault((stretch.first, stretch.last, chain, again), (stretch, []))[1].append(site.id)
    for stretch, sites in found.values():
        yield _window(scope, stretch, tuple(sites))


def _window(scope: Scope, stretch: Unready, sites: tuple[str, ...]) -> Window:
    path = stretch.path
    chain = " → ".join(f"{activity.title} ({activity.takes})" for activity in path.chain)
    remaining = f"its remaining work lasts until {spoken(path.free)}: {chain}"
    on_path = {activity.id for activity in path.chain}
    old = [f"{r.activity.title} ({spoken(r.until)})" for r in stretch.again if r.until and r.activity.id in on_path]
    if old:
        remaining += f"; done before, and too old for a go-live after the day in brackets: {', '.join(old)}"
    name = "work before go-live"
    because = scope.because(name, remaining, scope.plan.source / "activities" / path.chain[-1].id)
    # Ordinals begin with 1; a stretch from the first of all days is one from 0, as it always was.
    first = 0 if stretch.first == date.min else stretch.first.toordinal()
    return Window(sites, (Stretch(first, stretch.last.toordinal(), name),), because)
