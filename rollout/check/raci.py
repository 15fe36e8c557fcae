"""Exactly one role answers for each piece of work.

Two who answer for it are nobody: each takes the other to see to it. Others do the work with them (`responsible`), are
asked before (`consulted`) or told after (`informed`), each in one of these parts. Where `accountable` is left out, the
owner answers.

Bad:

    activities:
      cutover: {title: Switch over, starts: T-1, takes: 2d, raci: {accountable: [site_lead, cutover_lead]}}

Good:

    activities:
      cutover: {title: Switch over, starts: T-1, takes: 2d, raci: {accountable: site_lead, responsible: cutover_lead}}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.activity import Activity
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "raci"


def check(subject: Subject) -> Iterator[Problem]:
    """An error where several answer, or nobody; a warning for a role with two parts in one activity."""
    for folder in subject.folders:
        for activity in folder.plan.activities:
            yield from _judge(activity, folder.plan.source / "activities" / activity.id / "raci")


def _judge(activity: Activity, source: Source) -> Iterator[Problem]:
    raci = activity.raci
    roles = raci.accountable
    if len(roles) > 1:
        said = f"{len(roles)} roles answer for {activity.id}: {' and '.join(roles)}"
        yield (source / "accountable").problem(CODE, said, "choose one; the others are responsible or consulted")
    if "accountable" in raci.model_fields_set and not roles:
        said = f"nobody answers for {activity.id}"
        yield (source / "accountable").problem(CODE, said, f"name one role, or leave it to the owner, {activity.owner}")
    does = {activity.accountable, *activity.responsible}
    for key, others, before in (
        ("consulted", raci.consulted, does),
        ("informed", raci.informed, {*does, *raci.consulted}),
    ):
        for number, role in enumerate(others):
            if role in before:
                said = f"{role} is {key} about {activity.id}, and has a larger part in it already"
                yield (source / key / number).warning(CODE, said, "name it once")
