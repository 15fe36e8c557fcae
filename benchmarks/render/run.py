"""Rendering beside what a user would otherwise take: other engines, then whole tools; CPU seconds, medians.

    python -m benchmarks.render.run                # 10,000 sites, tools for 250; a quarter of an hour; writes its section
    python -m benchmarks.render.run 1000 --runs 3 --dry
    python -m benchmarks.render.run --no-tools     # the engines and our own commands alone

Other engines and tools are those of rivals/. One that cannot be had there is listed as not run. All are run in turn.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import rivals
from benchmarks.measure import (
    AS_OF,
    FEW,
    ROLLOUT,
    ROOT,
    RUNS,
    Cost,
    FailedError,
    Race,
    cost,
    folder,
    generated,
    in_turn,
    short,
    table,
    tell,
    under_git,
)

GENERATOR = "render.generate"
SITES, SHOWN = 10_000, 250
"""Sites for the engines, and for whole tools: a thousand pages."""
COPIED = 10
"""Sites that copier is run for: it is started once a site, and that cost is multiplied."""
WAYS = {
    "ours": "**ours, sandboxed and escaped**",
    "jinja2": "jinja2",
    "jinja2, sandboxed": "jinja2, sandboxed",
    "jinja2, sandboxed and escaped": "jinja2, sandboxed and escaped",
    "minijinja": "minijinja, not escaped",
}
BASE, ALL, ONE = "load and validate", "every page written", "every page written, on one core"


def rollout(root: Path, *words: str) -> Cost:
    """One of our commands."""
    return cost(*ROLLOUT, *words, "-C", root, "--as-of", AS_OF, at=root)


def engines(root: Path, runs: int) -> list[str]:
    """Seconds of the engines, all inside one process a round, which says what each took."""
    rows = []
    for _ in range(runs):
        ran = cost(rivals.beside() / "python", "-m", "benchmarks.render.texts", root, at=ROOT, keep=True)
        rows.append(json.loads(ran.said))
    spent = {name: sorted(row[name] for row in rows)[len(rows) // 2] for name in rows[0]}
    ratio = {way: sorted(row["ours"] / row[way] for row in rows)[len(rows) // 2] for way in WAYS}
    found = [f"| {name} | {spent[way]:.2f} | {ratio[way]:.2f}x |" for way, name in WAYS.items()]
    found.append(f"| ours, with a digest for every block | {spent['ours, sealed']:.2f} | |")
    found.append(f"| before it: what every site's pages say, as dicts | {spent['standing'] + spent['views']:.2f} | |")
    head = (
        f"{int(spent['pages']):,} documents, {spent['megabytes']:.0f} MB: templates over the same dicts",
        "CPU s",
        "ours is",
    )
    return [f"Medians of {runs}, in turn.", "", *table(head, found)]


def commands(root: Path, runs: int) -> list[str]:
    """Our own commands: loading and validating, every page anew, and nothing to do: looked at, then known."""
    under_git(root)  # beside its files a run is remembered

    made: set[str] = set()

    def anew(*before: str) -> Cost:
        shutil.rmtree(root / "playbooks", ignore_errors=True)
        spent = cost(*before, *ROLLOUT, "render", "-C", root, "--as-of", AS_OF, at=root)
        made.add(digest(root / "playbooks"))
        return spent

    def looked_at() -> Cost:
        time.sleep(3)  # what is younger than two seconds is looked at again
        return rollout(root, "render")

    ways: dict[str, Callable[[], Cost]] = {
        BASE: lambda: rollout(root, "validate"),
        ONE: lambda: anew("taskset", "--cpu-list", "0"),
        ALL: anew,
        "nothing to write": looked_at,
        "nothing to write, again": lambda: rollout(root, "render"),
    }
    race = in_turn(ways, runs)
    rows = []
    for name, costs in race.costs.items():
        ratio = f"{costs.to(race.costs[BASE]):.2f}x" if BASE in race.costs else "-"
        rows.append(f"| {name} | {costs.cpu:.2f} | {ratio} | {costs.wall:.2f} | {costs.megabytes:.0f} |")
    rows += [f"| {name} | not run: {short(why)} | | | |" for name, why in race.failed.items()]
    head = ("command", "CPU s", "to loading and validating", "wall s", "peak MB")
    said = ["", f"Medians of {race.rounds}.", "", *table(head, rows)]
    if {ONE, ALL} <= race.costs.keys():
        every, one = race.costs[ALL], race.costs[ONE]
        same = "the same bytes" if len(made) == 1 else "NOT the same bytes"
        said += [
            "",
            f"All cores against one: {every.wall_to(one):.2f}x the time, {every.to(one):.2f}x the CPU, {same}.",
        ]
    return said


def digest(folder: Path) -> str:
    """Of all files below a folder."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.md")):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


# Whole tools. Each makes a folder of inputs and returns what a build of it is, its program first; all build the same
# Markdown pages.


def _hugo(pages: dict[str, str], folder: Path) -> list[str | Path]:
    (folder / "hugo.toml").write_text('baseURL = "https://example.com/"\ntitle = "t"\ndisableKinds = ["taxonomy"]\n')
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True)
    for name in ("single", "list"):
        (layouts / f"{name}.html").write_text("<html><body>{{ .Content }}</body></html>\n")
    _written(folder / "content", {path: f"---\ntitle: x\n---\n{text}" for path, text in pages.items()})
    return ["hugo", "--quiet"]


