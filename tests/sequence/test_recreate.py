"""Sites leave and come back: never to a plan that is worse, the same on every run, and lawful."""

from __future__ import annotations

from benchmarks.sequence.generate import instance
from rollout.model.instance import Instance
from rollout.sequence.board import Board
from rollout.sequence.construct import construct, rules
from rollout.sequence.improve import cost
from rollout.sequence.recreate import recreate


def test_the_best_plan_seen_is_left() -> None:
    _, _, problem = instance(30, 3)
    assert end(problem) == end(problem)


def end(problem: Instance) -> dict[str, int]:
    board = Board(problem, problem.wave_table(None), {})
    last = {job: board.last_day(mask) for job, mask in board.window.items()}
    construct(board, next(iter(rules(board, last))))
    jobs, before = sorted(board.placed()), cost(board)
    recreate(board, jobs, board.steps + 4_000, lambda: cost(board)[:2])
    after = cost(board)
    assert sorted(board.placed()) == jobs
    assert after[:2] <= before[:2]
    assert after[2] < before[2]
    days = board.snapshot()
    for job, day in days.items():  # where each stands is still open to it
        board.remove(job)
        assert board.allowed(job) & board.bit(day), job
        board.place(job, day)
    return days
