"""rollout status"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def status(
    site: Annotated[str | None, typer.Argument(help="A site's id: its items one by one, with who and when.")] = None,
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    wave: Annotated[
        int | None, typer.Option("--wave", metavar="N", help="All sites of one wave; 0: lighthouse.")
    ] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Where the programme stands, from ticked boxes and records: each site, each
    wave, the whole; red, amber or green.

    RED: It was rolled back. It has no go-live, and nobody has paused or dropped
    it. Its go-live has passed, and no record says that it happened. What remains
    takes longer than there is time until the published go-live. Something it
    waits for was to be ready, nothing says that it is, and go-live is 14 days
    away or less. An incident of severity 1 or 2, or without one, is open. A
    blocking lesson that is for it is open. It expects to go live later than
    planned by more than the tolerance of the gate go-live (5 days without one).

    AMBER: It expects to go live later, within that tolerance. It is paused. Work
    is behind its checklist, and go-live can still be kept. Something it waits for
    was to be ready, nothing says that it is, and go-live is further away. Nobody
    has recorded or ticked anything for 14 days while work is due. A waiver ends
    within 14 days, or has ended. An approval of it was given for something else
    than what stands there now. Work that is still to come starts more than a week
    later than it normally would. Hypercare has lasted a week longer than planned.
    A site it waits for slips, and moves it.

    GREEN: none of these. A wave has the colour of its worst site; the programme
    is red where its end slips or where it is stopped, amber where any site is red
    or amber.

    Stopped, and exit code 1: a halt is recorded, or more sites are red than
    `stop_when: {red: 3}` in plan.yaml tolerates.

        rollout status
        rollout status lyon
        rollout status --wave 2 --as-of 2027-01-15
    """
    from rollout import pipeline
    from rollout.cli.report import say, say_paragraph, write_json, write_table

    root = pipeline.find_root(directory)
    if site is not None:
        if wave is not None:
            raise typer.BadParameter("name a site or a wave, not both", param_hint="--wave")
        one = pipeline.site_status(root, today(as_of), site, plan_id)
        if fmt == "json":
            write_json(one.json())
        elif fmt == "text":
            for line in one.headline():
                say_paragraph(line)
            say()
            write_table(one.checklist())
        else:
            write_table(one.table(), fmt)
        return
    found = pipeline.status(root, today(as_of), plan_id, wave=wave)
    if fmt == "json":
        write_json(found.json())
    elif fmt in ("csv", "xlsx"):
        write_table(found.table(), fmt)
    else:
        for line in found.headline():
            say_paragraph(line, fmt)
        say()
        write_table(found.wave_table(), fmt)
        say()
        write_table(found.site_table(), fmt)
    raise typer.Exit(1 if found.is_stopped else 0)
