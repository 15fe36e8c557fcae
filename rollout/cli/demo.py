"""rollout demo"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or missing folder.")] = Path("rollout-demo"),
) -> None:
    """Walk the whole road on the example: spreadsheet, validate, plan, publish, in a new git repository.

        rollout demo
        rollout demo acme
    """
    from rollout import pipeline
    from rollout.cli.plan import show_planned, summary
    from rollout.cli.report import say, write_problems, write_table

    def typed(command: str) -> None:
        say(f"\n$ {command}")

    typed(f"rollout init {folder} --example")
    begun = pipeline.begin_demo(folder)
    as_of = begun.as_of
    say(f"{begun.files} files: 14 plants, one plan, its records and words; committed as {begun.commit[:10]}")

    typed(f"cd {folder} && rollout import {begun.sheet}")
    imported = pipeline.import_sites(folder, folder / begun.sheet, begun.options)
    write_table(imported.table())
    pipeline.commit_demo(folder, imported, as_of)
    say("(and committed, as a programme manager would)")

    typed("rollout validate")
    import sys

    found = pipeline.validate(folder, as_of)
    write_problems(found.problems, sys.stdout, folder)
    say(f"{found.sites} sites: {found.errors} errors, {found.warnings} warnings")

    typed(f"rollout plan --as-of {as_of} --afresh")
    show_planned(pipeline.plan(folder, as_of, afresh=True), "text")

    typed(f"rollout publish --as-of {as_of}")
    published = pipeline.publish(folder, as_of)
    say(summary(published.planned))
    say(f"{published.files} files in commit {(published.commit or '')[:10]} on {published.branch}")

    lighthouse = published.planned.plan.lighthouse
    pages = f"playbooks/{published.planned.plan.id}"
    say("\nMade, among others:\n")
    for path in published.paths:
        if path.startswith(f"{pages}/{lighthouse}/") or path == f"{pages}/README.md":
            say(f"    {folder}/{path}")
    say("\nNext:\n")
    say(f"    cd {folder}")
    say(f"    rollout show {lighthouse}                      # every value, and the line it was written in")
    say("    $EDITOR waves/vision/plan.yaml        # move a site: one line in `constraints`")
    say(f"    rollout plan --as-of {as_of}         # what follows from it")
