"""What a plan says of sites in relation to each other: one goes after another, or several keep together or apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rollout.model.source import Keys
from rollout.model.times import Duration

OrderKind = Literal["after", "after_exit", "prefer_after"]
GroupKind = Literal["together", "apart", "neighbours"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A site that goes live after another."""

    site: str
    before: str
    kind: OrderKind
    lag: Duration | None = None
    """At least so long after it; None for no more than after it."""
    because: str | None
    keys: Keys = field(compare=False)
    """Where the plan names the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Sites that a line of the plan ties to each other."""

    sites: tuple[str, ...]
    kind: GroupKind
    within: Duration | None = None
    """How long after the first of them the last may go live."""
    because: str | None = None
    keys: Keys = field(compare=False)
    """Where the plan lists the sites."""
