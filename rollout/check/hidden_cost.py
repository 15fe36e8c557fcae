"""A budget names the costs that are forgotten most: data, integration, change and run.

Cleansing data, connecting systems, bringing people along, and the years after go-live are no part of any quotation. A
line that is for one of them under another name says so with `covers`; an amount of 0 says that it was thought of. A
plan without a budget is not asked.

Bad:

    budget: {licences: 300000, integration: 400000}

Good:

    budget:
      licences: {amount: 300000, covers: run}
      integration: 400000
      data: 120000
      training: {amount: 180000, covers: change}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.budget import HIDDEN_COSTS, covered
from rollout.problem import Problem

CODE = "hidden-cost"


def check(subject: Subject) -> Iterator[Problem]:
    """One warning a budget that leaves any of them out."""
    for folder in subject.folders:
        plan = folder.plan
        named = covered(plan.budget)
        missing = [kind for kind in HIDDEN_COSTS if kind not in named]
        if plan.budget and missing:
            said = f"the budget says nothing of {', '.join(missing)}: costs that are forgotten most"
            hint = f"add a line, or say which line is for it: `covers: {missing[0]}`"
            yield (plan.source / "budget").warning(CODE, said, hint)
