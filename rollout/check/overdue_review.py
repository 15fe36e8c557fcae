"""What governs a model is looked at again when its day has come.

A review that is overdue keeps the gates shut that ask for `days-to-review`. The version that is rolled out counts: a
new one begins with nothing settled.

Bad:

    - {governance: "2.3", next_review: 2026-09-01, on: 2026-03-01, by: Yannick Moreau}        # and today is in October

Good:

    - {governance: "2.3", next_review: 2026-09-01, on: 2026-03-01, by: Yannick Moreau}
    - {governance: "2.3", next_review: 2027-03-01, on: 2026-08-28, by: Yannick Moreau}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import PROGRAMME
from rollout.problem import Problem

CODE = "overdue-review"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each review whose day is past."""
    for folder in subject.folders:
        version = folder.plan.version
        if version is None:
            continue
        for name, facts in ((PROGRAMME, folder.common), *folder.facts.items()):
            record = facts.governance.get(version)
            if record is not None and record.next_review is not None and record.next_review < subject.as_of:
                of = "" if name == PROGRAMME else f" at {name}"
                said = f"the review of version {version}{of} was due on {record.next_review}"
                hint = f"review it, and record the next: governance {version} --next-review DAY"
                yield record.place.warning(CODE, said, hint)
