"""What is asked of a plan once it exists: a conflict found, a forecast drawn, a shock mended. CPU seconds of each.

    python -m benchmarks.sequence.asks 1000 1

The shock closes one region for eleven weeks. Beside it CP-SAT is given the published plan as a hint, the same limit of
waves, two workers and thirty seconds, and asked for the fewest moves; it needs the extra `exact`.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import date

from benchmarks.sequence.generate import AS_OF, instance
from rollout.model.instance import FOREVER, Because, Instance, Stretch, Window
from rollout.model.source import Source
from rollout.sequence.conflict import conflicts
from rollout.sequence.exact import Model
from rollout.sequence.foundations import board_on, foundations
from rollout.sequence.plan import sequence
from rollout.sequence.repair import repair


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


def main() -> None:
    """Prints a Markdown table."""
    sites, seed = int(sys.argv[1]), int(sys.argv[2])
    programme, folder, problem = instance(sites, seed)
    rows = []
    asked, site = contradicted(problem, 4 * sites)
    begun = time.process_time()
    found = conflicts(asked, problem.weekdays[-1], [site])
    names = ", ".join(because.name for because in found[0].members) if found else "none"
    rows.append((f"a conflict among {4 * sites:,} constraints", f"{time.process_time() - begun:.2f}", names))

    made = sequence(programme, folder, AS_OF)
    from rollout.sequence.forecast import forecast  # noqa: PLC0415 - brings numpy, which is part of what is timed

    begun = time.process_time()
    known = replace(programme, holidays=made.holidays)
    sure = forecast(known, folder, made.schedule, AS_OF, runs=10_000, seed=1, spread=None)
    rows.append(("a forecast of 10,000 runs", f"{time.process_time() - begun:.2f}", f"end P80 {sure.end.p80}"))
    keep = {s: p.go_live.toordinal() for s, p in made.schedule.sites.items()}
    keep |= {f"prerequisite {name}": ready.starts.toordinal() for name, ready in made.schedule.prerequisites.items()}
    north = next(p for p in problem.primitives if isinstance(p, Window) and p.because.name == "blackout north")
    start = date(2028, 5, 1).toordinal()
    shut = Window(
        north.jobs, (Stretch(start, start + 76, "strike"),), Because("strike", "strike", Source(("plan.yaml",)))
    )
    shocked = replace(problem, primitives=(*problem.primitives, shut))
    board = board_on(shocked, foundations(shocked, problem.weekdays[-1], lambda _: (0.0,), keep))
    begun = time.process_time()
    mended = repair(board, keep)
    spent = time.process_time() - begun
    told = f"{len(mended.moved)} sites move (at least {mended.at_least}), last wave {mended.waves}"
    rows.append(("a shock mended", f"{spent:.2f}", told))
    model = Model(board, board.up_to_wave(mended.waves))
    home = {job: day for job, day in keep.items() if job in model.at}
    model.model.minimize(sum(1 - model.at[job].get(day, 0) for job, day in home.items()))
    for job, days in model.at.items():
        for day, at in days.items():
            model.model.add_hint(at, keep.get(job) == day)
    engine = model.cp.CpSolver()
    engine.parameters.max_time_in_seconds = 30
    engine.parameters.num_workers = 2
    status = engine.status_name(engine.solve(model.model))
    answer = f"{engine.objective_value:.0f} sites move" if status in ("OPTIMAL", "FEASIBLE") else "no plan found"
    rows.append(("the same by CP-SAT with the published plan as hint", "30 s wall", f"{answer} ({status.lower()})"))
    print(f"| {sites:,} sites, seed {seed} | CPU s | answer |\n|---|---|---|")
    print("\n".join(f"| {what} | {seconds} | {answer} |" for what, seconds, answer in rows))


if __name__ == "__main__":
    main()
