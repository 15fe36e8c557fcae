"""rollout publish"""

from __future__ import annotations

import typer

from rollout.cli.options import HERE, AsOf, Directory, DryRun, PlanId, TextOrJson, today


def publish(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Validate, keep or make the dates, write the pages, and commit exactly those files.

    All or nothing: one commit, or nothing written. What you have staged or changed elsewhere is left alone.
    Nothing changed, no commit.

        rollout publish
        rollout publish --dry-run
    """
    from rollout import pipeline
    from rollout.cli.plan import summary
    from rollout.cli.report import say, write_json

    done = pipeline.publish(pipeline.find_root(directory), today(as_of), plan_id, dry_run=dry_run)
    if fmt == "json":
        write_json(done.json())
    else:
        say(summary(done.planned))
        if dry_run:
            for path in done.paths[:20]:
                say(f"would write {path}")
            say(f"{done.files} files would be written")
        elif done.commit is None:
            say("everything is published already; nothing to commit")
        else:
            where = f"on {done.branch}" if done.branch else "on a detached HEAD"
            say(f"{done.files} files in commit {done.commit[:10]} {where}")
    raise typer.Exit
