"""The exact engine: OR-tools CP-SAT on what the search left open, for proofs and for the last per cent of value.

One literal for each site and day, one linear row for each bucket of each resource, whole days for orders. Only with
`rollout[exact]`, imported when asked for. One worker and deterministic time: the same input gives the same plan on any
machine, which several racing workers do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rollout.problem import Problem, RolloutError
from rollout.sequence.board import Board
from rollout.sequence.bound import reach
from rollout.sequence.improve import cost
from rollout.sequence.search import Effort

EXTRA = "exact"
SCALE = 1_000
"""Weights as whole numbers: thousandths of the mean site's worth."""


def solver() -> Any:
    """The solver's module. Raises RolloutError naming the extra where it is not installed (exit code 3)."""
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - a third of a second, only when asked for
    except ImportError:
        said = "the exact engine needs OR-tools, which is not installed"
        hint = f"pip install 'rollout[{EXTRA}]', or leave out --engine"
        problem = Problem(path="--engine", code="missing-extra", message=said, hint=hint)
        raise RolloutError(problem, exit_code=3) from None
    return cp_model


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver says of one question."""

    days: Mapping[str, int] | None
    """A plan, where one was found."""
    closed: bool
    """Whether the answer is final: no plan at all, or none that costs less."""


def sharpen(board: Board, waves: int, needed: int, effort: Effort) -> tuple[int, int, bool]:
    """Fewer waves, then more value, by the solver, on the board; (last wave, bound, whether the value is proved).

    Given the days of lighthouse and prerequisites as they are.
    """
    solver()
    while waves > needed:
        answer = Model(board, board.up_to_wave(waves - 1)).solve(effort.solver)
        if answer.days is None:
            needed = waves if answer.closed else needed
            break
        board.restore({})
        board.restore(answer.days)
        waves = board.last_wave()
    model = Model(board, board.up_to_wave(waves))
    model.minimise()
    answer = model.solve(effort.solver, hint=board.snapshot())
    if answer.days is not None:
        before, old = cost(board), board.snapshot()
        board.restore({})
        board.restore(answer.days)
        if cost(board) > before:
            board.restore({})
            board.restore(old)
    return waves, needed, answer.closed and answer.days is not None


class Model:
    """A board as a CP-SAT model within a limit of days."""

    def __init__(self, board: Board, limit: int) -> None:
        self.cp = solver()
        self.board = board
        self.model = self.cp.CpModel()
        self.blocked = False
        masks = reach(board, limit).masks
        self.at: dict[str, dict[int, Any]] = {}
        self.day: dict[str, Any] = {}
        for job in board.open:
            days = _days(board, masks[job])
            if not days:
                self.blocked = True
                return
            self.at[job] = {day: self.model.new_bool_var("") for day in days}
            self.model.add_exactly_one(self.at[job].values())
            self.day[job] = sum(day * at for day, at in self.at[job].items())
        self._relations()
        self._capacities()

    def _relations(self) -> None:
        board = self.board
        related = [job for job in board.open if job in board.before or job in board.later]
        for job in related:
            domain = self.cp.Domain.from_values(list(self.at[job]))
            day = self.model.new_int_var_from_domain(domain, "")
            self.model.add(day == self.day[job])
            self.day[job] = day
        for job in board.open:
            for before, lag in board.before.get(job, ()):
                self.model.add(self.day[job] >= self.day[before] + lag)
            for other in board.apart.get(job, ()):
                if other in self.at and job < other:
                    for wave, days in board.wave_days.items():
                        both = [at for j in (job, other) for day, at in self.at[j].items() if board.bit(day) & days]
                        if wave and both:
                            self.model.add_at_most_one(both)
            group = board.group.get(job, ())
            if group and job == min(m for m in group if m in self.at):
                for days in board.wave_days.values():
                    inside = [
                        sum(at for day, at in self.at[m].items() if board.bit(day) & days)
                        for m in group
                        if m in self.at
                    ]
                    for other in inside[1:]:
                        self.model.add(inside[0] == other)

    def _capacities(self) -> None:
        board = self.board
        for pool in board.pools:
            rows: dict[int, list[tuple[Any, int]]] = {}
            for job, demands in pool.resource.demands.items():
                for day, at in self.at.get(job, {}).items():
                    for bucket, amount in pool.buckets(day, demands).items():
                        rows.setdefault(bucket, []).append((at, amount))
            for bucket, terms in rows.items():
                left = pool.cap(bucket) - pool.given.get(bucket, 0)
                if sum(amount for _, amount in terms) > left:
                    self.model.add(sum(at * amount for at, amount in terms) <= left)

    def minimise(self) -> None:
        """Asks for the most value at no more waves under their minimum and no more broken wishes than on the board."""
        board, start = self.board, self.board.instance.as_of
        if self.blocked:
            return
        under, broken, _ = cost(board)
        pool = board.sized
        if pool is not None:
            short = []
            for wave in range(1, board.last_wave() + 1):
                inside = [
                    at
                    for job, days in self.at.items()
                    if job in pool.resource.demands
                    for day, at in days.items()
                    if board.bit(day) & board.wave_days.get(wave, 0)
                ]
                is_short = self.model.new_bool_var("")
                here = sum(inside) + pool.given.get(wave, 0)
                self.model.add(here >= pool.resource.wish(wave)).only_enforce_if(~is_short)
                short.append(is_short)
            self.model.add(sum(short) <= under)
        missed = []
        for job, before in sorted({pair for pairs in board.wishes.values() for pair in pairs}):
            if job in self.day and before in self.day:
                is_missed = self.model.new_bool_var("")
                self.model.add(self.day[job] >= self.day[before] + 1).only_enforce_if(~is_missed)
                missed.append(is_missed)
        self.model.add(sum(missed) <= broken)
        self.model.minimize(
            sum(
                round(board.weight[job] * SCALE) * (day - start) * at
                for job, days in self.at.items()
                for day, at in days.items()
            )
        )

    def solve(self, work: float, hint: Mapping[str, int] | None = None) -> Answer:
        """The best plan found within `work` units of deterministic time (about a second each on a common machine)."""
        if self.blocked:
            return Answer(None, closed=True)
        if hint:
            for job, days in self.at.items():
                for day, at in days.items():
                    self.model.add_hint(at, hint.get(job) == day)
        engine = self.cp.CpSolver()
        engine.parameters.num_workers = 1
        engine.parameters.max_deterministic_time = work
        engine.parameters.random_seed = 1
        status = engine.solve(self.model)
        if status in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            found = {
                job: next(day for day, at in days.items() if engine.boolean_value(at)) for job, days in self.at.items()
            }
            return Answer(found, closed=status == self.cp.OPTIMAL)
        return Answer(None, closed=status == self.cp.INFEASIBLE)


def _days(board: Board, mask: int) -> list[int]:
    days = []
    while mask:
        low = mask & -mask
        mask ^= low
        days.append(board.first_day(low))
    return days
