"""rollout budget"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def budget(
    site: Annotated[str | None, typer.Argument(help="One site's money.", show_default="all sites")] = None,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    by: Annotated[Literal["line", "site"], typer.Option("--by", help="One row a line of the budget, or a site.")] = (
        "line"
    ),
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """What it costs: budget, committed, actual, and a forecast that learns from the sites that are live.

    A line more than 10 % above its budget asks for a re-forecast with a reason; until then this exits with 1. Amounts
    come from `rollout record SITE cost LINE AMOUNT` (and `committed`, `reforecast`; `--plan-level` for all sites).

        rollout budget
        rollout budget lyon
        rollout budget --format csv > money.csv
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.budget(pipeline.find_root(directory), today(as_of), plan_id, site, by=by)
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.rows() if fmt in ("csv", "xlsx") else found.table(), fmt)
    raise typer.Exit(1 if found.is_over else 0)
