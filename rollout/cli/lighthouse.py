"""rollout lighthouse"""

from __future__ import annotations

import typer

from rollout.cli.options import HERE, AsOf, Directory, Looks, Out, PlanId, today


def lighthouse(
    directory: Directory = HERE, plan_id: PlanId = None, as_of: AsOf = None, fmt: Looks = "text", out: Out = None
) -> None:
    """Rank the plan's sites for being the first: willing and representative, not most modern.

    Sites without a sponsor, a fresh assessment or enough leadership are out before any score counts. Weights and
    minimums are `lighthouse_fit` in plan.yaml. Exit code 1 when no site can be the lighthouse.

        rollout lighthouse
        rollout lighthouse --format csv > ranking.csv
    """
    from rollout import pipeline
    from rollout.cli.report import say, say_sentence, write_json, write_table, write_tables

    ranked = pipeline.lighthouse(pipeline.find_root(directory), today(as_of), plan_id)
    if fmt == "json":
        write_json(ranked.json())
    elif fmt in ("csv", "xlsx"):
        write_table(ranked.table(), fmt)
    else:
        for sentence in ranked.answer:
            say_sentence(sentence, fmt)
        say()
        write_tables(ranked.tables(), fmt)
    raise typer.Exit(0 if ranked.ranking.winner else 1)
