"""What has to be over before go-live does not wait for what comes after it.

A rehearsal that waits for the lessons review can never be held: the review needs the go-live that the rehearsal comes
before. The same holds for work that runs past go-live, such as a change freeze.

Bad:

    activities:
      rehearsal-2: {depends_on: [rehearsal-1, lessons-review]}       # lessons-review starts at T+14

Good:

    activities:
      rehearsal-2: {depends_on: rehearsal-1}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "activity-order"


def check(subject: Subject) -> Iterator[Problem]:
    """Each `depends_on` that leads from before go-live to after it."""
    for folder in subject.folders:
        plan = folder.plan
        by_id = {activity.id: activity for activity in plan.activities}
        for activity in plan.activities:
            for number, name in enumerate(activity.depends_on):
                other = by_id.get(name)
                if other is None or other.before_go_live or activity.starts.days >= 0:
                    continue
                if activity.before_go_live or other.starts.days >= 0:
                    said = (
                        f"{activity.id} ({activity.starts}) waits for {name}, which is over only after go-live"
                        f" ({other.starts}, takes {other.takes})"
                    )
                    source = plan.source / "activities" / activity.id / "depends_on" / number
                    yield source.problem(CODE, said, f"remove {name}, or start one of the two at another time")
