"""What sites wait for besides sites, and no record says is ready.

A connector is ready once the register says since when it is live; any other prerequisite once evidence of its name is
recorded, for the whole plan or for one site: `{evidence: platform-eu, at: docs/handover.pdf, on: …, by: …}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.model.standing import Standing


def unready(standing: Standing, by: date) -> Mapping[str, date]:
    """Of the prerequisites that were to be ready before a day those that are not, by id with that day.

    A connector that is live is no prerequisite any more, so it is not among them.
    """
    return {
        name: ready.ready
        for name, ready in sorted(standing.schedule.prerequisites.items())
        if ready.ready < by and standing.folder.common.shown_on(name, by) is None
    }
