"""Records are about what has happened.

A record dated in the future is a plan or a slip of the finger; pins and constraints are for plans. The same holds for a
connector that is live from a later day on: nothing waits for it, as if it were there.

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
    """A warning for each record dated after today, and each connector that is live only then."""
    for folder in subject.folders:
        for records in folder.records.values():
            for record in records:
                if record.on > subject.as_of:
                    said = f"this happened on {record.on}, which is after {subject.as_of}"
                    yield (record.place / "on").warning(CODE, said, "check the date")
    for system in subject.programme.register.systems:
        live = system.connector.live_since
        if live is not None and live > subject.as_of:
            said = f"the connector of {system.id} is live since {live}, which is after {subject.as_of}"
            place = subject.programme.register.source / "systems" / system.id / "connector" / "live_since"
            yield place.warning(CODE, said, "take it out until it works, so that sites wait for it")
