"""Conflict markers on a checklist are waiting for somebody to choose between two texts.

Bad:

    <<<<<<< yours (playbooks/vision/lyon/checklist.md as edited)
    - [ ] Book two cranes <!-- rollout:crane 3f2a9c1b -->
    =======
    - [ ] Book the crane, by Mon 4 Jan 2027 <!-- rollout:crane 3f2a9c1b -->
    >>>>>>> rollout (from the current plan)

Good:

    - [ ] Book two cranes, by Mon 4 Jan 2027 <!-- rollout:crane 3f2a9c1b -->
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.model.markers import CHOOSE, MARKER, has_markers
from rollout.problem import Problem

CODE = "unsettled-page"


def check(page: PageSubject) -> Iterator[Problem]:
    """The first line of every conflict."""
    if not has_markers(page.text):
        return
    found = [match.start() for match in MARKER.finditer(page.text)]
    begin = [start for start in found if page.text[start] == "<"] or found[:1]
    for start in begin:
        said = "two texts stand here between conflict markers"
        yield page.warning(page.text.count("\n", 0, start) + 1, 1, CODE, said, CHOOSE)
