"""More value at the same last wave: sites moved and swapped until no such step is left."""

from __future__ import annotations

from collections.abc import Mapping

from rollout.model.instance import Resource
from rollout.sequence.board import Board


def improve(board: Board, budget: int) -> None:
    """Moves and swaps that leave fewer waves under their minimum or more value earlier, until none is left."""
    until = board.steps + budget
    weight = {job: board.instance.jobs[job].weight for job in board.open}
    by_worth = sorted((job for job in board.open if job in board.day_of), key=lambda job: (-weight[job], job))
    changed = True
    while changed and board.steps < until:
        changed = False
        for job in by_worth:
            if board.steps >= until:
                return
            changed |= _move(board, job, weight[job])
        if len(by_worth) > 400:
            continue
        for position, job in enumerate(by_worth):
            for other in by_worth[position + 1 :]:
                if board.steps >= until:
                    return
                if board.day_of[job] > board.day_of[other] and weight[job] > weight[other]:
                    changed |= _swap(board, job, other, weight)


def _move(board: Board, job: str, weight: float) -> bool:
    """One site to a better day, if there is one."""
    old = board.remove(job)
    mask = board.allowed(job)
    options = {board.first_day(mask)} if mask else set()
    counts = _counts(board)
    for wave, days in board.wave_days.items():
        if counts is not None and mask & days and counts.get(wave, 0) < _wish(board, wave):
            options.add(board.first_day(mask & days))

    def cost(day: int) -> tuple[float, float]:
        return (_under_with(board, counts, board.table.wave(day)), weight * day)

    best = min((*sorted(options), old), key=cost)
    board.place(job, best if cost(best) < cost(old) else old)
    return cost(best) < cost(old)


def _swap(board: Board, job: str, other: str, weight: Mapping[str, float]) -> bool:
    """Two sites on each other's days, if that is worth something and allowed."""
    late, early = board.remove(job), board.remove(other)
    if board.allowed(job) & board.between(early, early):
        board.place(job, early)
        mask = board.allowed(other) & board.wave_days[board.table.wave(late)]
        if mask:
            day = board.first_day(mask)
            gain = weight[job] * (late - early) - weight[other] * (day - early)
            if gain > 1e-9:
                board.place(other, day)
                return True
        board.remove(job)
    board.place(job, late)
    board.place(other, early)
    return False


def value(board: Board, days: Mapping[str, int]) -> float:
    """Worth-weighted days from the day the plan is made for; less is better."""
    jobs = board.instance.jobs
    return round(sum(jobs[job].weight * (day - board.instance.as_of) for job, day in days.items()), 6)


def _sized(board: Board) -> Resource | None:
    return next((p for p in board.instance.primitives if isinstance(p, Resource) and p.wished), None)


def _wish(board: Board, wave: int) -> int:
    sized = _sized(board)
    return sized.wish(wave) if sized else 0


def _counts(board: Board) -> dict[int, int] | None:
    """Sites in each wave, or None where no minimum above one is wished for."""
    sized = _sized(board)
    if sized is None or max(sized.wished) <= 1:
        return None
    counts: dict[int, int] = {}
    for job in board.day_of:
        if job in sized.demands:
            wave = board.wave_of(job)
            counts[wave] = counts.get(wave, 0) + 1
    return counts


def under_minimum(board: Board, days: Mapping[str, int]) -> int:
    """Waves up to the last one with fewer sites than wished."""
    sized = _sized(board)
    if sized is None or max(sized.wished) <= 1 or not days:
        return 0
    counts: dict[int, int] = {}
    for job, day in {**board.day_of, **days}.items():
        if job in sized.demands:
            wave = board.table.wave(day)
            counts[wave] = counts.get(wave, 0) + 1
    return sum(counts.get(wave, 0) < sized.wish(wave) for wave in range(1, max(counts) + 1))


def _under_with(board: Board, counts: Mapping[int, int] | None, wave: int) -> int:
    """Change of the waves under their minimum when one more site is put into `wave`."""
    if counts is None:
        return 0
    have, wish = counts.get(wave, 0), _wish(board, wave)
    return -1 if have == wish - 1 else 0
