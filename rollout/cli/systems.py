"""rollout systems"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def systems(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    found: Annotated[
        str | None, typer.Option("--found", metavar="SYSTEM", help="What if this system were found …")
    ] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="SITE", help="… at this site.")] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """The systems register: believed, declared and found, with source and date; one connector each, to the hub.

    A system is found by a record, declared by the site's file, and connected once. Where the three disagree, discovery
    is not complete. `--found` and `--at` say how far a system that turns up late would move a site, and write nothing.

        rollout systems
        rollout systems --found wms-rex --at lyon
        rollout record lyon found wms-rex --kind wms --source "licence invoices"
    """
    from rollout import pipeline
    from rollout.cli.report import say, say_sentence, write_json, write_table, write_tables

    if (found is None) != (at is None):
        raise typer.BadParameter("--found names the system and --at the site: give both, or neither")
    root = pipeline.find_root(directory)
    if found is not None and at is not None:
        _found_late(root, today(as_of), plan_id, found, at, fmt)
        return
    answer = pipeline.systems(root, today(as_of), plan_id)
    if fmt == "json":
        write_json(answer.json())
    elif fmt in ("csv", "xlsx"):
        write_table(answer.table(), fmt)
    else:
        for sentence in (answer.headline, answer.hub):
            say_sentence(sentence, fmt)
        say()
        write_tables(answer.tables(), fmt)


def _found_late(root: Path, as_of: date, plan_id: str | None, system: str, site: str, fmt: Looks) -> None:
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import say_sentence, write_json, write_table

    answer = pipeline.found_late(root, as_of, plan_id, system, site)
    if fmt == "json":
        write_json(answer.json())
    elif fmt in ("csv", "xlsx"):
        write_table(answer.table(), fmt)
    else:
        for sentence in answer.spoken():
            say_sentence(sentence, fmt)
    note("nothing was written; `rollout record` says that it was found")
