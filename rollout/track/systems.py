"""The systems register against what sites declare and what was found there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rollout.model.discovered import KindCount, SystemRow, Systems
from rollout.model.programme import Programme
from rollout.model.record import FoundRecord
from rollout.model.schedule import Ready
from rollout.model.site import Site
from rollout.model.system import System, connector_of


def systems(programme: Programme, sites: Iterable[Site], ready: Mapping[str, Ready], as_of: date) -> Systems:
    """Systems of these sites; `ready` are the published days of connectors, by the connector's name."""
    sites = tuple(sites)
    declared: dict[str, list[str]] = {}
    found: dict[str, list[tuple[str, FoundRecord]]] = {}
    in_use: set[str] = set()
    for site in sites:
        in_use.update(site.systems)
        for name in site.declared:
            declared.setdefault(name, []).append(site.id)
        for name, line in programme.found.get(site.id, {}).items():
            found.setdefault(name, []).append((site.id, line))
    known = {
        **programme.systems,
        **{name: System(id=name, kind=line.kind) for name, line in programme.unregistered.items()},
    }
    rows = [
        SystemRow(
            system=known[name],
            is_registered=name in programme.systems,
            declared_at=tuple(declared.get(name, ())),
            found=tuple(sorted(found.get(name, ()), key=lambda row: (row[1].on, row[0]))),
            ready=(when := ready.get(connector_of(name))),
            is_late=when is not None and when.ready < as_of and known[name].connector.live_since is None,
        )
        for name in in_use & known.keys()
    ]
    open_sites = [one for site in sites if not (one := programme.unsettled(site)).is_complete]
    return Systems(
        sites=len(sites),
        kinds=_kinds(programme, rows),
        rows=tuple(sorted(rows, key=lambda row: (row.system.kind, row.system.id))),
        idle=tuple(sorted(programme.systems.keys() - in_use)),
        links=programme.register.links,
        incomplete=tuple(open_sites),
    )


def _kinds(programme: Programme, rows: Iterable[SystemRow]) -> tuple[KindCount, ...]:
    """By kind; those about which something was believed first."""
    believed = programme.register.believed
    kinds: dict[str, list[SystemRow]] = {kind: [] for kind in believed}
    for row in rows:
        kinds.setdefault(row.system.kind, []).append(row)
    return tuple(
        KindCount(
            kind=kind,
            believed=believed.get(kind),
            declared=sum(bool(row.declared_at) for row in kinds[kind]),
            found=sum(bool(row.found) for row in kinds[kind]),
            in_use=len(kinds[kind]),
        )
        for kind in sorted(kinds, key=lambda kind: (kind not in believed, kind))
    )
