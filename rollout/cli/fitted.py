"""Sentences and tables that fit their terminal.

A table is never cut: it is wrapped between words as late as possible, and where even that is too wide its fields stand
one below the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import TextWrapper, wrap

from rich.cells import cell_len, set_cell_size

_SHORT = 15
"""Cells up to this wide (dates, ids, amounts) stay on one line as long as possible."""
_LEAST = 8
"""The narrowest that a column of sentences becomes; below that rows are written one field a line."""


def fitted(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, rule: str = "─") -> Iterator[str]:
    """The lines of a table within `width` columns of a terminal. Cells may have several lines."""
    found = _widths(columns, rows, width)
    if found is None:
        yield from _one_below_the_other(columns, rows, width)
        return
    widths, gap = found
    yield from _row(columns, widths, gap)
    yield rule * min(sum(widths) + gap * (len(widths) - 1), width)
    for row in rows:
        yield from _row(row, widths, gap)


def folded(text: str, width: int, indent: int = 0, hang: int = 0) -> list[str]:
    """The lines of a sentence, no wider than the terminal unless a single word is: whole paths can be opened.

    The first stands `indent` columns in, the others `hang` more.
    """
    return wrap(
        text,
        max(width, 40),
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """The lines of a text within so many columns, broken between words; longer words are broken where they must."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _wrapped(line, width, indent) if cell_len(line) > width else [line]
    return lines


def _wrapped(line: str, width: int, indent: str) -> list[str]:
    if line.isascii():
        wrapper = TextWrapper(width, subsequent_indent=indent, break_on_hyphens=False)
        return wrapper.wrap(line) or [""]
    lines, now = [], ""
    for word in line.split(" "):
        longer = f"{now} {word}" if now else word
        if cell_len(longer) <= width:
            now = longer
            continue
        if now.strip():
            lines.append(now)
        now = indent + word
        while cell_len(now) > width:  # letters of double width are counted as such
            head = set_cell_size(now, width).rstrip(" ") or now[:1]
            lines.append(head)
            now = indent + now[len(head) :]
    return [*lines, now]


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> tuple[list[int], int] | None:
    """The width of each column and the space between two; None where no widths do."""
    cells = [[title, *(row[at] for row in rows)] for at, title in enumerate(columns)]
    natural = [max(cell_len(line) for cell in column for line in cell.split("\n")) for column in cells]
    words = [max(_unbroken(word) for cell in column for word in cell.split() or [""]) for column in cells]
    kept = [wide if wide <= _SHORT else max(word, _LEAST) for wide, word in zip(natural, words, strict=True)]
    loose = [wide if wide <= _LEAST else max(word, _LEAST) for wide, word in zip(natural, words, strict=True)]
    for least, gap in ((natural, 3), (natural, 2), (kept, 3), (kept, 2), (kept, 1), (loose, 2), (loose, 1)):
        room = width - gap * (len(columns) - 1)
        if sum(least) <= room:
            return _shared(natural, least, room), gap
    return None


def _unbroken(word: str) -> int:
    """How wide a word is at least; one in letters of double width may be broken anywhere."""
    wide = cell_len(word)
    return wide if wide == len(word) else min(wide, _LEAST)


def _shared(natural: list[int], least: list[int], room: int) -> list[int]:
    """As little wrapping as possible: the widest columns give way first, none below its least."""
    low, high = 0, max(natural)
    while low < high:
        cap = (low + high + 1) // 2
        if sum(min(wide, max(cap, few)) for wide, few in zip(natural, least, strict=True)) <= room:
            low = cap
        else:
            high = cap - 1
    widths = [min(wide, max(low, few)) for wide, few in zip(natural, least, strict=True)]
    for at, wide in enumerate(natural):  # what is left over after rounding
        if widths[at] < wide and sum(widths) < room:
            widths[at] += 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int], gap: int) -> Iterator[str]:
    parts = [wrapped(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    for lines in zip_longest(*parts, fillvalue=""):
        yield (" " * gap).join(set_cell_size(line, wide) for line, wide in zip(lines, widths, strict=True)).rstrip()


def _one_below_the_other(columns: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    label = max(map(cell_len, columns))
    room = max(width - label - 2, _LEAST)
    for number, row in enumerate(rows):
        if number:
            yield ""
        for title, cell in zip(columns, row, strict=True):
            for at, line in enumerate(wrapped(cell, room) if cell else ()):
                yield f"{set_cell_size(title if not at else '', label)}  {line}".rstrip()
