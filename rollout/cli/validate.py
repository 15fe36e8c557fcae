"""rollout validate"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, DryRun, Out, ValidateFormat, day, today

if TYPE_CHECKING:
    from rollout.model.validated import KnownWritten, Validated


def validate(
    directory: Directory = HERE,
    as_of: AsOf = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    show_known: Annotated[
        bool, typer.Option("--show-known", help="Show known problems too; they do not fail.")
    ] = False,
    write_known: Annotated[
        bool, typer.Option("--write-known", help="Write what is found to waves/_known.yaml, and drop what is gone.")
    ] = False,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=day, metavar="DATE", help="With --write-known: the last day it is known."),
    ] = None,
    because: Annotated[str | None, typer.Option("--because", help="With --write-known: why it is left.")] = None,
    dry_run: DryRun = False,
    fmt: ValidateFormat = "text",
    out: Out = None,
) -> None:
    """Check every file: spelling, references, cycles, dates, capacity, sponsors, readiness.

    All problems of all files in one run, each with its place and what to do. Warnings do not fail. `rollout rules CODE`
    explains a code. Formats github, gitlab, sarif and junit are what CI hosts read.

    A programme that arrives with debts makes them known: from then on they are counted, and only new ones fail.

        rollout validate
        rollout validate --format json | jq .summary
        rollout validate --format sarif > rollout.sarif
        rollout validate --write-known --until 2027-03-31 --because "taken over from the pilot"
    """
    from rollout import pipeline

    root = pipeline.find_root(directory)
    if write_known:
        written = pipeline.write_known(root, today(as_of), until, because, dry_run=dry_run)
        _say_written(written, fmt, dry_run)
        raise typer.Exit(1 if written.left else 0)
    if until is not None or because is not None or dry_run:
        raise typer.BadParameter("--until, --because and --dry-run go with --write-known")
    found = pipeline.validate(root, today(as_of))
    _write(found, root, fmt, strict=strict, show_known=show_known)
    raise typer.Exit(1 if found.errors or (strict and found.warnings) else 0)


def _write(found: Validated, root: Path, fmt: str, *, strict: bool, show_known: bool) -> None:
    from rollout import pipeline
    from rollout.cli.report import say, write_json, write_problems, write_table

    if fmt == "json":
        write_json(found.json())
    elif fmt in ("markdown", "csv", "xlsx"):
        write_table(found.table(), fmt)
    elif fmt == "text":
        write_problems(found.problems, sys.stdout, root)
        if show_known and found.known:
            say("known:")
            write_problems(found.known, sys.stdout, root)
        for line in found.summary():
            say(line)
    else:
        _write_for_host(found, pipeline.folder_in_repository(root), fmt, strict=strict)


def _write_for_host(found: Validated, prefix: str, fmt: str, *, strict: bool) -> None:
    from rollout import pipeline
    from rollout.cli.findings.github import github
    from rollout.cli.findings.gitlab import gitlab
    from rollout.cli.findings.junit import junit
    from rollout.cli.findings.sarif import sarif
    from rollout.cli.report import write_bytes

    if fmt == "github":
        text = github(found, prefix)
    elif fmt == "gitlab":
        text = gitlab(found, prefix)
    elif fmt == "sarif":
        text = sarif(found, prefix, pipeline.rules())
    else:
        text = junit(found, prefix, pipeline.rules(), strict)
    write_bytes(text.encode("utf-8", "replace"))


def _say_written(written: KnownWritten, fmt: str, dry_run: bool) -> None:
    from rollout.cli.report import say, show_changes, write_json, write_problems

    if fmt == "json":
        write_json(written.json())
        return
    if dry_run:
        show_changes([written.change])
    write_problems(written.left, sys.stdout, None)
    say(written.said())
