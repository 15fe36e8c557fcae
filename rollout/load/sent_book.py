"""Workbooks that rollout has sent out and that come back: known by a hidden sheet in them."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from rollout.load.extent import check_extent, check_size
from rollout.load.sheet import SIZE_LIMIT, cell_text
from rollout.problem import RolloutError, refused

_KINDS = (".xlsx", ".xlsm", ".ods", ".xls")
Rows = list[list[str]]


class SentBook(NamedTuple):
    """Two sheets of a workbook as texts."""

    kept: Rows
    """What it was like when it was sent, from the hidden sheet."""
    shown: Rows | None
    """The sheet that people change; None where it is gone."""


def sent_book(path: Path, kept: str, shown: str, mark: str, least: int) -> SentBook | None:
    """The workbook, if its hidden sheet begins with this mark and has so many cells in its first row.

    None for every other file, for one too large or broken to tell, and where the extra that reads workbooks is missing:
    whoever then reads it as a sheet of sites says what is wrong.
    """
    if path.suffix.lower() not in _KINDS or not path.is_file():
        return None
    try:
        import python_calamine as calamine  # noqa: PLC0415 - an extra, and only here
    except ImportError:
        return None
    try:
        if path.stat().st_size > SIZE_LIMIT:
            return None
        data = path.read_bytes()
        check_size(data, path.as_posix())
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if kept not in book.sheet_names:
            return None
        check_extent(data, path.as_posix())
        sheets = {name: book.get_sheet_by_name(name) for name in (kept, shown) if name in book.sheet_names}
        texts = {name: _texts(sheet.to_python(skip_empty_area=False)) for name, sheet in sheets.items()}
    except (calamine.CalamineError, RolloutError, OSError, ValueError):
        return None
    rows = texts[kept]
    if not rows or len(rows[0]) < least or rows[0][0] != mark:
        return None
    return SentBook(rows, texts.get(shown))


def _texts(rows: Iterable[Iterable[object]]) -> Rows:
    return [[cell_text(cell) for cell in row] for row in rows]


def broken(path: str, message: str, hint: str, line: int = 0) -> RolloutError:
    """That a workbook which came back cannot be read as the one that was sent."""
    return refused(path, "broken-workbook", message, hint, line)
