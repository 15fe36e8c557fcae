"""Rendering beside what a user would otherwise take: other engines, then whole tools; CPU seconds, medians of three.

    python benchmarks/render/run.py                # 1,000 sites; minutes; writes its section of README.md
    python benchmarks/render/run.py 10000 --runs 1 --no-tools --dry    # ten minutes, only printed
    python benchmarks/render/run.py --no-tools     # the engines and our own commands alone

The other engines and tools are installed into an environment of their own, build/bench-render. One that cannot be had
there is listed as not run. All are run in turn, so that what else the machine does is shared by all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.render.generate import AS_OF, programme
from benchmarks.section import write_section

ROOT = Path(__file__).parents[2]
VENV = ROOT / "build/bench-render"
BIN = VENV / "bin"
PACKAGES = ("minijinja>=3.1", "pelican[markdown]>=4.12", "mkdocs>=1.6", "copier>=9.19", "hugo>=0.168")
COPIED = 10
"""Sites that copier is run for: it is started once a site, and that cost is multiplied."""


def environment() -> None:
    """Alternatives are installed into their own environment; what rollout needs comes from the lock as everywhere."""
    wanted = "\n".join([*PACKAGES, (ROOT / "constraints.txt").read_text().partition("# ----")[0]])
    stamp = VENV / "installed.txt"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    core = VENV / "core.txt"
    core.write_text(wanted.partition("\n".join(PACKAGES))[2])
    pip = [BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", core], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], check=True)
    for package in PACKAGES:
        subprocess.run([*pip, package], check=False)
    stamp.write_text(wanted)


def cpu(command: Iterable[str | Path], folder: Path) -> float:
    """CPU seconds of a command and all it starts."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([str(word) for word in command], cwd=folder, stdout=said, stderr=said, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = 0  # waited for above
        said.seek(0)
        assert status == 0, said.read()[-2000:].decode()
    return usage.ru_utime + usage.ru_stime


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def texts(root: Path, runs: int) -> dict[str, float]:
    """Seconds of the engines, one process a pass."""
    rows = []
    for _ in range(runs):
        command = [BIN / "python", "-m", "benchmarks.render.texts", root]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout
        rows.append(json.loads(said))
    return medians(rows)


def commands(root: Path, runs: int) -> dict[str, float]:
    """Seconds of our own commands: loading and validating, every page anew, and nothing to do: seen, then known."""
    subprocess.run(["git", "init", "--quiet", root], check=True)  # beside its files a run is remembered

    def rollout(command: str) -> float:
        return cpu([BIN / "python", "-m", "rollout", command, "-C", root, "--as-of", AS_OF.isoformat()], root)

    rows = []
    for _ in range(runs):
        shutil.rmtree(root / "playbooks", ignore_errors=True)
        row = {"every page written": rollout("render")}
        row["load and validate"] = rollout("validate")
        time.sleep(3)  # what is younger than two seconds is looked at again
        row["nothing to write"] = rollout("render")
        row["nothing to write, again"] = rollout("render")
        rows.append(row)
    return medians(rows)


# Whole tools. Each makes a folder of inputs and returns what a build of it is; all build the same Markdown pages.


def _hugo(pages: dict[str, str], folder: Path) -> list[str | Path]:
    (folder / "hugo.toml").write_text('baseURL = "https://example.com/"\ntitle = "t"\ndisableKinds = ["taxonomy"]\n')
    layouts = folder / "layouts/_default"
    layouts.mkdir(parents=True)
    for name in ("single", "list"):
        (layouts / f"{name}.html").write_text("<html><body>{{ .Content }}</body></html>\n")
    _written(folder / "content", {path: f"---\ntitle: x\n---\n{text}" for path, text in pages.items()})
    return [BIN / "hugo", "--quiet"]


def _pelican(pages: dict[str, str], folder: Path) -> list[str | Path]:
    head = "Title: {}\nDate: 2026-10-01\nSlug: {}\n\n"
    slugs = {path: path.replace("/", "-").removesuffix(".md") for path in pages}
    _written(folder / "content", {path: head.format(slugs[path], slugs[path]) + text for path, text in pages.items()})
    return [BIN / "pelican", "content", "-o", "output", "--fatal", "errors", "-q"]


def _mkdocs(pages: dict[str, str], folder: Path) -> list[str | Path]:
    (folder / "mkdocs.yml").write_text("site_name: t\nplugins: []\n")
    _written(folder / "docs", {**pages, "index.md": "# t\n"})
    return [BIN / "mkdocs", "build", "--quiet"]


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
    return [BIN / "copier", "copy", "--quiet", "--defaults", "--data", "name=Lead 7", template, "made"]


