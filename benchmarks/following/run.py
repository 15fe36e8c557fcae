"""`status`, `due` and `gate` beside loading and validating the same files: CPU seconds of whole processes, medians.

python benchmarks/following/run.py             # 1,000 sites, writes its section of README.md
python benchmarks/following/run.py 10000 --dry
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.following.generate import AS_OF, ITEMS, RECORDS, programme  # noqa: E402
from benchmarks.section import write_section  # noqa: E402

COMMANDS = {
    "load and validate": ("validate",),
    "`status`": ("status",),
    "`status --format json`": ("status", "--format", "json"),
    "`due`": ("due",),
    "`due --messages`": ("due", "--messages"),
    "`gate`, all of them": ("gate",),
}


def cpu(root: Path, *words: str) -> float:
    """CPU seconds of a command and all it starts."""
    command = [sys.executable, "-m", "rollout", *words, "-C", str(root), "--as-of", AS_OF.isoformat()]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=root, stdout=subprocess.DEVNULL, stderr=said, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for above
        said.seek(0)
        assert os.waitstatus_to_exitcode(status) in (0, 1), said.read()[-2000:].decode()
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measures all commands in turn, and says what each costs beside loading and validating."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="?", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    options = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as place:
        root = Path(place)
        programme(root, options.sites)
        rows = [{name: cpu(root, *words) for name, words in COMMANDS.items()} for _ in range(options.runs)]
    spent = {name: statistics.median(row[name] for row in rows) for name in COMMANDS}
    base = spent["load and validate"]
    lines = [
        f"{options.sites:,} sites, {ITEMS} items, {RECORDS} records and a ticked checklist each: CPU seconds, "
        f"medians of {options.runs}, in turn.",
        "",
        "| command | CPU s | to loading and validating |",
        "|---|---|---|",
        *(f"| {name} | {seconds:.2f} | {seconds / base:.2f}x |" for name, seconds in spent.items()),
    ]
    said = "\n".join(lines)
    print(said)
    if not options.dry:
        write_section("following", "## Status, due and gates\n\n" + said)


if __name__ == "__main__":
    main()
