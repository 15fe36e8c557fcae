"""A workbook of several sheets with typed cells; and the marks by which one of a plan is known when it comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rollout.model.harmless import clean
from rollout.model.table import Table

BookCell = str | float | date | None
"""Texts stay texts, days are days, numbers are numbers; None is a blank cell."""

MARK = "rollout plan"
VERSION = "1"
KEPT = "rollout"
"""Hidden sheet with what was sent out."""
SITES = "Sites"
ID = "id"
"""Field of the column that says which site a row is."""
YES_NO = ("yes", "no")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column: its title, its width in characters, and what may stand in it."""

    title: str
    width: int = 14
    field: str = ""
    """What an import makes of it; a column without one is for reading and shown grey."""
    choices: tuple[str, ...] = ()
    """Values of a drop-down."""
    day: bool = False
    """Whether it holds days."""


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet: its name, columns, rows, and how many columns on the left stay in sight."""

    name: str
    columns: tuple[BookColumn, ...]
    rows: tuple[tuple[BookCell, ...], ...]
    frozen: int = 1
    alarm: int | None = None
    """Column of yes and no whose `yes` is shown in red."""

    @property
    def titles(self) -> tuple[str, ...]:
        """What stands above each column: its title made harmless, numbered where another has it already.

        Labels and roles of people become titles; a column is found by its own when a workbook comes back.
        """
        found: list[str] = []
        for title in (clean(column.title) for column in self.columns):
            tries = (title, *(f"{title} {number}" for number in range(2, len(self.columns) + 1)))
            found.append(next(one for one in tries if one not in found))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook."""

    title: str
    sheets: tuple[BookSheet, ...]
    help: tuple[str, ...] = ()
    """Lines of a sheet that says how it is meant."""
    plan: str = ""
    """The plan whose `Sites` sheet can be imported again; empty where nothing comes back."""


def book_of(tables: Sequence[Table], said: Sequence[str] = ()) -> Book:
    """Tables as a workbook, one a sheet; columns of days and of whole or decimal numbers become such."""
    sheets: list[BookSheet] = []
    for table in tables:
        names = {sheet.name.casefold() for sheet in sheets}
        base = re.sub(r"[\[\]:*?/\\']", " ", table.title).strip()[:_LONGEST_NAME].strip() or "Table"
        ends = ("", *(f" {number}" for number in range(2, len(tables) + 1)))
        tries = (base[: _LONGEST_NAME - len(end)] + end for end in ends)
        sheets.append(_sheet_of(table, next(name for name in tries if name.casefold() not in names)))
    notes = [line for line in said if line.strip()] + [note for table in tables for note in table.notes]
    return Book(tables[0].title if tables else "", tuple(sheets), tuple(notes))


def _sheet_of(table: Table, name: str) -> BookSheet:
    columns, cells = [], []
    for number, title in enumerate(table.columns):
        texts = [row[number] for row in table.rows]
        found, is_day = _typed(texts)
        width = max([len(title) + 3, *(len(line) for text in texts for line in text.splitlines())])
        columns.append(BookColumn(title, min(width + 1, 60), day=is_day))
        cells.append(found)
    return BookSheet(name, tuple(columns), tuple(zip(*cells, strict=True)), frozen=0)


def _typed(texts: Sequence[str]) -> tuple[list[BookCell], bool]:
    said = [text for text in texts if text]
    if said and all(map(_DAY.fullmatch, said)):
        try:
            return [date.fromisoformat(text) if text else None for text in texts], True
        except ValueError:
            pass  # the form of a day, and none: it stays a text
    if said and all(map(_NUMBER.fullmatch, said)):
        return [float(text) if text else None for text in texts], False
    return [text or None for text in texts], False
