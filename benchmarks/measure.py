"""What a command costs, and what several cost when they take turns: CPU seconds, wall seconds, peak memory.

CPU seconds are those of the command and of all that it started and waited for; peak memory is that of the largest
process among them. Ways to do the same are run in turn, one round after another, so that what else the machine does is
shared by all; ratios are taken round by round, and everything shown is a median.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.section import write_section

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
PYTHON = sys.executable
AS_OF = "2026-10-01"
"""The day on which generated programmes are asked about: not imported from them, so that whoever measures stays small.
A child's peak memory is never less than that of the process that started it."""
ROLLOUT = (PYTHON, "-m", "rollout")
RUNS = 5
FEW = 3
"""Rounds where one of them takes minutes."""
MINUTES = 120.0
"""Seconds on the clock of a round from which on there are few."""

# Both sides with compiled modules, as an installed program has them; git without a clean-up in the background, which
# would work on while the next way is measured.
_WITHOUT = ("PYTHONDONTWRITEBYTECODE", "PYTHONPROFILEIMPORTTIME", "GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE")
_WITH = {
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "ignore",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "maintenance.auto",
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "gc.auto",
    "GIT_CONFIG_VALUE_1": "0",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "Bench"), ("EMAIL", "bench@example.com"))
    },
}


class FailedError(Exception):
    """A way could not be run; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run."""

    cpu: float
    wall: float
    megabytes: float
    said: str = ""
    """What it printed, where that was asked for."""

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu + other.cpu, self.wall + other.wall, max(self.megabytes, other.megabytes))


@dataclass(frozen=True, slots=True)
class Costs:
    """Of several runs of the same."""

    runs: tuple[Cost, ...]

    @property
    def cpu(self) -> float:
        """Median CPU seconds."""
        return statistics.median(run.cpu for run in self.runs)

    @property
    def wall(self) -> float:
        """Median seconds on the clock."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The most memory any run took."""
        return max(run.megabytes for run in self.runs)

    def to(self, other: Costs) -> float:
        """The median of the ratios of CPU seconds, round by round."""
        return statistics.median(mine.cpu / theirs.cpu for mine, theirs in zip(self.runs, other.runs, strict=False))

    def wall_to(self, other: Costs) -> float:
        """The same for seconds on the clock."""
        return statistics.median(mine.wall / theirs.wall for mine, theirs in zip(self.runs, other.runs, strict=False))


def cost(
    *command: str | Path, at: Path | None = None, ok: Sequence[int] = (0,), keep: bool = False, **env: str
) -> Cost:
    """Runs a command to its end. FailedError when it cannot be started or ends otherwise than with these codes."""
    inherited = {name: value for name, value in os.environ.items() if name not in _WITHOUT}
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as out:
        begun = _now()
        try:
            process = subprocess.Popen(
                words,
                cwd=at,
                stdout=out if keep else subprocess.DEVNULL,
                stderr=said,
                env={**inherited, **_WITH, **env},
            )
        except OSError as error:
            raise FailedError(str(error)) from error
        _, status, usage = os.wait4(process.pid, 0)
        wall = _now() - begun
        process.returncode = os.waitstatus_to_exitcode(status)  # waited for above
        if process.returncode not in ok:
            said.seek(0)
            told = said.read()[-600:].decode(errors="replace").strip()
            raise FailedError(f"{Path(words[0]).name} {' '.join(words[1:4])}… ended with {process.returncode}: {told}")
        out.seek(0)
        text = out.read().decode() if keep else ""
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6, text)


def _now() -> float:
    return os.times().elapsed


@dataclass
class Race:
    """What ways cost that took turns; those that could not be run, with the reason."""

    costs: dict[str, Costs] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def rounds(self) -> int:
        """How many rounds there were."""
        return max((len(costs.runs) for costs in self.costs.values()), default=0)


def in_turn(ways: Mapping[str, Callable[[], Cost]], runs: int = RUNS, *, warm: bool = False) -> Race:
    """Each way once a round. With `warm` there is a round before that does not count.

    Where a round takes minutes there are three at most. A way that fails is left out from then on.
    """
    left, rows, race = dict(ways), {name: list[Cost]() for name in ways}, Race()
    number = -1 if warm else 0
    while left and number < runs:
        taken = 0.0
        for name, way in list(left.items()):
            try:
                spent = way()
            except FailedError as error:
                race.failed[name] = str(error)
                note(f"  {name}: not run: {error}")
                del left[name]
                continue
            taken += spent.wall
            if number >= 0:
                rows[name].append(spent)
        if taken > MINUTES:
            runs = min(runs, FEW)
        number += 1
    race.costs = {name: Costs(tuple(rows[name])) for name in left if rows[name]}
    return race


def beside(race: Race, ours: str, *, unit: float = 1, digits: int = 2) -> list[str]:
    """Rows of a table: each way's CPU seconds (or those of `unit`), its memory, and our ratio to it."""
    rows = []
    for name, costs in race.costs.items():
        shown = f"**{name}**" if name == ours else name
        ratio = f"{race.costs[ours].to(costs):.2f}x" if ours in race.costs else "-"
        rows.append(f"| {shown} | {costs.cpu / unit:.{digits}f} | {costs.megabytes:.0f} | {ratio} |")
    return [*rows, *(f"| {name} | not run | | {short(why)} |" for name, why in race.failed.items())]


def short(text: str) -> str:
    """The end of a reason, where programs say what it was, fit for a table."""
    return text.strip().splitlines()[-1][-80:].replace("|", "/") if text.strip() else "no reason given"


def table(head: Sequence[str], rows: Iterable[str]) -> list[str]:
    """A Markdown table of rows that are written already."""
    return ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows]


def note(text: str) -> None:
    """Tells whoever waits."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def folder() -> Iterator[Path]:
    """A place below build/ for a while: on the disk of the repository, not in memory as /tmp may be."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as place:
        yield Path(place)


def generated(module: str, root: Path, sites: int, seed: int = 1) -> Path:
    """A programme made by a process of its own: what a process has ever held, its children are billed for."""
    cost(PYTHON, "-m", f"benchmarks.{module}", str(sites), str(seed), root, at=ROOT)
    return root


def under_git(root: Path, message: str = "the programme") -> None:
    """A repository with everything in it committed."""
    for words in (("init", "--quiet", "--initial-branch=main"), ("add", "-A"), ("commit", "--quiet", "-m", message)):
        cost("git", *words, at=root)


def arguments(doc: str | None, sizes: Sequence[int], runs: int = RUNS) -> argparse.Namespace:
    """What every part is told on its command line."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of sites")
    parser.add_argument("--runs", type=int, default=runs, help="rounds; everything shown is a median")
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    options = parser.parse_args()
    options.sizes = options.sizes or list(sizes)
    return options


def tell(name: str, lines: Sequence[str], *, dry: bool) -> None:
    """Prints a section, and keeps it in README.md."""
    text = "\n".join(lines)
    print(text)
    if not dry:
        write_section(name, text)
