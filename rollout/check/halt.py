"""A halt is of the whole plan, and what resumes one names it.

A halt in a site's records would stop nobody, and a resumption under another name would leave the programme halted.

Bad:

    # waves/vision/records/_plan.yaml
    - {halt: recall, because: cameras are recalled, on: 2027-03-01, by: Ines Wolff}
    - {resume: recal, on: 2027-03-20, by: Ines Wolff}

Good:

    - {halt: recall, because: cameras are recalled, on: 2027-03-01, by: Ines Wolff}
    - {resume: recall, on: 2027-03-20, by: Ines Wolff}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import PROGRAMME, HaltRecord, ResumeRecord
from rollout.problem import Problem, did_you_mean

CODE = "unknown-halt"


def check(subject: Subject) -> Iterator[Problem]:
    """Halts in the records of a site, and resumptions of a halt that is nowhere or begins later."""
    for folder in subject.folders:
        halts = [record for record in folder.records.get(PROGRAMME, ()) if isinstance(record, HaltRecord)]
        for name, records in folder.records.items():
            for record in records:
                if not isinstance(record, HaltRecord | ResumeRecord):
                    continue
                if name != PROGRAMME:
                    said = "a halt is of the whole plan, and here it stops nobody"
                    hint = f"move the line to {folder.layout.records_of(PROGRAMME)}"
                    yield record.place.problem("misplaced-record", said, hint)
                elif isinstance(record, ResumeRecord):
                    same = [halt for halt in halts if halt.halt == record.resume]
                    source = record.place / "resume"
                    if not same:
                        hint = did_you_mean(record.resume, sorted({halt.halt for halt in halts}))
                        yield source.problem(CODE, f'there is no halt "{record.resume}" to resume', hint)
                    elif all(halt.on > record.on for halt in same):
                        said = f"the halt {record.resume} begins on {same[0].on}, after this resumes it"
                        yield source.problem(CODE, said, "one of the two days is wrong")
