"""rollout proof"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def proof(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="SITE", help="Only this site's pack; `lighthouse` names the first.")
    ] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """What was measured before and since go-live, and whether it keeps what was promised.

    `before` is dated before go-live; figures since then count from 21 days on, and are due again at 30, 60 and 90. The
    lighthouse's pack is what later playbooks quote.

        rollout proof
        rollout proof --at lighthouse --format markdown
        rollout record lyon proof escape-rate --after 210 --on 2027-03-02
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.proof(pipeline.find_root(directory), today(as_of), plan_id, at=at)
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.table(), fmt)
