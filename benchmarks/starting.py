"""Starting up, beside bare Python, the libraries we build on, and other programs: CPU milliseconds, medians of eleven.

python -m benchmarks.starting               # a minute; writes its section of README.md
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import (
    AS_OF,
    PYTHON,
    Cost,
    Costs,
    arguments,
    cost,
    folder,
    generated,
    in_turn,
    short,
    table,
    tell,
)
from benchmarks.rivals import tools

RUNS = 11
BARE, TYPER = "`python -c ''`", "`python -c 'import typer'`"
LIBRARIES = "import typer, rich, jinja2, pydantic, yaml, holidays, zoneinfo"
LIMITS = {
    "`rollout --help`": 125,
    "`rollout validate`, 12 sites": 150,
    "completing a command": 100,
    "completing a site's id": 100,
}
"""Milliseconds over bare Python that we set ourselves."""


def completing(program: Path, root: Path, *words: str) -> Cost:
    """What bash asks when tab is pressed after these words."""
    asked = {"_ROLLOUT_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    return cost(program, at=root, **asked)


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [12], RUNS)
    program, others = Path(PYTHON).with_name("rollout"), tools()
    with folder() as place:
        root = generated("generate", place / "p", options.sizes[0])
        race = in_turn(
            {
                BARE: lambda: cost(PYTHON, "-c", ""),
                TYPER: lambda: cost(PYTHON, "-c", "import typer"),
                "`python`, importing all core libraries": lambda: cost(PYTHON, "-c", LIBRARIES),
                "`rollout --version`": lambda: cost(program, "--version"),
                "completing a command": lambda: completing(program, root, "rollout", "pu"),
                "completing a site's id": lambda: completing(program, root, "rollout", "explain", "s0"),
                "`rollout --help`": lambda: cost(program, "--help"),
                "`rollout validate`, 12 sites": lambda: cost(program, "validate", "-C", root, "--as-of", AS_OF),
                "`git --version`": lambda: cost("git", "--version"),
                **{
                    f"`{name} --version`": lambda name=name: cost(others / name, "--version", HOME=str(place))
                    for name in ("mkdocs", "yamllint", "check-jsonschema", "pelican", "ansible", "copier")
                },
            },
            options.runs,
            warm=True,
        )
    tell("starting", _report(race.costs, race.failed, options.runs), dry=options.dry)


def _report(costs: dict[str, Costs], failed: dict[str, str], runs: int) -> list[str]:
    bare, typer = costs[BARE], costs[TYPER]
    rows = []
    for name, one in costs.items():
        over = 1000 * (one.cpu - bare.cpu)
        limit = f"{LIMITS[name]} ({over / LIMITS[name]:.2f}x)" if name in LIMITS else ""
        rows.append(
            f"| {name} | {1000 * one.cpu:.0f} | {over:.0f} | {limit} | {one.to(typer):.2f}x | {one.megabytes:.0f} |"
        )
    rows += [f"| {name} | not run: {short(why)} | | | | |" for name, why in failed.items()]
    head = ("what", "CPU ms", "over bare Python", "limit", "to importing typer", "peak MB")
    return ["## Starting up", "", f"CPU milliseconds, medians of {runs}, in turn.", "", *table(head, rows)]


if __name__ == "__main__":
    main()
