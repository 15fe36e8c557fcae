"""What each command costs as programmes grow: tight plans (generate.py) of 12, 1,000, 10,000 and 50,000 sites.

    python -m benchmarks.growth                 # some three quarters of an hour; writes its section of README.md
    python -m benchmarks.growth 12 1000 --dry

Each command is run up to five times, as often as fits into a minute of it; the table says how often where it is
less. The section is written after each size.
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from benchmarks.measure import (
    AS_OF,
    ROLLOUT,
    Cost,
    Costs,
    FailedError,
    arguments,
    cost,
    folder,
    generated,
    note,
    short,
    table,
    tell,
    under_git,
)

PATIENCE = 60.0
"""Seconds on the clock for the runs of one command at one size."""
SIZES = (12, 1_000, 10_000, 50_000)
LEFT_FOR_START = 100.0
"""Megabytes that a program may take before the first site."""
EDIT = ("lasts: 28d", "lasts: 27d")
COMMANDS = {
    "validate": ("validate",),
    "plan, from nothing": ("plan",),
    "publish: dates kept, every page, one commit": ("publish",),
    "render, nothing to do, known": ("render",),
    "render, nothing to do, looked at": ("render",),
    "status": ("status",),
    "due": ("due",),
    "diff, an edit that is on every page": ("diff",),
    "report": ("report", "--force", "--out", "../report.html"),
    "render, every page": ("render",),
}
"""In this order each finds what it needs: dates after `plan`, pages and a commit after `publish`."""


class Programme:
    """One, in a repository, and what has to be put in place before each command."""

    def __init__(self, root: Path) -> None:
        self.root, self.plan = root, root / "waves/v/plan.yaml"
        self.text = self.plan.read_text(encoding="utf-8")
        under_git(root)

    def run(self, name: str) -> Cost:
        """One run of a command."""
        self._prepare(name)
        dated = ("--as-of", AS_OF) if not name.startswith("diff") else ()
        try:
            return cost(*ROLLOUT, *COMMANDS[name], "-C", self.root, *dated, at=self.root)
        finally:
            self.plan.write_text(self.text, encoding="utf-8")

    def _prepare(self, name: str) -> None:
        pages, git = self.root / "playbooks", self.root / ".git"
        if name.startswith("plan"):
            for file in ("waves/v/schedule.yaml", "waves/_holidays.yaml"):
                (self.root / file).unlink(missing_ok=True)
        elif name.startswith("publish"):
            for place in (pages, git):  # the objects of the run before, too: git does not write them twice
                shutil.rmtree(place, ignore_errors=True)
            under_git(self.root)
        elif name.endswith("known"):
            if not (git / "rollout-v.rendered").exists():
                time.sleep(3)  # what is younger than two seconds is looked at again
                cost(*ROLLOUT, "render", "-C", self.root, "--as-of", AS_OF, at=self.root)
        elif name.endswith("looked at"):
            (git / "rollout-v.rendered").unlink(missing_ok=True)
        elif name.startswith("diff"):
            self.plan.write_text(self.text.replace(*EDIT), encoding="utf-8")
        elif name.endswith("every page"):
            shutil.rmtree(pages)


def measured(sites: int, runs: int) -> dict[str, Costs | str]:
    """All commands at one size; a sentence for one that could not be run."""
    found: dict[str, Costs | str] = {}
    with folder() as place:
        programme = Programme(generated("generate", place / "p", sites))
        for name in COMMANDS:
            costs: list[Cost] = []
            try:
                while len(costs) < runs and sum(spent.wall for spent in costs) < PATIENCE:
                    costs.append(programme.run(name))
                found[name] = Costs(tuple(costs))
            except (FailedError, OSError) as error:
                found[name] = str(error)
            note(f"  {sites:,} sites: {name}: {_cell(found[name], runs)}")
    return found


def report(results: dict[int, dict[str, Costs | str]], runs: int) -> list[str]:
    """Two tables: CPU seconds and how they grow, memory and what a site takes of it."""
    sizes = list(results)
    lines = ["## Cost as the work grows", ""]
    lines += [
        f"CPU seconds, medians of {runs} (of fewer, in brackets, where they take minutes), git included. Tight plans:"
    ]
    lines += [
        "see generate.py. The last columns: how many times the CPU four times the sites cost between two sizes.",
        "",
    ]
    steps = [(a, b) for a, b in pairwise(sizes) if a >= 1000]
    head = ["command", *(f"{size:,}" for size in sizes), *(f"4x, {a:,} to {b:,}" for a, b in steps)]
    rows = []
    for name in COMMANDS:
        cells = [_cell(results[size][name], runs) for size in sizes]
        cells += [_growth(results[a][name], results[b][name], b / a) for a, b in steps]
        rows.append(f"| {name} | {' | '.join(cells)} |")
    lines += [*table(head, rows), "", "Seconds on the clock:", ""]
    shown = ["command", *(f"{size:,}" for size in sizes)]
    lines += table(shown, _rows(results, lambda one, _: f"{one.wall:.2f}" if one.wall < 10 else f"{one.wall:.0f}"))
    lines += ["", "Peak memory in MB; in brackets kB a site over 100 MB:", ""]
    lines += table(shown, _rows(results, _memory))
    failed = [
        f"- {name}, {size:,} sites: {one}"
        for size in sizes
        for name, one in results[size].items()
        if isinstance(one, str)
    ]
    return [*lines, *(["", *(line.replace("\n", " ") for line in failed)] if failed else [])]


def _rows(results: dict[int, dict[str, Costs | str]], cell: Callable[..., str]) -> list[str]:
    """A row for each command, a cell for each size; what could not be run has a dash."""
    return [
        f"| {name} | {' | '.join('-' if isinstance(one[name], str) else cell(one[name], size) for size, one in results.items())} |"
        for name in COMMANDS
    ]


def _memory(costs: Costs, sites: int) -> str:
    share = (costs.megabytes - LEFT_FOR_START) * 1000 / sites
    return f"{costs.megabytes:.0f} ({share:.1f})" if sites >= 10_000 else f"{costs.megabytes:.0f}"


def _cell(costs: Costs | str, runs: int) -> str:
    if isinstance(costs, str):
        return f"failed: {short(costs)}"
    fewer = f" ({len(costs.runs)})" if len(costs.runs) < runs else ""
    return f"{costs.cpu:.2f}{fewer}" if costs.cpu < 10 else f"{costs.cpu:.1f}{fewer}"


def _growth(small: Costs | str, large: Costs | str, times: float) -> str:
    if isinstance(small, str) or isinstance(large, str):
        return "-"
    return f"{4 ** (math.log(large.cpu / small.cpu) / math.log(times)):.1f}x"


def main() -> None:
    """Writes the section, again after each size."""
    options = arguments(__doc__, SIZES)
    results: dict[int, dict[str, Costs | str]] = {}
    for sites in sorted(options.sizes):
        note(f"{sites:,} sites")
        results[sites] = measured(sites, options.runs)
        tell("growth", report(results, options.runs), dry=options.dry)


if __name__ == "__main__":
    main()
