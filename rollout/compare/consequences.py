"""Two sides → what is otherwise: one question a function, in the order in which a reviewer asks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

from rollout.compare.voided import voided
from rollout.model.agenda import Reopened, activities_at, reopened
from rollout.model.caused import Cause
from rollout.model.consequences import Clash, Consequences, CostChange, Moved, Peak, Repeated, Waited
from rollout.model.instance import PREREQUISITE
from rollout.model.schedule import Placement
from rollout.model.side import Side
from rollout.model.site import Site

TRAINING = "training"
"""The activity whose repeat is counted in people."""


def moves(before: Side, after: Side) -> tuple[Moved, ...]:
    """Sites whose day or wave is another one, or that have a day on one side only; without their causes.

    A renamed site is one site. In the order of the days before, then after.
    """
    renamed = after.programme.renamed
    was = before.schedule.under(renamed).sites
    had_none = {renamed.get(site, site) for site in _without_day(before)}
    now = after.schedule.sites
    found = []
    for site in sorted({*was, *now, *_without_day(after)}):
        a, b = was.get(site), now.get(site)
        if a == b and (a is not None or site in had_none):
            continue
        known = after.programme.sites.get(site) or before.programme.sites.get(site)
        says = _why_without(after, site) if b is None else ""
        found.append(Moved(site=site, name=known.name if known else site, before=a, after=b, says=says))
    return tuple(sorted(found, key=_by_day))


def _without_day(side: Side) -> set[str]:
    return {*side.schedule.unplaced, *side.instance.set_aside}


def _why_without(side: Side, site: str) -> str:
    why = side.instance.set_aside.get(site) or side.schedule.unplaced.get(site)
    if why is None:
        return "no longer a site of the programme" if site not in side.programme.sites else "no longer in the plan"
    return why


def _by_day(move: Moved) -> tuple[object, ...]:
    place: Placement | None = move.before or move.after
    return (place is None, place and place.go_live, move.site)


def waits(before: Side, after: Side) -> tuple[Waited, ...]:
    """Prerequisites with other dates, by name."""
    was, now = before.schedule.prerequisites, after.schedule.prerequisites
    return tuple(
        Waited(prerequisite=name, before=was.get(name), after=now.get(name))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    )


def repeats(before: Side, after: Side, moved: Sequence[Moved]) -> tuple[Repeated, ...]:
    """Work at sites that moved which is done, was young enough for the day before, and is too old for the day after."""
    found = []
    for move in moved:
        site = after.programme.sites.get(move.site)
        if move.before is None or move.after is None or site is None or site.id not in after.folder.facts:
            continue
        earlier = before.programme.counterpart(site)
        old = {again.key for again in _reopened(before, earlier, move.before)} if earlier is not None else set()
        for again in _reopened(after, site, move.after):
            if again.key not in old:
                people = site.people if again.activity.id == TRAINING else 0
                named = Repeated(site=move.site, activity=again.activity.id, title=again.activity.title, people=people)
                found.append(named)
    return tuple(found)


def _reopened(side: Side, site: Site, place: Placement) -> tuple[Reopened, ...]:
    calendar = side.programme.calendar_of(site)
    facts = side.folder.facts_of(site.id)
    return reopened(activities_at(side.folder.plan, site), facts, calendar, place.go_live)


def peaks(before: Side, after: Side) -> tuple[Peak, ...]:
    """Teams whose fullest week is another one, by name."""
    was = {load.team: load for load in before.loads}
    now = {load.team: load for load in after.loads}
    found = []
    for team in sorted({*was, *now}):
        old, new = was.get(team), now.get(team)
        fullest = max(new.weeks, key=lambda week: week.load, default=None) if new else None
        peak = Peak(
            team=team,
            unit=(new or was[team]).unit,
            before=max((week.load for week in old.weeks), default=0) if old else 0,
            after=fullest.load if fullest else 0,
            capacity=(old.capacity if old else 0, new.capacity if new else 0),
            week=fullest.starts if fullest and fullest.load else None,
        )
        if peak.before != peak.after:
            found.append(peak)
    return tuple(found)


def costs(before: Side, after: Side) -> tuple[CostChange, ...]:
    """Lines of the budget with another forecast at completion, then their sum under no name; nothing without any."""
    was = {line.id: line.total.forecast for line in before.money}
    now = {line.id: line.total.forecast for line in after.money}
    lines = [CostChange(line=line, before=was.get(line, 0), after=now.get(line, 0)) for line in sorted({*was, *now})]
    found = [cost for cost in lines if cost.change]
    return (*found, CostChange(line="", before=fsum(was.values()), after=fsum(now.values()))) if found else ()


def consequences(
    before: Side,
    after: Side,
    moved: Sequence[Moved],
    waited: Sequence[Waited],
    causes: Mapping[str, tuple[Cause, ...]],
    documents: Sequence[str],
    clashes: tuple[tuple[Clash, ...], ...] = (),
) -> Consequences:
    """All of it. `moved` and `waited` are as `moves` and `waits` tell them, `causes` what is behind them, by job."""
    return Consequences(
        plan=after.folder.id,
        name=after.folder.plan.name,
        how=(before.how, after.how),
        moved=tuple(replace(move, because=causes.get(move.site, ())) for move in moved),
        waited=tuple(replace(one, because=causes.get(PREREQUISITE + one.prerequisite, ())) for one in waited),
        stale=voided(before, after),
        repeated=repeats(before, after, moved),
        ends=(before.schedule.last_go_live, after.schedule.last_go_live),
        waves=(before.schedule.last_wave, after.schedule.last_wave),
        peaks=peaks(before, after),
        costs=costs(before, after),
        currency=after.folder.plan.currency,
        documents=tuple(documents),
        clashes=clashes,
        halted=after.halted,
        was_halted=bool(before.halted),
    )
