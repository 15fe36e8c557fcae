"""PSPLIB's resource-constrained projects, built from the sequencer's own primitives, beside plain CP-SAT.

    python -m benchmarks.sequence.psplib FOLDER              # or PSPLIB=FOLDER; --seconds 10 --only j30 --limit 3 --dry

FOLDER holds PSPLIB's single-mode files (Kolisch & Sprecher 1996, "PSPLIB: a project scheduling problem library") as
`j30/j301_1.sm` and so on, and `best_known.csv` with the columns set, instance, stratum, lower_bound, best_makespan,
status. The files can be had from PSPLIB itself or from the repository ScheduleOpt/optalcp-benchmarks; makespans and
lower bounds from the tables there and in ptal/kobe-scheduling.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.measure import tell
from benchmarks.sequence.judge import broken
from rollout.model.calendar import Calendar
from rollout.model.instance import PREREQUISITE, After, Because, Demand, Instance, Job, Resource
from rollout.model.source import Source
from rollout.model.times import Duration

START = date(2026, 1, 5).toordinal()
EVERY_DAY = Calendar(frozenset())
END = "end"


@dataclass(frozen=True)
class Project:
    """A file as it stands: activities are numbered from 0, the first and the last take no time."""

    durations: tuple[int, ...]
    after: tuple[tuple[int, int], ...]
    demands: tuple[tuple[int, ...], ...]
    capacities: tuple[int, ...]


def parse(path: Path) -> Project:
    """A single-mode `.sm` file."""
    after: list[tuple[int, int]] = []
    durations: list[int] = []
    demands: list[tuple[int, ...]] = []
    capacities: tuple[int, ...] = ()
    section = ""
    for line in path.read_text().splitlines():
        if match := re.match(r"(PRECEDENCE RELATIONS|REQUESTS/DURATIONS|RESOURCEAVAILABILITIES)", line):
            section = match[1]
            continue
        words = line.split()
        if not words or not all(word.isdigit() for word in words):
            continue
        numbers = [int(word) for word in words]
        if section.startswith("PRE"):
            after += [(numbers[0] - 1, other - 1) for other in numbers[3:]]
        elif section.startswith("REQ"):
            durations.append(numbers[2])
            demands.append(tuple(numbers[3:]))
        elif section.startswith("RES"):
            capacities = tuple(numbers)
    return Project(tuple(durations), tuple(after), tuple(demands), capacities)


def to_instance(path: Path) -> Instance:
    """The project in primitives: every activity a prerequisite, the end a site, whose day is the makespan."""
    project = parse(path)
    because = Because("psplib", path.name, Source((str(path),)))
    numbers = range(len(project.durations))
    name = [f"{PREREQUISITE}{number:03}" for number in numbers]
    jobs = {
        name[n]: Job(name[n], is_site=False, takes=Duration(project.durations[n]), calendar=EVERY_DAY) for n in numbers
    }
    primitives: list[After | Resource] = [After(name[b], name[a], 0, because) for a, b in project.after]
    follows = {before for before, _ in project.after}
    primitives += [After(END, name[n], 0, because) for n in numbers if n not in follows]
    for kind, capacity in enumerate(project.capacities):
        # `last` below `first`: until it is usable. Nothing that takes no time takes any of a resource.
        taken = {
            name[n]: (Demand(project.demands[n][kind], 0, -1),)
            for n in numbers
            if project.demands[n][kind] and project.durations[n]
        }
        primitives.append(Resource(f"R{kind + 1}", "day", (capacity,), taken, because))
    horizon = sum(project.durations) + 1
    return Instance(
        as_of=START,
        every="month",
        weekdays=tuple(range(START, START + horizon)),
        lighthouse=END,
        jobs={END: Job(END), **jobs},
        primitives=tuple(primitives),
    )


def ours(instance: Instance, seconds: float) -> tuple[Mapping[str, int], int] | None:
    """Our days of every job, and the makespan we proved to be least: the exact engine's foundations, two workers."""
    from rollout.sequence.exact_foundations import earliest_lighthouse  # noqa: PLC0415 - needs the extra

    found = earliest_lighthouse(instance, seconds=seconds, workers=2)
    return None if found is None else (found.day_of, found.bound - START)


