"""Options that several commands take, spelled once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from rollout.cli.destination import as_workbook, into_file


def day(text: str) -> date:
    """A day as it is typed: `2027-02-09`."""
    from rollout.model.times import parse_day
    from rollout.model.unseen import without_unseen

    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(without_unseen(str(error))) from None


Directory = Annotated[
    Path, typer.Option("-C", metavar="DIR", help="The programme's folder, or one below it.", show_default="here")
]
AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=day, metavar="DATE", help="The day the question is asked for.", show_default="today"
    ),
]
PlanId = Annotated[str | None, typer.Option("--plan", metavar="NAME", help="The plan, where there are several.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be written, and write nothing.")]
TextOrJson = Annotated[Literal["text", "json"], typer.Option("--format", help="For people or for programs.")]
ValidateFormat = Annotated[
    Literal["text", "json", "markdown", "csv", "xlsx", "github", "gitlab", "sarif", "junit"],
    typer.Option("--format", callback=as_workbook, help="For people, for programs, or for a CI host; xlsx with -o."),
]
Looks = Annotated[
    Literal["text", "json", "markdown", "csv", "xlsx"],
    typer.Option("--format", callback=as_workbook, help="How to write the answer; xlsx with -o."),
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", metavar="FILE", callback=into_file, help="Write the answer to a file.")
]

HERE = Path()


def today(as_of: date | None) -> date:
    """The day asked for. The only place where rollout looks at a clock."""
    return as_of or date.today()


_UNITS = {"d": 1, "w": 7}


def days(text: str) -> int:
    """`14d`, `2w` or `14` as days."""
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "d")
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise typer.BadParameter(f"a time such as 14d or 2w is wanted, not {text!r}")
    return int(number) * _UNITS[unit]