def _pelican(pages: dict[str, str], folder: Path) -> list[str | Path]:
    head = "Title: {}\nDate: 2026-10-01\nSlug: {}\n\n"
    slugs = {path: path.replace("/", "-").removesuffix(".md") for path in pages}
    _written(folder / "content", {path: head.format(slugs[path], slugs[path]) + text for path, text in pages.items()})
    return ["pelican", "content", "-o", "output", "--fatal", "errors", "-q"]


def _mkdocs(pages: dict[str, str], folder: Path) -> list[str | Path]:
    (folder / "mkdocs.yml").write_text("site_name: t\nplugins: []\n")
    _written(folder / "docs", {**pages, "index.md": "# t\n"})
    return ["mkdocs", "build", "--quiet"]


def _written(folder: Path, pages: dict[str, str]) -> None:
    for path, text in pages.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _copier(pages: dict[str, str], folder: Path) -> list[str | Path]:
    """Four pages of a site as copier makes them: templates of the same length that print one name many times."""
    template = folder / "template"
    (template).mkdir()
    (template / "copier.yml").write_text("name:\n  type: str\n")
    first = sorted(pages)[0].partition("/")[0]
    for path, text in pages.items():
        if path.startswith(first + "/"):
            body = "{% raw %}" + text.replace("Lead 0", "{% endraw %}{{ name }}{% raw %}") + "{% endraw %}"
            _written(template, {path.removeprefix(first + "/") + ".jinja": body})
    return ["copier", "copy", "--quiet", "--defaults", "--data", "name=Lead 7", template, "made"]


TOOLS: dict[str, Callable[[dict[str, str], Path], list[str | Path]]] = {
    "hugo": _hugo,
    "pelican": _pelican,
    "mkdocs": _mkdocs,
    "copier": _copier,
}
OUTPUTS = ("public", "output", "site", "made")


def tools(root: Path, sites: int, runs: int) -> list[str]:
    """Whole tools, for the pages of so many sites, which they make anew each time."""
    programs = rivals.tools()
    rollout(root, "plan")
    rollout(root, "render")
    base = root / "playbooks/v"
    pages = {
        file.relative_to(base).as_posix(): file.read_text(encoding="utf-8")
        for site in sorted(base.glob("s*"))
        for file in sorted(site.rglob("*.md"))
    }

    def ours() -> Cost:
        shutil.rmtree(root / "playbooks", ignore_errors=True)
        return rollout(root, "render")

    def build(name: str) -> Cost:
        at, (command, times) = places[name], (builds[name], COPIED if name == "copier" else 1)
        spent = Cost(0, 0, 0)
        for _ in range(times):
            for output in OUTPUTS:
                shutil.rmtree(at / output, ignore_errors=True)
            spent += cost(programs / command[0], *command[1:], at=at, HOME=str(at))
        many = sites / times if name == "copier" else 1
        return Cost(spent.cpu * many, spent.wall * many, spent.megabytes)

    with folder() as place:
        places, builds = {name: place / name for name in TOOLS}, {}
        for name, prepare in TOOLS.items():
            places[name].mkdir()
            builds[name] = prepare(pages, places[name])
        ways: dict[str, Callable[[], Cost]] = {name: lambda name=name: build(name) for name in TOOLS}  # type: ignore[misc]
        race = in_turn({"ours": ours, **ways}, runs)
    return ["", *_of_tools(race, len(pages))]


def _of_tools(race: Race, pages: int) -> list[str]:
    rows = []
    for name, costs in race.costs.items():
        ratio = f"{race.costs['ours'].to(costs):.2f}x" if "ours" in race.costs else "-"
        rows.append(f"| {name} | {costs.cpu:.1f} | {ratio} | {costs.megabytes:.0f} |")
    rows += [f"| {name} | not run: {short(why)} | | |" for name, why in race.failed.items()]
    return [
        *table((f"whole tools, {pages:,} pages, written anew", "CPU s", "ours is", "peak MB"), rows),
        "",
        f"Medians of {race.rounds}. hugo, pelican and mkdocs make HTML of the pages that we had made; ours loads, checks,",
        f"dates and renders. copier is run once a site ({COPIED} runs, multiplied).",
    ]


def report(sites: int, runs: int, shown: int) -> list[str]:
    """Everything measured, as Markdown; what fails leaves its place to a sentence."""
    lines = ["## Rendering", ""]
    with folder() as place:
        root = generated(GENERATOR, place / "p", sites)
        rollout(root, "plan")
        parts: Mapping[str, Callable[[], list[str]]] = {
            "engines": lambda: engines(root, min(runs, FEW) if sites > 1000 else runs),
            "commands": lambda: commands(root, runs),
            "tools": lambda: tools(generated(GENERATOR, place / "few", shown), shown, runs) if shown else [],
        }
        for name, part in parts.items():
            try:
                lines += part()
            except FailedError as error:
                lines += ["", f"{name}: not run: {short(str(error))}"]
    return lines


def main() -> None:
    """Writes the section."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="?", type=int, default=SITES)
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    parser.add_argument("--no-tools", action="store_true", help="leave hugo, pelican, mkdocs and copier out")
    parser.add_argument("--runs", type=int, default=RUNS, help="rounds; medians are shown")
    options = parser.parse_args()
    shown = 0 if options.no_tools else min(options.sites, SHOWN)
    tell("rendering", report(options.sites, options.runs, shown), dry=options.dry)


if __name__ == "__main__":
    main()
