"""What `rollout systems` answers: systems believed, declared and found, and what one that is found late does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.discovery import Unsettled
from rollout.model.few import few, so_many
from rollout.model.record import FoundRecord
from rollout.model.revision import Revision
from rollout.model.schedule import Placement, Ready
from rollout.model.system import Link, System
from rollout.model.table import Table
from rollout.model.times import days, later

if TYPE_CHECKING:
    from rollout.model.answers.learning import FoundLateJson, SystemRowJson, SystemsJson

_MANY = 8
"""Names in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many systems of a kind were believed, are declared and were found."""

    kind: str
    believed: int | None
    """None where nobody said."""
    declared: int
    """Different systems that sites declare."""
    found: int
    """Different systems that somebody found."""
    in_use: int
    """Different systems at all, declared or found."""

    def spoken(self) -> str:
        """`believed 1 ERP, found 8`."""
        return f"believed {self.believed} {name_of_kind(self.kind)}, found {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """One system: who runs it, who says so, and its one connector."""

    system: System
    is_registered: bool
    declared_at: tuple[str, ...]
    found: tuple[tuple[str, FoundRecord], ...]
    """Sites and lines that say it was found there, by day."""
    ready: Ready | None
    """When the plan has its connector built."""

    is_late: bool = False
    """Whether that day has passed, and the register does not say that it is live."""

    @property
    def connector(self) -> str:
        """How far its connector is."""
        live = self.system.connector.live_since
        if live is not None:
            return f"live since {spoken(live)}"
        if self.ready is not None:
            return f"{'by plan since' if self.is_late else 'ready'} {spoken(self.ready.ready)}"
        return "to be built"

    def discovery(self) -> str:
        """Where it was found first, by which source."""
        if not self.found:
            return "not found yet"
        site, line = self.found[0]
        more = len(self.found) - 1
        said = f"{site}, {spoken(line.on)}{f': {line.source}' if line.source else ''}"
        return f"{said} (and {more} more)" if more else said

    def json(self) -> SystemRowJson:
        """For programs."""
        live = self.system.connector.live_since
        return {
            "system": self.system.id,
            "kind": self.system.kind,
            "registered": self.is_registered,
            "owner": self.system.owner,
            "declared_at": list(self.declared_at),
            "found": [
                {
                    "site": site,
                    "on": line.on.isoformat(),
                    "source": line.source,
                    "by": line.by,
                    "unneeded": line.unneeded,
                }
                for site, line in self.found
            ],
            "connector": {
                "live_since": live.isoformat() if live else None,
                "team": self.system.connector.team,
                "ready": self.ready.ready.isoformat() if self.ready else None,
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The systems of a programme's sites, or of one plan's."""

    sites: int
    kinds: tuple[KindCount, ...]
    rows: tuple[SystemRow, ...]
    """Systems in use, by kind and name."""
    idle: tuple[str, ...]
    """Systems of the register that no site runs."""
    links: tuple[Link, ...]
    incomplete: tuple[Unsettled, ...]
    """Sites whose discovery is not complete."""

    @property
    def headline(self) -> str:
        """`Believed 1 ERP, found 8.`; what was believed stands first."""
        said = [kind.spoken() for kind in self.kinds if kind.believed is not None]
        if not said:
            used = f"{so_many(len(self.rows), 'system')} in use at {so_many(self.sites, 'site')}"
            return f"{used}; nobody wrote down how many were believed."
        text = "; ".join(said)
        return f"{text[0].upper()}{text[1:]}."

    @property
    def hub(self) -> str:
        """Connectors to the hub against links from each system to each other."""
        count, live, pairs = self._connectors
        said = f"{so_many(count, 'connector')} to the hub ({live} live), against {so_many(pairs, 'link')}"
        return f"{said} from each to each."

    @property
    def _connectors(self) -> tuple[int, int, int]:
        """How many there are, how many of them are live, and the links between each system and each other."""
        count = len(self.rows)
        live = sum(row.system.connector.live_since is not None for row in self.rows)
        return count, live, count * (count - 1) // 2

    def tables(self) -> tuple[Table, ...]:
        """By kind, the systems, and sites where something is open; those with rows."""
        kinds = Table(
            "Believed, declared, found",
            ("kind", "believed", "declared", "found", "in use"),
            tuple(
                (
                    name_of_kind(kind.kind),
                    "" if kind.believed is None else str(kind.believed),
                    str(kind.declared),
                    str(kind.found),
                    str(kind.in_use),
                )
                for kind in self.kinds
            ),
        )
        done = self.sites - len(self.incomplete)
        open_sites = Table(
            "Discovery not complete",
            ("site", "what is open"),
            tuple((one.site, one.spoken()) for one in self.incomplete),
            (f"Complete at {done} of {so_many(self.sites, 'site')}.",),
        )
        links = Table(
            "Links past the hub",
            ("link", "between", "carries", "waived"),
            tuple(
                (
                    link.id,
                    " and ".join(link.between),
                    link.carries or "",
                    f"until {spoken(link.waived.until)} by {link.waived.owner}: {link.waived.because}"
                    if link.waived
                    else "no",
                )
                for link in self.links
            ),
        )
        return tuple(table for table in (kinds, self.table(), links, open_sites) if table.rows)

    def table(self) -> Table:
        """One row a system."""
        rows = tuple(
            (
                row.system.id,
                name_of_kind(row.system.kind) + ("" if row.is_registered else " (not in the register)"),
                str(len(row.declared_at)),
                row.discovery(),
                row.connector,
            )
            for row in self.rows
        )
        notes = (f"In the register and run nowhere: {few(self.idle, _MANY)}.",) if self.idle else ()
        if any(row.is_late for row in self.rows):
            notes = (
                *notes,
                "By plan since: once a connector works, say `live_since` in sites/_systems.yaml, and plan.",
            )
        return Table("Systems", ("system", "kind", "declared at", "found", "connector"), rows, notes)

    def json(self) -> SystemsJson:
        """For programs."""
        count, live, pairs = self._connectors
        return {
            "version": VERSION,
            "sites": self.sites,
            "kinds": [
                {
                    "kind": kind.kind,
                    "believed": kind.believed,
                    "declared": kind.declared,
                    "found": kind.found,
                    "in_use": kind.in_use,
                }
                for kind in self.kinds
            ],
            "systems": [row.json() for row in self.rows],
            "idle": list(self.idle),
            "connectors": {
                "count": count,
                "live": live,
                "pairs": pairs,
            },
            "links": [
                {
                    "link": link.id,
                    "between": list(link.between),
                    "carries": link.carries,
                    "waived_until": link.waived.until.isoformat() if link.waived else None,
                }
                for link in self.links
            ],
            "incomplete": [
                {
                    "site": one.site,
                    "empty": one.is_empty,
                    "unconfirmed": list(one.unconfirmed),
                    "undeclared": list(one.undeclared),
                    "unregistered": list(one.unregistered),
                }
                for one in self.incomplete
            ],
        }


