"""A record of a site stands in the site's file, one of the whole plan in `_plan.yaml`.

Elsewhere nobody would find it: an approval in a site's file approves nothing, and a halt stops
nobody.

Bad:

    # waves/vision/records/lyon.yaml
    - {approval: wave-1, role: sponsor, decision: go, on: 2027-03-02, by: Marc Petit}

Good:

    # waves/vision/records/_plan.yaml
    - {approval: wave-1, role: sponsor, decision: go, on: 2027-03-02, by: Marc Petit}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import PROGRAMME, kind_of
from rollout.problem import Problem

CODE = "misplaced-record"


def check(subject: Subject) -> Iterator[Problem]:
    """Records in a file where they count for nothing."""
    for folder in subject.folders:
        for name, records in folder.records.items():
            here = "plan" if name == PROGRAMME else "site"
            for record in records:
                if record.SCOPE in (here, "both"):
                    continue
                kind = kind_of(record)
                file = f"{PROGRAMME}.yaml" if record.SCOPE == "plan" else "SITE.yaml"
                said = (
                    f"`{kind}` is of {'the whole plan' if record.SCOPE == 'plan' else 'one site'}, and counts not here"
                )
                hint = f"move the line to {folder.layout.records}/{file}"
                yield (record.place / kind).problem(CODE, said, hint)
