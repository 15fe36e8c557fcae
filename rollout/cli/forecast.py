"""rollout forecast"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def _spread(value: str | None) -> str | None:
    from rollout.model.forecast import parse_spread

    try:
        return None if value is None else str(parse_spread(value))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def forecast(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    runs: Annotated[int, typer.Option("--runs", min=1, max=1_000_000, help="How many courses to imagine.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same answer.")] = 1,
    spread: Annotated[
        str | None,
        typer.Option(
            "--spread",
            metavar="LOW-HIGH%",
            callback=_spread,
            help="How far all durations spread, 100 % most likely.",
            show_default="the plan's, or what was learnt",
        ),
    ] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """How sure the published dates are: for each site the day it makes in half the runs, and in four of five.

    Durations are drawn between their best and their worst (`forecast: {spread: 90-130%}` in plan.yaml; a prerequisite
    may have its own `at_best` and `at_worst`), and delays follow the published order to the next lawful days. Once
    three sites have gone live, how long they took replaces the norm. `critical` is how often a row decides the end.

        rollout forecast
        rollout forecast --spread 90-160%     # a gloomier view
        rollout forecast --format json        # every site and prerequisite
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    root = pipeline.find_root(directory)
    found = pipeline.forecast(root, today(as_of), plan_id, runs=runs, seed=seed, spread=spread)
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.table(), fmt)
