"""A workbook of sheets as an .xlsx file. Texts stay texts, whatever they begin with; same input, same bytes."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any

from rollout.model.book import KEPT, MARK, SITES, VERSION, Book, BookCell, BookSheet
from rollout.model.harmless import clean
from rollout.problem import environment

_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""Any day, always the same."""
_MOST_ROWS = 1_048_575
"""Rows below the header that a sheet can have."""
_SPARE_ROWS = 100
"""Below the last one, for what a person adds."""
_WIDTH_ON_PAPER = 170
"""Characters beside each other that can still be read on a page of A4."""
_FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about the days before."""


def new_book(out: io.BytesIO, title: str) -> Any:
    """An empty workbook in which texts stay texts, whatever they begin with. Raises RolloutError (3) without the
    extra."""
    try:
        import xlsxwriter  # noqa: PLC0415 - an extra, and only here
    except ImportError:
        hint = "pip install 'rollout[excel]'"
        raise environment("missing-extra", "writing a workbook needs an extra", hint) from None
    plain = {f"strings_to_{what}": False for what in ("formulas", "urls", "numbers")}
    made = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd", **plain})
    made.set_properties({"title": clean(title)[:255], "created": _CREATED})
    return made


def write_cell(page: Any, row: int, column: int, value: BookCell, look: Any = None) -> None:
    """A value in a cell of a sheet, texts harmless. One longer than a cell can be is cut by xlsxwriter."""
    if value is None or value == "":
        page.write_blank(row, column, None, look)
    elif isinstance(value, str):
        page.write_string(row, column, clean(value), look)
    elif isinstance(value, date):
        if value < _FIRST_DAY:
            page.write_string(row, column, value.isoformat(), look)
        else:
            page.write_datetime(row, column, value, look)
    else:
        page.write_number(row, column, value, look)


def book_file(book: Book) -> bytes:
    """The .xlsx file. Raises RolloutError (3) without the extra."""
    out = io.BytesIO()
    made = new_book(out, book.title)
    formats = _Formats(made)
    for sheet in book.sheets:
        _sheet(made.add_worksheet(sheet.name), sheet, formats, has_own=bool(book.plan))
    if book.help:
        page = made.add_worksheet("How to" if book.plan else "Notes")
        page.set_column(0, 0, 110, formats.shown_plain)
        for number, line in enumerate(book.help):
            write_cell(page, number, 0, line)
    if book.plan:
        _kept(made, book)
    made.close()
    return out.getvalue()


class _Formats:
    def __init__(self, made: Any) -> None:
        grey = {"bg_color": "#EEEEEE", "font_color": "#444444", "valign": "top", "border_color": "#CCCCCC"}
        self.head = made.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
        self.shown = made.add_format({**grey, "text_wrap": True})
        self.shown_day = made.add_format({**grey, "num_format": "yyyy-mm-dd", "align": "left"})
        self.own = made.add_format({"valign": "top"})
        self.own_day = made.add_format({"valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        self.shown_plain = made.add_format({"valign": "top", "text_wrap": True})
        # A number stands at the right of its column; without the indent it would touch the text beside it.
        number = {"valign": "top", "align": "right", "indent": 1}
        self.head_number = made.add_format({"bold": True, "bottom": 1, "text_wrap": True, **number})
        self.shown_number = made.add_format({**grey, **number})
        self.own_number = made.add_format(number)
        self.alarm = made.add_format({"bg_color": "#F8CBAD", "font_color": "#9C0006"})


def _sheet(page: Any, sheet: BookSheet, formats: _Formats, *, has_own: bool) -> None:
    is_form = has_own and any(column.field for column in sheet.columns)
    last = max(min(len(sheet.rows), _MOST_ROWS), 1)
    for number, (column, title) in enumerate(zip(sheet.columns, sheet.titles, strict=True)):
        is_grey = is_form and (not column.field or column.field == "id")
        is_number = any(isinstance(cells[number], int | float) for cells in sheet.rows)
        if is_number:
            look = formats.shown_number if is_grey else formats.own_number
        elif is_grey:
            look = formats.shown_day if column.day else formats.shown
        elif column.day:
            look = formats.own_day
        else:
            look = formats.own if is_form else formats.shown_plain
        page.set_column(number, number, column.width, look)
        write_cell(page, 0, number, title, formats.head_number if is_number else formats.head)
        for row, cells in enumerate(sheet.rows[:_MOST_ROWS], 1):
            write_cell(page, row, number, cells[number], look)
        end = last + (_SPARE_ROWS if is_form else 0)
        if column.choices:
            said = f"one of: {', '.join(column.choices)}"[:255]
            page.data_validation(
                1, number, end, number,
                {"validate": "list", "source": list(column.choices), "error_message": said},
            )  # fmt: skip
        elif column.day and column.field:
            page.data_validation(
                1, number, end, number,
                {"validate": "date", "criteria": ">", "value": date(2000, 1, 1), "error_message": "as in 2027-02-09"},
            )  # fmt: skip
    if sheet.alarm is not None:
        rule = {"type": "cell", "criteria": "==", "value": '"yes"', "format": formats.alarm}
        page.conditional_format(1, sheet.alarm, last, sheet.alarm, rule)
    page.freeze_panes(1, sheet.frozen)
    page.autofilter(0, 0, last, max(len(sheet.columns) - 1, 0))
    page.set_landscape()
    page.fit_to_pages(max(1, round(sum(column.width for column in sheet.columns) / _WIDTH_ON_PAPER)), 0)
    page.repeat_rows(0)
    if sheet.frozen:
        page.repeat_columns(0, sheet.frozen - 1)


def _kept(made: Any, book: Book) -> None:
    """The rows of the sites once more, by field, so that what a person changed can be told from what was there."""
    page = made.add_worksheet(KEPT)
    page.hide()
    for at, text in enumerate((MARK, VERSION, book.plan)):
        page.write_string(0, at, text)
    sheet = next(sheet for sheet in book.sheets if sheet.name == SITES)
    own = [(number, column) for number, column in enumerate(sheet.columns) if column.field]
    for at, (number, column) in enumerate(own):
        page.write_string(1, at, column.field)  # as the file spells it, so that it is found again
        write_cell(page, 2, at, sheet.titles[number])
    look = made.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(sheet.rows, 3):
        for at, (number, _) in enumerate(own):
            write_cell(page, row, at, cells[number], look if isinstance(cells[number], date) else None)
