"""One of the two states of a plan that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rollout.model.instance import Instance
from rollout.model.load import TeamLoad
from rollout.model.money import Line
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule

How = Literal["published", "planned", "kept"]
"""`published`: its own dates, which are lawful; `planned`: mended or made for the comparison; `kept`: the other side's,
because planning is halted."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """A plan with the dates it has, or would be given."""

    programme: Programme
    folder: PlanFolder
    """Its schedule is `schedule`."""
    schedule: Schedule
    instance: Instance
    """The problem that the dates solve."""
    how: How
    halted: str = ""
    """What halts the planning, where the dates are kept for that."""
    loads: tuple[TeamLoad, ...]
    """What the dates ask of each team."""
    money: tuple[Line, ...]
    """Lines of the budget."""
