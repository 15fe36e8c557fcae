"""A figure from before go-live is measured before go-live.

What a site did before is gone once it works the new way: a baseline of the day after is an estimate, and proves
nothing. `rollout record` refuses one; by hand it counts for nothing, and the verdict stays inconclusive.

Bad:

    - {status: live, on: 2027-02-09, by: Claire Dubois}
    - {proof: escape-rate, before: 820, unit: ppm, on: 2027-03-02, by: Bernd Aigner}

Good:

    - {proof: escape-rate, before: 820, target: 250, unit: ppm, on: 2027-01-15, by: Bernd Aigner}
    - {status: live, on: 2027-02-09, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.calendar import spoken
from rollout.model.measured import ProofRecord
from rollout.problem import Problem

CODE = "late-baseline"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each `before` dated on or after its site's go-live."""
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            lines = [line for line in records if isinstance(line, ProofRecord) and line.before is not None]
            went_live = folder.facts_of(site_id).went_live if lines else None
            for line in lines:
                if went_live is not None and line.on >= went_live:
                    said = f"`before` is of {spoken(line.on)}, and {site_id} went live on {spoken(went_live)}"
                    hint = "date it by the day it was measured; what was not measured then cannot be proved"
                    yield (line.place / "before").warning(CODE, said, hint)
