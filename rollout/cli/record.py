"""rollout record"""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer

from rollout.cli.options import HERE, Directory, DryRun, PlanId, TextOrJson, day, today


def record(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(metavar="SITE WHAT [WORDS]...", help="Whom, what, and its words.")
    ] = None,
    on: Annotated[
        date | None, typer.Option("--on", parser=day, metavar="DATE", help="The day it happened.", show_default="today")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who says so.", show_default="git's user.name")
    ] = None,
    because: Annotated[str | None, typer.Option("--because", metavar="TEXT", help="Why.")] = None,
    plan_level: Annotated[
        bool, typer.Option("--plan-level", help="Of the whole plan instead of a site: halts, approvals, ….")
    ] = False,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="Show every kind of record with its words and options.")
    ] = False,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Record what happened: one line in waves/PLAN/records/SITE.yaml, judged before it is written.

    WHAT is an item of the checklist or a kind of record; `--kinds` lists them with their own options. Where nothing
    fits, nothing is written. A record that is there already is not added twice.

        rollout record lyon security-review done --evidence docs/lyon/security.pdf
        rollout record lyon status ready
        rollout record lyon readiness leadership=5 data_quality=3
        rollout record lyon go-live 2027-02-09
        rollout record lyon cost integration 18000
        rollout record --plan-level halt recall --because "cameras recalled"
    """
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import say, show_changes, write_json, write_problems, write_table

    if kinds:
        listed = pipeline.record_kinds()
        if fmt == "json":
            write_json(listed.json())
        else:
            write_table(listed.table())
        raise typer.Exit
    # Options of a kind are its own: they stand among the words, in the order typed.
    typed = [*(("_plan",) if plan_level else ()), *(words or ()), *context.args]
    root = pipeline.find_root(directory)
    user = pipeline.whoami(root)
    who = by or user or _asked()
    said = {"on": on.isoformat() if on else None, "by": by or (None if user else who), "because": because}
    given = {key: value for key, value in said.items() if value is not None}
    done = pipeline.record(root, typed, given, today(None), plan_id, user=user, dry_run=dry_run)
    write_problems(done.warnings, sys.stderr, root)
    if fmt == "json":
        write_json({**done.json(), "dry_run": dry_run})
    elif dry_run:
        show_changes(done.changes)
    else:
        for new in done.records:
            say(f"{new.path}: {new.line}" if new.is_new else f"{new.path}: there already: {new.line}")
    if dry_run:
        note("nothing was written (--dry-run)")


def _asked() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Who says so"))
    raise typer.BadParameter("git does not know your name: say who with --by NAME")
