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

    Nothing that a person wrote is lost: ticks follow their item, notes and edits stay. Where a person and rollout both
    changed a block, both texts stand there between git's conflict markers, the place is named, and the exit code is 1.

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
        for conflict in done.conflicts:
            note(f"{conflict.path}:{conflict.line}:1: conflict: {conflict.said}")
        if done.conflicts:
            note(
                "choose there: keep what is right, delete the lines with <<<<<<<, ======= and >>>>>>>, and render again"
            )
        _some(done.deleted, "was deleted by hand and stays so")
        _some(done.left, "is not written any more; it was kept because somebody worked in it")
        if check:
            say(
                f"{len(done.stale)} pages are behind; run `rollout render`"
                if done.stale
                else f"{done.unchanged} pages are current"
            )
        else:
            say(f"{len(done.written)} pages written, {done.unchanged} unchanged")
    raise typer.Exit(1 if done.stale or done.conflicts else 0)


def _some(blocks: tuple[str, ...], said: str) -> None:
    """The first of many notes, and how many more there are."""
    from rollout.cli.report import note

    for block in blocks[:20]:
        path, _, name = block.partition("#")
        note(f"{path}: {'the whole page' if name == 'page' else f'block {name}'} {said}")
    if len(blocks) > 20:
        note(f"and {len(blocks) - 20} more blocks; --format json has all")
