"""rollout whatif"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today

if TYPE_CHECKING:
    from rollout.model.table import Table
    from rollout.model.whatif import WhatIf

_MANY = 200
"""Rows up to which a terminal shows each."""
Wishes = list[str] | None


def whatif(
    directory: Directory = HERE,
    delay: Annotated[Wishes, typer.Option("--delay", metavar="SITE=3w", help="It goes live so much later.")] = None,
    drop: Annotated[Wishes, typer.Option("--drop", metavar="SITE", help="It leaves the programme.")] = None,
    add: Annotated[Wishes, typer.Option("--add", metavar="NEW=SITE", help="One more, like SITE.")] = None,
    cap: Annotated[
        Wishes, typer.Option("--cap", metavar="N|N-M|TEAM=N", help="Sites a wave, or a team's capacity.")
    ] = None,
    blackout: Annotated[
        Wishes, typer.Option("--blackout", metavar="A..B[:KEY=VALUE]", help="No go-live from A to B.")
    ] = None,
    pin: Annotated[
        Wishes, typer.Option("--pin", metavar="SITE=DATE|WAVE", help="On that day, or in that wave.")
    ] = None,
    lighthouse: Annotated[Wishes, typer.Option("--lighthouse", metavar="SITE", help="This one goes first.")] = None,
    scenario: Annotated[
        Wishes, typer.Option("--scenario", metavar='"NAME: OPTIONS"', help="Options tried apart from the others.")
    ] = None,
    afresh: Annotated[bool, typer.Option("--afresh", help="Plan the scenarios anew, whatever is published.")] = False,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Try changes of the plan: who moves, when it ends, who finds no day.

    Nothing is written. Every option can be given several times; together they
    are one scenario, and each --scenario is another, shown beside it. The answer
    is what these edits of the files, and then `rollout plan`, would give:

    --delay       not_before: the site's present go-live and so much more
    --drop        a record that the site is dropped
    --add         a copy of SITE's file, called NEW
    --cap         waves.size (a wished minimum stays where it can), or the team
    --blackout    an entry of blackouts; KEY=VALUE selects sites: region=emea,
                  country=FR, labels.line=wet, several with commas
    --pin         go_live or wave of the site, instead of any pin it has
    --lighthouse  the plan's lighthouse

    With --afresh, --scenario "as is:" shows what planning anew does by itself.
    Exit 1 when a scenario contradicts itself or leaves a site without a day.

        rollout whatif --delay lyon=3w
        rollout whatif --drop porto --cap 3 --blackout 2027-06-01..2027-06-30
        rollout whatif --scenario "a: --delay linz=3w" --scenario "b: --cap 3"
    """
    from rollout import pipeline
    from rollout.cli.report import say_sentence, write_json, write_table
    from rollout.model.whatif import KINDS, Scenario

    given = dict(zip(KINDS, (delay, drop, add, cap, blackout, pin, lighthouse), strict=True))
    wishes = tuple((kind, text) for kind, texts in given.items() for text in texts or ())
    scenarios: list[Scenario | str] = [*([Scenario("what if", wishes)] if wishes else []), *(scenario or [])]
    answer = pipeline.whatif(pipeline.find_root(directory), today(as_of), plan_id, scenarios, afresh=afresh)
    if fmt == "json":
        write_json(answer.json())
    elif (table := _table(answer, fmt)).rows:
        write_table(table, fmt)
    else:
        for line in table.notes:
            say_sentence(line, fmt)
    raise typer.Exit(0 if answer.is_placed else 1)


def _table(answer: WhatIf, fmt: str) -> Table:
    """Side by side where that fits, one below the other where not and for programs."""
    from rollout.cli.report import console

    if fmt in ("csv", "xlsx"):
        return answer.by_scenario()
    table = answer.table(_MANY if fmt == "text" else None)
    if fmt == "markdown":
        return table
    cells = (max(len(row[n]) for row in (table.columns, *table.rows)) for n in range(len(table.columns)))
    fits = sum(cells) + 3 * (len(table.columns) - 1) <= console().width
    return table if fits else answer.by_scenario(_MANY)
