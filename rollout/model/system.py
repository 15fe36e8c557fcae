"""The systems register: what the sites run, and the one connector from each to the hub."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from rollout.model.fields import Count, Day, DurationField, Entries, Id, Listed, Model, Name
from rollout.model.layout import SYSTEMS
from rollout.model.source import Source


class Connector(Model):
    """The one connection from a system to the hub: live, or still to be built by a team."""

    live_since: Day | None = None
    """First day it worked end to end; without it the plan waits until it is built."""
    team: Id | None = None
    """Who builds it."""
    takes: DurationField | None = None
    """How long; the preset's default where left out."""
    needs: Annotated[Count, Field(ge=1)] = 1
    """People of that team at once (or person-days a week, as its capacity is given)."""


CONNECTOR = "connector-"


def connector_of(system_id: str) -> str:
    """Id of the prerequisite that a system without a live connector is."""
    return CONNECTOR + system_id


class System(Model):
    """A system that sites run."""

    id: Id
    """Its key in the register."""
    title: Name | None = None
    """What people call it."""
    kind: Name
    """erp, mes, wms, lims, historian, …"""
    owner: Name | None = None
    """Who answers for it."""
    connector: Connector = Connector()
    """Its connection to the hub; left out, it is still to be built."""


class LinkWaiver(Model):
    """Why a link may stay for a time."""

    owner: Name
    """Who answers for it."""
    because: Name
    """Why it cannot go over the hub yet."""
    until: Day
    """Last day it may stay."""


class Link(Model):
    """A connection from one system to another, past the hub: `{between: [sap-ecc-eu, apriso], carries: orders}`.

    Each is one more to keep than the one connector a system needs, so it is an error, unless it is waived for a time.
    """

    id: Id
    """Its key."""
    between: Annotated[tuple[Id, ...], Listed]
    """The two systems."""
    carries: Name | None = None
    """What goes over it."""
    waived: LinkWaiver | None = None
    """Why it may stay until when: `waived: {owner: Jonas Keller, because: …, until: 2027-06-30}`."""

    @model_validator(mode="after")
    def _joins_two(self) -> Self:
        if len(self.between) != 2 or self.between[0] == self.between[1]:
            msg = f"a link joins two systems: `between: [A, B]`, not {' and '.join(self.between) or 'none'}"
            raise ValueError(msg)
        return self


class Register(Model):
    """`sites/_systems.yaml`: systems believed and listed."""

    believed: dict[str, Count] = Field(default_factory=dict)
    """How many of a kind the organisation thought it had: `{erp: 1}`."""
    systems: Annotated[tuple[System, ...], Entries, Listed] = ()
    """The systems, by id."""
    links: Annotated[tuple[Link, ...], Entries, Listed] = ()
    """Connections from system to system that were found; there should be none."""

    @property
    def source(self) -> Source:
        """Where systems are written."""
        return Source((SYSTEMS,))
