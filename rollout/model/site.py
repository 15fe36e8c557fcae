"""A place that receives the roll-out: who works there and with what. What happens there stands in its records."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Annotated

from pydantic import Field

from rollout.model.blackout import Blackout, Window
from rollout.model.fields import (
    Count,
    Country,
    Email,
    Entries,
    Id,
    Language,
    Listed,
    Many,
    Model,
    Name,
    Number,
    Weekend,
    Zone,
)
from rollout.model.source import Source
from rollout.problem import Problem, did_you_mean


class Person(Model):
    """Somebody to name and to write to."""

    name: Name
    """Full name, as it stands in documents."""
    title: Name | None = None
    """What they are: VP Operations."""
    email: Email | None = None
    """Where to write to."""
    phone: Name | None = None
    """Whom to ring during cutover."""


class Champion(Model):
    """Somebody at the site who helps colleagues before, during and after go-live."""

    name: Name
    """Full name."""
    shift: Annotated[Count, Field(ge=1, le=7)] | None = None
    """Which shift they work in, 1 to 7; left out where they work in all of them."""
    role: Name | None = None
    """Which role of the head-count they stand for: operators."""


class Location(Model):
    """Where it lies, for the map."""

    lat: Number = Field(ge=-90, le=90)
    """Latitude in degrees, north positive."""
    lon: Number = Field(ge=-180, le=180)
    """Longitude in degrees, east positive."""


class Site(Model):
    """One place that receives the roll-out. Only `name` and `country` are required; gates ask for the rest."""

    id: Id = Field(json_schema_extra={"internal": True})
    """The file's name; never written inside the file."""
    name: Name
    """What people call it."""
    country: Country
    """ISO 3166 alpha-2 or alpha-3; its public holidays and weekend follow from it."""
    subdivision: Name | None = None
    """State, canton or province (`BY`, `ZH`, `TX`) where public holidays differ; the country's where none are known."""
    timezone: Zone | None = None
    """IANA name such as Europe/Paris."""
    languages: Annotated[tuple[Language, ...], Many, Listed] = ()
    """What is spoken on the floor, most spoken first; one training packet each."""
    location: Location | None = None
    """Latitude and longitude."""
    region: Name | None = None
    """Region, usually inherited from the folder."""
    business_unit: Name | None = None
    """Business unit; decides the spoke that serves it."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Anything else, usable in selectors and limits."""
    value: Number | None = Field(default=None, ge=0)
    """Worth of being live, in one unit for all sites; without any, head-count stands in."""
    site_lead: Person | None = None
    """Who runs the roll-out at the site."""
    sponsor: Person | None = None
    """Who wants it and decides; no sponsor, no go-live and no lighthouse."""
    headcount: dict[str, Count] = Field(default_factory=dict)
    """People by role; each role gets its training packet."""
    shifts: Annotated[Count, Field(ge=1, le=7)] = 1
    """Shifts a day; each needs a champion and its own training sessions."""
    champions: Annotated[tuple[Champion, ...], Listed] = ()
    """Who helps the others: `[{name: Paul Roche, shift: 1}]`; at least one for 15 people and one on every shift."""
    systems: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Systems the site declares, by their id in the register."""
    workflows: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Workflows the capability changes here."""
    weekend: Weekend | None = None
    """Days off; the country's where left out."""
    blackouts: Annotated[tuple[Blackout, ...], Entries, Listed] = ()
    """Never then, at this site."""
    windows: Annotated[tuple[Window, ...], Entries, Listed] = ()
    """Only then, at this site."""
    formerly: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Earlier ids of this site; its pages, and what people wrote in them, move with it."""
    discovered: tuple[str, ...] = Field(default=(), json_schema_extra={"internal": True})
    """Of `systems`, those that were found at the site and its file does not declare; they stand last."""
    paths: tuple[str, ...] = Field(default=(), json_schema_extra={"internal": True})
    """The file and the defaults it inherits from, nearest first."""

    @property
    def source(self) -> Source:
        """Where the site is written."""
        return Source(self.paths)

    @property
    def declared(self) -> tuple[str, ...]:
        """The systems that its file names."""
        return self.systems[: len(self.systems) - len(self.discovered)]

    @property
    def people(self) -> int:
        """Head-count over all roles."""
        return sum(self.headcount.values())

    def values_of(self, field: str) -> tuple[str, ...]:
        """The values of a field or of a label (`labels.line`) as selectors and limits see them; people by name."""
        if field.startswith("labels."):
            value = self.labels.get(field.removeprefix("labels."))
            return () if value is None else (value,)
        value = getattr(self, field)
        if value is None:
            return ()
        if isinstance(value, tuple):
            return tuple(dict.fromkeys(map(str, value)))
        return (value.name if isinstance(value, Person) else str(value),)


GROUPING_FIELDS = ("country", "subdivision", "region", "business_unit", "timezone", "shifts", "site_lead", "sponsor")
"""Fields with one value a site, which a limit can group by (besides `labels.NAME`); people by name."""
LABEL = re.compile(r"labels\.\S.*")
"""A label where fields are named: `labels.line`."""
LISTED_FIELDS = ("systems", "workflows", "languages")
"""Fields with several values a site; in a limit the site counts under each of them."""


def renamed_in(sites: Mapping[str, Site]) -> Mapping[str, str]:
    """By former id, the site that has another one now. An id that is in use again is nobody's former one."""
    return {old: site.id for site in sites.values() for old in site.formerly if old not in sites}


def no_such_site(name: str, formerly: Mapping[str, Collection[str]]) -> Problem:
    """What is said to somebody who names a site that is not there; `formerly` has what each site was called before."""
    renamed = next((site for site, names in formerly.items() if name in names), None)
    hint = f"it is {renamed} now" if renamed else did_you_mean(name, formerly) or "sites are the files below sites/"
    return Problem(path="sites", code="unknown-site", message=f'there is no site "{name}"', hint=hint)
