"""Our sequencer beside what a user would otherwise take: the same problems, the same foundations, the same judge.

    python -m benchmarks.sequence.run                                    # minutes; writes its section of README.md
    python -m benchmarks.sequence.run 12 120 1000 10000 --seeds 1-5 --only ours,cpsat --budget 60 --dry

Every rival runs in a process of its own, in the environment `beside` (rivals/). Above a thousand sites only those run
that find anything there. CPU seconds
and peak memory are those of the whole process, imports included. The budget is in CPU seconds over all threads. Only
plans that pass the product's checker count; others are listed with the rules they break.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pickle
import re
import resource
import subprocess
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import ROOT, note, tell
from benchmarks.rivals import beside
from benchmarks.sequence.judge import broken
from benchmarks.sequence.reading import Answer, Task, read

LARGE = 1_000
ABOVE = ("ours", "generations", "first-fit")
"""Who runs above so many sites: solvers load no literals for each site and day there, TaskJuggler is a matter of hours."""

RIVALS = {
    "ours": "ours.solve",
    "ours-thorough": "ours.thorough",
    "ours-exact": "ours.exact",
    "generations": "greedy.generations",
    "first-fit": "greedy.first_fit",
    "taskjuggler": "taskjuggler.solve",
    "cpsat": "cpsat.literals",
    "cpsat-intervals": "cpsat.intervals",
    "highs": "highs.solve",
}
MORE = ("ours-thorough", "ours-exact")
OURS = ("ours", *MORE)
FEW = 120
"""Sites up to which more work of ours is shown: above, the fewest waves are what counts."""


@dataclass(frozen=True)
class Ran:
    """One rival on one problem."""

    waves: int | None
    cpu: float
    megabytes: int
    answer: Answer
    breaks: str = ""
    value: float | None = None

    def cell(self) -> str:
        """`38 [≥ 37], 1.5 s, 44 MB`; the waves of a plan that does not count are struck out."""
        found = "none" if self.waves is None else f"~~{self.waves}~~" if self.breaks else str(self.waves)
        bound = f" [≥ {self.answer.bound}]" if self.answer.bound is not None else ""
        return f"{found}{bound}, {self.cpu:.1f} s, {self.megabytes} MB"


def work(rival: str, task: Path, answer: Path, budget: float, workers: int) -> None:
    """What runs in the rival's process."""
    module, _, name = RIVALS[rival].partition(".")
    solve = getattr(importlib.import_module(f"benchmarks.sequence.{module}"), name)
    asked = pickle.loads(task.read_bytes())
    answer.write_bytes(pickle.dumps(solve(*asked) if rival in OURS else solve(*asked, budget, workers)))


