"""A site's readiness counts once each of the eight dimensions has a score.

Scores may come one by one; until the last one is there the site is not assessed.

Bad:

    - {readiness: {leadership: 5, data_quality: 3}, on: 2026-09-14, by: Claire Dubois}      # and no other line

Good:

    - {readiness: {leadership: 5, workflow_redesign: 4, data_quality: 3, systems: 3, people: 4, change_capacity: 4,
         security: 3, infrastructure: 3}, on: 2026-09-14, by: Claire Dubois}
    - {readiness: {data_quality: 4}, on: 2026-11-02, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import Readiness, ReadinessRecord
from rollout.problem import Problem

CODE = "incomplete-readiness"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each site with some scores and not all."""
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            scored = [record for record in records if isinstance(record, ReadinessRecord)]
            known = {name for record in scored for name in record.readiness.given}
            missing = [name for name in Readiness.model_fields if name not in known]
            if scored and missing:
                said = f"{site_id} has no score for {', '.join(missing)}, so it counts as not assessed"
                yield (scored[-1].place / "readiness").warning(CODE, said, "add a line with these scores")
