"""OR-tools CP-SAT, used directly as somebody who knows it would.

`literals`: one literal for each site and candidate day. What a day takes of each bucket is then a constant, so every
capacity is one linear row and lags are implications to an order encoding ("live by that day").

`intervals`: one integer for each site, intervals and `cumulative`, which is what the manual shows first. It grows with
sites, not with sites times days.

Both fix the horizon from above: ending in wave T is a question of its own for T = best - 1, best - 2, …, so that
literals after T do not exist and precedence shuts most others before the solver begins. Then the last wave is fixed and
the sum of weight times day minimised with what is left of the budget. Probing and symmetry detection are off: at 120
sites they took about half the time and decided nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import pairwise

from ortools.sat.python import cp_model

from benchmarks.sequence.greedy import earliest
from benchmarks.sequence.reading import Answer, Clock, Load, SpentError, Task, layers, read
from rollout.model.instance import Instance

SCALE = 1000
"""Weights become integers: thousandths."""
Build = Callable[[Task, Clock], "Model"]


class Model:
    """A CP-SAT model, with each site's day as an expression (integers only)."""

    def __init__(self, task: Task, clock: Clock) -> None:
        self.clock = clock
        self.cp = cp_model.CpModel()
        self.task = task
        self.day: dict[str, cp_model.LinearExprT] = {}
        self.exact = True
        """Whether it asks exactly what the problem asks, so that what it proves is true."""

    def hint(self, days: Mapping[str, int]) -> None:
        """Where to begin."""
        raise NotImplementedError


