"""rollout schema"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, Directory, DryRun, TextOrJson


def schema(
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help="Kind of file; left out, they are listed.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Put all schemas into the programme, for its editors.")
    ] = False,
    answer: Annotated[
        str | None, typer.Option("--answer", metavar="COMMAND", help="Of what a command answers with --format json.")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where those there are behind.")] = False,
    directory: Directory = HERE,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Print what a kind of file accepts, as JSON Schema, so that editors complete and check while you type.

    rollout schema
    rollout schema --answer "plan --check"      # for programs that read what a command answers
    rollout schema plan
    rollout schema --write
    """
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import say, show_changes, write_json, write_table

    if answer is not None:
        say(pipeline.answer_schema(answer.removeprefix("rollout ")).rstrip("\n"))
        return
    if kind is not None:
        say(pipeline.schema(kind).rstrip("\n"))
        return
    if not (write or check):
        found = pipeline.schema_kinds()
        if fmt == "json":
            write_json(found.json())
        else:
            write_table(found.table(), fmt)
        return
    kept = pipeline.write_schemas(pipeline.find_root(directory), check=check or dry_run)
    if fmt == "json":
        write_json({**kept.json(), "dry_run": check or dry_run})
    elif dry_run:
        show_changes(kept.changes)
        note("nothing was written (--dry-run)")
    else:
        for change in kept.changes:
            say(f"{change.path}: {'behind; run `rollout schema --write`' if check else 'written'}")
        if not kept.changes:
            say(f"{kept.unchanged} schemas are current")
    raise typer.Exit(1 if check and kept.changes else 0)
