"""Readiness was assessed, and not long ago.

Scores older than 90 days describe a site that is no more. They are warned about until the site is live.

Bad:

    # asked on 2026-10-01
    - {readiness: {leadership: 5, workflow_redesign: 4, data_quality: 3, systems: 3, people: 4, change_capacity: 4,
         security: 3, infrastructure: 3}, on: 2026-01-14, by: Claire Dubois}

Good:

    - {readiness: {leadership: 5, workflow_redesign: 4, data_quality: 3, systems: 3, people: 4, change_capacity: 4,
         security: 3, infrastructure: 3}, on: 2026-09-14, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "stale-readiness"
MAX_AGE = 90
"""Days after which scores are taken to be stale."""


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each old assessment of a site that is not live."""
    for folder in subject.folders:
        for site_id, facts in sorted(folder.facts.items()):
            record = facts.readiness
            if record is None or facts.went_live is not None or site_id not in subject.programme.sites:
                continue
            age = (subject.as_of - record.on).days
            if age > MAX_AGE:
                said = f"the readiness of {site_id} was assessed {age} days ago, on {record.on}"
                yield record.place.warning(CODE, said, f"assess it again; {MAX_AGE} days is the limit")
