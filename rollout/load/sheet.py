"""Reading a sheet that a person made: CSV as it comes, or a workbook. Cells come out as stripped texts, row by row.

Row numbers are those a spreadsheet shows: titles above the names of the columns and blank rows count. A cell's
surrounding whitespace goes (nobody sees it); what stands inside stays as it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path

from rollout.load.extent import check_extent
from rollout.model.few import few, so_many
from rollout.problem import Problem, RolloutError, did_you_mean, environment, refused

SIZE_LIMIT = 100_000_000
"""Bytes of a sheet's file."""
TEXT_LIMIT = 200_000_000
"""Characters of all cells together: one long text may stand in any number of a workbook's cells."""
COLUMN_LIMIT = 16_384
"""Columns of a sheet, as many as Excel has."""
TEXTS = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_DELIMITERS = (",", ";", "\t", "|")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_QUOTED = re.compile(r'"[^"]*"')


_TITLES = 10
"""Rows above the names of the columns that a sheet may have: what it is, of when, whose."""
_Numbered = tuple[int, list[str], str]
"""Row number, cells, and why it cannot be used as it is."""


class Row:
    """One row of a sheet; `problem` says why it cannot be used as it is."""

    __slots__ = ("cells", "number", "problem")

    def __init__(self, number: int, cells: list[str], problem: str = "") -> None:
        self.number = number
        self.cells = cells
        self.problem = problem


class Sheet:
    """A sheet's header at once and its rows as a stream. `notes` are complete when the rows are through."""

    def __init__(self, path: Path, numbered: Iterator[_Numbered], notes: list[str], others: Sequence[str] = ()) -> None:
        self.name = path.name
        self.path = path.as_posix()
        self.notes = notes
        self.others = others
        """The other sheets of its workbook, where nobody has said which one is meant."""
        self._numbered = numbered
        first = next((row for row in numbered if any(row[1])), None)
        if first is None:
            said = "the sheet is empty"
            raise RolloutError(
                Problem(path=self.path, code="empty-sheet", message=said, hint="its first row names columns")
            )
        self.header = tuple(_without_blank_end(self._below_titles(first)[1]))

    def _below_titles(self, first: _Numbered) -> _Numbered:
        """The row that names the columns: titles above it hold one cell each, and the rows below it more."""
        peeked = [first]
        while _is_title(peeked[-1]) and len(peeked) <= _TITLES:
            following = next((row for row in self._numbered if any(row[1])), None)
            if following is None:
                break
            peeked.append(following)
        if _is_title(peeked[-1]):  # a sheet of one column
            self._numbered = chain(peeked[1:], self._numbered)
            return first
        if len(peeked) > 1:
            above = ", ".join(f'"{next(filter(None, cells))[:40]}"' for _, cells, _ in peeked[:-1])
            self.notes.append(f"columns are named in row {peeked[-1][0]}; above it stands {above}")
        return peeked[-1]

    def rows(self) -> Iterator[Row]:
        """The rows below the header that hold anything, each with as many cells as the header."""
        width = len(self.header)
        short: list[int] = []
        left = TEXT_LIMIT
        for number, cells, problem in self._numbered:
            if not any(cells):
                continue
            left -= sum(map(len, cells))
            if left < 0:
                said = f"the sheet holds more than {TEXT_LIMIT:,} characters"
                raise refused(self.path, "too-large", said, "split it, or leave out the columns with long texts")
            if len(cells) < width:
                short.append(number)
            filled = cells[:width] + [""] * (width - len(cells))
            yield Row(number, filled, problem or _wrong_with(cells, width))
        if short:
            shown = few(list(map(str, short)), 20)
            self.notes.append(f"rows with fewer cells than the header, the missing ones taken as blank: {shown}")


def _is_title(row: _Numbered) -> bool:
    return sum(map(bool, row[1])) == 1


def read_sheet(path: Path, sheet: str | None = None) -> Sheet:
    """The sheet in a file; `sheet` names one of a workbook. Raises RolloutError when it cannot be read."""
    name = path.as_posix()
    kind = path.suffix.lower()
    if path.name.startswith(("~$", ".~lock.")):
        said = "this is the lock that a spreadsheet program keeps beside a workbook that is open"
        raise refused(name, "broken-sheet", said, "name the workbook itself")
    if path.is_dir():
        raise refused(name, "not-a-file", "this is a folder", "name the file in it")
    if kind not in TEXTS + WORKBOOKS and path.exists():
        hint = "export it as .csv or .xlsx"
        raise refused(name, "unknown-sheet", f"rollout does not read {kind or 'files without extension'}", hint)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= SIZE_LIMIT else b""
    except FileNotFoundError:
        near = did_you_mean(path.name, _neighbours(path))
        raise refused(name, "no-sheet", "there is no such file", near or "check the path") from None
    except OSError as error:
        raise environment("unreadable", f"the file cannot be read: {error.strerror}", "", name) from None
    if size > SIZE_LIMIT:
        raise refused(name, "too-large", f"the file has {size:,} bytes, {SIZE_LIMIT:,} are allowed", "split it")
    if kind in WORKBOOKS:
        return _workbook(data, path, sheet)
    if sheet is not None:
        raise refused(name, "one-sheet", "a CSV file is one sheet", "leave out --sheet")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise refused(name, "not-text", "this is a workbook under the name of a text", "rename it to .xlsx")
    notes: list[str] = []
    text = _decoded(data, name, notes)
    return Sheet(path, _records(text, name), notes)


