"""Options that several commands take, spelled once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer


def day(text: str) -> date:
    """A day as it is typed: `2027-02-09`."""
    from rollout.model.fields import parse_day
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
Looks = Annotated[Literal["text", "json", "markdown", "csv"], typer.Option("--format", help="How to write the answer.")]
ValidateFormat = Annotated[
    Literal["text", "json", "github", "gitlab", "sarif", "junit"],
    typer.Option("--format", help="For people, for programs, or for a CI host."),
]

HERE = Path()


def today(as_of: date | None) -> date:
    """The day asked for. The only place where rollout looks at a clock."""
    return as_of or date.today()
