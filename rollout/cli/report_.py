"""rollout report"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.destination import for_text
from rollout.cli.options import HERE, AsOf, Directory, PlanId, TextOrJson, today
from rollout.model.few import so_many


def report(
    directory: Directory = HERE,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--out",
            metavar="FILE",
            callback=for_text("name it .html; a browser prints it as PDF"),
            help="Where to.",
            show_default="PLAN.html, here",
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="REF", help="Also show what changed since a branch, tag or commit.")
    ] = None,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there and is no report.")] = False,
    fmt: TextOrJson = "text",
) -> None:
    """Write everything people look at as one HTML page: status, dates, map, gates, capacity, forecast, money, lessons.

    The page is one file that needs neither a network nor a server: mail it, put it on a share, print it. It shows the
    published dates as of a day and what the records say, and replaces the page of an earlier run. With --format json
    the same goes to standard output, for programs, and no page is written.

        rollout report
        rollout report --out site/index.html --since last-steering
    """
    from rollout import pipeline
    from rollout.cli.report import say, write_json

    root = pipeline.find_root(directory)
    found = pipeline.report(root, today(as_of), plan_id, since=since, every_line=fmt == "json")
    if fmt == "json":
        write_json(found.json())
        return
    target = out or Path(f"{found.plan.id}.html")
    size = pipeline.write_report(root, found, target, force=force)
    say(f"{target.as_posix()}: {so_many(len(found.sites), 'site')}, {size / 1000:,.0f} kB")
