"""`rollout diff` beside one `rollout plan` of the same edit: a plan with published dates in a repository, and four edits.

    python -m benchmarks.review.run [SITES] [--runs 5] [--dry]        # writes its section of README.md

CPU seconds of the whole process and of the git processes it starts; medians, in turn. The edits are undone after each.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import (
    AS_OF,
    ROLLOUT,
    arguments,
    cost,
    folder,
    generated,
    in_turn,
    short,
    table,
    tell,
    under_git,
)

PLAN = "waves/v/plan.yaml"


def _replaced(pattern: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        found = re.sub(pattern, new, text, count=1)
        assert found != text
        return found

    return edit


EDITS: dict[str, Callable[[str], str]] = {
    "a comment": _replaced("^", "# looked at again\n"),
    "a site that may not go live for a year": _replaced(r"(s00120: \{[^}]*)", r"\1, not_before: 2029-11-01"),
    "a cap one lower": _replaced("size: 27", "size: 26"),
    "hypercare a day shorter (on every page)": _replaced("lasts: 28d", "lasts: 27d"),
}


def row(root: Path, name: str, runs: int) -> str:
    """One edit."""
    plan = root / PLAN
    text = plan.read_text(encoding="utf-8")
    plan.write_text(EDITS[name](text), encoding="utf-8")
    dated = ("--dry-run", "--as-of", AS_OF)
    ways = {
        "plan": lambda: cost(*ROLLOUT, "plan", *dated, "-C", root, at=root, ok=(0, 1)),
        "diff": lambda: cost(*ROLLOUT, "diff", "-C", root, at=root, ok=(0, 1)),
    }
    race = in_turn(ways, runs)
    plan.write_text(text, encoding="utf-8")
    if race.failed:
        return f"| {name} | not run: {short(next(iter(race.failed.values())))} | | | |"
    planned, diffed = race.costs["plan"], race.costs["diff"]
    return f"| {name} | {planned.cpu:.2f} | {diffed.cpu:.2f} | {diffed.to(planned):.2f}x | {diffed.megabytes:.0f} |"


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [1_000])
    lines = ["## What a change does"]
    for sites in options.sizes:
        with folder() as place:
            root = generated("sequence.generate", place / "p", sites)
            cost(*ROLLOUT, "plan", "-C", root, "--as-of", AS_OF, at=root)
            under_git(root)
            rows = [row(root, name, options.runs) for name in EDITS]
        said = (
            f"{sites:,} sites, published and committed; one edit of plan.yaml: CPU seconds, medians of {options.runs}."
        )
        lines += ["", said, "", *table(("edit", "`plan`", "`diff`", "to `plan`", "peak MB"), rows)]
    tell("review", lines, dry=options.dry)


if __name__ == "__main__":
    main()
