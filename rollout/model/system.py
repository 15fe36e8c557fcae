"""The systems register: what the sites run, and the one connector from each to the hub."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rollout.model.fields import Count, Day, DurationField, Entries, Id, Listed, Model, Name


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


class Register(Model):
    """`sites/_systems.yaml`: systems believed and listed."""

    believed: dict[str, Count] = Field(default_factory=dict)
    """How many of a kind the organisation thought it had: `{erp: 1}`."""
    systems: Annotated[tuple[System, ...], Entries, Listed] = ()
    """The systems, by id."""
