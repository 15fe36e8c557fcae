"""rollout capacity"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def capacity(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    by: Annotated[
        Literal["week", "month"], typer.Option("--by", help="A month shows its fullest week; weeks show who.")
    ] = "month",
    team: Annotated[str | None, typer.Option("--team", metavar="NAME", help="Of this team only.")] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Who has how much to do when, on the published dates: each team's load, hypercare, and where too much meets.

    Work before go-live, prerequisites, hypercare until its exit and what plans of a higher rank take all count. `plan`
    never asks more of a team than it has; a date changed by hand or a smaller team may. Then this exits with 1.

        rollout capacity
        rollout capacity --by week --team integration
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    root = pipeline.find_root(directory)
    found = pipeline.capacity(root, today(as_of), plan_id, by=by, team=team)
    if fmt == "json":
        write_json(found.json())
    else:
        looks = {"csv": found.lines, "xlsx": found.lines, "markdown": found.table, "text": found.grid}
        write_table(looks[fmt](), fmt)
    raise typer.Exit(1 if found.is_over else 0)
