"""Days on which sites do not go live: of the plan, of a selection of sites, of one site. They add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rollout.model.blackout import Blackout
from rollout.model.instance import Stretch, Window
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.model.times import days
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Window]:
    """Every blackout that blocks go-live. Sites that inherit the same one share a window."""
    sites = scope.open_sites()
    for blackout in scope.plan.blackouts:
        is_everywhere = not blackout.where.__pydantic_fields_set__
        yield from _window(scope, blackout, sites, scope.plan.source / "blackouts" / blackout.id, is_everywhere)
    inherited: dict[tuple[str, tuple[str, ...]], tuple[Blackout, list[Site]]] = {}
    for site in sites:
        for blackout in site.blackouts:
            key = (repr(blackout), site.paths[1:])
            inherited.setdefault(key, (blackout, []))[1].append(site)
    for blackout, members in inherited.values():
        yield from _window(scope, blackout, members, members[0].source / "blackouts" / blackout.id)


def _window(
    scope: Scope, blackout: Blackout, sites: Iterable[Site], source: Source, is_everywhere: bool = False
) -> Iterator[Window]:
    if "go_live" not in blackout.blocks:
        return
    jobs = tuple(site.id for site in sites if blackout.where.matches(site))
    name = f"blackout {blackout.id}"
    closed = tuple(Stretch(a.toordinal(), b.toordinal(), name) for a, b in blackout.closed(scope.first, scope.last))
    if (jobs or is_everywhere) and closed:
        said = f"no go-live {blackout.spoken}"
        if blackout.clear_before.days:
            said += f", nor in the {days(blackout.clear_before.days)} before"
        because = scope.because(name, said, source, blackout.because)
        yield Window(jobs, closed, because, everywhere=is_everywhere)
