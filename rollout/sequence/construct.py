"""Building a plan one site at a time: by a priority rule, what it must follow first, each on its first open day."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping

from rollout.sequence.board import Board

Key = Callable[[str], tuple[float, ...]]


def construct(board: Board, key: Key) -> None:
    """Places every site that is not yet placed on its first open day, by priority; some may find none."""
    waiting = {
        job: sum(lag >= 0 and before not in board.day_of for before, lag in board.before.get(job, ()))
        for job in board.open
        if job not in board.day_of
    }
    ready = [(*key(job), job) for job in waiting if not waiting[job]]
    heapq.heapify(ready)
    done: set[str] = set()

    def finish(job: str) -> None:
        done.add(job)
        for later, lag in board.later.get(job, ()):
            if lag >= 0 and later in waiting:
                waiting[later] -= 1
                if not waiting[later]:
                    heapq.heappush(ready, (*key(later), later))

    while ready:
        *_, job = heapq.heappop(ready)
        assert isinstance(job, str)
        if job in done:
            continue
        members = [m for m in board.group.get(job, (job,)) if m in waiting and m not in done]
        if len(members) > 1 and all(not waiting[m] for m in members):
            place_group(board, sorted(members, key=lambda m: (key(m), m)))
            for member in members:
                finish(member)
            continue
        mask = board.allowed(job)
        if mask:
            board.place(job, board.first_day(mask))
        finish(job)


def place_group(board: Board, members: list[str]) -> bool:
    """All members in the first wave that takes all of them; False where none does."""
    masks = [board.allowed(member) for member in members]
    for wave in sorted(board.wave_days):
        days = board.wave_days[wave]
        if any(not mask & days for mask in masks):
            continue
        placed: list[str] = []
        for member in members:
            mask = board.allowed(member) & days
            if not mask:
                break
            board.place(member, board.first_day(mask))
            placed.append(member)
        if len(placed) == len(members):
            return True
        for member in placed:
            board.remove(member)
    return False


def rules(board: Board, latest: Mapping[str, int]) -> list[Key]:
    """Priority rules, the likely best first. `latest`: the last day each site can have in a plan of minimal length.

    Least latest start wins in nearly every comparison of priority rules for scheduling under scarce resources
    (Kolisch 1996), worth first leaves less to do for the value afterwards where little binds.
    """
    weight = board.weight
    width = {job: board.window[job].bit_count() for job in board.open}

    def by_latest(job: str) -> tuple[float, ...]:
        return (latest.get(job, 0), -weight[job])

    def by_worth(job: str) -> tuple[float, ...]:
        return (-weight[job],)

    def by_freedom(job: str) -> tuple[float, ...]:
        return (width[job], latest.get(job, 0), -weight[job])

    return [by_worth, by_latest, by_freedom]


def justify(board: Board) -> None:
    """Everything as late as the limit allows, last first, then as early as it goes, first first.

    Forward-backward improvement (Valls, Ballestín and Quintanilla 2005): gaps that no single site fits in close up.
    """
    for job in sorted(board.placed(), key=lambda j: (-board.day_of[j], j)):
        board.remove(job)
        board.place(job, board.last_day(board.allowed(job)))
    for job in sorted(board.placed(), key=lambda j: (board.day_of[j], -board.weight[j], j)):
        board.remove(job)
        board.place(job, board.first_day(board.allowed(job)))


def drop_followers(board: Board) -> None:
    """A site that has to follow one without a day has none either."""
    waiting = board.missing()
    while waiting:
        for later, lag in board.later.get(waiting.pop(), ()):
            if lag >= 0 and later in board.day_of:
                board.remove(later)
                waiting.append(later)
