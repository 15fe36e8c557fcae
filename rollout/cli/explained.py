"""An explanation as a person reads it: what the site waits for, then wave by wave what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rollout.cli.fitted import folded
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.explained import Cost, Earlier, Explained, Link, Move, Named
from rollout.model.few import so_many
from rollout.model.schedule import Placement, wave_name
from rollout.model.times import later

_RUN = 3
"""So many waves in a row with the same constraints in the way are told together."""
_LONG = 100
"""Characters from which a sentence is not repeated."""
_MANY = 12
"""Moves, or steps of a chain, up to which each is shown."""


def text(explained: Explained, width: int) -> Iterator[str]:
    """Lines that fit `width` columns."""
    yield from folded(explained.headline() + ".", width)
    if explained.cost is not None:
        yield ""
        yield from _cost(explained, explained.cost, width)
    if explained.chain:
        yield ""
        yield from _chain(explained, width)
    if explained.earlier or explained.within:
        yield ""
        yield from _waves(explained, width)


def _chain(explained: Explained, width: int) -> Iterator[str]:
    yield "What it waits for"
    for link in explained.chain[:_MANY]:
        yield from folded(_step(link), width, 2, 2)
    if len(explained.chain) > _MANY:
        yield f"  and {so_many(len(explained.chain) - _MANY, 'step')} more; --format json has all"


def _step(link: Link) -> str:
    verb = "not before" if link.is_site else "begins on"
    when = spoken(link.not_before)
    said = f"{link.job} {verb} {when}" if link.is_site or link.decides else f"{link.job} begins not before {when}"
    said += f": {link.because.said} [{link.because.place}]"
    if link.decides:
        return f"{said}. That decides its day."
    if link.then and link.first:
        verb = "is" if len(link.then) == 1 else "are"
        names = ", ".join(link.then[:-1]) + " and " + link.then[-1] if len(link.then) > 1 else link.then[0]
        return f"{said}. On {spoken_with_weekday(link.first)}, the next day there is, {names} {verb} in the way."
    return f"{said}."


def _waves(explained: Explained, width: int) -> Iterator[str]:
    if explained.is_lighthouse:
        yield "Why not earlier"
    elif explained.go_live is None:
        yield "What keeps it out of each wave"
    else:
        yield "Why in no earlier wave" if explained.earlier else "Why not earlier"
    said: set[str] = set()
    for _, group in groupby(explained.earlier, key=_signature):
        rows = list(group)
        if len(rows) >= _RUN:
            yield from _run(rows, explained, width, said)
        else:
            for row in rows:
                yield from _row(row, _heading(row, explained), width, said)
    if explained.within is not None:
        row = explained.within
        where = row.period if explained.is_lighthouse else f"wave {row.wave}"
        yield from _row(row, f"earlier in {where}: {spoken_with_weekday(row.day)}", width, said)


def _heading(row: Earlier, explained: Explained) -> str:
    if explained.is_lighthouse:
        return f"{row.period}: best day {spoken_with_weekday(row.day)}"
    if row.wave == 0:
        return f"lighthouse, {row.period}"
    return f"wave {row.wave}, {row.period}: best day {spoken_with_weekday(row.day)}"


def _signature(row: Earlier) -> tuple[object, ...]:
    """What makes two waves the same to a reader: the constraints, not who uses them up."""
    if _is_the_lighthouse(row):
        return ("lighthouse",)
    return (row.verdict, *((named.name, named.message, named.place) for named in row.blocked_by))


def _is_the_lighthouse(row: Earlier) -> bool:
    return row.wave == 0 and len(row.blocked_by) == 1 and row.blocked_by[0].name == "lighthouse"


def _row(row: Earlier, heading: str, width: int, said: set[str]) -> Iterator[str]:
    yield from folded(heading, width, 2, 2)
    if row.says:
        yield from folded(row.says, width, 4, 2)
    for named in row.blocked_by:
        yield from _constraint(named, named.detail, width, said, has_end=not _is_the_lighthouse(row))


def _run(rows: list[Earlier], explained: Explained, width: int, said: set[str]) -> Iterator[str]:
    """Waves that the same constraints keep the site out of, told once."""
    first, last = rows[0], rows[-1]
    if explained.is_lighthouse:
        heading = f"{first.period} to {last.period}, each of {len(rows)}"
    else:
        heading = f"waves {first.wave} to {last.wave}, {first.period} to {last.period}, each of them"
    yield from folded(heading, width, 2, 2)
    if last.says:
        yield from folded(f"the last: {last.says}", width, 4, 2)
    for named in last.blocked_by:
        detail = f"in the last {named.detail}" if named.detail else ""
        yield from _constraint(named, detail, width, said)


def _constraint(named: Named, detail: str, width: int, said: set[str], has_end: bool = True) -> list[str]:
    """One line; a sentence longer than most is told once."""
    message = "as above" if len(named.message) > _LONG and named.message in said else named.message
    said.add(named.message)
    told = f"{named.name}: {message}"
    if detail:
        told += f"; {detail}"
    if has_end:
        told += f"; frees on {spoken(named.free_on)}" if named.free_on else "; no day frees it"
    return folded(f"{told} [{named.place}]", width, 4, 2)


def _cost(explained: Explained, cost: Cost, width: int) -> Iterator[str]:
    where = "the lighthouse's wave" if cost.wave == 0 else f"wave {cost.wave}"
    if cost.refused:
        none = "There is no plan" if cost.is_impossible else "No plan was found"
        yield f"{none} with {explained.site} in {where}"
        for site, why in cost.refused[:_MANY]:
            yield from folded(f"{site}: {why}", width, 2, 2)
        if len(cost.refused) > _MANY:
            yield f"  and {len(cost.refused) - _MANY} more would have no day; --format json has all"
        return
    if not cost.moves:
        yield f"In {where} it is already: nothing moves."
        return
    most = "" if cost.is_exact else "at most "
    count = len(cost.moves)
    yield f"With {explained.site} in {where}, {most}{so_many(count, 'site')} move{'s' * (count == 1)}"
    for move in cost.moves[:_MANY]:
        yield from folded(_move(move), width, 2, 2)
    if count > _MANY:
        yield f"  and {count - _MANY} more; --format json has all"
    for line in _changes(cost, most):
        yield from folded(line, width, 2, 2)
    yield from folded("Nothing was written; a `wave` for it under `constraints` in plan.yaml does it.", width, 2, 2)


def _move(move: Move) -> str:
    return f"{move.site}: {_place(move.before)} → {_place(move.after)}"


def _place(place: Placement | None) -> str:
    return f"{spoken_with_weekday(place.go_live)} ({wave_name(place.wave)})" if place else "no day"


def _changes(cost: Cost, most: str) -> Iterator[str]:
    before, after = cost.last_go_live
    if before is None or after is None or before == after:
        yield "last go-live: unchanged"
    else:
        moved = (after - before).days
        yield f"last go-live: {spoken(before)} → {spoken(after)}, {most if moved > 0 else ''}{later(moved)}"
    yield _counted("waves", cost.last_wave)
    if cost.under_minimum != (0, 0):
        yield _counted("waves under the size wished for", cost.under_minimum)
    if cost.weighted_days:
        gone = "lost" if cost.weighted_days > 0 else "gained"
        amount = f"{abs(cost.weighted_days):,.1f} weighted days {gone}"
        yield f"value: {most if cost.weighted_days > 0 else ''}{amount} (1 is a site of average worth, one day)"
    else:
        yield "value: unchanged"


def _counted(what: str, change: tuple[int, int]) -> str:
    return f"{what}: {change[0]}, unchanged" if change[0] == change[1] else f"{what}: {change[0]} → {change[1]}"
