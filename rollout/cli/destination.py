"""Where an answer goes: the terminal, or with `-o` a file; and workbooks, which are written when a command is over.

What is asked for has to fit together: a name with what is written under it, an option with the others.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rollout.model.table import Table


@dataclass(slots=True)
class _Destination:
    format: str = ""
    file: Path | None = None
    tables: list[Table] | None = None
    """What goes into a workbook; None where none is asked for."""
    text: io.TextIOWrapper | None = None
    before: Any = None
    said: io.BytesIO = field(default_factory=io.BytesIO)


_now: list[_Destination] = []
"""Where the command that runs writes to, where that is not simply the terminal."""


def collected() -> list[Table] | None:
    """Where tables are collected for a workbook; None where each is written at once."""
    return _now[-1].tables if _now else None


def as_workbook(context: typer.Context, value: str) -> str:
    """The callback of --format: a workbook takes all tables of the answer, one a sheet."""
    where = _of(context)
    where.format = value
    _refuse_another_name(where)
    if value == "xlsx":
        where.tables = []
        _divert(context)
    return value


def into_file(context: typer.Context, value: Path | None) -> Path | None:
    """The callback of -o."""
    if value is not None:
        where = _of(context)
        where.file = value
        _refuse_another_name(where)
        _divert(context)
    return value


def for_workbook(file: Path | None) -> Path | None:
    """The file of a workbook: under another name no spreadsheet program opens it, and `import` takes it for a text."""
    if file is not None and file.suffix.lower() != ".xlsx" and file != Path("-"):
        raise typer.BadParameter(f"the name of a workbook ends in .xlsx: {file.with_suffix('.xlsx').as_posix()}")
    return file


_OF_NO_TEXT = (".xlsx", ".xlsm", ".xls", ".ods", ".pdf", ".docx", ".pptx")


def for_text(instead: str) -> Callable[[Path | None], Path | None]:
    """The callback for the file of a text: under the name of a workbook or document no program opens it.

    `instead` says what to do.
    """

    def named(file: Path | None) -> Path | None:
        if file is not None and file.suffix.lower() in _OF_NO_TEXT:
            raise typer.BadParameter(f"a text is written, and no program opens one called {file.name}: {instead}")
        return file

    return named


def apart(option: str, others: Mapping[str, bool], because: str) -> None:
    """Raises BadParameter where one of the other options is given with which this one has no meaning."""
    if given := [other for other, is_given in others.items() if is_given]:
        raise typer.BadParameter(f"{option} and {given[0]} exclude each other: {because}")


def _refuse_another_name(where: _Destination) -> None:
    """Once both are known, in whatever order they were typed."""
    if where.format == "xlsx":
        for_workbook(where.file)
    elif where.format:
        for_text("add --format xlsx for a workbook, or give it another name")(where.file)


_KEY = "rollout.destination"


def _of(context: typer.Context) -> _Destination:
    found: _Destination = context.meta.setdefault(_KEY, _Destination())
    return found


def _divert(context: typer.Context) -> None:
    where = _of(context)
    if where.text is None and not context.resilient_parsing:
        where.before = sys.stdout
        where.text = io.TextIOWrapper(where.said, encoding="utf-8", newline="", write_through=True)
        sys.stdout = where.text
        _now.append(where)
        context.call_on_close(lambda: _deliver(where))


def _deliver(where: _Destination) -> None:
    """Write what was said; nothing where the command had nothing to say."""
    from rollout import pipeline
    from rollout.cli.progress import note

    if where.text is None:
        return
    _now.remove(where)
    sys.stdout = where.before
    where.text.detach()
    data = where.said.getvalue()
    if where.tables is not None and (where.tables or data):
        data = pipeline.tables_workbook(where.tables, data.decode().splitlines())
    if not data:
        return
    if where.file is not None:
        pipeline.write_export(where.file, data, replace=True)
        note(f"wrote {where.file.as_posix()}")
    elif sys.stdout.isatty():
        raise typer.BadParameter("a workbook is not for a terminal: add -o FILE.xlsx")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
