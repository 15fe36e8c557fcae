"""Ratios against a named alternative, run in turn in the same minute: CPU seconds of whole processes, medians of five.

make bench                  # prints the table and writes it to benchmarks/README.md
python benchmarks/run.py 10000 --dry
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.section import write_section

HERE = Path(__file__).parent
RUNS = 5

STOCK = """
import sys, yaml
from pathlib import Path
for path in sorted(Path(sys.argv[1], "sites").glob("*.yaml")):
    yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
"""
LOAD = """
import sys
from datetime import date
from pathlib import Path
from rollout import pipeline
pipeline.sound(Path(sys.argv[1]), date(2026, 10, 1))
"""
PLAN = """
import sys
from datetime import date
from pathlib import Path
from rollout import pipeline
pipeline.plan(Path(sys.argv[1]), date(2026, 10, 1), afresh=True, dry_run=True)
"""


def programme(root: Path, sites: int, seed: int = 1) -> None:
    """A programme of some 40 lines a site, the same for the same seed."""
    chance = random.Random(seed)
    (root / "sites").mkdir(parents=True)
    (root / "waves/v").mkdir(parents=True)
    for number in range(sites):
        country = chance.choice(["FR", "DE", "NO", "IT", "US", "JP", "EG", "BR"])
        lines = [f"name: Site {number}", f"country: {country}", "timezone: Europe/Paris", "languages: [fr, en]"]
        lines += [f"location: {{lat: {chance.uniform(-60, 60):.4f}, lon: {chance.uniform(-170, 170):.4f}}}"]
        lines += [f"business_unit: unit-{chance.randrange(9)}", f"value: {chance.randrange(1, 20)}", "shifts: 3"]
        lines += ["site_lead:", f"  name: Lead {number}", f"  email: lead{number}@example.com"]
        lines += ["sponsor:", f"  name: Sponsor {number}", "  title: VP Operations"]
        lines += ["headcount:", *(f"  {role}: {chance.randrange(1, 200)}" for role in ("operators", "engineers"))]
        lines += ["workflows:", *(f"  - workflow-{n}" for n in range(4)), "labels:"]
        lines += [f"  label-{n}: value {chance.randrange(99)}" for n in range(12)]
        lines += ["blackouts:", "  - {id: stock-take, from: 12-14, to: 01-04, every: year, because: stock take}"]
        (root / f"sites/s{number}.yaml").write_text("\n".join(lines) + "\n")
    size = max(4, sites // 48)
    plan = f"name: V\nwork_from: 2026-10-05\nlighthouse: s0\nwaves: {{size: {size}}}\n"
    (root / "waves/v/plan.yaml").write_text(plan)


def cpu(*command: str) -> tuple[float, int]:
    """CPU seconds and peak kilobytes of a command."""
    # Both sides with compiled modules, as an installed program has them.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, process.stderr.read().decode() if process.stderr else ""
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def paired(ours: list[str], theirs: list[str]) -> tuple[float, float, float, int]:
    """Medians of both, the median of the ratios run by run, and our peak memory."""
    cpu(*ours), cpu(*theirs)
    rows = [(cpu(*ours), cpu(*theirs)) for _ in range(RUNS)]
    mine = statistics.median(a[0] for a, _ in rows)
    other = statistics.median(b[0] for _, b in rows)
    return mine, other, statistics.median(a[0] / b[0] for a, b in rows), max(a[1] for a, _ in rows)


def main() -> None:
    """Runs everything and prints a Markdown table."""
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or [1000, 10_000]
    python, rollout = sys.executable, [sys.executable, "-m", "rollout"]
    rows = [
        ("`--version`", "`python -c 'import typer'`", *paired([*rollout, "--version"], [python, "-c", "import typer"]))
    ]
    example = ["-C", str(HERE.parent), "--as-of", "2026-10-01"]
    rows += [("`validate`, 14 sites", "bare `python`", *paired([*rollout, "validate", *example], [python, "-c", ""]))]
    for sites in sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder, "p")
            programme(root, sites)
            stock = [python, "-c", STOCK, str(root)]
            rows += [
                (
                    f"load and check {sites:,} sites",
                    "CSafeLoader alone",
                    *paired([python, "-c", LOAD, str(root)], stock),
                )
            ]
            rows += [
                (
                    f"plan {sites:,} sites, loading included",
                    "CSafeLoader alone",
                    *paired([python, "-c", PLAN, str(root)], stock),
                )
            ]
    lines = ["| what | against | CPU s | its CPU s | ratio | peak MB |", "|---|---|---|---|---|---|"]
    lines += [f"| {a} | {b} | {c:.2f} | {d:.2f} | {e:.2f} | {f // 1024} |" for a, b, c, d, e, f in rows]
    table = "\n".join(lines)
    print(table)
    if "--dry" not in sys.argv:
        head = "Written by `make bench`: medians of five paired runs on one machine. Trust the ratios, not the seconds.\n\n"
        write_section("stages", head + table)


if __name__ == "__main__":
    main()
