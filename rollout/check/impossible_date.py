"""Dates that people wrote can come true.

Bad:

    work_from: 2026-10-05
    constraints:
      porto: {not_before: 2027-05-03, deadline: 2027-04-30}
      oslo: {go_live: 2026-09-30}                # before anybody works on it

Good:

    constraints:
      porto: {not_before: 2027-05-03, deadline: 2027-06-30}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollout.check.rule import Subject
from rollout.model.fields import WEEKDAYS
from rollout.model.instance import FARTHEST_YEARS
from rollout.model.plan import Constraint, Plan
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "impossible-date"


def check(subject: Subject) -> Iterator[Problem]:
    """Pins, deadlines and first days that contradict each other or the plan, or are decades away."""
    for folder in subject.folders:
        plan = folder.plan
        for site_id, constraint in plan.constraints.items():
            yield from _of_site(plan, constraint, plan.source / "constraints" / site_id)
        for prerequisite in plan.prerequisites:
            if prerequisite.not_before and prerequisite.not_before.year > plan.work_from.year + FARTHEST_YEARS:
                place = plan.source / "prerequisites" / prerequisite.id / "not_before"
                said = f"{prerequisite.not_before} is more than {FARTHEST_YEARS} years ahead"
                yield place.problem(CODE, said, "check the year")


def _of_site(plan: Plan, constraint: Constraint, source: Source) -> Iterator[Problem]:
    dates: dict[str, date] = {
        key: day
        for key, day in (
            ("go_live", constraint.go_live),
            ("not_before", constraint.not_before),
            ("deadline", constraint.deadline),
        )
        if day is not None
    }
    for key, day in dates.items():
        if day < plan.work_from and key != "not_before":
            said = f"{day} is before the first day anybody works on it ({plan.work_from})"
            yield (source / key).problem(CODE, said, "move it, or `work_from`; what has happened is a record")
        if day.year > plan.work_from.year + FARTHEST_YEARS:
            yield (source / key).problem(CODE, f"{day} is more than {FARTHEST_YEARS} years ahead", "check the year")
    if constraint.not_before and constraint.deadline and constraint.deadline < constraint.not_before:
        said = f"the deadline {constraint.deadline} is before not_before {constraint.not_before}"
        yield (source / "deadline").problem(CODE, said, "one of the two has to move")
    pin = constraint.go_live
    if pin is None:
        return
    if (constraint.not_before and pin < constraint.not_before) or (constraint.deadline and pin > constraint.deadline):
        yield (source / "go_live").problem(CODE, f"{pin} is outside not_before and deadline", "one of them has to move")
    if pin.weekday() not in plan.waves.go_live.on:
        days = ", ".join(WEEKDAYS[day] for day in sorted(plan.waves.go_live.on))
        said = f"{pin} is a {WEEKDAYS[pin.weekday()]}, and the plan goes live on {days}"
        yield (source / "go_live").problem(CODE, said, "move the pin, or widen `waves.go_live.on`")
