"""Programme → Problems: one rule a file, each with a code and a docstring that explains it.

To add a rule, add a file with `CODE` and `check(subject) -> Iterator[Problem]` and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from rollout.check import (
    capacity,
    cycle,
    halt,
    impossible_date,
    joint_load,
    lighthouse,
    lighthouse_outranked,
    lighthouse_polish,
    missing_sponsor,
    neighbours,
    record_date,
    stale_readiness,
    unknown_activity,
    unknown_field,
    unknown_plan,
    unknown_site,
    unknown_skill,
    unknown_system,
    unknown_team,
    untranslated,
)
from rollout.check.rule import Subject
from rollout.model.programme import Programme
from rollout.problem import Problem

RULES: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    unknown_site.check,
    unknown_system.check,
    unknown_team.check,
    unknown_skill.check,
    unknown_plan.check,
    unknown_activity.check,
    unknown_field.check,
    cycle.check,
    lighthouse.check,
    lighthouse_outranked.check,
    lighthouse_polish.check,
    impossible_date.check,
    neighbours.check,
    capacity.check,
    joint_load.check,
    halt.check,
    missing_sponsor.check,
    stale_readiness.check,
    record_date.check,
    untranslated.check,
)


def check_programme(programme: Programme, as_of: date) -> list[Problem]:
    """Everything the rules find, in no particular order."""
    subject = Subject(programme, as_of)
    return [problem for rule in RULES for problem in rule(subject)]
