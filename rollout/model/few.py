"""Names, texts and numbers in a sentence: as much as it bears, and one of a thing is not called many."""

from __future__ import annotations

from collections.abc import Sequence


def few(names: Sequence[str], most: int) -> str:
    """`lyon, graz and 3 more`: so many of the names, in their order, and the number of the others."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")


def so_many(count: int, noun: str, nouns: str = "") -> str:
    """`1 site`, `12,000 sites`: how many there are; `nouns` where an s at the end is not enough (`1 person`)."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def short(text: str, most: int = 60) -> str:
    """As much of a text as a sentence bears."""
    return text if len(text) <= most else text[: most - 3] + "..."
