"""HiGHS: a mixed-integer program with one binary for each site and day.

The horizon is fixed from above by first fit and then lowered wave by wave, as in `cpsat`. Precedence is aggregated: sum of
day times binary, one row a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import highspy
import numpy as np

from benchmarks.sequence.greedy import earliest
from benchmarks.sequence.reading import Answer, Clock, SpentError, Task, read
from rollout.model.instance import Instance


def solve(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """Lower the horizon until it is impossible or the budget is gone; then the value at the last one."""
    task, clock = read(instance, given), Clock(budget)
    best: Mapping[str, int] | None = earliest(task)
    if len(best) < len(task.days):
        best = None
    own, bound = False, None
    while clock.left() > 0:
        target = task.waves(best) - 1 if best is not None else max(task.wave.values(), default=0)
        within = task.within(target)
        possible, days, _ = _mip(within, clock, workers) if within else (False, None, None)
        if days is not None:
            best, own = days, True
            continue
        if possible is False:
            bound = target + 1
        break
    if best is None:
        return Answer(None, bound, note="none found")
    value_bound = None
    within = task.within(task.waves(best))
    if within and clock.left() > 0:
        _, days, value_bound = _mip(within, clock, workers, with_value=best)
        best = days or best
    note = "" if own else "first fit, proved" if bound == task.waves(best) else "nothing better than first fit"
    return Answer(best, bound, value_bound, note)


def _mip(
    task: Task, clock: Clock, workers: int, with_value: Mapping[str, int] | None = None
) -> tuple[bool | None, Mapping[str, int] | None, float | None]:
    """Whether it is possible (None: not known), days, and what the value cannot be below."""
    task = task.essential()
    try:
        rows, column = _rows(task, clock)
    except SpentError:
        return None, None, None
    first = next(iter(task.wave))
    cost = np.zeros(rows.columns)
    if with_value:
        for site, columns in column.items():
            for day, number in columns.items():
                cost[number] = task.weight[site] * (day - first)
    solver = rows.model(cost, workers)
    if with_value and all(day in column[site] for site, day in with_value.items()):
        start = highspy.HighsSolution()
        values = np.zeros(rows.columns)
        values[[column[site][day] for site, day in with_value.items()]] = 1
        start.col_value = values
        solver.setSolution(start)
    # It looks at interrupts seldom (at 1,000 sites 70 CPU seconds late), at its own limit by the wall more often.
    solver.HandleUserInterrupt = True
    solver.setOptionValue("time_limit", clock.left())
    with clock.watch(solver.cancelSolve):
        solver.solve()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return False, None, None
    if info.primal_solution_status != 2:
        return None, None, None
    values = solver.getSolution().col_value
    days = {site: max(own, key=lambda day, own=own: values[own[day]]) for site, own in column.items()}
    return True, days, info.mip_dual_bound if with_value else None


def _rows(task: Task, clock: Clock) -> tuple[_Rows, dict[str, dict[int, int]]]:
    """The model, and the column of each site's days."""
    rows = _Rows()
    column = {site: {day: rows.column() for day in days} for site, days in task.days.items()}
    for columns in column.values():
        rows.add(1, 1, columns.values())
    for load in task.loads:
        uses: dict[int, list[tuple[int, float]]] = {}
        for site in load.demands:
            clock.check()
            for day, number in column[site].items():
                for bucket, amount in load.taken(site, day).items():
                    uses.setdefault(bucket, []).append((number, amount))
        for bucket, entries in uses.items():
            rows.add(-highspy.kHighsInf, load.left(bucket), *zip(*entries, strict=True))
    first = next(iter(task.wave))  # days counted from the first permitted one: a solver's tolerance is relative
    for before, site, lag in task.after:
        entries = [(n, day - first) for day, n in column[site].items()]
        entries += [(n, first - day) for day, n in column[before].items()]
        rows.add(lag, highspy.kHighsInf, *zip(*entries, strict=True))
    for members in task.same:
        for one, other in pairwise(members):
            for wave in {task.wave[d] for d in (*column[one], *column[other])}:
                entries = [(n, 1) for day, n in column[one].items() if task.wave[day] == wave]
                entries += [(n, -1) for day, n in column[other].items() if task.wave[day] == wave]
                rows.add(0, 0, *zip(*entries, strict=True))
    for members in task.apart:
        for wave in {task.wave[d] for m in members for d in column[m]}:
            rows.add(0, 1, [n for m in members for day, n in column[m].items() if task.wave[day] == wave])
    return rows, column


class _Rows:
    """Rows of a model, gathered in flat lists: a Python call a row into the solver would cost more than solving."""

    def __init__(self) -> None:
        self.columns = 0
        self.low: list[float] = []
        self.high: list[float] = []
        self.begin: list[int] = [0]
        self.index: list[int] = []
        self.value: list[float] = []

    def column(self) -> int:
        """Number of a new binary."""
        self.columns += 1
        return self.columns - 1

    def add(self, low: float, high: float, columns, values=None) -> None:  # noqa: ANN001
        """low <= sum of value times column <= high; values of 1 unless given."""
        columns = list(columns)
        self.low.append(low)
        self.high.append(high)
        self.index += columns
        self.value += values if values is not None else [1] * len(columns)
        self.begin.append(len(self.index))

    def model(self, cost: np.ndarray, workers: int) -> highspy.Highs:
        """The solver, loaded."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, len(self.low)
        lp.col_cost_ = cost
        lp.col_lower_, lp.col_upper_ = np.zeros(self.columns), np.ones(self.columns)
        lp.row_lower_, lp.row_upper_ = np.array(self.low), np.array(self.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.begin)
        lp.a_matrix_.index_ = np.array(self.index)
        lp.a_matrix_.value_ = np.array(self.value, dtype=float)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * self.columns
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", workers)
        solver.passModel(lp)
        return solver
