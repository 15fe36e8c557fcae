"""The grey comments of a checklist stand as rollout wrote them: by them lines are kept up to date.

Without its comments, or with half of them, a block is a person's own text: nothing in it is changed any more, and a box
whose id is gone counts for nothing.

Bad:

    - [x] Book the crane, by Mon 4 Jan 2027 <!-- rollout:crane -->

Good:

    - [x] Book the crane, by Mon 4 Jan 2027 <!-- rollout:crane 3f2a9c1b -->
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.model.boxes import ID
from rollout.model.markers import has_markers
from rollout.problem import Problem

CODE = "damaged-comment"
_OPEN = re.compile(rf"\n<!-- rollout:({ID}) [0-9a-f]+ -->(?=\n)")
_CLOSE = re.compile(rf"<!-- /rollout:({ID}) -->")
_LIST = "<!-- rollout: "


def check(page: PageSubject) -> Iterator[Problem]:
    """Blocks that the last comment lists and that are there in part only."""
    _, there, listed = page.text.rpartition(_LIST)
    if not there or has_markers(page.text):
        return
    whole = set(page.marks) - (set(_OPEN.findall(page.text)) - set(_CLOSE.findall(page.text)))
    for name in listed.partition(" -->")[0].split():
        if name in whole:
            continue
        if half := re.search(rf"rollout:{re.escape(name)}(?![a-z0-9:._-])", page.text):
            line = page.text.count("\n", 0, half.start()) + 1
            column = half.start() - page.text.rfind("\n", 0, half.start())
            said = f'the comments of "{name}" are not whole, so it is not kept up to date any more'
            hint = "undo the change to the comment, or delete the last line of the page to have the block written again"
            yield page.warning(line, column, CODE, said, hint)
