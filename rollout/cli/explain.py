"""rollout explain"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today

if TYPE_CHECKING:
    from rollout.model.explained import Explained


def explain(
    site: Annotated[str, typer.Argument(help="The site's id: the name of its file.")],
    directory: Directory = HERE,
    wave: Annotated[
        int | None, typer.Option("--wave", metavar="N", min=0, help="What would it cost to have it in this wave?")
    ] = None,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Say why a site goes live when it does, and what keeps it out of every earlier wave.

    All other sites stay as published. Each constraint named blocks by itself; each comes with the line that says so
    and the first day it would allow. With --wave the plan is repaired around the site in that wave, and nothing is
    written; exit 1 when there is no such plan.

        rollout explain graz
        rollout explain graz --wave 2
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    explained = pipeline.explain(pipeline.find_root(directory), today(as_of), site, plan_id, wave)
    if fmt == "json":
        write_json(explained.json())
    elif fmt == "text":
        _show(explained)
    else:
        write_table(explained.table(), fmt)
    raise typer.Exit(1 if explained.cost and explained.cost.refused else 0)


def _show(explained: Explained) -> None:
    from rollout.cli.explained import text
    from rollout.cli.progress import note
    from rollout.cli.report import console, say

    for line in text(explained, console().width):
        say(line)
    for line in explained.notes:
        note(line)
