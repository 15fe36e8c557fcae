"""rollout import"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from rollout.cli.options import HERE, AsOf, Directory, DryRun, PlanId, TextOrJson, day, today
from rollout.model.few import so_many


def import_(
    sheet: Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .xlsx, .xls or .ods file.")],
    directory: Directory = HERE,
    mapped: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable.")
    ] = None,
    fills: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="For every row that lacks it; repeatable.")
    ] = None,
    rest: Annotated[Literal["labels"] | None, typer.Option("--rest", help="Keep the other columns as labels.")] = None,
    id_from: Annotated[str | None, typer.Option("--id-from", metavar="COLUMN", help="What ids are made from.")] = None,
    into: Annotated[str, typer.Option("--into", metavar="FOLDER", help="Folder below sites/ for new sites.")] = "",
    sheet_name: Annotated[str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook.")] = None,
    dates: Annotated[
        Literal["iso", "dmy", "mdy"], typer.Option("--dates", help="How 2/3/2027 is meant: day or month first.")
    ] = "iso",
    on: Annotated[
        date | None,
        typer.Option(
            "--on", parser=day, metavar="DATE", help="Day of what a workbook leaves undated.", show_default="today"
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="NAME", help="Who, where a workbook does not say.", show_default="git's user.name"
        ),
    ] = None,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Turn the rows of a spreadsheet into site files, or bring those that are there up to date.

    Columns are recognised by name. Comments, order and what was added by hand stay; blank cells delete nothing; sites
    gone from the sheet are named, never deleted. Rows that cannot become a site are listed with their reason, the
    rest goes in; exit 1 only when no row did. Past go-lives become records, later ones and waves become pins.

    A workbook of `rollout export workbook` that comes back becomes records: of its changed rows, all or none.

        rollout import sites.csv --dry-run
        rollout import stores.xlsx --map name=City --id-from "Store no" --set country=US --rest labels
    """
    from rollout import pipeline
    from rollout.cli.report import say, write_json, write_problems, write_table
    from rollout.model.imported import ImportOptions

    root = pipeline.find_root(directory)
    came_back = pipeline.import_workbook(root, sheet, on or today(as_of), by=by, dates=dates, dry_run=dry_run)
    if came_back is not None:
        write_problems(came_back.warnings, sys.stderr, root)
        if fmt == "json":
            write_json({**came_back.json(), "dry_run": dry_run})
        else:
            write_table(came_back.table())
            said = so_many(came_back.added, "record")
            say(f"{said} would be added, nothing was (--dry-run)" if dry_run else f"{said} added")
        raise typer.Exit
    options = ImportOptions(
        as_of=today(as_of),
        map=_pairs(mapped, "--map"),
        set=_pairs(fills, "--set"),
        rest=rest is not None,
        id_from=id_from,
        into=into,
        dates=dates,
        sheet=sheet_name,
        plan=plan_id,
    )
    imported = pipeline.import_sites(root, sheet, options, dry_run)
    if fmt == "json":
        write_json({**imported.json(), "dry_run": dry_run})
    else:
        write_table(imported.table())
        files = so_many(len(imported.changes), "file")
        say(f"{files} would be written, nothing was (--dry-run)" if dry_run else f"{files} written")
    raise typer.Exit(1 if imported.is_nothing else 0)


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in given or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"{option} is written {option} FIELD=…, not {text}")
        if name.strip() in pairs:
            raise typer.BadParameter(f"{option} {name.strip()} is given twice")
        pairs[name.strip()] = value
    return pairs
