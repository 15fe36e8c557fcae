"""rollout validate"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, TextOrJson, today


def validate(
    directory: Directory = HERE,
    as_of: AsOf = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
    fmt: TextOrJson = "text",
) -> None:
    """Check every file: spelling, references, cycles, dates, capacity, sponsors, readiness.

    All problems of all files in one run, each with its place and what to do. Warnings do not fail.

        rollout validate
        rollout validate --format json | jq .summary
    """
    from rollout import pipeline
    from rollout.cli.report import say, write_json, write_problems

    root = pipeline.find_root(directory)
    found = pipeline.validate(root, today(as_of))
    if fmt == "json":
        write_json(found.json())
    else:
        write_problems(found.problems, sys.stdout, root)
        sites = f"{found.sites} site{'s' * (found.sites != 1)}"
        counted = (
            f"{found.errors} error{'s' * (found.errors != 1)}, {found.warnings} warning{'s' * (found.warnings != 1)}"
        )
        say(f"{sites}: {counted}" if found.problems else f"{sites}: nothing wrong")
    raise typer.Exit(1 if found.errors or (strict and found.warnings) else 0)
