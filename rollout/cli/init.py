"""rollout init"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rollout.cli.options import AsOf, TextOrJson, today

_EXAMPLE = "2026-11-16"
"""The day of the example's last record: years later its first steps are those of that day."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the new programme; made if missing.")],
    example: Annotated[bool, typer.Option("--example", help="Copy the example programme of 14 sites.")] = False,
    as_of: AsOf = None,
    fmt: TextOrJson = "text",
) -> None:
    """Begin a programme: commented files to fill in, or a whole example.

    rollout init acme
    rollout init acme --example
    """
    from rollout import pipeline
    from rollout.cli.report import say, write_json

    started = pipeline.init(folder, today(as_of), with_example=example)
    if fmt == "json":
        write_json(started.json())
        return
    for path in started.paths:
        say(f"wrote {path}")
    say(f"\n{'A git repository was made in' if started.repository_made else 'The programme is in'} {folder}. Next:\n")
    say(f"    cd {folder}")
    if example:
        say(f"    rollout validate --as-of {_EXAMPLE}    # the day its records go up to")
        say('    git add . && git commit -m "Start from the example"')
        say(f"    rollout publish --as-of {_EXAMPLE}")
    else:
        say("    rollout import SITES.csv          # your spreadsheet of sites")
        say("    $EDITOR waves/first/plan.yaml     # lighthouse, waves, constraints")
        say("    rollout plan")
