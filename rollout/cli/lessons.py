"""rollout lessons"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def lessons(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    affects: Annotated[
        str | None, typer.Option("--affects", metavar="SITE", help="Only lessons that are for this site.")
    ] = None,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only lessons about which something is to be done.")
    ] = False,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """What the sites have learned: for whom it is, and what became of it.

    A lesson is open until it is adopted, rejected or deferred. An activity of the plan takes it up with `from_lesson:
    NAME`; it is adopted as soon as the checklist of every site it still has to reach holds that activity. Rejecting or
    putting off is a record, with a reason.

        rollout lessons --open
        rollout lessons --affects bergen
        rollout record lyon lesson camera-glare --state deferred --because "new cameras come in May"
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.lessons(pipeline.find_root(directory), today(as_of), plan_id, affects=affects, only_open=only_open)
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.grid() if fmt == "text" else found.table(), fmt)
