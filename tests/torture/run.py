"""Torture: 200 kills a command on 1,500 sites, crowds, full disks, odd repositories and places. `make torture`.

    python -m tests.torture.run                          # everything, in full: hours on two cores; goes on where it stopped
    python -m tests.torture.run --share 0.05 --sites 150 # a twentieth of it
    python -m tests.torture.run render publish           # these parts alone

Each part prints `part | runs | faults`, and its first faults below. The exit code is 1 where there are any.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.torture import crowds, disks, ends, kills, repositories, sameness, size
from tests.torture.part import Outcome, Part
from tests.torture.place import REPOSITORY

PARTS: dict[str, tuple[int, Callable[[Path, int], Part]]] = {
    "render": (200, kills.Render),
    "publish": (200, kills.Publish),
    "branch": (40, kills.Branch),
    "record": (40, kills.Record),
    "fmt": (40, kills.Fmt),
    "signals": (60, ends.Signals),
    "crowd-of-2": (20, crowds.Two),
    "crowd-of-8": (20, crowds.Eight),
    "same-bytes": (len(sameness.WAYS), sameness.Sameness),
    "disk": (len(disks.WAYS), disks.Disks),
    "git": (len(repositories.STATES), repositories.Repositories),
    "size": (len(size.SIZES), size.Size),
}
"""By name how many runs are all of it, and what makes the part."""
WHOLE = ("same-bytes", "disk", "git")
"""Parts whose runs are each another case: a share of them would leave cases out."""


def main(words: list[str] | None = None) -> int:
    """Runs what is asked for; 1 where there were faults."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--share", type=float, default=1.0, help="of the runs of each part")
    parser.add_argument("--sites", type=int, default=1500, help="of the programme that is tortured")
    parser.add_argument("--place", type=Path, default=REPOSITORY / "build/torture", help="where it is done")
    parser.add_argument("--afresh", action="store_true", help="forget what was run before")
    options = parser.parse_args(words)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if options.afresh:
        shutil.rmtree(options.place, ignore_errors=True)
    options.place.mkdir(parents=True, exist_ok=True)
    rows = [
        _part(name, options.place.resolve(), options.share, options.sites)
        for name in options.parts or [name for name in PARTS if name != "size"]
    ]
    print("\npart | runs | faults")
    for name, done in rows:
        print(_row(name, done))
    return int(any(outcome.faults for _, done in rows for outcome in done))


def _part(name: str, place: Path, share: float, sites: int) -> tuple[str, list[Outcome]]:
    whole, make = PARTS[name]
    wanted = whole if name in WHOLE else max(1, round(whole * share))
    log = place / f"{name}-{sites}.jsonl"
    done = [Outcome(**json.loads(line)) for line in log.read_text().splitlines()] if log.exists() else []
    if len(done) < wanted:
        begun = time.monotonic()
        part = make(place / f"{name}-{sites}", sites)
        with log.open("a", encoding="utf-8") as kept:
            for number in range(len(done), wanted):
                done.append(_once(part, number))
                kept.write(json.dumps(done[-1].json()) + "\n")
                kept.flush()
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(_row(name, done[:wanted]), flush=True)
    for number, outcome in enumerate(done[:wanted]):
        for fault in outcome.faults[:5]:
            print(f"    run {number}: {fault}", flush=True)
    return name, done[:wanted]


def _once(part: Part, number: int) -> Outcome:
    try:
        return part.once(number)
    except (AssertionError, OSError, subprocess.SubprocessError) as error:
        return Outcome((f"this run could not be judged: {error!r:.600}",))


def _row(name: str, done: list[Outcome]) -> str:
    notes = Counter(note for outcome in done for note in outcome.notes)
    said = ", ".join(f"{count} {note}" if count > 1 else note for note, count in notes.items())
    return f"{name} | {len(done)} | {sum(bool(outcome.faults) for outcome in done)}" + (f" | {said}" if said else "")


if __name__ == "__main__":
    sys.exit(main())
