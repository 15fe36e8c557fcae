"""The boxes people tick in a checklist, by the ids in the comments behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

ID = r"[a-z0-9][a-z0-9:._-]*"
"""What may name a block of a page: an activity, `activity:requested`, `page:title`."""
# People type `[ x]` and `[x ]` as well, and mean a tick; `[x](…)` is a link.
BULLET, BOX_END = r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[", r"\](?=[ \t]|$)"
_BOX = re.compile(rf"^{BULLET}[ \t]*([xX])?[ \t]*{BOX_END}.*<!-- (rollout:({ID})(?: [0-9a-f]+)?) -->", re.MULTILINE)
_TICKS = ("[x", "[X", "[ x", "[ X")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a checklist."""

    item: str
    """The activity; of one in two steps followed by `:requested` or `:approved`."""
    is_ticked: bool
    line: int
    column: int
    """Where the id stands, from 1."""

    @property
    def activity(self) -> str:
        """The activity it is a box of."""
        return self.item.removesuffix(":requested").removesuffix(":approved")


def boxes(text: str) -> Iterator[Box]:
    """Every box of a page that has an id, from top to bottom."""
    line, counted = 1, 0
    for match in _BOX.finditer(text):
        start = match.start()
        line += text.count("\n", counted, start)
        counted = start
        yield Box(match[3], match[1] is not None, line, match.start(2) - start + 1)


def ticks(text: str) -> frozenset[str]:
    """The items whose box is ticked. Where an id stands twice the upper one counts."""
    if not any(tick in text for tick in _TICKS):
        return frozenset()
    found: dict[str, bool] = {}
    for box in boxes(text):
        found.setdefault(box.item, box.is_ticked)
    return frozenset(item for item, is_ticked in found.items() if is_ticked)


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
