"""Trying everything: for few sites a proof that there is no plan, or the plan."""

from __future__ import annotations

from collections.abc import Set

from rollout.sequence.board import Board

FEW = 80
"""Sites up to which everything is tried."""


def exhaust(board: Board, hopeless: Set[str], budget: int) -> bool | None:
    """Depth first over all days of the site with the fewest left, on a board without open sites placed.

    True with all placed; False when there is no way; None when the budget (in placements) ran out first.
    """
    until = board.steps + budget
    left = set(board.open) - hopeless

    def go() -> bool:
        if not left:
            return True
        job, mask = min(((j, board.allowed(j)) for j in sorted(left)), key=lambda row: row[1].bit_count())
        left.discard(job)
        while mask and board.steps < until:
            low = mask & -mask
            mask ^= low
            board.place(job, board.first_day(low))
            if go():
                return True
            board.remove(job)
        left.add(job)
        return False

    return True if go() else False if board.steps < until else None
