"""A box is ticked as `[x]` and empty as `[ ]`; written otherwise nobody reads it, and its item counts as open.

`[X]`, `[x ]` and `[ x]` are ticks too. A sign or a word in the brackets, or no blank before them, is a box neither
here nor on the git host's page.

Bad:

    - [✓] Book the crane <!-- rollout:crane 3f2a9c1b -->

Good:

    - [x] Book the crane <!-- rollout:crane 3f2a9c1b -->
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rollout.check.rule import PageSubject
from rollout.model.boxes import ID, Box, boxes
from rollout.model.markers import has_markers
from rollout.problem import Problem

CODE = "unread-box"
# Past boxes and what stands below them as rollout writes both, from line end to line end: `^` takes ten times as long.
_UNUSUAL = re.compile(rf"\n(?!- \[[ x]\] |  - |<!--|#)[^\n]*<!-- rollout:({ID}) [0-9a-f]{{6,16}} -->")


def check(page: PageSubject) -> Iterator[Problem]:
    """Lines with the id of an item, and no box that is read."""
    if has_markers(page.text):
        return
    for found in _UNUSUAL.finditer(f"\n{page.text}"):
        box = Box(found[1], False, page.text.count("\n", 0, found.start()) + 1, 1)
        is_item = box.activity in page.activities and box.step in ("", "requested", "approved")
        if is_item and not any(boxes(found[0][1:])):
            said = f'the box of "{box.item}" is none that is read, so it counts as open'
            hint = "write `- [x]` where it is done, `- [ ]` where it is not"
            yield page.warning(box.line, box.column, CODE, said, hint)
