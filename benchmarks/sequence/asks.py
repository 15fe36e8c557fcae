"""What is asked of a plan once it exists: a conflict found, a forecast drawn, a shock mended. CPU seconds of each.

    python -m benchmarks.sequence.asks                # 1,000 sites; a minute; writes its section of README.md

The shock closes one region for eleven weeks. Beside it CP-SAT is given the published plan as a hint, the same limit of
waves, two workers and thirty seconds, and asked for the fewest moves; it needs the extra `exact`.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from benchmarks.measure import arguments, table, tell
from benchmarks.sequence.generate import AS_OF, instance
from rollout.model.instance import FOREVER, Because, Instance, Stretch, Window
from rollout.model.programme import PlanFolder, Programme
from rollout.model.source import Source
from rollout.sequence.board import Board
from rollout.sequence.conflict import conflicts
from rollout.sequence.exact import Model
from rollout.sequence.foundations import board_on, foundations
from rollout.sequence.plan import Sequenced, sequence
from rollout.sequence.repair import repair

SEED, SECONDS = 1, 30
Answer = TypeVar("Answer")
Row = tuple[str, float, float | None, str]
"""What was asked, CPU seconds, the limit we set ourselves, and the answer."""


def contradicted(problem: Instance, many: int) -> tuple[Instance, str]:
    """The problem with `many` decisions about single sites, of which two contradict an order that stands."""
    names = [job.id for job in problem.sites if job.id != problem.lighthouse]
    lines: list[Window] = []
    for number in range(many):
        site, first = names[number % len(names)], problem.as_of + number // len(names)
        because = Because("not_before", f"decision {number}", Source(("plan.yaml",), ("decisions", number)))
        lines.append(Window((site,), (Stretch(0, first, "early"),), because))
    after = next(p for p in problem.primitives if p.because.name.startswith("after s") and p.lag > 0)
    for name, site, stretch in (
        ("not_before", after.before, Stretch(0, date(2028, 5, 1).toordinal(), "early")),
        ("deadline", after.job, Stretch(date(2028, 5, 3).toordinal(), FOREVER, "late")),
    ):
        lines.append(Window((site,), (stretch,), Because(name, site, Source(("plan.yaml",), (name,)))))
    return replace(problem, primitives=(*problem.primitives, *lines)), after.job


def timed(ask: Callable[[], Answer], runs: int) -> tuple[float, Answer]:
    """Median CPU seconds of asking, and the answer."""
    spent = []
    for _ in range(runs):
        begun = time.process_time()
        answer = ask()
        spent.append(time.process_time() - begun)
    return statistics.median(spent), answer


def conflict(problem: Instance, sites: int, runs: int) -> Row:
    """A contradiction of three lines among four thousand."""
    asked, site = contradicted(problem, 4 * sites)
    spent, found = timed(lambda: conflicts(asked, problem.weekdays[-1], [site]), runs)
    names = ", ".join(because.name for because in found[0].members) if found else "none"
    return f"a conflict of 3 among {4 * sites:,} constraints", spent, 1.0, names


def drawn(programme: Programme, folder: PlanFolder, made: Sequenced, runs: int) -> Row:
    """How sure the dates are."""
    from rollout.sequence.forecast import forecast  # noqa: PLC0415 - brings numpy

    known = replace(programme, holidays=made.holidays)
    spent, sure = timed(lambda: forecast(known, folder, made.schedule, AS_OF, runs=10_000, seed=1, spread=None), runs)
    return "a forecast of 10,000 runs", spent, None, f"end P80 {sure.end.p80}"


def mended(problem: Instance, made: Sequenced, runs: int) -> list[Row]:
    """A region closed for eleven weeks: our repair, and CP-SAT's."""
    keep = {s: p.go_live.toordinal() for s, p in made.schedule.sites.items()}
    keep |= {f"prerequisite {name}": ready.starts.toordinal() for name, ready in made.schedule.prerequisites.items()}
    north = next(p for p in problem.primitives if isinstance(p, Window) and p.because.name == "blackout north")
    start = date(2028, 5, 1).toordinal()
    shut = Window(
        north.jobs, (Stretch(start, start + 76, "strike"),), Because("strike", "strike", Source(("plan.yaml",)))
    )
    shocked = replace(problem, primitives=(*problem.primitives, shut))

    def board() -> Board:
        return board_on(shocked, foundations(shocked, problem.weekdays[-1], lambda _: (0.0,), keep))

    boards = [board() for _ in range(runs)]  # a repair leaves its marks on one
    spent, found = timed(lambda: repair(boards.pop(), keep), runs)
    told = f"{len(found.moved)} sites move (at least {found.at_least}), last wave {found.waves}"
    seconds, answer = hinted(board(), keep, found.waves)
    return [
        ("a shock mended", spent, 5.0, told),
        (f"the same by CP-SAT, the published plan as hint, {SECONDS} s on two workers", seconds, None, answer),
    ]


def hinted(board: Board, keep: Mapping[str, int], waves: int) -> tuple[float, str]:
    """What CP-SAT moves at least, given the published plan as a hint and the same last wave."""
    begun = time.process_time()
    model = Model(board, board.up_to_wave(waves))
    home = {job: day for job, day in keep.items() if job in model.at}
    model.model.minimize(sum(1 - model.at[job].get(day, 0) for job, day in home.items()))
    for job, days in model.at.items():
        for day, at in days.items():
            model.model.add_hint(at, keep.get(job) == day)
    engine = model.cp.CpSolver()
    engine.parameters.max_time_in_seconds = SECONDS
    engine.parameters.num_workers = 2
    status = engine.status_name(engine.solve(model.model))
    answer = f"{engine.objective_value:.0f} sites move" if status in ("OPTIMAL", "FEASIBLE") else "no plan found"
    return time.process_time() - begun, f"{answer} ({status.lower()})"


def main() -> None:
    """Writes the section."""
    options = arguments(__doc__, [1_000])
    lines = [
        "## What is asked of a plan",
        "",
        f"CPU seconds inside the process, medians of {options.runs}; CP-SAT once.",
    ]
    for sites in options.sizes:
        programme, folder, problem = instance(sites, SEED)
        rows = [conflict(problem, sites, options.runs)]
        made = sequence(programme, folder, AS_OF)
        rows += [drawn(programme, folder, made, options.runs), *mended(problem, made, options.runs)]
        told = [
            f"| {what} | {seconds:.2f} | {'' if limit is None else f'{limit:g} ({seconds / limit:.2f}x)'} | {answer} |"
            for what, seconds, limit, answer in rows
        ]
        lines += ["", *table((f"{sites:,} sites, seed {SEED}", "CPU s", "limit", "answer"), told)]
    tell("asks", lines, dry=options.dry)


if __name__ == "__main__":
    main()
