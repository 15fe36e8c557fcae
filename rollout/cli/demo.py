"""rollout demo"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="An empty or missing folder.")] = Path("rollout-demo"),
) -> None:
    """Walk the whole road on the example, in a new git repository.

    rollout demo
    rollout demo acme
    """
    from rollout import pipeline
    from rollout.cli.plan import show_planned
    from rollout.cli.report import say, write_problems, write_table
    from rollout.model.imported import ImportOptions
    from rollout.model.layout import Layout

    say(f"$ rollout init {folder} --example")
    begun = pipeline.begin_demo(folder)
    as_of = begun.as_of
    say(f"14 plants of Aldermark, one plan, its records and words: {begun.files} files, committed in a new repository.")
    say("The programme office has just sent a newer list of plants, sites.csv.")

    say('\n$ rollout import sites.csv --map "id=Site code"')
    imported = pipeline.import_sites(folder, begun.sheet, ImportOptions(as_of=as_of, map={"id": "Site code"}))
    write_table(imported.table())
    for change in imported.changes:
        say(f"updated {change.path}")
    say('\n$ git commit --all --message "Import sites.csv"')
    pipeline.commit_demo(folder, imported)

    say("\n$ rollout validate")
    found = pipeline.validate(folder, as_of)
    write_problems(found.problems, sys.stdout, folder)
    for line in found.summary():
        say(line)

    say(f"\n$ rollout plan --as-of {as_of}")
    show_planned(pipeline.plan(folder, as_of), "text")

    say(f"\n$ rollout publish --as-of {as_of}")
    published = pipeline.publish(folder, as_of)
    plan = published.planned.plan
    say(published.planned.summary())
    say(f"{published.files} files in commit {(published.commit or '')[:10]} on {published.branch}, among them:\n")
    pages = Layout(plan.id).pages
    for path in published.paths:
        if path.startswith((f"{pages}/{plan.lighthouse}/", f"{pages}/README.md")):
            say(f"    {folder}/{path}")

    say("\nNext (the example begins on 1 October 2026, hence --as-of):\n")
    say(f"    cd {folder}")
    for typed, why in (
        (f"rollout show {plan.lighthouse}", "every value, with the line it was written in"),
        (f"$EDITOR waves/{plan.id}/plan.yaml", "one line in `constraints` moves a site"),
        (f"rollout diff --as-of {as_of}", "what it does to the others, before anything is written"),
        (f"rollout plan --as-of {as_of}", "the dates that follow"),
    ):
        say(f"    {typed:<32}  # {why}")