def run(rival: str, asked: tuple[Any, ...], options: argparse.Namespace) -> tuple[Any, float, int]:
    """The rival's answer (None when it died), its CPU seconds and its peak megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        task, answer = Path(folder, "task"), Path(folder, "answer")
        task.write_bytes(pickle.dumps(asked))
        command = [
            beside() / "python",
            "-m",
            "benchmarks.sequence.run",
            "--work",
            rival,
            task,
            answer,
            "--budget",
            options.budget,
        ]
        command += ["--workers", options.workers]

        def limited() -> None:
            # A rival that does not look at its budget is ended at four times of it; one that fills memory before that.
            resource.setrlimit(resource.RLIMIT_CPU, (int(4 * options.budget) + 5, int(4 * options.budget) + 5))
            resource.setrlimit(resource.RLIMIT_AS, (options.memory << 20, options.memory << 20))

        with Path(folder, "said").open("w+") as said:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdout=said,
                stderr=said,
                cwd=ROOT,
                preexec_fn=limited,  # noqa: PLW1509 - this process has no threads
            )
            _, _, usage = os.wait4(process.pid, 0)
            process.returncode = 0  # waited for above
            found = pickle.loads(answer.read_bytes()) if answer.exists() else None
            if found is None:
                said.seek(0)
                note(f"{rival} died: {said.read()[-300:].strip()}")
        return found, usage.ru_utime + usage.ru_stime, round(usage.ru_maxrss * 1024 / 1e6)


def race(sites: int, seed: int, rivals: list[str], options: argparse.Namespace) -> tuple[dict[str, Ran], Task | None]:
    """All rivals on one problem."""
    from benchmarks.sequence.generate import instance as generated  # noqa: PLC0415 - not in the rivals' processes

    programme, folder, lowered = generated(sites, seed)
    # Ours always runs: the days of lighthouse and prerequisites that it finds are given to all others.
    found, cpu, megabytes = run("ours", (programme, folder, date.fromordinal(lowered.as_of)), options)
    if found is None:
        return {"ours": Ran(None, cpu, megabytes, Answer(None, note="died"))}, None
    instance, given, answer = found
    task = read(instance, given)
    rows = {"ours": judged(instance, given, task, answer, cpu, megabytes)}
    for rival in rivals:
        if rival in MORE:
            found, cpu, megabytes = run(rival, (programme, folder, date.fromordinal(lowered.as_of)), options)
            died = Answer(None, note="ended: memory or time")
            rows[rival] = judged(instance, given, task, found[2] if found else died, cpu, megabytes)
        elif rival != "ours":
            found, cpu, megabytes = run(rival, (instance, given), options)
            died = Answer(None, note="ended: memory or time")
            rows[rival] = judged(instance, given, task, found or died, cpu, megabytes)
        note(f"{sites} sites, seed {seed}: {rival} {rows[rival].cell()} {rows[rival].answer.note}")
    return {rival: rows[rival] for rival in rivals}, task


def judged(instance: Any, given: Mapping[str, int], task: Task, answer: Answer, cpu: float, megabytes: int) -> Ran:
    """An answer with what the checker says of it."""
    if answer.days is None:
        return Ran(None, cpu, megabytes, answer)
    rules: Counter[str] = Counter()
    for message in broken(instance, {**given, **answer.days}):
        rule = re.search(r" breaks ([^:]+):", message)
        rules[rule[1] if rule else "no day" if "no day" in message else message[:80]] += 1
    breaks = ", ".join(f"{rule} ({times} times)" for rule, times in sorted(rules.items()))
    # A day that is nobody's has no wave of its own: count it with the wave before it.
    known = {site: day for site, day in answer.days.items() if day in task.wave}
    return Ran(task.waves(known), cpu, megabytes, answer, breaks, task.value(known))


def report(results: Mapping[tuple[int, int], dict[str, Ran]], rivals: list[str], options: argparse.Namespace) -> str:
    """Two tables and the notes, in Markdown."""
    lines = [
        f"Waves needed, [what the rival itself proved to be least], CPU seconds, peak memory. Budget {options.budget:g} CPU"
        f" seconds, {options.workers} threads. Lighthouse and prerequisites are given; struck out: not lawful.",
        "",
        f"| sites, seed | {' | '.join(rivals)} |",
        f"|{'---|' * (1 + len(rivals))}",
    ]
    for (sites, seed), rows in results.items():
        cells = [rows[rival].cell() if rival in rows else "-" for rival in rivals]
        lines.append(f"| {sites:,}, {seed} | {' | '.join(cells)} |")
    lines += ["", "Sum of weight times day above the best bound proved (or, with *, above the best plan found), among"]
    lines += ["lawful plans with the fewest waves found:", "", f"| sites, seed | {' | '.join(rivals)} |"]
    lines += [f"|{'---|' * (1 + len(rivals))}"]
    for (sites, seed), rows in results.items():
        lawful = [r for r in rows.values() if r.waves is not None and not r.breaks]
        least = min((r.waves for r in lawful if r.waves is not None), default=None)
        first = {name: r for name, r in rows.items() if r in lawful and r.waves == least}
        bounds = [r.answer.value_bound for r in first.values() if r.answer.value_bound]
        best = min((r.value for r in first.values() if r.value is not None), default=0)
        base, star = (max(bounds), "") if bounds and max(bounds) > 0.5 * best else (best, "*")
        cells = [
            f"{100 * ((first[rival].value or 0) / base - 1):.1f} %{star}" if rival in first and base else "-"
            for rival in rivals
        ]
        lines.append(f"| {sites:,}, {seed} | {' | '.join(cells)} |")
    notes: dict[str, list[str]] = {}
    for (sites, seed), rows in results.items():
        for rival, ran in rows.items():
            said = "; ".join(filter(None, (ran.answer.note, f"breaks {ran.breaks}" if ran.breaks else "")))
            if said:
                notes.setdefault(f"{rival}: {said}", []).append(f"{sites:,}/{seed}")
    lines += ["", *(f"- {said} ({', '.join(where)})" for said, where in sorted(notes.items()))]
    return "\n".join(lines)


def main() -> None:
    """Prints the tables and writes them to README.md."""
    parser = argparse.ArgumentParser(description="The sequencer beside its alternatives")
    parser.add_argument("sizes", type=int, nargs="*", help="numbers of sites")
    parser.add_argument("--seeds", default="1-2", help="1-5, or 1,4")
    parser.add_argument("--only", default=",".join(RIVALS), help=", ".join(RIVALS))
    parser.add_argument("--budget", type=float, default=30, help="CPU seconds a rival and problem")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", type=int, default=6000, help="megabytes of address space a rival may take")
    parser.add_argument("--dry", action="store_true", help="leave README.md alone")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work[0], Path(options.work[1]), Path(options.work[2]), options.budget, options.workers)
        return
    rivals = options.only.split(",")
    if unknown := [rival for rival in rivals if rival not in RIVALS]:
        parser.error(f"no rival {', '.join(unknown)}; there are {', '.join(RIVALS)}")
    low, _, high = options.seeds.partition("-")
    seeds = range(int(low), int(high) + 1) if high else [int(seed) for seed in low.split(",")]
    sizes = options.sizes or [12, 120, 1_000, 10_000]
    results: dict[tuple[int, int], dict[str, Ran]] = {}
    for sites in sizes:
        able = [rival for rival in rivals if (sites <= LARGE or rival in ABOVE) and (sites <= FEW or rival not in MORE)]
        for seed in seeds:
            results[sites, seed] = race(sites, seed, able, options)[0]
    tell("sequencing", ["## Sequencing", "", report(results, rivals, options)], dry=options.dry)


if __name__ == "__main__":
    main()