def cpsat(instance: Instance, seconds: float) -> tuple[Mapping[str, int], int] | None:
    """Intervals and cumulative, least makespan, two workers: the model of the manual, and nothing else."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 - only in the environment of the rivals

    model = cp_model.CpModel()
    horizon = instance.candidates[-1] - START
    start = {job: model.new_int_var(0, horizon, job) for job in instance.jobs}
    span = {
        job.id: model.new_fixed_size_interval_var(start[job.id], job.takes.length, "") for job in instance.jobs.values()
    }
    for primitive in instance.primitives:
        if isinstance(primitive, After):
            model.add(start[primitive.job] >= start[primitive.before] + instance.jobs[primitive.before].takes.length)
        elif isinstance(primitive, Resource):
            amounts = [demands[0].amount for demands in primitive.demands.values()]
            model.add_cumulative([span[job] for job in primitive.demands], amounts, primitive.capacity[0])
    model.minimize(start[END])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return {job: START + solver.value(var) for job, var in start.items()}, round(solver.best_objective_bound)


RIVALS: Mapping[str, Callable[[Instance, float], tuple[Mapping[str, int], int] | None]] = {"ours": ours, "cpsat": cpsat}


def table(folder: Path, seconds: float, sets: list[str], limit: int | None) -> str:
    """Average gap to the best known makespan and number proved, by stratum, as a Markdown table."""
    with (folder / "best_known.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["set"] in sets]
    strata: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        strata.setdefault((row["set"], row["stratum"]), []).append(row)
    lines = [
        f"| stratum | files | {' | '.join(f'{r}: gap % | proved' for r in RIVALS)} |",
        f"|{'---|' * (2 + 2 * len(RIVALS))}",
    ]
    missing: set[str] = set()
    for (kind, stratum), members in strata.items():
        cells = []
        for rival, solve in RIVALS.items():
            gaps, proved, wrong = [], 0, []
            for row in members[:limit] if rival not in missing else ():
                instance = to_instance(folder / kind / f"{row['instance']}.sm")
                found = solve(instance, seconds)
                if found is None:
                    if rival == "ours":
                        missing.add(rival)
                        break
                    wrong.append(f"{row['instance']}: no plan")
                    continue
                days, bound = found
                wrong += [f"{row['instance']}: {rule}" for rule in broken(instance, days)]
                makespan, best = days[END] - START, int(row["best_makespan"])
                gaps.append(100 * (makespan - best) / best)
                proved += bound >= makespan
            for line in wrong:
                print(f"{rival}: {line}", file=sys.stderr)
            gap = f"{sum(gaps) / len(gaps):.2f}" if gaps else "not there yet" if rival in missing else "none"
            cells.append(f"{gap} | {proved if gaps else ''}{' UNLAWFUL' if wrong else ''}")
        line = f"| {kind} {stratum} | {len(members[:limit])} | {' | '.join(cells)} |"
        print(line, file=sys.stderr, flush=True)
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    """Prints the table and writes its section of README.md."""
    parser = argparse.ArgumentParser(description="PSPLIB beside plain CP-SAT")
    parser.add_argument("folder", type=Path, nargs="?", default=os.environ.get("PSPLIB"))
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", nargs="*", default=["j30", "j60", "j120"])
    parser.add_argument("--limit", type=int)
    parser.add_argument("--dry", action="store_true", help="write nothing into README.md")
    asked = parser.parse_args()
    if asked.folder is None:
        sys.exit(
            "name the folder with PSPLIB's files, or set PSPLIB; see the top of this file for where they come from"
        )
    made = table(Path(asked.folder), asked.seconds, asked.only, asked.limit)
    head = f"Average gap to the best known makespan, {asked.seconds:g} s a file, two workers; where files come from: psplib.py."
    tell("psplib", ["## PSPLIB", "", head, "", made], dry=asked.dry)


if __name__ == "__main__":
    main()