def _neighbours(path: Path) -> list[str]:
    try:
        return [p.name for p in path.parent.iterdir() if p.suffix.lower() in TEXTS + WORKBOOKS]
    except OSError:
        return []


def _wrong_with(cells: list[str], width: int) -> str:
    if any(cells[width:]):
        return f"it has {len(cells)} cells and the header has {width}: is a quote missing?"
    if match := _CONTROL.search("".join(cells)):
        column = next(number for number, cell in enumerate(cells, 1) if match[0] in cell)
        return f"the cell in column {column} has a control character (U+{ord(match[0]):04X})"
    return ""


def _without_blank_end(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _decoded(data: bytes, name: str, notes: list[str]) -> str:
    """The text of a CSV file in whatever encoding a spreadsheet program left it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise refused(name, "not-text", "this is broken UTF-16", "save it as CSV UTF-8") from None
    if data[:1000].count(b"\0") * 3 > len(data[:1000]):
        raise refused(name, "not-text", "this is no text, or UTF-16 without its mark", "save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        notes.append(f"not UTF-8 (line {line}), read as Windows-1252 (Latin-1): check the accents")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


class _Lines:
    """Hands lines to the CSV reader and knows whether the text ended inside a quoted cell."""

    def __init__(self, text: str, delimiter: str, name: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._delimiter, self._name = delimiter, name
        self.taken = 0
        self.is_cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.is_cut = self.taken > 0
            raise
        self.taken += 1
        if len(line) > COLUMN_LIMIT and line.count(self._delimiter) > COLUMN_LIMIT:
            said = f"a line has more than {COLUMN_LIMIT:,} columns"
            raise refused(self._name, "too-large", said, "is this a sheet of sites?")
        return line


def _records(text: str, name: str) -> Iterator[_Numbered]:
    delimiter, text = _delimiter(text)
    lines = _Lines(text, delimiter, name)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    number = 0
    while True:
        number += 1
        lines.taken = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            hint = "is a quote not closed above?"
            problem = Problem(path=name, code="csv", message=f"row {number} cannot be read: {error}", hint=hint)
            raise RolloutError(problem) from None
        problem_text = ""
        if lines.is_cut:
            problem_text = "a quote that opens in this row is never closed"
            if lines.taken > 1:
                more = f"the {so_many(lines.taken - 1, 'line')} after it {'was' if lines.taken == 2 else 'were'}"
                problem_text += f": {more} taken for the same cell"
        yield number, [cell.strip() for cell in cells], problem_text


def _delimiter(text: str) -> tuple[str, str]:
    """What separates the cells, judged by the first lines; and the text without Excel's `sep=` line."""
    if (match := re.match(r'"?sep=(.)"?\s*?(?:\r\n|\n|\r)', text)) is not None:
        return match[1], text[match.end() :]
    counts: dict[str, list[int]] = {sign: [] for sign in _DELIMITERS}
    for line in filter(str.strip, _QUOTED.sub("", text[:200_000]).splitlines()):
        for sign, found in counts.items():
            found.append(line.count(sign))
        if len(counts[","]) > _TITLES:
            break
    # What two lines have most of: one may be a title with a comma, or a name with the other sign in it.
    return max(_DELIMITERS, key=lambda sign: sorted(counts[sign], reverse=True)[1::-1]), text


def _workbook(data: bytes, path: Path, wanted: str | None) -> Sheet:
    try:
        import python_calamine as calamine  # noqa: PLC0415 - an extra, and only here
    except ImportError:
        said = f"reading {path.suffix} needs an extra"
        raise environment("missing-extra", said, "pip install 'rollout[excel]', or export the sheet as .csv") from None
    name = path.as_posix()
    unknown = check_extent(data, name)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [meta.name for meta in book.sheets_metadata if meta.visible == calamine.SheetVisibleEnum.Visible]
        names = shown or book.sheet_names
        if wanted is not None and wanted not in book.sheet_names:
            hint = did_you_mean(wanted, book.sheet_names) or "sheets: " + ", ".join(book.sheet_names)
            raise refused(name, "unknown-sheet", f'the workbook has no sheet "{wanted}"', hint)
        filled = (n for n in names if book.get_sheet_by_name(n).height)
        chosen = wanted if wanted is not None else next(filled, names[0] if names else "")
        if not chosen:
            raise refused(name, "empty-sheet", "the workbook has no sheet", "export it again")
        rows = book.get_sheet_by_name(chosen).iter_rows()
    except calamine.PasswordError:
        raise refused(name, "locked-sheet", "the workbook has a password", "save it without one") from None
    except (calamine.CalamineError, OSError, ValueError):
        said = "this is not a workbook, or it is damaged"
        raise refused(name, "broken-sheet", said, "open it and save it again, or export the sheet as .csv") from None
    others = [n for n in book.sheet_names if n != chosen and wanted is None]
    notes = [f'read sheet "{chosen}"; --sheet NAME reads another: {", ".join(others)}'] if others else []
    if unknown:
        said = f"{so_many(unknown, 'formula')} of the workbook {'has' if unknown == 1 else 'have'} no result on file"
        notes.append(f"{said}, and blank is read: open it in a spreadsheet program and save it")
    return Sheet(path, ((n, [cell_text(cell) for cell in cells], "") for n, cells in enumerate(rows, 1)), notes, others)


def cell_text(cell: object) -> str:
    """A workbook's cell as people see it: 140.0 is 140, days are ISO."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime):
        is_day = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
