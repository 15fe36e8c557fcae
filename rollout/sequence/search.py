"""The search: construct by priority, then fewer waves by ejection and by trying everything, then more value.

Why this and not a solver in the core: see `benchmarks/README.md`. Effort is counted in placements, so the same input
gives the same plan on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from rollout.sequence.board import Board
from rollout.sequence.bound import Counting, reach, waves_needed
from rollout.sequence.construct import construct, drop_followers, justify, rules
from rollout.sequence.eject import eject
from rollout.sequence.exhaust import FEW, exhaust
from rollout.sequence.improve import cost, improve


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work may be spent, in placements: so much to begin with, and so much for each site."""

    solver: float = 60.0
    """Deterministic seconds of the exact engine for each question put to it."""

    eject: int = 20_000
    eject_each: int = 40
    exhaust: int = 30_000
    improve: int = 60_000
    improve_most: int = 500
    """For each site: few sites need few."""
    improve_each: int = 20


EFFORT = {
    "quick": Effort(solver=10, eject=4_000, eject_each=10, exhaust=5_000, improve=8_000, improve_each=5),
    "normal": Effort(),
    "thorough": Effort(
        solver=600,
        eject=200_000,
        eject_each=400,
        exhaust=1_000_000,
        improve=600_000,
        improve_most=5_000,
        improve_each=200,
    ),
}
"""By the word that asks for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """How good the plan left on the board is."""

    waves: int
    needed: int
    """No plan can do with fewer waves, given the days of lighthouse and prerequisites."""


def search(board: Board, effort: Effort) -> Found:
    """The best plan found for the open sites, left on the board."""
    counting = Counting(board)
    needed = waves_needed(board, counting)
    latest = {
        job: board.last_day(mask) if mask else 0
        for job, mask in reach(board, board.up_to_wave(needed), counting.order).masks.items()
    }
    best: tuple[tuple[float, ...], dict[str, int]] | None = None
    for key in rules(board, latest):
        construct(board, key)
        now = (len(board.missing()), board.last_wave(), *cost(board))
        if best is None or now < best[0]:
            best = now, board.snapshot()
        board.restore({})
        if now[0] == 0 and now[1] <= needed:
            break
    assert best is not None
    board.restore(best[1])
    hopeless = set(reach(board, board.every_day, counting.order).blocked)
    overfull = best[0][0] > len(hopeless) and counting.refutes(counting.waves)
    if best[0][0] > len(hopeless) and not overfull:
        eject(board, _budget(board, effort.eject, effort.eject_each), hopeless)
    drop_followers(board)
    waves, proved = board.last_wave(), False
    if waves > needed and not set(board.missing()) - hopeless:
        waves, proved = _fewer_waves(board, waves, needed, hopeless, effort)
    board.limit = board.up_to_wave(waves) if waves else board.every_day
    if overfull:
        # Not everybody can have a day: who has one is what matters, and not how early it is.
        board.limit = board.every_day
        return Found(waves, needed)
    improve(
        board,
        min(effort.improve, 3_000 + effort.improve_most * len(board.open)) + effort.improve_each * len(board.open),
    )
    board.limit = board.every_day
    return Found(waves, waves if proved else needed)


def _budget(board: Board, base: int, each: int) -> int:
    """Few sites need few steps: what they do not find soon they never find."""
    return min(base, 500 + 100 * len(board.open)) + each * len(board.open)


def _fewer_waves(board: Board, waves: int, needed: int, hopeless: set[str], effort: Effort) -> tuple[int, bool]:
    """Tries to end in an earlier wave, from the bound upwards: by making room, for few sites by trying everything.

    From below, because the bound is nearly always met or missed by one, and what a wave could not take is placed in
    the next one at once. Returns the last wave, and whether it is proved that there is no earlier one.
    """
    before = board.snapshot()
    proved_below = needed
    for goal in range(needed, waves):
        board.limit = board.up_to_wave(goal)
        for job in board.placed():
            if board.wave_of(job) > goal:
                board.remove(job)
        if _placed_all(board, hopeless, _budget(board, effort.eject, effort.eject_each)):
            board.limit = board.every_day
            return board.last_wave(), proved_below >= goal
        if len(board.open) <= FEW and proved_below == goal:
            kept = board.snapshot()
            board.restore({})
            found = exhaust(board, hopeless, effort.exhaust)
            if found:
                board.limit = board.every_day
                return board.last_wave(), True
            if found is False:
                proved_below = goal + 1
            board.restore(kept)
    board.limit = board.every_day
    board.restore(before)
    return waves, proved_below >= waves


def _placed_all(board: Board, hopeless: set[str], budget: int) -> bool:
    """Whether every site that can have a day got one, after what the last attempt left was closed up."""
    justify(board)
    eject(board, budget, hopeless)
    return not set(board.missing()) - hopeless
