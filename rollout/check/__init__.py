"""Programme → Problems: one rule a file, each with a code and a docstring that explains it.

To add a rule, add a file with `CODE` and `check(subject) -> Iterator[Problem]` and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from rollout.check import (
    activity_order,
    capacity,
    cycle,
    halt,
    illegal_status,
    impossible_date,
    incomplete_readiness,
    joint_load,
    lighthouse,
    lighthouse_outranked,
    lighthouse_polish,
    misplaced_record,
    missing_sponsor,
    neighbours,
    record_date,
    record_in_blackout,
    reopened,
    short_lived,
    slip,
    stale_readiness,
    unknown_activity,
    unknown_field,
    unknown_gate,
    unknown_plan,
    unknown_role,
    unknown_site,
    unknown_skill,
    unknown_system,
    unknown_team,
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
    unknown_role.check,
    cycle.check,
    activity_order.check,
    short_lived.check,
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
    reopened.check,
    illegal_status.check,
    record_in_blackout.check,
    slip.check,
    misplaced_record.check,
    incomplete_readiness.check,
    unknown_gate.check,
)
ABOUT_RECORDS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    unknown_site.check,
    unknown_system.check,
    unknown_activity.check,
    halt.check,
    record_date.check,
    illegal_status.check,
    record_in_blackout.check,
    slip.check,
    misplaced_record.check,
    incomplete_readiness.check,
    unknown_gate.check,
)
"""The rules that judge records, so that a new line is judged before it is written."""


def check_programme(programme: Programme, as_of: date) -> list[Problem]:
    """Everything the rules find, in no particular order."""
    subject = Subject(programme, as_of)
    return [problem for rule in RULES for problem in rule(subject)]


def check_records(programme: Programme, as_of: date) -> list[Problem]:
    """Everything the rules about records find, in no particular order."""
    subject = Subject(programme, as_of)
    return [problem for rule in ABOUT_RECORDS for problem in rule(subject)]
