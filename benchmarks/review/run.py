"""`rollout diff` beside one `rollout plan` of the same edit: a plan with published dates in a repository, and four edits.

    python benchmarks/review/run.py [SITES] [--runs 5] [--dry]        # writes its section of README.md

CPU seconds of the whole process and of the git processes it starts; medians of the runs, in turn. The edits are undone
after each.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.section import write_section  # noqa: E402
from benchmarks.sequence.generate import programme  # noqa: E402

AS_OF = "2026-10-01"
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


def cpu(root: Path, *words: str) -> float:
    """CPU seconds of a command and all it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "rollout", *words, "-C", str(root)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env, check=False)
    assert done.returncode in (0, 1), done.stderr[-2000:].decode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measures all edits in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="?", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    options = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as place:
        root = Path(place)
        programme(root, options.sites, 1)
        cpu(root, "plan", "--as-of", AS_OF)
        for words in (
            ("init", "-q"),
            ("add", "-A"),
            ("-c", "user.name=b", "-c", "user.email=b@example.com", "commit", "-qmb"),
        ):
            subprocess.run(["git", *words], cwd=root, check=True)
        plan = root / PLAN
        text = plan.read_text(encoding="utf-8")
        rows = []
        for name, edit in EDITS.items():
            plan.write_text(edit(text), encoding="utf-8")
            runs = [(cpu(root, "plan", "--dry-run", "--as-of", AS_OF), cpu(root, "diff")) for _ in range(options.runs)]
            planned, diffed = (statistics.median(run[side] for run in runs) for side in (0, 1))
            rows.append(f"| {name} | {planned:.2f} | {diffed:.2f} | {diffed / planned:.2f}x |")
            plan.write_text(text, encoding="utf-8")
    head = f"{options.sites:,} sites, published and committed; one edit of plan.yaml: CPU seconds, medians of {options.runs}."
    said = "\n".join([head, "", "| edit | `plan` | `diff` | to `plan` |", "|---|---|---|---|", *rows])
    print(said)
    if not options.dry:
        write_section("review", "## What a change does\n\n" + said)


if __name__ == "__main__":
    main()