def name_of_kind(kind: str) -> str:
    """`ERP`, `Historian`: short kinds are abbreviations."""
    return kind.upper() if len(kind) <= 4 else kind[:1].upper() + kind[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLate:
    """What finding a system at a site does to the plan. Pairs are before and after."""

    plan: str
    system: str
    site: str
    name: str
    """What people call the site."""
    takes: str | None
    """How long its connector takes to build, as written; None where one is live or another plan builds it."""
    ready: date | None
    """First day it can be used."""
    is_new: bool
    """Whether the site did not run it already."""
    earliest: tuple[date | None, date | None]
    """First day the site could go live if nobody else were in the way."""
    placed: tuple[Placement | None, Placement | None]
    """Its planned go-live."""
    unplaced: Mapping[str, str]
    """Sites that would have no day, and why."""
    revision: Revision | None
    """What changes against the dates that hold now; None where nothing does."""

    def spoken(self) -> tuple[str, ...]:
        """The answer in sentences."""
        if not self.is_new:
            return (f"{self.name} runs {self.system} already, so nothing changes.",)
        if self.ready is None:
            return (f"{self.system} has a live connector: {self.name} keeps its dates.",)
        (before, after), (old, new) = self.earliest, self.placed
        said = [f"{self.name} + connector {self.system}: {_shift('earliest go-live', before, after)}."]
        takes = f"takes {self.takes} and " if self.takes else ""
        spare = (new.go_live - self.ready).days if new else 0
        before_it = f", {days(spare)} before go-live" if spare else ""
        said.append(f"The connector {takes}can be used from {spoken(self.ready)} on{before_it}.")
        said.append(f"Planned: {_shift('go-live', _day(old), _day(new))}.")
        others = [site for site in (self.revision.moved if self.revision else ()) if site != self.site]
        if others:
            said.append(f"{so_many(len(others), 'other site')} would move: {few(others, _MANY)}.")
        said += [f"{site} would have no day: {why}." for site, why in self.unplaced.items()]
        return tuple(said)

    def table(self) -> Table:
        """One row."""
        old, new = self.placed
        dates = (*self.earliest, _day(old), _day(new))
        columns = ("site", "system", "earliest before", "earliest after", "go-live before", "go-live after")
        row = (self.site, self.system, *(day.isoformat() if day else "" for day in dates))
        return Table(f"{self.system} found at {self.site}", columns, (row,), self.spoken())

    def json(self) -> FoundLateJson:
        """For programs."""

        def text(day: date | None) -> str | None:
            return day.isoformat() if day else None

        return {
            "version": VERSION,
            "plan": self.plan,
            "system": self.system,
            "site": self.site,
            "new": self.is_new,
            "ready": text(self.ready),
            "earliest": [text(day) for day in self.earliest],
            "go_live": [text(_day(place)) for place in self.placed],
            "unplaced": [{"site": site, "reason": why} for site, why in self.unplaced.items()],
            "revision": self.revision.json() if self.revision else None,
        }


def _day(placement: Placement | None) -> date | None:
    return placement.go_live if placement else None


def _shift(what: str, before: date | None, after: date | None) -> str:
    if before == after:
        return f"{what} stays {spoken(before)}" if before else f"{what} is on no day as it is"
    if before is None or after is None:
        return f"{what} moves from {spoken(before) if before else 'no day'} to {spoken(after) if after else 'no day'}"
    return f"{what} moves from {spoken(before)} to {spoken(after)}, {later((after - before).days)}"
