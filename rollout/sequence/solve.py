"""From a problem to days: foundations in a few orders, then the search, or the mending of what is published."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from rollout.model.instance import FOREVER, After, Instance
from rollout.sequence.board import Board
from rollout.sequence.bound import reach, waves_needed
from rollout.sequence.foundations import (
    Foundations,
    Order,
    board_on,
    earliest_foundations,
    foundations,
    wherever_laid,
)
from rollout.sequence.improve import cost
from rollout.sequence.repair import Mended, pull, repair
from rollout.sequence.search import EFFORT, Effort, search

MANY = 2_000
"""Sites from which one order of the foundations is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """What is asked of the sequencer."""

    engine: str = "core"
    """`core`, or `exact` with OR-tools."""
    effort: str = "normal"
    """`quick`, `normal` or `thorough`: how much work may be spent, counted in placements and never in seconds."""
    pull: bool = False
    """Whether lawful published days may become earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Solved:
    """The days found, on the board, and how good they are."""

    laid: Foundations
    board: Board
    waves: int
    """The last wave."""
    needed: int
    """No plan can do with fewer waves."""
    proved_value: bool = False
    moved: tuple[str, ...] = ()
    """Sites that left their published day."""
    moved_at_least: int = 0

    @property
    def key(self) -> tuple[float, ...]:
        """What is compared, most important first: sites without a day, the last period, and the soft levels."""
        board = self.board
        last = max((board.instance.period(day) for day in board.snapshot().values()), default=0)
        return (len(board.missing()), last, *cost(board))


def solve(instance: Instance, last: int, keep: Mapping[str, int], how: How) -> Solved:
    """Days for every site. `keep`: published days that stay where they are lawful; empty for a plan from nothing."""
    effort = EFFORT[how.effort]
    orders = _orders(instance)
    alone = earliest_foundations(instance, last)
    if keep:
        return _mended(instance, last, keep, how, alone, orders[0])
    best: Solved | None = None
    tried: set[tuple[tuple[str, int], ...]] = set()
    bound = _needed_period(instance, alone)
    laying: list[Foundations] = []
    if how.engine == "exact":
        laying += _exactly(instance, last, orders[0], alone, effort)
    rules = itertools.chain(orders, _in_time(instance, alone, orders[0]))
    for laid in itertools.chain(laying, (foundations(instance, last, order) for order in rules)):
        if (days := tuple(sorted(laid.day_of.items()))) in tried:
            continue
        tried.add(days)
        now = _searched(instance, laid, alone, bound, effort)
        if best is None or now.key < best.key:
            best = now
        if (not now.board.missing() and now.waves <= now.needed) or len(instance.jobs) > MANY:
            break
    assert best is not None
    return _sharpened(best, alone, effort) if how.engine == "exact" and not best.board.missing() else best


def _exactly(instance: Instance, last: int, order: Order, alone: Foundations, effort: Effort) -> list[Foundations]:
    """Foundations with the lighthouse as early as the exact engine can have it, where a list of rules may not."""
    from rollout.sequence.exact_foundations import earliest_lighthouse  # noqa: PLC0415 - needs an extra

    laid = foundations(instance, last, order)
    lighthouse = instance.lighthouse
    if lighthouse is None or laid.day_of.get(lighthouse) == alone.day_of.get(lighthouse):
        return []
    found = earliest_lighthouse(instance, work=effort.solver, hint=laid.day_of)
    return [] if found is None else [foundations(instance, last, order, found.day_of)]


def _searched(instance: Instance, laid: Foundations, alone: Foundations, bound: int | None, effort: Effort) -> Solved:
    board = board_on(instance, laid)
    found = search(board, effort)
    # What was proved for these foundations holds for all only where no foundation can be earlier.
    needed = found.needed if laid.day_of == alone.day_of else _counted(board, bound)
    return Solved(laid=laid, board=board, waves=found.waves, needed=min(needed, found.waves))


def _sharpened(best: Solved, alone: Foundations, effort: Effort) -> Solved:
    """The plan as the exact engine leaves it."""
    from rollout.sequence.exact import sharpen  # noqa: PLC0415 - needs an extra, and only when asked for

    waves, needed, proved = sharpen(best.board, best.waves, best.needed, effort)
    is_final = best.laid.day_of == alone.day_of
    return replace(
        best, waves=waves, needed=needed if is_final else min(best.needed, waves), proved_value=proved and is_final
    )


def _mended(
    instance: Instance, last: int, keep: Mapping[str, int], how: How, alone: Foundations, order: Order
) -> Solved:
    laid = foundations(instance, last, order, keep)
    board = board_on(instance, laid)
    mended = pull(board, keep) if how.pull else repair(board, keep)
    if how.pull and (found := _from_the_ground(instance, last, keep, order, {**board.snapshot(), **laid.day_of})):
        laid, board, mended = found
    needed = _counted(board, _needed_period(instance, alone))
    return Solved(
        laid=laid,
        board=board,
        waves=mended.waves,
        needed=min(needed, mended.waves),
        moved=mended.moved,
        moved_at_least=mended.at_least,
    )


def _from_the_ground(
    instance: Instance, last: int, keep: Mapping[str, int], order: Order, days: Mapping[str, int]
) -> tuple[Foundations, Board, Mended] | None:
    """Prerequisites and the lighthouse pulled too, and the sites on what that opens; None where it makes anybody later
    than on these `days`, or nothing earlier. What is held or approved stays."""
    held = range(instance.as_of, instance.as_of + instance.hold + 1)
    stays = {job: day for job, day in keep.items() if day in held or job in instance.approved}
    laid = foundations(instance, last, order, stays, held=held)
    moved = [day - days.get(job, day) for job, day in laid.day_of.items()]
    if laid.impossible or max(moved, default=0) > 0 or not any(moved):
        return None
    board = board_on(instance, laid)
    mended = pull(board, keep)
    found = {**board.snapshot(), **laid.day_of}
    is_later = any(found.get(job, FOREVER) > day for job, day in days.items())
    return None if is_later else (laid, board, mended)


def _needed_period(instance: Instance, alone: Foundations) -> int | None:
    """The calendar period that no plan can end before, wherever its foundations are laid."""
    board = board_on(wherever_laid(instance), alone)
    needed = waves_needed(board)
    return next((period for period, wave in board.table.numbers.items() if wave == needed), None)


def _counted(board: Board, bound: int | None) -> int:
    """The bound in waves of this board's numbering."""
    return sum(1 for period in board.table.numbers if bound is not None and period <= bound)


