"""What `rollout people` answers: who carries the roll-out at each site, and how busy hub and spokes are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import few
from rollout.model.load import TeamLoad
from rollout.model.people import SPOKE_BY, SPONSOR_AGE, Assigned, Shares, at_once, champions_needed, shifts_without
from rollout.model.site import Site
from rollout.model.table import Table
from rollout.model.times import days

if TYPE_CHECKING:
    from rollout.model.answers.people import StaffedJson, StaffedSiteJson

MANY = 30
"""Sites a person reads in one table."""
_FEW = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePeople:
    """Who carries it at one site."""

    site: Site
    confirmed: date | None
    """When the sponsor last confirmed, as far as records say."""
    shares: Shares
    assigned: Assigned | None
    """None for a site without a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffed:
    """The people of a plan on its published dates."""

    plan: str
    name: str
    as_of: date
    sites: tuple[SitePeople, ...]
    """By go-live, then id; those without a day last."""
    hub: tuple[TeamLoad, ...]

    @property
    def alone(self) -> tuple[Assigned, ...]:
        """Assignments in which nobody is there 60 days before go-live."""
        return tuple(one.assigned for one in self.sites if one.assigned and not one.assigned.is_covered)

    def tables(self, most: int = MANY) -> tuple[Table, ...]:
        """For people: engineers by site, who carries it there, how busy spokes and hub are."""
        made = [self._spokes(most), self._carriers(most), self._engineers()]
        return tuple([*made, self._hub()] if self.hub else made)

    def table(self) -> Table:
        """For a spreadsheet: one row a site with everything."""
        rows = []
        for one in self.sites:
            site, assigned = one.site, one.assigned
            engineer = assigned.engineer if assigned else None
            rows.append(
                (
                    site.id,
                    assigned.go_live.isoformat() if assigned else "",
                    assigned.by.isoformat() if assigned else "",
                    assigned.spoke.id if assigned and assigned.spoke else "",
                    engineer.name if engineer else "",
                    engineer.start.isoformat() if engineer and engineer.start else "",
                    engineer.end.isoformat() if engineer and engineer.end else "",
                    " ".join(assigned.speaks) if assigned else "",
                    ", ".join(engineer.skills) if engineer else "",
                    "yes" if assigned and assigned.is_covered else "no",
                    site.sponsor.name if site.sponsor else "",
                    one.confirmed.isoformat() if one.confirmed else "",
                    str(len(site.champions)),
                    str(champions_needed(site)),
                    str(one.shares.percent),
                )
            )
        columns = (
            *("site", "go-live", "T-60", "spoke", "engineer", "from", "to", "speaks", "skills", "there at T-60"),
            *("sponsor", "confirmed", "champions", "champions needed", "change %"),
        )
        return Table(self.name, columns, tuple(rows))

    def _spokes(self, most: int) -> Table:
        placed = [site.assigned for site in self.sites if site.assigned]
        rows = []
        for one in placed[:most]:
            engineer = one.engineer
            mark = "" if one.is_covered else " !"
            since = spoken(engineer.start) if engineer and engineer.start else ""
            speaks = ", ".join(one.speaks) if one.speaks else ("none of " + ", ".join(one.site.languages))
            who = engineer.name if engineer else f"nobody: {_nobody(one)}"
            known = speaks if engineer and one.site.languages else ""
            rows.append((one.site.id, spoken(one.by), who + mark, since, known))
        columns = ("site", f"T-{SPOKE_BY}", "engineer", "there from", "speaks")
        notes = _left_out(len(placed), most)
        if self.alone:
            alone = few([one.site.id for one in self.alone], _FEW)
            notes.append(f"! not there {SPOKE_BY} days before go-live: {alone}.")
        mute = [one.site.id for one in placed if one.engineer and not one.is_understood]
        if mute:
            notes.append(f"No engineer of the spoke speaks a language of {few(mute, _FEW)}.")
        notes.append(
            "Of a spoke: who is there in time, speaks the language, came first. Too many at once? Give them `sites`."
        )
        return Table("Embedded engineers by site", columns, tuple(rows), tuple(notes))

    def _carriers(self, most: int) -> Table:
        rows = []
        for one in self.sites[:most]:
            site, needed = one.site, champions_needed(one.site)
            few = len(site.champions) < needed or bool(shifts_without(site))
            said = "never" if one.confirmed is None else spoken(one.confirmed)
            stale = one.confirmed is not None and (self.as_of - one.confirmed).days > SPONSOR_AGE
            rows.append(
                (
                    site.id,
                    site.sponsor.name if site.sponsor else "nobody",
                    f"{said if site.sponsor else ''}{' !' * stale}",
                    f"{len(site.champions)} of {needed}{' !' * (few and bool(site.champions))}",
                    f"{one.shares.percent}%{' !' * one.shares.is_below_half}",
                )
            )
        columns = ("site", "sponsor", "confirmed", "champions", "change work")
        notes = _left_out(len(self.sites), most)
        if self.sites:
            one = min(self.sites, key=lambda row: (row.shares.percent, row.site.id))
            share = one.shares
            said = f"{share.change} of {share.every} activities at {one.site.id} change how people work"
            notes.append(f"{said}, {share.change_days} of {days(share.days)} of duration; the rest is technology.")
        notes.append(f"! confirmed more than {SPONSOR_AGE} days ago, too few champions, or less than half.")
        return Table("Who carries it", columns, tuple(rows), tuple(notes))

    def _engineers(self) -> Table:
        by_name: dict[tuple[str, str], list[Assigned]] = {}
        for one in self.sites:
            if one.assigned and one.assigned.engineer and one.assigned.spoke:
                key = (one.assigned.spoke.id, one.assigned.engineer.name)
                by_name.setdefault(key, []).append(one.assigned)
        rows = []
        for (spoke, name), sites in sorted(by_name.items()):
            engineer = sites[0].engineer
            skills = ", ".join(engineer.skills) if engineer else ""
            most = at_once((one.by, one.until) for one in sites)
            rows.append((spoke, name, skills, str(most), few([one.site.id for one in sites], _FEW)))
        notes = (f"At once: from {SPOKE_BY} days before go-live to the planned end of hypercare.",)
        return Table("Spokes", ("spoke", "engineer", "skills", "at once", "sites"), tuple(rows), notes)

    def _hub(self) -> Table:
        rows = []
        for load in self.hub:
            peak = max((week.load for week in load.weeks), default=0)
            over = "!" if peak > load.capacity else ""
            rows.append((load.team, load.unit, str(load.capacity), f"{peak}{over}", f"{load.percent}%"))
        notes = ("`rollout capacity` shows the weeks, and who asks.",)
        return Table("Hub", ("team", "in", "has", "fullest week", "mean"), tuple(rows), notes)

    def json(self) -> StaffedJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            "spoke_days_before": SPOKE_BY,
            "alone": [one.site.id for one in self.alone],
            "sites": [_site(one) for one in self.sites],
            "hub": [
                {
                    "team": load.team,
                    "unit": load.unit,
                    "capacity": load.capacity,
                    "peak": max((week.load for week in load.weeks), default=0),
                    "mean_percent": load.percent,
                }
                for load in self.hub
            ],
        }


