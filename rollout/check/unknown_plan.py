"""The ranking names only plans that exist.

A plan that is misspelt there is not ranked, and the plans after it do not see what it takes.

Bad:

    plans: [vison, forecasting]       # the folder is waves/vision

Good:

    plans: [vision, forecasting]
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem, did_you_mean

CODE = "unknown-plan"


def check(subject: Subject) -> Iterator[Problem]:
    """Names in `plans` of `_teams.yaml` that no folder has."""
    known = subject.programme.plans.keys()
    for number, plan in enumerate(subject.programme.teams.plans):
        if not subject.is_plan(plan):
            source = subject.programme.teams.source / "plans" / number
            yield source.warning(CODE, f'there is no plan "{plan}"', did_you_mean(plan, known) or "remove it")
