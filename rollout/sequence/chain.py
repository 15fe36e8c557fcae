"""What a site waits for: the constraint that keeps it from being earlier, then what keeps that from being earlier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rollout.model.calendar import spoken_ordinal
from rollout.model.explained import Link, Named
from rollout.model.instance import PREREQUISITE, After, Because, Same, Window
from rollout.sequence.blocking import Others

_MOST = 40
"""Nobody reads on; orders have no cycle, so this only bounds what is shown."""


@dataclass(frozen=True, slots=True)
class _Floor:
    """A first day that one constraint allows."""

    day: int
    because: Because
    detail: str = ""
    waits_for: str | None = None
    """The job whose day decides it."""


def chain_of(others: Others, site: str, alone: Because) -> tuple[Link, ...]:
    """From the site to the root of what holds it back, nearest first. `alone`: that the lighthouse comes first."""
    links: list[Link] = []
    job: str | None = site
    while job is not None and len(links) < _MOST:
        floor = _highest(others, job, alone)
        if floor is None:
            break
        links.append(_link(others, job, floor))
        following = floor.waits_for
        seen = {link.job for link in links}
        if following is None or not others.is_open(following) or following.removeprefix(PREREQUISITE) in seen:
            break
        job = following
    return tuple(links)


def _link(others: Others, job: str, floor: _Floor) -> Link:
    day = others.days.get(job)
    first = next(_permitted(others, job, floor.day), None)
    then: tuple[str, ...] = ()
    if first is not None and first != day:
        hits = others.hits(job, first)
        then = tuple(dict.fromkeys(primitive.because.name for primitive in hits))
    return Link(
        job=job.removeprefix(PREREQUISITE),
        is_site=others.instance.jobs[job].is_site,
        day=None if day is None else date.fromordinal(day),
        not_before=date.fromordinal(floor.day),
        because=Named(
            name=floor.because.name, message=floor.because.message, source=floor.because.source, detail=floor.detail
        ),
        decides=first is not None and first == day,
        first=None if first is None else date.fromordinal(first),
        then=then,
    )


def _permitted(others: Others, job: str, since: int) -> Iterator[int]:
    """Days the job may be on as far as the whole plan is concerned."""
    instance = others.instance
    found = instance.jobs[job]
    if not found.is_site:
        yield found.calendar.on_or_after(date.fromordinal(since)).toordinal()
        return
    days = instance.candidates if job == instance.lighthouse else others.table.days
    yield from (day for day in days if day >= since)


def _highest(others: Others, job: str, alone: Because) -> _Floor | None:
    """The latest of the first days that constraints allow; among equals one that leads on, then as listed."""
    floors = [*_floors(others, job, alone), *_floors_of_partners(others, job, alone)]
    return max(floors, key=lambda floor: (floor.day, floor.waits_for is not None), default=None)


def _floors(others: Others, job: str, alone: Because) -> Iterator[_Floor]:
    instance = others.instance
    for primitive in others.about(job):
        if isinstance(primitive, After) and primitive.job == job and primitive.before in others.days:
            before = instance.jobs[primitive.before]
            ready = before.usable(others.days[primitive.before])
            yield _Floor(ready + primitive.lag, primitive.because, _said(others, primitive, ready), primitive.before)
        elif isinstance(primitive, Window):
            yield from _first_open(others, job, primitive)
    lighthouse = instance.lighthouse
    if lighthouse in others.days and job != lighthouse and instance.jobs[job].is_site:
        assert lighthouse is not None
        live = others.days[lighthouse]
        verb = "goes live" if others.is_open(lighthouse) else "went live"
        said = f"{lighthouse} {verb} on {spoken_ordinal(live)}"
        yield _Floor(live + instance.soak, instance.soak_because or alone, said, lighthouse)
        first = next((day for day in instance.candidates if day >= live + instance.soak), None)
        if first is not None and others.table.days and instance.period(first) <= instance.period(live):
            yield _Floor(others.table.days[0], alone, f"{said}, and wave 1 is of a later period", lighthouse)


def _said(others: Others, after: After, ready: int) -> str:
    name, when = after.before.removeprefix(PREREQUISITE), spoken_ordinal(ready)
    if not others.instance.jobs[after.before].is_site:
        return f"{name} is ready on {when}"
    verb = "goes live" if others.is_open(after.before) else "went live"
    lag = f"; {after.lag} days later is {spoken_ordinal(ready + after.lag)}" if after.lag > 1 else ""
    return f"{name} {verb} on {when}{lag}"


def _first_open(others: Others, job: str, window: Window) -> Iterator[_Floor]:
    """What a window that is closed from the beginning leaves first."""
    day = others.instance.as_of
    for stretch in window.closed:
        if stretch.first <= day <= stretch.last:
            day = stretch.last + 1
    if day >= date.max.toordinal():
        return
    is_start = any(s.first <= others.instance.as_of - 1 <= s.last for s in window.closed)
    if day > others.instance.as_of or is_start:
        yield _Floor(day, window.because)
    if window.waves is not None and job != others.instance.lighthouse:
        numbers = others.table.numbers
        low = window.waves[0]
        first = next((d for d in others.table.days if numbers[others.instance.period(d)] >= low), None)
        if first is not None:
            yield _Floor(first, window.because)


def _floors_of_partners(others: Others, job: str, alone: Because) -> Iterator[_Floor]:
    """Together means the same wave: nobody is in it before the first wave that the last of them can be in."""
    wave_of = others.table.wave
    for primitive in others.about(job):
        if not isinstance(primitive, Same):
            continue
        for partner in primitive.jobs:
            if partner in (job, others.instance.lighthouse) or partner not in others.days:
                continue
            highest = max((floor.day for floor in _floors(others, partner, alone)), default=0)
            if not others.is_open(partner):
                highest = others.days[partner]
            first = next(_permitted(others, partner, highest), None)
            if first is None:
                continue
            begins = next((day for day in others.table.days if wave_of(day) == wave_of(first)), None)
            if begins is not None:
                said = f"{partner} cannot be in an earlier wave"
                yield _Floor(begins, primitive.because, said, partner)
