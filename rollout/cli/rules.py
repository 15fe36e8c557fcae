"""rollout rules"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import Looks, Out
from rollout.model.answers import VERSION


def rules(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help="The code to explain.")] = None,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """List every code that rollout says, or explain one with a good and a bad example.

    Plans change rules with `rules: {CODE: {severity: error, because: …}}` or `{CODE: {off: true, because: …}}`.

        rollout rules
        rollout rules stale-readiness
    """
    from rollout import pipeline
    from rollout.cli.fitted import folded
    from rollout.cli.report import console, say, write_json, write_table

    if code is None:
        found = pipeline.rules()
        if fmt == "json":
            write_json(found.json())
        else:
            write_table(found.table(), fmt)
        return
    page = pipeline.rule(code)
    if fmt == "json":
        write_json({"version": VERSION, **page.json()})
    elif fmt == "markdown":
        say(page.markdown(1))
    elif fmt in ("csv", "xlsx"):
        write_table(pipeline.rules().only(code).table(), fmt)
    else:
        for number, part in enumerate(page.lines()):
            if number:
                say()
            say(part if part.startswith("    ") else "\n".join(folded(part, console().width)))
