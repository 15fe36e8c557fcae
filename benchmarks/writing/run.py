"""Writing pages and committing them, beside direct writes and beside what a user would type in git.

    python -m benchmarks.writing.run                # 10,000 sites, 40,000 pages: minutes; writes its section of README.md
    python -m benchmarks.writing.run 1000 --dry

Every way is a process of its own; what starting it and making its texts cost is measured as well and taken off. Each
commit is made in a repository of its own, by a git whose clean-up in the background is off. CPU seconds are those of
git and of what calls it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import (
    PYTHON,
    ROOT,
    Cost,
    FailedError,
    Race,
    arguments,
    cost,
    folder,
    in_turn,
    short,
    table,
    tell,
    under_git,
)

WRITING = {
    "direct": "direct writes",
    "renamed": "each beside its place, then renamed",
    "ours": "**rollout: all beside their places, then all renamed**",
}
IN_MEMORY = Path("/dev/shm")
GIT, OURS = "`git add -A && git commit`", "**rollout: exactly our paths, past the index**"


def part(way: str, root: Path, sites: int, edition: int = 1) -> Cost:
    """One run of a way in work.py."""
    return cost(PYTHON, "-m", "benchmarks.writing.work", way, root, str(sites), str(edition), at=ROOT)


def writing(sites: int, runs: int, place: Path, where: str = "") -> list[str]:
    """Rows of files written."""

    def written(way: str) -> Cost:
        root = place / way
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        return part(way, root, sites)

    ways: dict[str, Callable[[], Cost]] = {way: lambda way=way: written(way) for way in ("nothing", *WRITING)}  # type: ignore[misc]
    race = in_turn(ways, runs, warm=True)
    return _rows(race, f"write {4 * sites:,} new files{where}", WRITING, "nothing", "direct")


class Repository:
    """One with a programme's pages in it, committed or to be committed by one of the two ways."""

    def __init__(self, root: Path, sites: int, way: str) -> None:
        self.root, self.sites, self.way = root, sites, way
        self.edition = 1

    def all_new(self) -> Cost:
        """A new repository, every page in it, and a commit of them."""
        self.edition = 1
        shutil.rmtree(self.root, ignore_errors=True)
        (self.root / "sites").mkdir(parents=True)
        (self.root / "sites/a.yaml").write_text("name: A\n", encoding="utf-8")
        under_git(self.root)
        return self._written_and_committed()

    def few_changed(self) -> Cost:
        """The next edition, and a commit of what it changes."""
        self.edition += 1
        return self._written_and_committed()

    def _written_and_committed(self) -> Cost:
        part("direct", self.root, self.sites, self.edition)
        if self.way == "git":
            spent = cost("git", "add", "-A", at=self.root) + cost("git", "commit", "--quiet", "-m", "p", at=self.root)
        else:
            spent = part("committed", self.root, self.sites, self.edition)
        if left := cost("git", "status", "--porcelain", at=self.root, keep=True).said:
            raise FailedError(f"git status is not clean after it: {left[:200]}")
        return spent


def committing(sites: int, runs: int, place: Path) -> list[str]:
    """Rows of commits: all pages new, then one in a thousand changed."""
    git, ours = Repository(place / "git", sites, "git"), Repository(place / "committed", sites, "ours")

    def names() -> Cost:
        return part("names", place, sites)

    many = in_turn({"names": names, "git": git.all_new, "ours": ours.all_new}, runs)
    few = in_turn({"names": names, "git": git.few_changed, "ours": ours.few_changed}, runs, warm=True)
    shown, pages = {"git": GIT, "ours": OURS}, 4 * sites
    return [
        *_rows(many, f"commit {pages:,} new files", shown, "names", "git", taken_off=("ours",)),
        *_rows(
            few, f"commit {max(1, pages // 1000):,} changed of {pages:,}", shown, "names", "git", taken_off=("ours",)
        ),
    ]


def _rows(
    race: Race, what: str, shown: dict[str, str], start: str, base: str, *, taken_off: tuple[str, ...] | None = None
) -> list[str]:
    off = {way: race.costs[start].cpu if taken_off is None or way in taken_off else 0.0 for way in race.costs}
    spent = {way: costs.cpu - off[way] for way, costs in race.costs.items()}
    rows = []
    for way, name in shown.items():
        if way in spent:
            ratio = f"{spent[way] / spent[base]:.2f}x" if base in spent else "-"
            rows.append(f"| {what} | {name} | {spent[way]:.2f} | {ratio} | {race.costs[way].megabytes:.0f} |")
        else:
            rows.append(f"| {what} | {name} | not run: {short(race.failed[way])} | | |")
    return rows


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [10_000])
    lines = [
        "## Writing and committing",
        "",
        f"Pages of 4 kB; medians of {options.runs}; git status is clean after each commit.",
        "",
    ]
    for sites in options.sizes:
        with folder() as place:
            rows = writing(sites, options.runs, place)
            if IN_MEMORY.is_dir():  # where a file costs the kernel nothing, what we add is seen best
                with tempfile.TemporaryDirectory(dir=IN_MEMORY) as memory:
                    rows += writing(sites, options.runs, Path(memory), ", in memory")
            rows += committing(sites, options.runs, place)
        lines += [*table(("what", "how", "CPU s", "ratio", "peak MB"), rows), ""]
    tell("writing", lines, dry=options.dry)


if __name__ == "__main__":
    main()
