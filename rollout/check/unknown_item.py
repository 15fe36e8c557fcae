"""A box on a checklist belongs to an activity of the plan; one that belongs to none moves no status.

The activity was removed or renamed while somebody had ticked it, or its id was changed on the page.

Bad:

    - [x] Book the crane, by Mon 4 Jan 2027 <!-- rollout:crain 3f2a9c1b -->

Good:

    - [x] Book the crane, by Mon 4 Jan 2027 <!-- rollout:crane 3f2a9c1b -->
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.problem import Problem, did_you_mean

CODE = "unknown-item"


def check(page: PageSubject) -> Iterator[Problem]:
    """Boxes whose id nothing has."""
    for box in page.boxes:
        activity, step = box.activity, box.step
        two_step = page.activities.get(activity)
        if box.item in page.own_items or (two_step is not None and (step in ("requested", "approved")) == two_step):
            continue
        if two_step is not None and not step:
            said, near = f'"{activity}" has two boxes now', f"they are {activity}:requested and {activity}:approved"
        elif two_step is not None:
            said, near = f'"{activity}" has one box and no step "{step}"', f"its id is {activity}"
        else:
            said, near = f'the plan has no activity "{activity}"', did_you_mean(activity, page.activities)
        hint = near or "delete the line if it is done with, or its comment if it is yours"
        yield page.warning(box.line, box.column, CODE, f"{said}, so its box counts for nothing", hint)
