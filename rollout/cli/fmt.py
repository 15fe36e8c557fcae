"""rollout fmt"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rollout.cli.options import HERE, Directory, DryRun, TextOrJson
from rollout.model.few import so_many


def fmt(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="Files inside the programme; all that people write where left out."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where a file is not in order.")] = False,
    directory: Directory = HERE,
    dry_run: DryRun = False,
    how: TextOrJson = "text",
) -> None:
    """Put the files that people write in order: keys as in the reference, records beside their like.

    Only whole lines move, comments with the key they belong to; what a file says stays the same. In records git's
    conflicts are resolved: both sides stay, no line twice. Other files with a conflict are named and left alone.

        rollout fmt
        rollout fmt --check
    """
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import say, show_changes, write_json, write_problems

    root = pipeline.find_root(directory)
    done = pipeline.fmt(root, tuple(files or ()), check=check or dry_run)
    write_problems(done.problems, sys.stderr, root)
    if how == "json":
        write_json({**done.json(), "dry_run": check or dry_run})
    elif dry_run:
        show_changes(done.changes)
        note("nothing was written (--dry-run)")
    else:
        for change in done.changes:
            say(f"{change.path}: {'not in order; run `rollout fmt`' if check else 'put in order'}")
        if not done.changes and not done.refused:
            say(f"{so_many(done.unchanged, 'file')} in order")
    raise typer.Exit(1 if done.refused or (check and done.changes) else 0)
