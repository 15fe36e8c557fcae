"""A site that expects a later go-live than the published one is looked at before others wait for it in vain.

Bad:

    # the schedule has lyon on 2027-02-09
    - {forecast: 2027-03-02, because: cameras come late, on: 2027-01-12, by: Claire Dubois}

Good:

    - {forecast: 2027-02-09, because: cameras are here after all, on: 2027-01-20, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.times import days
from rollout.problem import Problem

CODE = "slip"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each site that says it will be later than its published day."""
    for folder in subject.folders:
        for site_id, facts in sorted(folder.facts.items()):
            placement = folder.placement_of(site_id)
            if facts.forecast is None or placement is None or facts.forecast.forecast <= placement.go_live:
                continue
            late = (facts.forecast.forecast - placement.go_live).days
            because = f" ({facts.forecast.because})" if facts.forecast.because else ""
            said = f"{site_id} expects to go live on {facts.forecast.forecast}{because}, {days(late)} after its "
            said += f"published day {placement.go_live}"
            hint = f"see what it costs: rollout whatif --delay {site_id}={late}d"
            yield (facts.forecast.place / "forecast").warning(CODE, said, hint)
