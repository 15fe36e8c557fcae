"""Work stays good at least until the go-live it is done for.

Work that takes longer than it is valid has grown old before it is over; work that is done by its norm and is too old on
the day of go-live has to be done again at every site. `valid_for` says nothing about work after go-live.

Bad:

    activities:
      training: {starts: T-28, takes: 23d, valid_for: 3d}

Good:

    activities:
      training: {starts: T-28, takes: 23d, valid_for: 28d}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.activity import Activity
from rollout.model.times import days
from rollout.problem import Problem

CODE = "short-lived"


def check(subject: Subject) -> Iterator[Problem]:
    """Each `valid_for` that cannot do what it is for."""
    for folder in subject.folders:
        for activity in folder.plan.activities:
            source = folder.plan.source / "activities" / activity.id / "valid_for"
            if activity.valid_for is None:
                continue
            if not activity.before_go_live:
                said = f"{activity.id} is over only after go-live, so nothing asks how long it is valid"
                yield source.warning(CODE, said, "remove `valid_for`")
            elif activity.valid_for.days < activity.takes.days:
                said = f"{activity.id} takes {activity.takes} and is valid for {activity.valid_for} only"
                yield source.problem(CODE, said, f"make `valid_for` {activity.takes} or longer")
            elif activity.valid_for.days < (left := _left(activity)):
                said = (
                    f"{activity.id} ends {days(left)} before go-live by its norm and is valid for"
                    f" {activity.valid_for} only, so it is done twice everywhere"
                )
                yield source.warning(CODE, said, f"make `valid_for` {left}d or longer, or start it later")


def _left(activity: Activity) -> int:
    """Calendar days from the last day of work by the norm to go-live."""
    return activity.days_before - max(activity.takes.days, 1) + 1
