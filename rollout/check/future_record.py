"""Records are about what has happened.

A record dated in the future is a plan or a slip of the finger; pins and constraints are for plans.

Bad:

    - {status: live, on: 2062-07-01, by: import}

Good:

    - {status: live, on: 2026-07-01, by: import}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "future-record"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each record dated after today."""
    for folder in subject.folders:
        for records in folder.records.values():
            for record in records:
                if record.on > subject.as_of:
                    said = f"this happened on {record.on}, which is after {subject.as_of}"
                    yield (record.place / "on").warning(CODE, said, "check the date")
