"""`publish` after `plan`, beside the sum of what its stages are allowed to take on the same programme, in turn.

    python -m benchmarks.publishing.run                # 10,000 sites, 40,000 pages: minutes; writes its section of README.md
    python -m benchmarks.publishing.run 1000 --dry

Each stage has a limit of its own: loading and validating against CSafeLoader over the same files, text against stock
Jinja2 over the same templates and dicts, files against writing the very same pages directly, the commit against
`git add -A && git commit` of them. `publish` may take one and a half times their sum: what its pages say has to be
found out as well, and every page is merged with what is there.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from benchmarks.loading import run as loading
from benchmarks.measure import (
    AS_OF,
    PYTHON,
    ROLLOUT,
    ROOT,
    Cost,
    Costs,
    Race,
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
from benchmarks.rivals import beside

LIMITS = {
    "CSafeLoader parses the site files": (0.7, "load and validate"),
    "stock Jinja2 over the same dicts": (0.6, "make the text"),
    "the same files written directly": (1.3, "write"),
    "`git add -A && git commit` of them": (1.2, "commit"),
}
"""Of each stage what it is measured against, and how many times that it may take."""
WHOLE, MOST, STEP = "publish", 1.5, "validate"


class Stages:
    """Every way, on one programme that has its dates."""

    def __init__(self, place: Path, sites: int) -> None:
        self.place, self.root, self.copy = place, place / "p", place / "copy"
        generated("generate", self.root, sites)
        cost(*ROLLOUT, "plan", "-C", self.root, "--as-of", AS_OF, at=self.root)
        shutil.copytree(self.root, self.copy)
        self.python = beside() / "python"

    def publish(self) -> Cost:
        """Ours, into a repository that has the programme and no page."""
        for name in ("playbooks", ".git"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        under_git(self.root)
        return cost(*ROLLOUT, "publish", "-C", self.root, "--as-of", AS_OF, at=self.root)

    def validate(self) -> Cost:
        """Ours, the first stage."""
        return cost(*ROLLOUT, "validate", "-C", self.root, "--as-of", AS_OF, at=self.root)

    def parse(self) -> Cost:
        """The site files, by CSafeLoader."""
        return cost(PYTHON, loading.HERE / "readers.py", "load", self.root / "sites")

    def text(self) -> Cost:
        """The pages' text, by stock Jinja2; loading and finding out what they say is not counted."""
        ran = cost(self.python, "-m", "benchmarks.render.texts", self.root, "jinja2", at=ROOT, keep=True)
        return Cost(json.loads(ran.said)["jinja2"], ran.wall, ran.megabytes)

    def write(self) -> Cost:
        """The pages, written directly."""
        for name in ("playbooks", ".git"):
            shutil.rmtree(self.copy / name, ignore_errors=True)
        under_git(self.copy)
        copied = "benchmarks.publishing.copied"
        ran = cost(PYTHON, "-m", copied, self.root / "playbooks", self.copy / "playbooks", at=ROOT, keep=True)
        return Cost(float(ran.said), ran.wall, ran.megabytes)

    def commit(self) -> Cost:
        """What was just written, committed."""
        return cost("git", "add", "-A", at=self.copy) + cost("git", "commit", "--quiet", "-m", "pages", at=self.copy)


def measured(sites: int, runs: int) -> list[str]:
    """The table for so many sites."""
    with folder() as place:
        stages = Stages(place, sites)
        ways = dict(zip(LIMITS, (stages.parse, stages.text, stages.write, stages.commit), strict=True))
        race = in_turn({WHOLE: stages.publish, STEP: stages.validate, **ways}, runs)
    lines = [f"{sites:,} sites, {4 * sites:,} pages; medians of {race.rounds}.", ""]
    head = ("stage", "measured against", "CPU s", "times", "allowed, CPU s")
    rows, allowed = [], 0.0
    for name, (times, stage) in LIMITS.items():
        if name in race.costs:
            seconds = race.costs[name].cpu
            allowed += times * seconds
            rows.append(f"| {stage} | {name} | {seconds:.2f} | {times} | {times * seconds:.2f} |")
        else:
            rows.append(f"| {stage} | {name} | not run: {short(race.failed[name])} | | |")
    rows.append(f"| all stages | | | | {allowed:.2f} |")
    return [*lines, *table(head, rows), "", *_verdict(race, allowed, sites)]


def _verdict(race: Race, allowed: float, sites: int) -> list[str]:
    if WHOLE not in race.costs:
        return [f"`publish` failed: {race.failed[WHOLE]}"]
    whole: Costs = race.costs[WHOLE]
    share = max(0.0, whole.megabytes - 100) * 1000 / sites
    said = f"`publish`: {whole.cpu:.1f} CPU s, {whole.cpu / allowed:.2f}x the sum (limit {MOST}x), {whole.megabytes:.0f} MB"
    said += f", which is {share:.1f} kB a site over 100 MB (limit 40)" if sites >= 10_000 else ""
    more = f" `validate` alone: {race.costs[STEP].cpu:.2f} CPU s." if STEP in race.costs else ""
    part = "" if len(race.failed) == 0 else " The sum lacks what was not run."
    return [f"{said}.{more}{part}"]


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [10_000])
    lines = ["## The whole of publish"]
    for sites in options.sizes:
        lines += ["", *measured(sites, options.runs)]
    tell("publishing", lines, dry=options.dry)


if __name__ == "__main__":
    main()
