"""rollout audit"""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from rollout.cli.options import HERE, Directory, Looks, Out, PlanId, day


def audit(
    site: Annotated[str | None, typer.Argument(help="Decisions about one site.", show_default="all")] = None,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: Annotated[
        date | None,
        typer.Option(
            "--as-of", parser=day, metavar="DATE", help="Without what is of later days.", show_default="everything"
        ),
    ] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Who decided what, when, on which evidence: approvals, waivers, halts, statuses, re-forecasts, lessons refused.

    Each with the file and line it stands on and the commit that brought it. A line that was removed is shown too, with
    the commit that took it away. Between them who changed plan.yaml: which parts (gates, limits, constraints, …), in
    which commit; comments are no change. It is evidence, not authentication: who may commit is the git host's to say.

        rollout audit
        rollout audit lyon
        rollout audit --as-of 2027-03-01
        rollout audit --format csv > decisions.csv
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.audit(pipeline.find_root(directory), plan_id, site, as_of=as_of)
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.rows() if fmt in ("csv", "xlsx") else found.table(), fmt)
