"""What resumes a halt names it, and comes after it.

Under another name the programme would stay halted without anybody seeing why.

Bad:

    # waves/vision/records/_plan.yaml
    - {halt: recall, because: cameras are recalled, on: 2026-09-01, by: Ines Wolff}
    - {resume: recal, on: 2026-09-20, by: Ines Wolff}

Good:

    # waves/vision/records/_plan.yaml
    - {halt: recall, because: cameras are recalled, on: 2026-09-01, by: Ines Wolff}
    - {resume: recall, on: 2026-09-20, by: Ines Wolff}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import PROGRAMME, HaltRecord, ResumeRecord
from rollout.problem import Problem, did_you_mean

CODE = "unknown-halt"


def check(subject: Subject) -> Iterator[Problem]:
    """Resumptions of a halt that is nowhere or begins later."""
    for folder in subject.folders:
        records = folder.records.get(PROGRAMME, ())
        halts = [record for record in records if isinstance(record, HaltRecord)]
        for record in records:
            if not isinstance(record, ResumeRecord):
                continue
            same = [halt for halt in halts if halt.halt == record.resume]
            source = record.place / "resume"
            if not same:
                hint = did_you_mean(record.resume, sorted({halt.halt for halt in halts}))
                yield source.problem(CODE, f'there is no halt "{record.resume}" to resume', hint)
            elif all(halt.on > record.on for halt in same):
                said = f"the halt {record.resume} begins on {same[0].on}, after this resumes it"
                yield source.problem(CODE, said, "one of the two days is wrong")
