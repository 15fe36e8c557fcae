"""rollout show"""

from __future__ import annotations

from typing import Annotated

import typer

from rollout.cli.options import HERE, Directory, Looks, Out


def show(
    site: Annotated[str, typer.Argument(help="The site's id: the name of its file.")],
    directory: Directory = HERE,
    fmt: Looks = "text",
    out: Out = None,
) -> None:
    """Show a site after inheritance, with the file and line each value comes from.

    rollout show lyon
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    shown = pipeline.show(pipeline.find_root(directory), site)
    if fmt == "json":
        write_json(shown.json())
    else:
        write_table(shown.table(), fmt)