TOOLS: dict[str, Callable[[dict[str, str], Path], list[str | Path]]] = {
    "hugo": _hugo,
    "pelican": _pelican,
    "mkdocs": _mkdocs,
    "copier": _copier,
}
OUTPUTS = ("public", "output", "site", "made")


def tools(root: Path, sites: int, runs: int) -> dict[str, float | None]:
    """Seconds of whole tools for the pages of so many sites; None for one that is not there."""
    shown = sorted((root / "playbooks/v").glob("s*"))[:sites]
    pages = {
        file.relative_to(root / "playbooks/v").as_posix(): file.read_text(encoding="utf-8")
        for folder in shown
        for file in sorted(folder.rglob("*.md"))
    }
    small = Path(tempfile.mkdtemp(dir=root.parent))
    programme(small, sites)
    ours: list[str | Path] = [BIN / "python", "-m", "rollout"]
    where = ["-C", small, "--as-of", AS_OF.isoformat()]
    cpu([*ours, "plan", *where], small)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(dir=root.parent) as place:
        builds = {}
        for name, prepare in TOOLS.items():
            if (BIN / name).exists():
                folder = Path(place, name)
                folder.mkdir()
                builds[name] = (folder, prepare(pages, folder))
        for _ in range(runs):
            shutil.rmtree(small / "playbooks", ignore_errors=True)
            found.setdefault("ours", []).append(cpu([*ours, "render", *where], small))
            for name, (folder, command) in builds.items():
                seconds = 0.0
                for _ in range(COPIED if name == "copier" else 1):
                    for output in OUTPUTS:
                        shutil.rmtree(folder / output, ignore_errors=True)
                    seconds += cpu(command, folder)
                found.setdefault(name, []).append(seconds * (sites / COPIED if name == "copier" else 1))
    return {name: statistics.median(found[name]) if name in found else None for name in ("ours", *TOOLS)}


def report(sites: int, runs: int, with_tools: bool) -> str:
    """Everything measured, as Markdown."""
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as place:
        root = Path(place, "p")
        programme(root, sites)
        cpu([BIN / "python", "-m", "rollout", "plan", "-C", root, "--as-of", AS_OF.isoformat()], root)
        spent, ran = texts(root, runs), commands(root, runs)
        few = min(sites, 250)
        whole = tools(root, few, runs) if with_tools else {}
    pages, size = int(spent["pages"]), spent["megabytes"]
    lines = [
        f"{sites:,} sites, {pages:,} documents, {size:.0f} MB of text: CPU seconds, medians of {runs}, all in turn.",
        "",
        "| the same templates over the same dicts | CPU s | ours is |",
        "|---|---|---|",
    ]
    ours = spent["ours"]
    ways = ("ours", "jinja2", "jinja2, sandboxed", "jinja2, sandboxed and escaped", "minijinja")
    names = {"ours": "**ours, sandboxed and escaped**", "minijinja": "minijinja, not escaped"}
    lines += [f"| {names.get(way, way)} | {spent[way]:.2f} | {ours / spent[way]:.2f}x |" for way in ways]
    lines += [
        f"| ours, with a digest for every block | {spent['ours, sealed']:.2f} | |",
        f"| before it: what every site's pages say, as dicts | {spent['standing'] + spent['views']:.2f} | |",
        "",
        "| command | CPU s | to loading and validating |",
        "|---|---|---|",
    ]
    base = ran["load and validate"]
    lines += [f"| {name} | {ran[name]:.2f} | {ran[name] / base:.1f}x |" for name in sorted(ran, key=lambda n: ran[n])]
    if whole:
        lines += ["", f"| whole tools, {few * 4:,} pages, written anew | CPU s | ours is |", "|---|---|---|"]
        for name, seconds in whole.items():
            said = f"{seconds:.1f} | {whole['ours'] / seconds:.2f}x" if seconds else "not run | "  # type: ignore[operator]
            lines.append(f"| {name} | {said} |")
        lines += [
            "",
            "hugo, pelican and mkdocs make HTML of the pages that we had made; ours loads, checks, dates and renders.",
            f"copier is run once a site ({COPIED} runs, multiplied).",
        ]
    return "\n".join(lines)


def main() -> None:
    """Runs everything and prints Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sites", nargs="?", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    parser.add_argument("--no-tools", action="store_true", help="leave hugo, pelican, mkdocs and copier out")
    parser.add_argument("--runs", type=int, default=3, help="passes over everything; medians are shown")
    options = parser.parse_args()
    (ROOT / "build").mkdir(exist_ok=True)
    environment()
    said = report(options.sites, options.runs, not options.no_tools)
    print(said)
    if not options.dry:
        write_section("rendering", "## Rendering\n\n" + said)


if __name__ == "__main__":
    main()