def _orders(instance: Instance) -> list[Order]:
    """In which order prerequisites share a team: what the lighthouse needs first, then a few rules."""
    waiting: dict[str, int] = {}
    urgent: set[str] = set()
    for primitive in instance.primitives:
        if isinstance(primitive, After):
            waiting[primitive.before] = waiting.get(primitive.before, 0) + 1
            if primitive.job == instance.lighthouse:
                urgent.add(primitive.before)

    def length(job: str) -> int:
        return instance.jobs[job].takes.days

    def first(job: str) -> int:
        return 0 if job in urgent else 1

    return [
        lambda job: (first(job), -waiting.get(job, 0), length(job)),
        lambda job: (first(job), length(job), -waiting.get(job, 0)),
        lambda job: (first(job), -waiting.get(job, 0) / (length(job) + 1)),
        lambda job: (first(job), -length(job)),
    ]


def _in_time(instance: Instance, alone: Foundations, order: Order) -> Iterator[Order]:
    """Whatever the site with the earliest last day waits for first; where nobody who waits has one, nothing."""
    board = board_on(instance, alone)
    latest = {job: board.last_day(mask) for job, mask in reach(board, board.every_day).masks.items() if mask}
    ends = {job: day for job, day in latest.items() if day < board.days[-1]}
    afters = [p for p in instance.primitives if isinstance(p, After) and not instance.jobs[p.before].is_site]
    waits: dict[str, list[After]] = {}
    for after in afters:
        waits.setdefault(after.before, []).append(after)
    begins: dict[str, int] = {}
    """The last day of each site that has one, and the last on which work on what it waits for can begin."""
    for job in TopologicalSorter({before: [a.job for a in those] for before, those in waits.items()}).static_order():
        last = [begins[after.job] - after.lag for after in waits.get(job, ()) if after.job in begins]
        if job in ends:
            begins[job] = ends[job]
        elif last:
            begins[job] = min(last) - instance.jobs[job].takes.days
    if begins:
        yield lambda job: (begins.get(job, FOREVER), *order(job))
