"""What a person does by hand: sites in topological order, each on the first day that fits.

`generations` is the spreadsheet's way: everything without a predecessor first, and nobody of the next generation
before the last of this one is live. `first_fit` looks back into the gaps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

from benchmarks.sequence.reading import Answer, Task, read
from rollout.model.instance import Instance


def generations(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """Topological generations with a barrier: waves filled in order, the next generation begins in a new wave."""
    task = read(instance, given)
    board, barrier = Board(task), 0
    for generation in _generations(task):
        for group in generation:
            board.put(group, barrier + 1)
        barrier = max(barrier, task.waves(board.days))
    return Answer(board.days)


def first_fit(instance: Instance, given: Mapping[str, int], budget: float, workers: int) -> Answer:
    """Topological order, first day that fits."""
    return Answer(earliest(read(instance, given)))


def earliest(task: Task) -> Mapping[str, int]:
    """The plan of `first_fit`; solvers take the horizon from it. Sites that find no day are missing."""
    board = Board(task)
    for generation in _generations(task):
        for group in generation:
            board.put(group, 1)
    return board.days


def _generations(task: Task) -> list[list[tuple[str, ...]]]:
    """Sites (together groups as one) by the longest chain before them; within a generation the worthiest first."""
    group = {site: members for members in task.same for site in members}
    before: dict[tuple[str, ...], set[tuple[str, ...]]] = {group.get(s, (s,)): set() for s in task.days}
    for earlier, site, lag in task.after:
        one, other = group.get(earlier, (earlier,)), group.get(site, (site,))
        # A negative lag says how near, not who is first.
        if lag > 0 and one != other:
            before[other].add(one)
    sorter = TopologicalSorter(before)
    sorter.prepare()
    found = []
    while sorter.is_active():
        ready = sorter.get_ready()
        found.append(sorted(ready, key=lambda members: (-sum(task.weight[m] for m in members), members)))
        sorter.done(*ready)
    return found


class Board:
    """Sites placed so far, and what is used of each bucket."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.days: dict[str, int] = {}
        self.used: list[dict[int, int]] = [{} for _ in task.loads]
        self.place = {id(load): used for load, used in zip(task.loads, self.used, strict=True)}
        self.near: dict[str, list[tuple[str, int, bool]]] = {site: [] for site in task.days}
        for before, site, lag in task.after:
            self.near[site].append((before, lag, True))
            self.near[before].append((site, lag, False))
        self.apart: dict[str, set[str]] = {}
        for members in task.apart:
            for site in members:
                self.apart.setdefault(site, set()).update(other for other in members if other != site)

    def put(self, group: Sequence[str], first_wave: int) -> bool:
        """All of a group in the first wave, from this one on, in which each of them finds a day."""
        waves = sorted({self.task.wave[d] for d in self.task.days[group[0]]})
        for wave in waves:
            if wave < first_wave:
                continue
            for site in group:
                day = next((d for d in self.task.days[site] if self.task.wave[d] == wave and self.fits(site, d)), None)
                if day is None:
                    break
                self._take(site, day, 1)
            else:
                return True
            for site in group:
                if site in self.days:
                    self._take(site, self.days.pop(site), -1)
        return False

    def fits(self, site: str, day: int) -> bool:
        """Whether nothing placed so far is in the way."""
        for other, lag, is_before in self.near[site]:
            if other in self.days and not (
                self.days[other] + lag <= day if is_before else day + lag <= self.days[other]
            ):
                return False
        wave = self.task.wave
        if any(wave[self.days[other]] == wave[day] for other in self.apart.get(site, ()) if other in self.days):
            return False
        return all(
            self.place[id(load)].get(bucket, 0) + amount <= load.left(bucket)
            for load in self.task.loads_of[site]
            for bucket, amount in load.taken(site, day).items()
        )

    def _take(self, site: str, day: int, sign: int) -> None:
        if sign > 0:
            self.days[site] = day
        for load in self.task.loads_of[site]:
            used = self.place[id(load)]
            for bucket, amount in load.taken(site, day).items():
                used[bucket] = used.get(bucket, 0) + sign * amount
