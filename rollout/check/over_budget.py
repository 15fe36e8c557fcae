"""No line of the budget is forecast to end more than 10 % above it, unless a re-forecast says why.

The forecast learns from sites that are live: what a line has cost there against their share is what it is taken to cost
everywhere else (`rollout budget` shows it). A re-forecast with a reason takes the place of the budget; if the forecast
rises 10 % above that too, another is asked for.

Bad:

    # waves/vision/plan.yaml
    budget: {integration: 400000}
    # waves/vision/records/lyon.yaml, whose share was 50,000
    - {cost: integration, actual: 59000, on: 2027-03-31, by: Claire Dubois}

Good:

    # waves/vision/records/_plan.yaml
    - {reforecast: integration, at_completion: 472000, on: 2027-04-05, by: Katrin Sommer, because: two gateways a plant}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.few import few
from rollout.model.money import LIMIT, has_money, lines
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "over-budget"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each line that needs a re-forecast."""
    for folder in subject.folders:
        plan = folder.plan
        if not plan.budget or not has_money(folder):
            continue
        for line in lines(folder, subject.programme.sites_of(plan)):
            total = line.total
            if not line.is_budgeted or not total.is_over:
                continue
            what = "budget" if total.reforecast is None else f"re-forecast of {total.reforecast.on}"
            said = f"{line.id} is forecast to end at {total.forecast:,.0f}, {total.variance:.0f} % above the {what} "
            said += f"({total.expected:,.0f})"
            if line.teachers and line.rate > 1:
                said += f": a share costs {line.rate:.2f} times its budget at {few(line.teachers, 3)}"
            hint = f"more than {LIMIT} % needs a reason: `rollout record --plan-level reforecast {line.id} "
            hint += f'{total.forecast:.0f} --because "…"`'
            source: Source = plan.source / "budget" / line.id
            yield source.warning(CODE, said, hint)
