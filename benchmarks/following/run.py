"""`status`, `due` and `gate` beside loading and validating the same files: CPU seconds of whole processes, medians.

python -m benchmarks.following.run             # 1,000 sites and 10,000; writes its section of README.md
python -m benchmarks.following.run 1000 --dry
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.measure import ROLLOUT, Cost, arguments, cost, folder, generated, in_turn, short, table, tell

AS_OF = "2027-03-01"
"""As in generate.py, which whoever measures does not import: it brings much of rollout."""
BASE = "load and validate"
COMMANDS = {
    BASE: ("validate",),
    "`status`": ("status",),
    "`status --format json`": ("status", "--format", "json"),
    "`due`": ("due",),
    "`due --messages`": ("due", "--messages"),
    "`gate`, all of them": ("gate",),
}


def measured(sites: int, runs: int) -> list[str]:
    """All commands in turn, and what each costs beside loading and validating."""
    with folder() as place:
        root = generated("following.generate", place / "p", sites)

        def way(words: tuple[str, ...]) -> Callable[[], Cost]:
            return lambda: cost(*ROLLOUT, *words, "-C", root, "--as-of", AS_OF, at=root, ok=(0, 1))

        race = in_turn({name: way(words) for name, words in COMMANDS.items()}, runs)
    rows = []
    for name, costs in race.costs.items():
        ratio = f"{costs.to(race.costs[BASE]):.2f}x" if BASE in race.costs else "-"
        rows.append(f"| {name} | {costs.cpu:.2f} | {ratio} | {costs.megabytes:.0f} |")
    rows += [f"| {name} | not run: {short(why)} | | |" for name, why in race.failed.items()]
    head = ("command", "CPU s", "to loading and validating", "peak MB")
    return [f"{sites:,} sites; medians of {race.rounds}, in turn.", "", *table(head, rows)]


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [1_000, 10_000])
    lines = ["## Status, due and gates", "", "Sixty items, twenty records and a ticked checklist for each site."]
    for sites in options.sizes:
        lines += ["", *measured(sites, options.runs)]
    tell("following", lines, dry=options.dry)


if __name__ == "__main__":
    main()
