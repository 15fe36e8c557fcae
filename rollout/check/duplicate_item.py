"""An item has one line on a checklist; of two with the same id only the upper one counts.

Bad:

    - [ ] Book the crane <!-- rollout:crane 3f2a9c1b -->
    - [x] Book the second crane <!-- rollout:crane 3f2a9c1b -->

Good:

    - [ ] Book the crane <!-- rollout:crane 3f2a9c1b -->
    - [x] Book the second crane
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.model.markers import has_markers
from rollout.problem import Problem

CODE = "duplicate-item"


def check(page: PageSubject) -> Iterator[Problem]:
    """Ids met before on the page; where texts of two sides stand there, that is another finding."""
    first: dict[str, int] = {}
    if has_markers(page.text):
        return
    for box in page.boxes:
        if box.item not in first:
            first[box.item] = box.line
            continue
        said = f'"{box.item}" stands in line {first[box.item]} already, and only that box counts'
        yield page.warning(box.line, box.column, CODE, said, "delete the comment behind the line if it is your own")
