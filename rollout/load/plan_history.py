"""What git says of a plan's file → who changed which part of it, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from rollout.load.record_history import commit_of
from rollout.model.plan_edit import PlanEdit
from rollout.repository.history import Line, Logged

_KEY = re.compile(r"([\"']?)([A-Za-z_][\w-]*)\1\s*:", re.ASCII)
_Change = tuple[bool, str, str]
"""Whether it was added, the text, the top-level key it belongs to."""


def plan_edits(history: Iterable[Logged], path: str) -> Iterator[PlanEdit]:
    """The commits that changed a file, oldest first: each with the top-level keys.

    `history` reads every line (`Reading.EVERY_LINE`), so that a merge comes once for each of its parents. Comments and
    empty lines are no change, and neither is what a merge took from one of its branches as it stood there.
    """
    for _, group in groupby(history, key=lambda logged: logged.id):
        sides = list(group)
        by_side = [
            [_change for patch in side.patches if patch.path == path for _change in _changes(patch.lines)]
            for side in sides
        ]
        changes = by_side[0]
        if len(sides[0].parents) > 1:
            others = [set(found) for found in by_side]
            changes = [one for one in changes if all(one in found for found in others)] if len(others) > 1 else []
        if changes:
            yield PlanEdit(
                commit=commit_of(sides[0]),
                path=path,
                parts=tuple(dict.fromkeys(key for *_, key in changes if key)),
                added=sum(is_added for is_added, *_ in changes),
                removed=sum(not is_added for is_added, *_ in changes),
            )


def _changes(lines: list[Line]) -> Iterator[_Change]:
    """Lines that say something, each with the top-level key it belongs to; nothing where that is not known."""
    before: tuple[object, ...] = ()
    key = ""
    for line in lines:
        place = (line.is_added, line.under)
        if place != before:
            before, key = place, _key(line.under) or ""
        key = _key(line.text) or key
        if (said := line.text.strip()) and not said.startswith("#"):
            yield line.is_added, said, key


def _key(text: str) -> str | None:
    found = _KEY.match(text)
    return found[2] if found else None
