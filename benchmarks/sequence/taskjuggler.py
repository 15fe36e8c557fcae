"""TaskJuggler (`tj3`), told as much of the problem as its language can say.

It can say: each site's own closed days (a resource of its own that is on leave), who follows whom and how much later,
teams as people with leaves. A crew is booked for as long as a site needs it and the go-live follows on the next day open
to the site: a few days of slip that `tj3` cannot be told to avoid. It cannot say: a cap per wave,
together, apart, no more than so many days after. An easier problem, then; the plan is judged by the whole one.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from benchmarks.sequence.greedy import earliest
from benchmarks.sequence.reading import Answer, Load, Task, layers, read
from rollout.model.instance import Instance

HEAD = """project p "p" {first} - {last} {{ timingresolution 60min timezone "UTC" dailyworkinghours 24
  workinghours mon - sun 0:00 - 24:00 }}
"""
REPORT = 'taskreport out "out" { formats csv columns id, start timeformat "%Y-%m-%d" }\n'


def solve(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """Writes a project, lets `tj3` schedule it, reads its report."""
    tool = shutil.which("tj3")
    if tool is None:
        return Answer(None, note="skipped: tj3 is not installed (apt-get install tj3)")
    task = read(instance, given)
    top = task.waves(earliest(task)) * 2  # a project has an end; nobody's plan is twice as long as first fit
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p.tjp").write_text("".join(_project(task, top)))
        command = ["prlimit", f"--cpu={max(1, int(budget))}", tool, "--silent", "p.tjp"]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        report = Path(folder, "out.csv")
        if not report.exists():
            said = next((line for line in ran.stderr.splitlines() if "Error" in line), "budget gone")
            return Answer(None, note=f"no plan: {said.split('Error: ')[-1][:80]}")
        names = {f"t{number}": site for number, site in enumerate(task.days)}
        days = {}
        with report.open(newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                name, _, part = row["Id"].partition(".")
                if part == "live" and row["Start"]:
                    days[names[name]] = date.fromisoformat(row["Start"]).toordinal()
    return Answer(days, note="an easier problem: caps per wave, together and apart left out")


def _project(task: Task, top: int) -> Iterator[str]:
    days = [day for day, wave in task.wave.items() if wave <= top]
    early = [_ahead(load) - d.first for load in task.loads for own in load.demands.values() for d in own]
    first, last = days[0] - max(early, default=0), days[-1] + 200
    yield HEAD.format(first=date.fromordinal(first), last=date.fromordinal(last))
    teams: dict[int, str] = {}
    for number, load in enumerate(task.loads):
        if load.resource.unit != "wave":
            yield from _team(load, number, first, last)
            teams[id(load)] = f"r{number}"
    number_of = {site: number for number, site in enumerate(task.days)}
    after: dict[str, list[str]] = {site: [] for site in task.days}
    for before, site, lag in task.after:
        if lag >= 0:
            after[site].append(f"!!t{number_of[before]}.live {_gap(lag - 1)}")
    for site, number in number_of.items():
        own = set(task.days[site])
        closed = _stretches(day for day in range(first, last) if day not in own)
        yield f'resource d{number} "d" {{ {_leaves(closed)} }}\n'
        # Crews first, and in a time of their own that runs ahead by as long as the team stays after a go-live: a go-live
        # that only began a crew would not wait for it. `onstart` would say it plainly, but is settled before people are.
        waits, tasks = list(after[site]), []
        for load in task.loads_of[site]:
            for piece, (height, begin, end) in enumerate(layers(load.demands[site]) if id(load) in teams else ()):
                team = teams[id(load)]
                others = ", ".join(f"{team}_{n}" for n in range(1, max(load.resource.capacity)))
                for person in range(height):
                    name = f"{team}_{piece}_{person}"
                    waits.append(f"!{name} {_gap(_ahead(load) - end - 1)}")
                    tasks.append(
                        f'  task {name} "w" {{ effort {end - begin + 1}d allocate {team}_0 '
                        f"{{ {f'alternative {others} ' if others else ''}persistent }} }}\n"
                    )
        depends = f"depends {', '.join(waits)} " if waits else ""
        yield f'task t{number} "{site}" {{\n{"".join(tasks)}'
        yield f'  task live "live" {{ {depends}effort 1d allocate d{number} }}\n}}\n'
    yield REPORT


def _team(load: Load, number: int, first: int, last: int) -> Iterator[str]:
    """One resource a person; what is taken already is their leave."""
    ahead = _ahead(load)
    for person in range(max(load.resource.capacity)):
        bucket = (lambda day: day) if load.resource.unit == "day" else (lambda day: (day - 1) // 7)
        away = _stretches(day for day in range(first, last) if person >= load.left(bucket(day + ahead)))
        yield f'resource r{number}_{person} "p" {{ {_leaves(away)} }}\n'


def _gap(days: int) -> str:
    """After the end of another task; a go-live task ends a day after it began."""
    return f"{{ gapduration {days}d }}" if days > 0 else ""


def _ahead(load: Load) -> int:
    return max((last + 1 for own in load.demands.values() for _, _, last in layers(own)), default=0)


def _leaves(stretches: Iterable[tuple[int, int]]) -> str:
    text = ", ".join(f"annual {date.fromordinal(a)} - {date.fromordinal(b + 1)}" for a, b in stretches)
    return f"leaves {text}" if text else ""


def _stretches(days: Iterable[int]) -> Iterator[tuple[int, int]]:
    begin = end = None
    for day in days:
        if end is not None and day == end + 1:
            end = day
            continue
        if begin is not None and end is not None:
            yield begin, end
        begin = end = day
    if begin is not None and end is not None:
        yield begin, end