def literals(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """One literal for each site and day."""
    return _descend(read(instance, given), Clock(budget), workers, _Literals.build)


def intervals(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """Intervals and cumulative."""
    return _descend(read(instance, given), Clock(budget), workers, _Intervals.build)


def _descend(task: Task, clock: Clock, workers: int, build: Build) -> Answer:
    best: Mapping[str, int] | None = earliest(task)
    own = False
    top = max(task.wave.values(), default=0)
    if len(best) < len(task.days):
        best = None
    bound, note = None, ""
    while clock.left() > 0:
        target = task.waves(best) - 1 if best is not None else top
        within = task.within(target)
        status, days, _ = _solve(within, clock, workers, build, best) if within else (cp_model.INFEASIBLE, None, 0.0)
        if days is not None:
            best, own = days, True
            continue
        if status == cp_model.INFEASIBLE:
            bound = target + 1
        break
    if best is None:
        return Answer(None, bound, note="none found")
    if not own:
        note = "nothing better than first fit" if bound != task.waves(best) else "first fit, proved"
    value_bound = None
    within = task.within(task.waves(best))
    if within and clock.left() > 0:
        _, days, value_bound = _solve(within, clock, workers, build, best, with_value=True)
        best = days or best
    return Answer(best, bound, value_bound, note)


def _solve(
    task: Task, clock: Clock, workers: int, build: Build, hint: Mapping[str, int] | None, with_value: bool = False
) -> tuple[int, Mapping[str, int] | None, float | None]:
    """Status, days, and what the value cannot be below."""
    try:
        model = build(task, clock)
    except SpentError:
        return cp_model.UNKNOWN, None, None
    if hint is not None:
        model.hint(hint)
    first = next(iter(task.wave))
    if with_value:
        model.cp.minimize(sum(round(task.weight[s] * SCALE) * (day - first) for s, day in model.day.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    with clock.watch(solver.stop_search):
        status = solver.solve(model.cp)
    if status == cp_model.INFEASIBLE and not model.exact:
        return cp_model.UNKNOWN, None, None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return status, None, None
    days = {site: int(solver.value(day)) for site, day in model.day.items()}
    if not with_value or not model.exact:
        return status, days, None
    # What rounding may have added to a weight is taken off the bound.
    slip = sum(
        max(0.0, round(task.weight[s] * SCALE) / SCALE - task.weight[s]) * (task.days[s][-1] - first) for s in days
    )
    return status, days, solver.best_objective_bound / SCALE - slip


class _Literals(Model):
    def __init__(self, task: Task, clock: Clock) -> None:
        super().__init__(task, clock)
        self.on = {site: {day: self.cp.new_bool_var("") for day in days} for site, days in task.days.items()}
        self.by: dict[str, list[cp_model.IntVar]] = {}
        for site, lits in self.on.items():
            clock.check()
            self.cp.add_exactly_one(lits.values())
            self.day[site] = cp_model.LinearExpr.weighted_sum(list(lits.values()), list(lits))

    @classmethod
    def build(cls, task: Task, clock: Clock) -> Model:
        """The model."""
        task = task.essential()
        model = cls(task, clock)
        for load in task.loads:
            model._load(load)
        for before, site, lag in task.after:
            clock.check()
            model._after(before, site, lag)
        for members in task.same:
            for one, other in pairwise(members):
                for wave in {task.wave[d] for d in (*task.days[one], *task.days[other])}:
                    model.cp.add(sum(model._in(one, wave)) == sum(model._in(other, wave)))
        for members in task.apart:
            for wave in {task.wave[d] for m in members for d in task.days[m]}:
                model.cp.add_at_most_one(lit for m in members for lit in model._in(m, wave))
        return model

    def hint(self, days: Mapping[str, int]) -> None:
        for site, lits in self.on.items():
            for day, lit in lits.items():
                self.cp.add_hint(lit, days[site] == day)

    def _in(self, site: str, wave: int) -> list[cp_model.IntVar]:
        return [lit for day, lit in self.on[site].items() if self.task.wave[day] == wave]

    def _load(self, load: Load) -> None:
        rows: dict[int, tuple[list[cp_model.IntVar], list[int]]] = {}
        for site in load.demands:
            self.clock.check()
            for day, lit in self.on[site].items():
                for bucket, amount in load.taken(site, day).items():
                    lits, amounts = rows.setdefault(bucket, ([], []))
                    lits.append(lit)
                    amounts.append(amount)
        for bucket, (lits, amounts) in rows.items():
            self.cp.add(cp_model.LinearExpr.weighted_sum(lits, amounts) <= load.left(bucket))

    def _after(self, before: str, site: str, lag: int) -> None:
        days = list(self.on[before])
        for day, lit in self.on[site].items():
            earlier = bisect_right(days, day - lag)
            if earlier == 0:
                self.cp.add(lit == 0)
            elif earlier < len(days):
                self.cp.add_implication(lit, self._live_by(before)[earlier - 1])

    def _live_by(self, site: str) -> list[cp_model.IntVar]:
        if site not in self.by:
            chain: list[cp_model.IntVar] = []
            for lit in self.on[site].values():
                link = self.cp.new_bool_var("") if chain else lit
                if chain:
                    self.cp.add(link == chain[-1] + lit)
                chain.append(link)
            self.by[site] = chain
        return self.by[site]


class _Intervals(Model):
    """Demands of several sizes are laid in layers, so that pieces of one site that meet in a week do not add up there.

    Pieces with a gap of less than a week between them still may: then the model is stricter than the problem, and what
    it proves is not counted.
    """

    def __init__(self, task: Task, clock: Clock) -> None:
        super().__init__(task, clock)
        self.wave: dict[str, cp_model.IntVar] = {}
        for site, days in task.days.items():
            self.day[site] = self.cp.new_int_var_from_domain(cp_model.Domain.from_values(days), site)

    @classmethod
    def build(cls, task: Task, clock: Clock) -> Model:
        """The model."""
        model = cls(task, clock)
        for load in task.loads:
            model._load(load)
        for before, site, lag in task.after:
            model.cp.add(model.day[before] + lag <= model.day[site])
        for members in task.same:
            for one, other in pairwise(members):
                model.cp.add(model._wave(one) == model._wave(other))
        for members in task.apart:
            model.cp.add_all_different([model._wave(member) for member in members])
        return model

    def hint(self, days: Mapping[str, int]) -> None:
        for site, day in self.day.items():
            self.cp.add_hint(day, days[site])

    def _wave(self, site: str) -> cp_model.IntVar:
        """The wave as a variable of its own, tied to the day by what is allowed wave by wave."""
        if site not in self.wave:
            task, spans = self.task, {}
            for day in task.days[site]:
                low, _ = spans.get(task.wave[day], (day, day))
                spans[task.wave[day]] = low, day
            wave = self.wave[site] = self.cp.new_int_var_from_domain(cp_model.Domain.from_values(list(spans)), "")
            for number, (low, high) in spans.items():
                inside = self.cp.new_bool_var("")
                self.cp.add(wave == number).only_enforce_if(inside)
                self.cp.add(wave != number).only_enforce_if(~inside)
                self.cp.add_linear_constraint(self.day[site], low, high).only_enforce_if(inside)
        return self.wave[site]

    def _load(self, load: Load) -> None:
        unit, cp, most = load.resource.unit, self.cp, max(load.resource.capacity)
        spans: list[cp_model.IntervalVar] = []
        amounts: list[int] = []
        for site, demands in load.demands.items():
            self.clock.check()
            for amount, first, last in layers(demands) if unit != "wave" else [(max(d.amount for d in demands), 0, 0)]:
                if unit == "wave":
                    span = cp.new_fixed_size_interval_var(self._wave(site), 1, "")
                elif unit == "day":
                    span = cp.new_fixed_size_interval_var(self.day[site] + first, last - first + 1, "")
                else:
                    span = self._weeks(site, first, last)
                spans.append(span)
                amounts.append(amount)
            if unit == "week":
                ends = sorted((first, last) for _, first, last in layers(demands))
                self.exact &= all(a[1] + 7 <= b[0] or b[0] <= a[1] for a, b in pairwise(ends))
        for bucket in sorted({b for s in load.demands for d in self.task.days[s] for b in load.taken(s, d)}):
            if load.left(bucket) < most:  # what is missing of the largest capacity is a block that stands there
                spans.append(cp.new_fixed_size_interval_var(bucket, 1, ""))
                amounts.append(most - load.left(bucket))
        cp.add_cumulative(spans, amounts, most)

    def _weeks(self, site: str, first: int, last: int) -> cp_model.IntervalVar:
        cp, far = self.cp, max(self.task.wave) + 4000
        begin, end = cp.new_int_var(0, far // 7, ""), cp.new_int_var(0, far // 7 + 1, "")
        cp.add_division_equality(begin, self.day[site] + (first - 1), 7)
        cp.add_division_equality(end, self.day[site] + (last - 1 + 7), 7)
        return cp.new_interval_var(begin, cp.new_int_var(1, (last - first) // 7 + 2, ""), end, "")
