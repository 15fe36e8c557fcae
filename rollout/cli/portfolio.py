"""rollout portfolio"""

from __future__ import annotations

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, today


def portfolio(directory: Directory = HERE, as_of: AsOf = None, fmt: Looks = "text", out: Out = None) -> None:
    """What could be rolled out, best first: value for effort, with what one reuses of another, owner and plan.

    Opportunities stand in waves/_portfolio.yaml; a plan names its own with `opportunity`.

        rollout portfolio
        rollout portfolio --format markdown
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.portfolio(pipeline.find_root(directory), today(as_of))
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.table() if fmt == "text" else found.rows(), fmt)
