"""rollout diff"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def diff(
    base: Annotated[
        str | None, typer.Argument(metavar="[BASE]", help="A branch, tag or commit; HEAD by default.")
    ] = None,
    head: Annotated[str | None, typer.Argument(metavar="[HEAD]", help="The same; the working tree by default.")] = None,
    directory: Directory = HERE,
    merge_base: Annotated[
        bool, typer.Option("--merge-base", help="Compare with the commit where the two parted, as a pull request does.")
    ] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 where the edits have consequences.")] = False,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """What an edit does: who moves and why, which approvals it voids, what it costs, which pages it changes.

    Each side has its published dates where they are lawful; where an edit has made them unlawful, they are mended as
    `rollout plan` would. Nothing is checked out and nothing written. An edit that moves nobody says so. Exit 1 where
    the new side has errors, and with --exit-code where anything changes; 3 where the sides cannot be compared.

        rollout diff
        rollout diff main my-branch
        rollout diff origin/main HEAD --merge-base --format markdown
        rollout diff main --format xlsx -o what-changes.xlsx
    """
    from rollout import pipeline
    from rollout.cli.report import say, write_json
    from rollout.cli.reviewed import show, show_sections

    found = pipeline.diff(
        pipeline.find_root(directory),
        base,
        head,
        today=today(None),
        as_of=as_of,
        plan_id=plan_id,
        merge_base=merge_base,
    )
    if fmt == "json":
        write_json(found.json())
    elif fmt == "markdown":
        say(found.comment())
    elif fmt == "text":
        show(found)
    else:
        show_sections(found, fmt)
    raise typer.Exit(1 if found.errors or (exit_code and found.changed) else 0)
