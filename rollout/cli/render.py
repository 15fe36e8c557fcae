"""rollout render"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, PlanId, TextOrJson, today


def render(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    check: Annotated[bool, typer.Option("--check", help="Name the pages that are behind; write nothing.")] = False,
    fmt: TextOrJson = "text",
) -> None:
    """Write playbook, checklist, training packets and go/no-go page of every site on its published dates.

    Nothing that a person wrote is lost: ticks and notes stay, and a page where a block was changed on both sides is
    kept as it is, named, and the exit code is 1.

        rollout render
        rollout render --check          # in CI: exit 1 when a page is behind
    """
    from rollout import pipeline
    from rollout.cli.report import note, say, write_json

    done = pipeline.render(pipeline.find_root(directory), today(as_of), plan_id, check=check)
    if fmt == "json":
        write_json(done.json())
    else:
        for path in done.stale[:20]:
            say(path)
        if len(done.stale) > 20:
            say(f"and {len(done.stale) - 20} more")
        for path in done.conflicts:
            note(f"{path}: conflict: a block was changed here and by rollout; the page was kept as it is")
        for block in done.deleted[:20]:
            note(f"{block.replace('#', ': ')}: this block was deleted by hand and stays so")
        if check:
            say(
                f"{len(done.stale)} pages are behind; run `rollout render`"
                if done.stale
                else f"{done.unchanged} pages are current"
            )
        else:
            say(f"{len(done.written)} pages written, {done.unchanged} unchanged")
    raise typer.Exit(1 if done.stale or done.conflicts else 0)