def _site(one: SitePeople) -> StaffedSiteJson:
    site, assigned, share = one.site, one.assigned, one.shares
    engineer = assigned.engineer if assigned else None
    return {
        "site": site.id,
        "go_live": assigned.go_live.isoformat() if assigned else None,
        "spoke": assigned.spoke.id if assigned and assigned.spoke else None,
        "by": assigned.by.isoformat() if assigned else None,
        "engineer": None
        if engineer is None
        else {
            "name": engineer.name,
            "from": engineer.start.isoformat() if engineer.start else None,
            "to": engineer.end.isoformat() if engineer.end else None,
            "languages": list(engineer.languages),
            "skills": list(engineer.skills),
        },
        "speaks": list(assigned.speaks) if assigned else [],
        "covered": assigned.is_covered if assigned else False,
        "sponsor": site.sponsor.name if site.sponsor else None,
        "confirmed": one.confirmed.isoformat() if one.confirmed else None,
        "champions": [{"name": c.name, "shift": c.shift, "role": c.role} for c in site.champions],
        "champions_needed": champions_needed(site),
        "shifts_without_champion": list(shifts_without(site)) if site.champions else list(range(1, site.shifts + 1)),
        "change": {"activities": share.change, "of": share.every, "percent": share.percent},
        "change_days": {"days": share.change_days, "of": share.days},
    }


def _nobody(one: Assigned) -> str:
    if one.spoke is not None:
        return f"{one.spoke.id} has nobody then"
    unit = one.site.business_unit
    return f"no spoke serves {unit}" if unit else "no business unit"


def _left_out(count: int, most: int) -> list[str]:
    return [f"{count - most} more; --format csv or json has all"] if count > most else []
