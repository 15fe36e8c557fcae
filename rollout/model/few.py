"""Names in a sentence: as many as it bears, and how many there are besides."""

from __future__ import annotations

from collections.abc import Sequence


def few(names: Sequence[str], most: int) -> str:
    """`lyon, graz and 3 more`: so many of the names, in their order, and the number of the others."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
