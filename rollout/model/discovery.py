"""Discovery: systems that sites declared, systems that were found there, and what is left to settle between the two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rollout.model.record import FoundRecord, Record, by_day
from rollout.model.site import Site

Found = Mapping[str, Mapping[str, FoundRecord]]
"""By site and system the latest line about it."""


def found_systems(records: Iterable[Mapping[str, Iterable[Record]]]) -> Found:
    """What the records of all plans say was found. What stands at a site stands there for every plan."""
    lines: dict[str, list[FoundRecord]] = {}
    for of_plan in records:
        for site_id, some in of_plan.items():
            here = [line for line in some if isinstance(line, FoundRecord)]
            if here:
                lines.setdefault(site_id, []).extend(here)
    return {site_id: _latest(lines[site_id]) for site_id in sorted(lines)}


def _latest(lines: Iterable[FoundRecord]) -> dict[str, FoundRecord]:
    latest: dict[str, FoundRecord] = {}
    for line in by_day(lines):
        assert isinstance(line, FoundRecord)
        latest[line.found] = line
    return dict(sorted(latest.items()))


def with_found(sites: Mapping[str, Site], found: Found) -> dict[str, Site]:
    """The sites with the systems that were found there: selectors, limits and connectors see what is really there."""
    result = dict(sites)
    for site_id, lines in found.items():
        site = sites.get(site_id)
        if site is not None:
            more = tuple(name for name, line in lines.items() if not line.unneeded and name not in site.systems)
            if more:
                result[site_id] = site.model_copy(update={"systems": (*site.systems, *more), "discovered": more})
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsettled:
    """What discovery has left open at a site."""

    site: str
    is_empty: bool
    """Whether the site has no system at all: nobody has looked yet."""
    unconfirmed: tuple[str, ...]
    """Declared, and nobody has found it there."""
    undeclared: tuple[str, ...]
    """Found, and neither declared nor said to be unneeded."""
    unregistered: tuple[str, ...]
    """In use, and not in the register."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is open: then the site's list of systems can be relied on."""
        return not (self.is_empty or self.unconfirmed or self.undeclared or self.unregistered)

    @property
    def names(self) -> tuple[str, ...]:
        """Every system about which something is open, by name."""
        return tuple(sorted({*self.unconfirmed, *self.undeclared, *self.unregistered}))

    def spoken(self) -> str:
        """What is open, in words."""
        if self.is_empty:
            return "no system declared or found yet"
        said = [
            f"{what}: {', '.join(names)}"
            for what, names in (
                ("declared, not confirmed", self.unconfirmed),
                ("found, not declared", self.undeclared),
                ("not in the register", self.unregistered),
            )
            if names
        ]
        return "; ".join(said)


def unsettled(site: Site, found: Collection[str], register: Collection[str]) -> Unsettled:
    """What is open at a site, by the names of what was found there and of what the register lists."""
    return Unsettled(
        site=site.id,
        is_empty=not site.systems and not found,
        unconfirmed=tuple(name for name in site.declared if name not in found),
        undeclared=site.discovered,
        unregistered=tuple(name for name in site.systems if name not in register),
    )


def unregistered(sites: Iterable[Site], found: Found, register: Collection[str]) -> dict[str, FoundRecord]:
    """By name, one line about each system that was found somewhere and stands in no register."""
    first: dict[str, FoundRecord] = {}
    for site in sites:
        for name in site.discovered:
            if name not in register and site.id in found:
                first.setdefault(name, found[site.id][name])
    return dict(sorted(first.items()))
