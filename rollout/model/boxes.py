"""The boxes people tick in a checklist, by the ids in the comments behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

ID = r"[a-z0-9][a-z0-9:._-]*"
"""What may name a block of a page: an activity, `activity:requested`, `page:title`."""
# People type `[ x]` and `[x ]` as well, and mean a tick; `[x](…)` is a link.
BULLET, BOX_END = r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[", r"\](?=[ \t]|$)"
_BOX = re.compile(rf"{BULLET}[ \t]*([xX])?[ \t]*{BOX_END}")
_MARK = re.compile(rf"<!-- rollout:({ID})(?: [0-9a-f]+)? -->")
_WHOLE = re.compile(rf"<!-- rollout:({ID}) [0-9a-f]{{6,16}} -->")
_AGAIN = re.compile(r":again:\d{4}-\d\d-\d\d(?=:|$)")
_TICK = re.compile(r"[ \t]\[[ \t]*[xX]")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a checklist."""

    item: str
    """The activity; of a repeat followed by `:again:DAY`, of one in two steps by `:requested` or `:approved`."""
    is_ticked: bool
    line: int
    column: int
    """Where `rollout:` and the id stand, from 1."""

    @property
    def activity(self) -> str:
        """The activity it is a box of."""
        return self.item.partition(":")[0]

    @property
    def step(self) -> str:
        """`requested` or `approved` in a pair of boxes, else nothing."""
        return _AGAIN.sub("", self.item).partition(":")[2]

    @property
    def is_repeat(self) -> bool:
        """Whether it is for work that has to be done again."""
        return _AGAIN.search(self.item) is not None


@dataclass(frozen=True, slots=True)
class Touch:
    """The last time the state of a box was changed."""

    by: str
    """Who changed it."""
    on: date
    is_ticked: bool
    """What it was changed to."""


def boxes(text: str) -> Iterator[Box]:
    """Every box of a page that has an id, from top to bottom."""
    for number, line in enumerate(text.split("\n"), 1):
        # Ten thousand sites have half a million boxes: patterns see only lines that may be one.
        if (at := line.rfind("<!-- rollout:")) > 0 and (box := _BOX.match(line)) and (mark := _MARK.match(line, at)):
            yield Box(mark[1], box[1] is not None, number, at + 6)


def marks(text: str) -> list[str]:
    """Every id that stands on a page with a whole comment, from top to bottom."""
    return _WHOLE.findall(text)


def broken_marks(text: str, whole: int) -> int:
    """How many comments of a page are neither one of its whole ones, of which there are so many, nor lists of ids."""
    return text.count("<!-- rollout:") - text.count("<!-- rollout: ") - whole


def ticks(text: str) -> frozenset[str]:
    """The items whose box is ticked. Where an id stands twice the upper one counts."""
    found = []
    for match in _TICK.finditer(text):
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        for box in boxes(line):
            above = text.find(f"<!-- rollout:{box.item} ", 0, start) >= 0
            if box.is_ticked and not (above and any(b.item == box.item for b in boxes(text[:start]))):
                found.append(box.item)
    return frozenset(found)


class Checklists(Protocol):
    """A plan's checklists as they are on disk, read when they are asked for and one at a time."""

    def ticks(self) -> Mapping[str, frozenset[str]]:
        """By site, the items ticked there; sites without ticks are left out."""
        ...

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """Site, path and text of each, by site."""
        ...


class NoChecklists:
    """A plan whose pages nobody has read."""

    def ticks(self) -> Mapping[str, frozenset[str]]:
        """Nothing."""
        return {}

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """Nothing."""
        return iter(())
