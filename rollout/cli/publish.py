"""rollout publish"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.options import HERE, AsOf, Directory, DryRun, PlanId, TextOrJson, today
from rollout.model.few import so_many

if TYPE_CHECKING:
    from rollout.model.published import Published

_SHOWN = 20


def publish(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar="NAME", help="Commit on this new branch; leave yours and your files alone."),
    ] = None,
    push: Annotated[bool, typer.Option("--push", help="Push that branch, for a pull request; never by force.")] = False,
    remote: Annotated[
        str | None,
        typer.Option(
            "--remote", metavar="NAME", help="Where to push.", show_default="your branch's, else origin, else the only"
        ),
    ] = None,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Validate, keep or make the dates, write the pages, and commit exactly those files.

    All or nothing: one commit, or nothing written. What you have staged or changed elsewhere is left alone.
    Nothing changed, no commit. With --branch your uncommitted edits of sites, waves and templates are in that commit.

        rollout publish
        rollout publish --dry-run
        rollout publish --branch plan/lyon-later --push
    """
    from rollout import pipeline
    from rollout.cli.report import write_json

    if branch is None and (push or remote is not None):
        raise typer.BadParameter(
            "it needs --branch NAME: what is on your own branch you push with git", param_hint="--push"
        )
    if remote is not None and not push:
        raise typer.BadParameter("it says where to push, and needs --push", param_hint="--remote")
    done = pipeline.publish(
        pipeline.find_root(directory),
        today(as_of),
        plan_id,
        dry_run=dry_run,
        branch=branch,
        push=push,
        remote=remote,
    )
    if fmt == "json":
        write_json(done.json())
    else:
        _tell(done, branch, dry_run=dry_run)
    raise typer.Exit


def _tell(done: Published, branch: str | None, *, dry_run: bool) -> None:
    from rollout.cli.report import say, say_sentence

    say_sentence(done.planned.summary())
    if dry_run:
        for path in done.paths[:_SHOWN]:
            say(f"would write {path}")
        say(f"{so_many(done.files, 'file')} would be written" + (f" on a new branch {branch}" if branch else ""))
    elif done.commit is None:
        say("everything is published already; nothing to commit" + (", and no branch was made" if branch else ""))
    elif not done.is_new:
        say(f"{done.branch} holds exactly this already, in commit {done.commit[:10]}; nothing to commit")
    else:
        where = f"on {done.branch}" if done.branch else "on a detached HEAD"
        after = "; your branch and files are as they were" if branch else ""
        say(f"{so_many(done.files, 'file')} in commit {done.commit[:10]} {where}{after}")
    if done.pushed is not None:
        say(f"pushed to {done.pushed.remote} ({done.pushed.url})")
    if done.description:
        say("\nFor the pull request:\n")
        for line in done.description.split("\n"):
            say(line)
