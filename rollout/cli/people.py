"""rollout people"""

from __future__ import annotations

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def people(
    directory: Directory = HERE, plan_id: PlanId = None, as_of: AsOf = None, fmt: Looks = "text", out: Out = None
) -> None:
    """Who carries it: the embedded engineer of each site, sponsor, champions, share of change work, load of the hub.

    Exit code 1 when a site has no embedded engineer 60 days before its go-live.

        rollout people
        rollout people --format csv > people.csv
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table, write_tables

    found = pipeline.people(pipeline.find_root(directory), today(as_of), plan_id)
    if fmt == "json":
        write_json(found.json())
    elif fmt in ("csv", "xlsx"):
        write_table(found.table(), fmt)
    else:
        write_tables(found.tables(), fmt)
    raise typer.Exit(1 if found.alone else 0)
