"""What no plan can be better than: earliest days propagated through precedence, then counting against capacity.

A plan that ends in the wave of the bound is proved to end as early as any can, without a solver.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from graphlib import TopologicalSorter

from rollout.model.instance import Apart, Resource
from rollout.sequence.board import Board


def earliest_days(board: Board) -> Mapping[str, int]:
    """The earliest day of each open site by its windows and what comes before it; capacity left out.

    Sites for which no day is left are missing.
    """
    earliest: dict[str, int] = {}
    order = TopologicalSorter({job: [b for b, _ in board.before.get(job, ())] for job in board.open}).static_order()
    blocked: set[str] = set()
    for job in order:
        mask = board.window[job]
        for before, lag in board.before.get(job, ()):
            if before in blocked:
                mask = 0
            elif before in earliest:
                mask &= ~board.between(0, earliest[before] + lag - 1)
        if mask:
            earliest[job] = board.first_day(mask)
        else:
            blocked.add(job)
    for job in list(earliest):
        # Together means the same wave: nobody can be in it before the last of them can.
        waves = [board.table.wave(earliest[other]) for other in board.group.get(job, ()) if other in earliest]
        if waves and max(waves) > board.table.wave(earliest[job]):
            mask = board.window[job] & board.wave_days[max(waves)]
            if mask:
                earliest[job] = max(earliest[job], board.first_day(mask))
    return earliest


def waves_needed(board: Board) -> int:
    """A number of waves that no plan can do with fewer of."""
    earliest = earliest_days(board)
    wave_of = {job: board.table.wave(day) for job, day in earliest.items()}
    needed = max(wave_of.values(), default=0)
    last_wave = max(board.wave_days, default=0)
    for primitive in board.instance.primitives:
        if isinstance(primitive, Apart):
            jobs = [job for job in primitive.jobs if job in wave_of]
            needed = max(needed, _count(jobs, wave_of, dict.fromkeys(board.wave_days, 1), last_wave))
        if not isinstance(primitive, Resource):
            continue
        jobs = [job for job in primitive.demands if job in wave_of]
        if primitive.unit == "wave":
            room = {wave: primitive.cap(wave) for wave in board.wave_days}
            needed = max(needed, _count(jobs, wave_of, room, last_wave))
        elif primitive.unit == "day" and jobs:
            length = min(d.last - d.first + 1 for job in jobs for d in primitive.demands[job])
            needed = max(needed, _count(jobs, wave_of, _room_by_day(board, primitive.cap(0), length), last_wave))
    return needed


def _count(jobs: list[str], wave_of: Mapping[str, int], room: Mapping[int, int], last_wave: int) -> int:
    """Waves needed so that, from every wave on, the sites that cannot be earlier find room."""
    starting: dict[int, int] = {}
    for job in jobs:
        starting[wave_of[job]] = starting.get(wave_of[job], 0) + 1
    needed = waiting = 0
    # Going forward, what does not fit waits: the last wave that is used is a lower bound for all.
    for wave in range(1, last_wave + 1):
        waiting += starting.get(wave, 0)
        if waiting:
            needed = wave
        waiting = max(0, waiting - room.get(wave, 0))
    return needed + (1 if waiting else 0)


def _room_by_day(board: Board, cap: int, length: int) -> dict[int, int]:
    """At most how many can begin in each wave when `cap` run at once for `length` days each.

    In any `length` days in a row at most `cap` begin: count such stretches over the wave's permitted days.
    """
    room: dict[int, int] = {}
    for wave, mask in board.wave_days.items():
        days = [day for number, day in enumerate(board.days) if mask >> number & 1]
        stretches, position = 0, 0
        while position < len(days):
            stretches += 1
            position = bisect_left(days, days[position] + length)
        room[wave] = stretches * cap
    return room
