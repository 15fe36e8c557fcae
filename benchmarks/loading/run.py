"""Loading and validating beside what else reads the same files: CPU seconds of whole processes, medians.

python -m benchmarks.loading.run                    # 10,000 sites: some ten minutes; writes its section of README.md
python -m benchmarks.loading.run 1000 --dry
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.loading.others import Others
from benchmarks.measure import (
    AS_OF,
    PYTHON,
    ROLLOUT,
    Cost,
    FailedError,
    arguments,
    beside,
    cost,
    folder,
    generated,
    in_turn,
    table,
    tell,
)

HERE = Path(__file__).parent
OURS = "rollout: load and validate, all rules"
KEPT = "rollout: load and validate, models kept, nothing printed"
SOUND = """
import sys
from datetime import date
from pathlib import Path
from rollout import pipeline
kept = pipeline.sound(Path(sys.argv[1]), date.fromisoformat(sys.argv[2]))
"""


def limit(sites: Path, place: Path) -> Cost:
    """libyaml in C. FailedError where there is no compiler or no header of it."""
    program, names = place / "events", place / "names"
    if not program.exists():
        cost("cc", "-O2", "-o", program, HERE / "events.c", "-lyaml")
        names.write_text("".join(f"{path}\n" for path in sorted(sites.glob("s*.yaml"))), encoding="utf-8")
    return cost("sh", "-c", 'exec "$0" < "$1"', program, names)


def measured(sites: int, runs: int) -> list[str]:
    """A table for so many sites."""
    with folder() as place:
        root = generated("generate", place / "p", sites)
        others = Others(root, sites, place)
        files = root / "sites"
        megabytes = sum(path.stat().st_size for path in others.files) / 1e6
        quick = in_turn(
            {
                OURS: lambda: cost(*ROLLOUT, "validate", "-C", root, "--as-of", AS_OF),
                KEPT: lambda: cost(PYTHON, "-c", SOUND, root, AS_OF),
                "libyaml alone, in C": lambda: limit(files, place),
                "PyYAML: events only": lambda: cost(PYTHON, HERE / "readers.py", "events", files),
                "PyYAML: CSafeLoader": lambda: cost(PYTHON, HERE / "readers.py", "load", files),
            },
            runs,
            warm=True,
        )
        slow = in_turn(
            {
                OURS: lambda: cost(*ROLLOUT, "validate", "-C", root, "--as-of", AS_OF),
                "yamllint": others.yamllint,
                "check-jsonschema": others.check_jsonschema,
                "nornir: SimpleInventory": others.nornir,
                "ansible-inventory --list": others.ansible_inventory,
            },
            runs,
        )
    lines = [
        f"{sites:,} files, {megabytes:.1f} MB; medians of {quick.rounds}, and of {slow.rounds} for the last four.",
        "",
    ]
    rows = beside(quick, OURS) + [row for row in beside(slow, OURS) if OURS not in row]
    return [*lines, *table(("what", "CPU s", "peak MB", "ours is"), rows)]


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [10_000])
    lines = ["## Loading and validating"]
    for sites in options.sizes:
        try:
            lines += ["", *measured(sites, options.runs)]
        except FailedError as error:
            lines += ["", f"{sites:,} sites: {error}"]
    tell("loading", lines, dry=options.dry)


if __name__ == "__main__":
    main()
