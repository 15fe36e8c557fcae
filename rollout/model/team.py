"""Who does the work: the hub's teams and their capacity, the spokes inside business units, the approvers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from rollout.model.fields import Bool, Count, Country, Day, Entries, Id, Language, Listed, Many, Model, Name


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
    """What they can do."""
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

    @property
    def capacity(self) -> int:
        """People at once, or person-days a week."""
        return self.people if self.people is not None else self.person_days or 0


class Engineer(Model):
    """Somebody of the hub who works inside a business unit."""

    name: Name
    """Full name."""
    languages: Annotated[tuple[Language, ...], Many, Listed] = ()
    """What they speak."""
    start: Day | None = Field(default=None, alias="from")
    """First day with the spoke."""


class Spoke(Model):
    """Engineers embedded in business units."""

    id: Id
    """Its key."""
    serves: Annotated[tuple[Name, ...], Many, Listed] = ()
    """Business units."""
    engineers: Annotated[tuple[Engineer, ...], Listed] = ()
    """Who."""


class Teams(Model):
    """`waves/_teams.yaml`."""

    plans: Annotated[tuple[Id, ...], Many, Listed] = ()
    """Plans by rank: each sees the published load of those before it as taken."""
    teams: Annotated[tuple[Team, ...], Entries, Listed] = ()
    """Teams with a capacity."""
    spokes: Annotated[tuple[Spoke, ...], Entries, Listed] = ()
    """Engineers in the business units."""
    approvers: dict[str, Annotated[tuple[Name, ...], Many, Listed]] = Field(default_factory=dict)
    """Who may approve, by role."""

    def team(self, team_id: str) -> Team | None:
        """The team of that id."""
        return next((team for team in self.teams if team.id == team_id), None)

    def spoke_for(self, business_unit: str | None) -> Spoke | None:
        """The spoke that serves a business unit."""
        return next((spoke for spoke in self.spokes if business_unit in spoke.serves), None)
