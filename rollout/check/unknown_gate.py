"""Approvals and waivers are of gates and criteria that the plan has, money of lines of its budget.

Under another name they count for nothing.

Bad:

    - {approval: wave1, role: sponsor, decision: go, on: 2027-03-02, by: Marc Petit}        # the gate is wave-1

Good:

    - {approval: wave-1, role: sponsor, decision: go, on: 2027-03-02, by: Marc Petit}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.activity import ANY_WAVE
from rollout.model.decision import ApprovalRecord, WaiverRecord
from rollout.model.measured import CommittedRecord, CostRecord, ReforecastRecord
from rollout.model.plan import Plan
from rollout.model.record import Record, kind_of
from rollout.problem import Problem, did_you_mean

CODE = "unknown-gate"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each gate, criterion and line of the budget that the plan does not have."""
    for folder in subject.folders:
        for records in folder.records.values():
            for record in records:
                for key, name, what, known in _named(folder.plan, record):
                    if name not in known:
                        hint = did_you_mean(name, known) or "known: " + (", ".join(known) or "none")
                        code = "unknown-budget-line" if what == "line of the budget" else CODE
                        yield (record.place / key).warning(code, f'the plan has no {what} "{name}"', hint)


def _named(plan: Plan, record: Record) -> Iterator[tuple[str, str, str, list[str]]]:
    """What a record names of the plan: key, name, what it is, what there is."""
    gates = [gate.id for gate in plan.gates if gate.id != ANY_WAVE]
    named = record.approval if isinstance(record, ApprovalRecord) else getattr(record, "gate", None)
    if named is not None and plan.gate_of(named) is not None and named != ANY_WAVE:
        gates.append(named)
    if isinstance(record, ApprovalRecord):
        yield "approval", record.approval, "gate", gates
    if isinstance(record, WaiverRecord):
        if record.gate is not None:
            yield "gate", record.gate, "gate", gates
        own = plan.gate_of(record.gate) if record.gate is not None else None
        of = [gate for gate in plan.gates if record.gate is None or gate is own]
        yield "waiver", record.waiver, "criterion", sorted({need.id for gate in of for need in gate.needs})
    if isinstance(record, CostRecord | CommittedRecord | ReforecastRecord) and plan.budget:
        kind = kind_of(record)
        yield kind, getattr(record, kind), "line of the budget", list(plan.budget)
