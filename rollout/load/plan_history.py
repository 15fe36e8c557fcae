"""What git says of a plan's file → who changed which part of it, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from rollout.load.record_history import Line, changed_lines
from rollout.model.plan_edit import PlanEdit

_KEY = re.compile(rb"([\"']?)([A-Za-z_][\w-]*)\1\s*:")


def plan_edits(patches: bytes, prefix: str, path: str) -> Iterator[PlanEdit]:
    """The commits that changed a file, oldest first, as `Repository.patches` gives them: each with the top-level keys.

    Comments and empty lines are no change, and neither is what a merge took from one of its branches as it stood there.
    """
    there = (line for line in changed_lines(patches, prefix) if line.path == path)
    for _, group in groupby(there, key=lambda line: line.commit.id):
        lines = list(group)
        commit = lines[0].commit
        by_parent: dict[int, list[tuple[bool, bytes, str]]] = {}
        for line, key in _keyed(lines):
            by_parent.setdefault(line.parent, []).append((line.is_added, line.text.strip(), key))
        changes = next(iter(by_parent.values()), [])
        if commit.parents > 1:
            others = [set(found) for found in by_parent.values()]
            changes = [c for c in changes if all(c in found for found in others)] if len(others) > 1 else []
        if changes:
            yield PlanEdit(
                commit=commit,
                path=path,
                parts=tuple(dict.fromkeys(key for *_, key in changes if key)),
                added=sum(is_added for is_added, *_ in changes),
                removed=sum(not is_added for is_added, *_ in changes),
            )


def _keyed(lines: list[Line]) -> Iterator[tuple[Line, str]]:
    """Lines that say something, each with the top-level key it belongs to; nothing where that is not known."""
    before: tuple[object, ...] = ()
    key = b""
    for line in lines:
        place = (line.parent, line.is_added, line.under)
        if place != before:
            before, key = place, _key(line.under) or b""
        key = _key(line.text) or key
        if (said := line.text.strip()) and not said.startswith(b"#"):
            yield line, key.decode()


def _key(text: bytes) -> bytes | None:
    found = _KEY.match(text)
    return found[2] if found else None
