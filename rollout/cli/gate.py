"""rollout gate"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today

if TYPE_CHECKING:
    from rollout.model.gated import Gated


def gate(
    name: Annotated[
        str | None, typer.Argument(metavar="GATE", help="wave-1, go-live, exit, …; all of them where left out.")
    ] = None,
    directory: Directory = HERE,
    sites: Annotated[
        str | None, typer.Option("--sites", metavar="A,B", help="Judge these only: the ready go without the rest.")
    ] = None,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """May it go on? Each criterion with what is so and the line that says so; approvals, and what they are for.

    An approval counts while what it was given for stands: the site's bound fields, the criteria, the evidence. It goes
    stale when one of them changes or the go-live moves by more than the gate's tolerance. Nobody approves what they
    wrote. Exit 0 for go, and for a conditional go (its waivers are listed); 1 for no go. Without a name: every gate
    with its day and decision; then 1 says that a gate is late.

        rollout gate
        rollout gate wave-1
        rollout gate go-live --sites linz,graz
        rollout record --plan-level approval wave-1 go --role sponsor --by "Marc Petit"
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    root = pipeline.find_root(directory)
    chosen = [site.strip() for site in (sites or "").split(",") if site.strip()]
    if name is None:
        if chosen:
            raise typer.BadParameter("name the gate as well: rollout gate go-live --sites A,B", param_hint="--sites")
        every = pipeline.gates(root, today(as_of), plan_id)
        if fmt == "json":
            write_json(every.json())
        else:
            write_table(every.short() if fmt == "text" else every.table(), fmt)
        raise typer.Exit(1 if every.late else 0)
    found = pipeline.gate(root, today(as_of), name, plan_id, sites=chosen)
    if fmt == "json":
        write_json(found.json())
    elif fmt == "text":
        _show(found)
    else:
        write_table(found.table(), fmt)
    raise typer.Exit(1 if found.decision == "no_go" else 0)


def _show(found: Gated) -> None:
    """One paragraph a row: sentences and places are too long for five columns of a terminal."""
    from rollout.cli.fitted import folded
    from rollout.cli.report import console, say

    width = console().width
    table = found.table()
    for line in folded(table.notes[0], width):
        say(line)
    say()
    for what, at, met, said, where in table.rows:
        for line in folded(f"{met:<7} {what} at {at}: {said}", width, hang=8):
            say(line)
        say(f"        {where}")
    say()
    for note in table.notes[1:]:
        for line in folded(note, width):
            say(line)
