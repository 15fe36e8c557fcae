"""All money of a plan is in one currency, the plan's.

Amounts in two currencies cannot be added up, and rollout knows no rates: convert at the rate of the day the money was
spent, and say so in `because`. A record without `currency` is in the plan's.

Bad:

    - {cost: integration, actual: 21000, currency: USD, on: 2027-01-31, by: Denise Walker}       # the plan says EUR

Good:

    - {cost: integration, actual: 18000, on: 2027-01-31, by: Denise Walker, because: "21,000 USD at 1.17"}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.measured import CommittedRecord, CostRecord, ReforecastRecord
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "other-currency"


def check(subject: Subject) -> Iterator[Problem]:
    """An error for each amount in another currency than the plan's, and for one where the plan names none."""
    for folder in subject.folders:
        plan = folder.plan
        for name, line in plan.budget.items():
            if line.currency is not None:
                yield from _judge(plan.currency, line.currency, plan.source / "budget" / name / "currency")
        for records in folder.records.values():
            for record in records:
                if isinstance(record, CostRecord | CommittedRecord | ReforecastRecord) and record.currency is not None:
                    yield from _judge(plan.currency, record.currency, record.place / "currency")


def _judge(currency: str | None, written: str, source: Source) -> Iterator[Problem]:
    if currency is None:
        hint = f"add `currency: {written}` to the plan, if all its money is in that"
        yield source.problem(CODE, f"this is in {written}, and the plan names no currency", hint)
    elif written != currency:
        hint = f"convert it to {currency} and say at which rate in `because`"
        yield source.problem(CODE, f"this is in {written}, and the plan's money is in {currency}", hint)
