"""A figure from after go-live is measured after go-live.

Bad:

    - {proof: escape-rate, after: 210, unit: ppm, on: 2027-01-20, by: Bernd Aigner}
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
from rollout.model.record import NOTHING_HAPPENED
from rollout.problem import Problem

CODE = "early-proof"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each `after` of a site that is not live, or was not yet on that day."""
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            lines = [line for line in records if isinstance(line, ProofRecord) and line.after is not None]
            if not lines or site_id not in subject.site_ids:
                continue
            went_live = folder.facts.get(site_id, NOTHING_HAPPENED).went_live
            for line in lines:
                if went_live is None or line.on < went_live:
                    live = f"went live on {spoken(went_live)}" if went_live else "is not live"
                    said = f"`after` is of {spoken(line.on)}, and {site_id} {live}, so it counts for nothing"
                    yield (line.place / "after").warning(CODE, said, "check the two days; record the go-live first")
