"""Who does the work: the hub's teams and their capacity, the spokes inside business units, the approvers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from rollout.model.few import so_many
from rollout.model.fields import (
    LANGUAGE,
    Bool,
    Count,
    Country,
    Day,
    Entries,
    Id,
    Language,
    Listed,
    Many,
    Model,
    Name,
    parse_language,
)
from rollout.model.layout import TEAMS
from rollout.model.source import Source
from rollout.model.spelling import spelled

SITE = "site"
"""What `speaks` says for the languages of the site the work is at."""


_SPEAKS = spelled("`site` or language", SITE, "fr", pattern=rf"{SITE}|{LANGUAGE.pattern}")


def _parse_speaks(value: Any) -> str:
    return SITE if value == SITE else parse_language(value)


class Staff(Model):
    """People asked for by what they can do instead of by team: `{skill: training, people: 1, speaks: site}`.

    Any team with the skill (and a language) may send them, several teams together too. Teams counted in people and
    teams counted in person-days a week are never added up: where both kinds have the skill, those in people are meant.
    """

    skill: Name
    """A skill of teams in `waves/_teams.yaml`: `training`."""
    people: Annotated[Count, Field(ge=1)] = 1
    """How many at once, or person-days a week where only teams counted so have the skill."""
    speaks: Annotated[str, BeforeValidator(_parse_speaks), _SPEAKS] | None = None
    """`site`: one of the languages of the site (a site without any asks for none); or a language such as `fr`."""


class Team(Model):
    """A team with a capacity that sites and prerequisites share."""

    id: Id
    """Its key."""
    hub: Bool = False
    """Whether it belongs to the central platform."""
    people: Count | None = None
    """Capacity as people at once, or …"""
    person_days: Count | None = None
    """… as person-days a week."""
    skills: Annotated[tuple[Name, ...], Many, Listed] = ()
    """What they can do; work may ask for it (`staff: [{skill: training}]`)."""
    languages: Annotated[tuple[Language, ...], Many, Listed] = ()
    """What they speak; trainers are picked by it."""
    country: Country | None = None
    """Whose public holidays they keep; none where left out."""

    @model_validator(mode="after")
    def _one_capacity(self) -> Team:
        if (self.people is None) == (self.person_days is None):
            msg = "a team has a capacity: `people` (at once) or `person_days` (a week), one of the two"
            raise ValueError(msg)
        return self

    def speaks(self, language: str) -> bool:
        """Whether somebody speaks it: `fr` is enough for `fr-CA`, not the other way round."""
        return _is_among(language, self.languages)

    @property
    def capacity(self) -> int:
        """People at once, or person-days a week."""
        return self.people if self.people is not None else self.person_days or 0

    def spoken(self, amount: int) -> str:
        """So much of what it is counted in: `1 person`, `3 people`, `5 person-days a week`."""
        if self.people is not None:
            return so_many(amount, "person", "people")
        return f"{so_many(amount, 'person-day')} a week"


class Engineer(Model):
    """Somebody of the hub who works inside a business unit."""

    name: Name
    """Full name."""
    languages: Annotated[tuple[Language, ...], Many, Listed] = ()
    """What they speak."""
    skills: Annotated[tuple[Name, ...], Many, Listed] = ()
    """What they can do: `[sap, optics]`."""
    start: Day | None = Field(default=None, alias="from")
    """First day with the spoke; from the beginning where left out."""
    end: Day | None = Field(default=None, alias="to")
    """Last day with the spoke; to the end where left out."""
    sites: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Sites they are for; all that the spoke serves where left out."""

    @model_validator(mode="after")
    def _in_order(self) -> Engineer:
        if self.start is not None and self.end is not None and self.end < self.start:
            msg = f"the last day ({self.end}) is before the first ({self.start})"
            raise ValueError(msg)
        return self

    def speaks(self, language: str) -> bool:
        """Whether they speak it: `fr` is enough for `fr-CA`, not the other way round."""
        return _is_among(language, self.languages)

    def is_there(self, day: date) -> bool:
        """Whether they are with the spoke on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


class Spoke(Model):
    """Engineers embedded in business units."""

    id: Id
    """Its key."""
    serves: Annotated[tuple[Name, ...], Many, Listed] = ()
    """Business units."""
    engineers: Annotated[tuple[Engineer, ...], Listed] = ()
    """Who."""

    def there(self, site_id: str, day: date) -> list[Engineer]:
        """The engineers who are for a site and with the spoke on a day, as listed."""
        return [one for one in self.engineers if (not one.sites or site_id in one.sites) and one.is_there(day)]


class Teams(Model):
    """`waves/_teams.yaml`."""

    plans: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Plans by rank: each sees the published load of those before it as taken (`[vision, forecasting]`)."""
    teams: Annotated[tuple[Team, ...], Entries, Listed] = ()
    """Teams with a capacity."""
    spokes: Annotated[tuple[Spoke, ...], Entries, Listed] = ()
    """Engineers in the business units."""
    approvers: dict[str, Annotated[tuple[Name, ...], Many, Listed]] = Field(default_factory=dict)
    """Who may approve, by role."""

    @property
    def source(self) -> Source:
        """Where teams are written."""
        return Source((TEAMS,))

    def with_skill(self, skill: str, languages: Iterable[str] = ()) -> tuple[Team, ...]:
        """The teams that can send somebody with a skill who speaks one of the languages (when any is given).

        They are of one unit: people where any of them is counted in people, else person-days a week.
        """
        wanted = tuple(languages)
        found = [
            team
            for team in self.teams
            if skill in team.skills and (not wanted or any(team.speaks(language) for language in wanted))
        ]
        in_people = tuple(team for team in found if team.people is not None)
        return in_people or tuple(found)

    def eligible(self, staff: Staff, languages: tuple[str, ...] = ()) -> tuple[Team, ...]:
        """The teams that can answer a demand, at a site with these languages."""
        if staff.speaks is None:
            return self.with_skill(staff.skill)
        return self.with_skill(staff.skill, languages if staff.speaks == SITE else (staff.speaks,))

    def before(self, plan_id: str) -> tuple[str, ...]:
        """The plans that rank higher than a plan, highest first; none for one that is not ranked."""
        return self.plans[: self.plans.index(plan_id)] if plan_id in self.plans else ()

    def team(self, team_id: str) -> Team | None:
        """The team of that id."""
        return next((team for team in self.teams if team.id == team_id), None)

    def spoke_for(self, business_unit: str | None) -> Spoke | None:
        """The spoke that serves a business unit."""
        return next((spoke for spoke in self.spokes if business_unit in spoke.serves), None)


def _is_among(language: str, languages: tuple[str, ...]) -> bool:
    return language in languages or language.partition("-")[0] in languages
