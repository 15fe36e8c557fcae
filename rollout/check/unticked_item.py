"""A box that is empty although a record says the item is done is ticked by the next `render`.

If the item has to be done again, a record has to say so; unticking alone does not take a record back.

Bad:

    # waves/vision/records/lyon.yaml
    - {item: crane, state: done, on: 2026-09-30, by: Claire Dubois}
    # playbooks/vision/lyon/checklist.md
    - [ ] Book the crane <!-- rollout:crane 3f2a9c1b -->

Good:

    # playbooks/vision/lyon/checklist.md
    - [x] Book the crane <!-- rollout:crane 3f2a9c1b -->
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.model.calendar import spoken
from rollout.problem import Problem

CODE = "unticked-item"


def check(page: PageSubject) -> Iterator[Problem]:
    """Empty boxes of items that are recorded as done."""
    if not page.facts.items:
        return
    ticked = page.facts.ticked
    for box in page.boxes:
        record = page.facts.items.get(box.activity)
        if (
            record is None
            or box.is_ticked
            or box.is_repeat
            or box.item in ticked
            or box.activity not in page.activities
        ):
            continue
        if box.item.endswith(":requested") or page.facts.is_recorded(box.activity):
            said = f"the box is empty, and {record.path} says {record.state} on {spoken(record.on)}"
            hint = "`rollout render` ticks it; if it is not so, mend the record"
            yield page.warning(box.line, box.column, CODE, said, hint)
