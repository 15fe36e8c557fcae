"""All parts, one after another; each keeps its own section of README.md as soon as it has it.

    make bench                          # everything: an hour and a half on two cores
    make bench BENCH=quick              # 12 and 1,000 sites, printed only: some ten minutes
    make bench BENCH="loading asks"     # these parts
    python -m benchmarks.run --list

A part that fails is reported at the end, and the others are run all the same; the exit code is then 1. PSPLIB is run
where the variable PSPLIB names a folder with its files.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.measure import ROOT, note


@dataclass(frozen=True, slots=True)
class Part:
    """A module to run, what it is told, and what it is told where there is little time."""

    module: str
    quick: str
    full: str = ""
    dry: str = "--dry"
    """How it is told to leave README.md alone."""


PARTS = {
    "starting": Part("benchmarks.starting", "--runs 5"),
    "loading": Part("benchmarks.loading.run", "1000 --runs 3"),
    "writing": Part("benchmarks.writing.run", "1000 --runs 3"),
    "asks": Part("benchmarks.sequence.asks", "1000 --runs 3"),
    "review": Part("benchmarks.review.run", "1000 --runs 3"),
    "following": Part("benchmarks.following.run", "1000 --runs 3"),
    "publishing": Part("benchmarks.publishing.run", "1000 --runs 3"),
    "rendering": Part("benchmarks.render.run", "1000 --runs 3 --no-tools"),
    "sequencing": Part("benchmarks.sequence.run", "12 120 --seeds 1 --budget 10"),
    "growth": Part("benchmarks.growth", "12 1000 --runs 3"),
    "house": Part("benchmarks.house", "", dry=""),
    "psplib": Part("benchmarks.sequence.psplib", "--only j30 --limit 3"),
}


def ready(name: str) -> bool:
    """Whether what a part needs is there."""
    return name != "psplib" or bool(os.environ.get("PSPLIB"))


def main() -> None:
    """Runs them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="`quick`, and names of parts; all of them where there is none")
    parser.add_argument("--list", action="store_true", help="name the parts")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{name:12} python -m {part.module} {part.full}" for name, part in PARTS.items()))
        return
    quick, asked = "quick" in options.words, [word for word in options.words if word != "quick"]
    if unknown := [name for name in asked if name not in PARTS]:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    failed = []
    for name in asked or [name for name in PARTS if ready(name)]:
        part, begun = PARTS[name], time.monotonic()
        note(f"\n{name}: begun")
        words = [*part.quick.split(), *part.dry.split()] if quick else part.full.split()
        done = subprocess.run([sys.executable, "-m", part.module, *words], cwd=ROOT)
        if done.returncode:
            failed.append(name)
        note(f"{name}: {'failed' if done.returncode else 'done'} after {(time.monotonic() - begun) / 60:.1f} minutes")
        print(flush=True)
    if not quick:
        note("what is printed above is kept in benchmarks/README.md")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}; the others are complete")


if __name__ == "__main__":
    main()
