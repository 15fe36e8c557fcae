"""rollout due"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from rollout.cli.destination import apart, as_workbook
from rollout.cli.options import HERE, AsOf, Directory, Out, PlanId, days, today
from rollout.model.ahead import DUE
from rollout.model.answers import VERSION


def due(
    within: Annotated[int, typer.Option(parser=days, metavar="14d", help="How far ahead: 14d, 2w.")] = f"{DUE}d",  # type: ignore[assignment]  # its parser makes days of it
    owner: Annotated[
        str | None, typer.Option("--owner", metavar="NAME", help="Of one person (name, e-mail) or role only.")
    ] = None,
    site: Annotated[str | None, typer.Option("--site", metavar="SITE", help="Of one site only.")] = None,
    wave: Annotated[int | None, typer.Option("--wave", metavar="N", help="Of one wave only; 0: lighthouse.")] = None,
    norm: Annotated[
        bool, typer.Option("--norm", help="Also what its checklist wants by then though it can still wait.")
    ] = False,
    messages: Annotated[bool, typer.Option("--messages", help="One message an owner, ready to paste.")] = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    fmt: Annotated[
        Literal["text", "json", "markdown", "csv", "xlsx", "ics"],
        typer.Option("--format", callback=as_workbook, help="How to write the answer; xlsx with -o."),
    ] = "text",
    out: Out = None,
) -> None:
    """What has to start over all sites, overdue first: the latest day, who, and how
    far go-live slips if it is missed.

    The latest day is the last one that keeps the published go-live, by what
    remains to be done and how long it takes, in the site's own working days; a
    checklist mostly asks for an earlier one. What was requested is listed by the
    day it has to be over, what is done never. Also: prerequisites, decisions at
    gates, evidence to be renewed, hypercare.

        rollout due --within 14d
        rollout due --owner "Ines Wolff" --format ics > ines.ics
        rollout due --wave 1 --messages
    """
    from rollout import pipeline
    from rollout.cli.report import say, say_paragraph, write_bytes, write_json, write_table

    if messages:
        others = {f"--format {fmt}": fmt not in ("text", "json")}
        apart("--messages", others, "they are texts to paste; --format json has them for programs")
    root = pipeline.find_root(directory)
    found = pipeline.due(root, today(as_of), within, plan_id, owner=owner, site=site, wave=wave, norm=norm)
    if fmt == "ics":
        write_bytes(pipeline.due_calendar(found))
    elif messages:
        if fmt == "json":
            write_json({"version": VERSION, "messages": [message.json() for message in found.messages()]})
        else:
            say("\n---\n\n".join(message.text for message in found.messages()).rstrip("\n"))
    elif fmt == "json":
        write_json(found.json())
    elif fmt == "text":
        for line in found.headline():
            say_paragraph(line)
        if found.items:
            say()
            write_table(found.grid())
    else:
        write_table(found.table(), fmt)
