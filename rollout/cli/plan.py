"""rollout plan"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rollout.cli.destination import apart
from rollout.cli.options import HERE, AsOf, Directory, DryRun, Looks, Out, PlanId, today
from rollout.model.few import few, so_many

if TYPE_CHECKING:
    from rollout.model.result import Planned


def plan(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    check: Annotated[bool, typer.Option("--check", help="Judge the published dates; write nothing.")] = False,
    afresh: Annotated[bool, typer.Option("--afresh", help="Look for the best plan, whatever is published.")] = False,
    replan: Annotated[bool, typer.Option("--replan", help="Let lawful days become earlier, nobody's later.")] = False,
    engine: Annotated[
        Literal["core", "exact"], typer.Option("--engine", help="What searches; `exact` needs the extra of that name.")
    ] = "core",
    effort: Annotated[
        Literal["quick", "normal", "thorough"], typer.Option("--effort", help="How much work may be spent.")
    ] = "normal",
    dry_run: DryRun = False,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Give every site a day: lighthouse first, then waves, obeying every constraint.

    A published schedule that is still lawful is left alone. Dates are written to waves/PLAN/schedule.yaml, reviewed
    like a lock file; to change one, change plan.yaml.

        rollout plan
        rollout plan --check            # in CI: exit 1 when a constraint is broken
        rollout plan --dry-run --afresh # what would the best plan be?
        rollout plan --replan           # a cap was raised: who can go earlier without moving anybody else?
        rollout plan --afresh --engine exact    # proved best; needs the extra "exact"
    """
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import write_json, write_problems, write_table

    if check:
        others = {"--afresh": afresh, "--replan": replan, "--engine": engine != "core", "--effort": effort != "normal"}
        apart(
            "--check", {**others, "--dry-run": dry_run}, "it judges the published dates, and neither seeks nor writes"
        )
    root = pipeline.find_root(directory)
    if check:
        planned, problems = pipeline.check_dates(root, today(as_of), plan_id)
        errors = [problem for problem in problems if problem.severity == "error"]
        if fmt == "json":
            from rollout.model.result import problem_json

            write_json({**planned.json(), "problems": [problem_json(problem) for problem in problems]})
        elif fmt != "text":
            from rollout.model.result import problem_table

            write_table(problem_table(problems), fmt)
        else:
            write_problems(problems, sys.stdout, root)
            broken = f"{so_many(len(errors), 'constraint')} broken"
            note(broken if errors else "every site is accounted for, every constraint obeyed")
        raise typer.Exit(1 if errors or planned.refused else 0)
    planned = pipeline.plan(
        root,
        today(as_of),
        plan_id,
        afresh=afresh,
        replan=replan,
        engine=engine,
        effort=effort,
        dry_run=dry_run,
    )
    show_planned(planned, fmt)
    if fmt == "text":
        for change in planned.changes:
            note(f"{'would write' if dry_run else 'wrote'} {change.path}")
    raise typer.Exit(1 if planned.refused else 0)


_MANY = 200
"""Sites up to which a terminal shows each."""


def show_planned(planned: Planned, fmt: str) -> None:
    """The dates as a table and, on a terminal's width, as bars; and how good they are."""
    from rollout.cli.gantt import gantt
    from rollout.cli.progress import note
    from rollout.cli.report import console, say, say_paragraph, say_sentence, write_json, write_table
    from rollout.cli.spelled import is_unicode

    if fmt == "json":
        write_json(planned.json())
        return
    is_long = fmt == "text" and len(planned.schedule.sites) + len(planned.schedule.unplaced) > _MANY
    write_table(planned.by_wave() if is_long else planned.table(), fmt)
    if fmt != "text":
        return
    say()
    for line in gantt(planned, console().width, unicode=is_unicode(sys.stdout)):
        say(line)
    for problem in planned.because[:_SOME]:
        note(str(problem))
    if len(planned.because) > _SOME:
        note(f"and {len(planned.because) - _SOME} more")
    for group in planned.conflicts:
        say("These lines cannot hold together; with any one of them gone, the others can:")
        for problem in group:
            say(f"  {problem}")
        say()
    for line in _soft(planned):
        say(line)
    if planned.revision is not None:
        say_sentence(f"Beside the published dates: {planned.revision.spoken()}.")
        for line in _moves(planned):
            say_paragraph(line)
    say_sentence(planned.summary())


_SOME = 10
"""Lines of one kind that a terminal shows."""


def _soft(planned: Planned) -> Iterator[str]:
    """Wishes that are not met."""
    for problem in planned.wishes:
        yield f"wish not met: {problem}"
    if planned.short:
        waves = few(list(map(str, planned.short)), _SOME)
        yield f"fewer sites than wished in wave{'s' * (len(planned.short) > 1)} {waves}"


def _moves(planned: Planned) -> Iterator[str]:
    """Who moves, from when to when."""
    from rollout.model.schedule import placed

    revision = planned.revision
    assert revision is not None
    rows = list(revision.moves.items())
    told: dict[str, str] = {}
    for site, (old, new) in rows[: 2 * _SOME]:
        why = revision.held.get(site)
        first = told.setdefault(why, site) if why else site
        inside = "" if not why else f", out of what is held: {why if first == site else f'as {first}'}"
        yield f"  {site}: {placed(old)} → {placed(new)}{inside}"
    if len(rows) > 2 * _SOME:
        yield f"  and {len(rows) - 2 * _SOME} more; --format json has all"
