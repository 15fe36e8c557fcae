"""rollout export"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from rollout.cli.destination import for_text, for_workbook
from rollout.cli.options import HERE, AsOf, Directory, PlanId, days, today
from rollout.model.ahead import ALONG
from rollout.model.few import so_many

Within = Annotated[int, typer.Option(parser=days, metavar="12w", help="How far ahead what is due goes along.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]
AHEAD = f"{ALONG // 7}w"

export = typer.Typer(name="export", help="Files for people who work elsewhere.", no_args_is_help=True)


@export.callback()
def _group() -> None:
    """Files for people who work elsewhere."""


@export.command()
def workbook(
    site: Annotated[str, typer.Argument(help="The site's id: the name of its file.")],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", callback=for_workbook, help="Where to.", show_default="SITE.xlsx"),
    ] = None,
    force: Force = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
) -> None:
    """Write a site's checklist as a workbook (.xlsx) that is filled in and comes back with `rollout import`.

    rollout export workbook lyon -o lyon.xlsx
    """
    from rollout import pipeline
    from rollout.cli.report import say

    target = out or Path(f"{site}.xlsx")
    count = pipeline.export_workbook(pipeline.find_root(directory), today(as_of), site, target, plan_id, force=force)
    say(f"{target.as_posix()}: {so_many(count, 'item')}")


@export.command()
def plan(
    out: Annotated[Path, typer.Argument(metavar="FILE", callback=for_workbook, help="The .xlsx file to write.")],
    within: Within = AHEAD,  # type: ignore[assignment]  # its parser makes days of it
    force: Force = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
) -> None:
    """Write the plan as a workbook: sites, waves, what is due, who has how much. `rollout import` takes it back.

    rollout export plan plan.xlsx
    rollout import plan.xlsx --dry-run      # what somebody changed on its sheet of sites
    """
    from rollout import pipeline

    data = pipeline.plan_workbook(pipeline.find_root(directory), today(as_of), plan_id, within)
    _written(out, data, force)


@export.command()
def calendar(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", callback=for_text("name it .ics"), help="The .ics file to write; - for the terminal."
        ),
    ],
    within: Within = AHEAD,  # type: ignore[assignment]  # its parser makes days of it
    force: Force = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
) -> None:
    """Write the plan as a calendar: go-lives, gates, blackouts, and what is due. People subscribe to it.

    rollout export calendar plan.ics --force
    """
    from rollout import pipeline

    data = pipeline.plan_calendar(pipeline.find_root(directory), today(as_of), plan_id, within)
    _written(out, data, force)


@export.command()
def issues(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            callback=for_text("name it .csv or .json"),
            help="A .csv file, or .json; - for the terminal.",
        ),
    ],
    tracker: Annotated[
        Literal["github", "gitlab", "jira"], typer.Option("--tracker", help="Whose columns and whose markup.")
    ] = "github",
    site: Annotated[str | None, typer.Option("--site", metavar="SITE", help="Of one site only.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="What is done too.")] = False,
    force: Force = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
) -> None:
    """Write the work at the sites for an issue tracker: one row an item and site, each with a key that stays.

    rollout export issues jira.csv --tracker jira
    rollout export issues lyon.json --site lyon     # for `gh issue create`
    """
    import json

    from rollout import pipeline
    from rollout.cli.report import csv_text

    found = pipeline.issues(pipeline.find_root(directory), today(as_of), plan_id, site=site, everything=everything)
    if out.suffix.lower() == ".json":
        text = json.dumps(found.json(), ensure_ascii=False, indent=2) + "\n"
    else:
        text = csv_text(found.table(tracker))
    _written(out, text.encode(), force)


@export.command()
def mermaid(
    out: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", callback=for_text("name it .mmd or .md"), help="A .mmd file, or .md; - for the terminal."
        ),
    ],
    what: Annotated[
        Literal["gantt", "graph"], typer.Option("--show", help="Bars by wave, or what waits for what.")
    ] = "gantt",
    force: Force = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
) -> None:
    """Write the plan as a Mermaid diagram that git hosts draw: within their limits, of waves where sites are too many.

    rollout export mermaid plan.md
    rollout export mermaid waits.mmd --show graph
    """
    from rollout import pipeline
    from rollout.cli.progress import note

    text, is_whole = pipeline.diagram(pipeline.find_root(directory), today(as_of), what, plan_id)
    if not is_whole:
        note("too many sites for a diagram that git hosts draw: it shows waves")
    if out.suffix.lower() == ".md":
        text = f"```mermaid\n{text}```\n"
    _written(out, text.encode(), force)


def _written(out: Path, data: bytes, force: bool) -> None:
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import write_bytes

    if out == Path("-"):
        write_bytes(data)
        return
    pipeline.write_export(out, data, replace=force)
    note(f"wrote {out.as_posix()}")
