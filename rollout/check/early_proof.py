"""A figure from after go-live is measured after go-live.

It is asked of what was measured before or promised. Other figures say how it is, on any day: the quality of the data.

Bad:

    - {proof: escape-rate, before: 820, target: 250, after: 210, unit: ppm, on: 2027-01-20, by: Bernd Aigner}
    - {status: live, on: 2027-02-09, by: Claire Dubois}

Good:

    - {status: live, on: 2027-02-09, by: Claire Dubois}
    - {proof: escape-rate, after: 210, unit: ppm, on: 2027-03-02, by: Bernd Aigner}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.calendar import spoken
from rollout.model.measured import ProofRecord
from rollout.problem import Problem

CODE = "early-proof"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each `after` of a site that is not live, or was not yet on that day."""
    for folder in subject.folders:
        proofs = {
            site_id: [line for line in records if isinstance(line, ProofRecord)]
            for site_id, records in folder.records.items()
        }
        every = (line for lines in proofs.values() for line in lines)
        compared = {line.proof for line in every if line.before is not None or line.target is not None}
        for site_id, some in proofs.items():
            lines = [line for line in some if line.after is not None and line.proof in compared]
            if not lines or site_id not in subject.site_ids:
                continue
            went_live = folder.facts_of(site_id).went_live
            for line in lines:
                if went_live is None or line.on < went_live:
                    live = f"went live on {spoken(went_live)}" if went_live else "is not live"
                    said = f"`after` is of {spoken(line.on)}, and {site_id} {live}, so it counts for nothing"
                    yield (line.place / "after").warning(CODE, said, "check the two days; record the go-live first")
