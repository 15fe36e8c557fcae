"""How far the work before a go-live spreads: where the plan's dates leave slack, and what past go-lives taught."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rollout.model.agenda import Task, activities_at, in_order, longest_path
from rollout.model.agendas import Agendas, Kind
from rollout.model.forecast import Spread
from rollout.model.instance import PREREQUISITE, Instance
from rollout.model.plan import Prerequisite
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import NOTHING_HAPPENED, Facts, StatusRecord
from rollout.model.schedule import Schedule

ENOUGH = 3
"""Actual go-lives from which their durations replace the norm."""


@dataclass(frozen=True, slots=True)
class Way:
    """A chain of work before a go-live: how long it takes, and how long it may be late without moving the go-live."""

    days: int
    slack: int


@dataclass(frozen=True, slots=True)
class Chance:
    """How far the duration of one site's preparation, or of one prerequisite, spreads."""

    spread: Spread
    ways: tuple[Way, ...] = ()
    """Of a site: the chains that can move its go-live."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """The spread to use, where it comes from in words, and the sites whose actuals it rests on."""

    spread: Spread
    says: str
    sites: tuple[str, ...] = ()


def learnt(programme: Programme, folder: PlanFolder) -> Learnt:
    """The spread of preparation: the plan's norm, or with three actual go-lives what they say.

    A site's preparation is measured from its record `preparing` to `ready` (a site that is ready may wait for its
    wave), or to its go-live where nobody recorded that, against the longest path of its activities from that day. The
    norm is scaled by the median ratio, and widened to the least and the greatest of them.
    """
    norm = folder.plan.forecast.spread
    ratios = dict(_ratios(programme, folder))
    if len(ratios) < ENOUGH:
        known = f"{len(ratios)} of the {ENOUGH} actuals it takes to learn" if ratios else "no actuals yet"
        return Learnt(norm, f"{norm} of what is planned, the norm ({known})")
    ranked = sorted(ratios.values())
    middle = (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) // 2
    low = min(ranked[0], int(norm.low * middle / 100 + 0.5))
    high = max(ranked[-1], int(norm.high * middle / 100 + 0.5))
    span = f"{ranked[0] / 100:.2g} to {ranked[-1] / 100:.2g}"
    said = f"learnt from {len(ratios)} sites, where preparation took {middle / 100:.2g} times as planned ({span})"
    return Learnt(Spread(low, middle, high), said, tuple(sorted(ratios)))


def _ratios(programme: Programme, folder: PlanFolder) -> list[tuple[str, int]]:
    """Actual preparation in percent of the planned one, for sites that went live and recorded when they began."""
    found = []
    for site_id, facts in sorted(folder.facts.items()):
        site = programme.sites.get(site_id)
        if site is None or facts.went_live is None:
            continue
        days: dict[str, date] = {}
        for record in sorted(folder.records[site_id], key=lambda record: record.on):
            if isinstance(record, StatusRecord) and record.on <= facts.went_live:
                days[record.status] = record.on
        begun = days.get("preparing")
        if begun is None:
            continue
        ended = days.get("ready", facts.went_live)
        calendar = programme.calendar_of(site)
        free = longest_path(activities_at(folder.plan, site), NOTHING_HAPPENED, calendar, begun).free
        planned, actual = (free - begun).days, ((ended if ended > begun else facts.went_live) - begun).days
        if planned > 0 and actual > 0:
            found.append((site_id, (200 * actual + planned) // (2 * planned)))
    return found


def chances(
    programme: Programme, folder: PlanFolder, instance: Instance, schedule: Schedule, spread: Spread
) -> Mapping[str, Chance]:
    """The spread of every job that has a day and is not done: `spread` for sites, the plan's for prerequisites."""
    found: dict[str, Chance] = {}
    for prerequisite in programme.prerequisites_of(folder.plan):
        found[PREREQUISITE + prerequisite.id] = Chance(_own(prerequisite, folder.plan.forecast.spread))
    agendas = Agendas(folder.plan, date.fromordinal(instance.as_of))
    known: dict[Kind, tuple[Way, ...]] = {}
    for job in instance.sites:
        placement = schedule.sites.get(job.id)
        if job.fixed is not None or placement is None:
            continue
        site, facts = programme.sites[job.id], folder.facts_of(job.id)
        calendar = programme.calendar_of(site)
        kind = agendas.kind(site, facts, calendar, placement.go_live) or (job.id,)
        if kind not in known:
            known[kind] = ways(agendas.of(site, facts, calendar, placement.go_live), facts, placement.go_live, spread)
        if known[kind]:
            found[job.id] = Chance(spread, known[kind])
    return found


def ways(tasks: Sequence[Task], facts: Facts, go_live: date, spread: Spread) -> tuple[Way, ...]:
    """The chains of remaining work that can move a go-live, each from the day its first activity is planned for.

    A chain whose norms leave less than no room (it has to begin earlier than they say) is taken to leave none.
    Activities of the chain take their calendar days; working days count as five a week.
    """
    rest = {task.activity.id: task for task in tasks if not task.is_done}
    ordered = in_order([task.activity for task in rest.values()])
    after: dict[str, list[str]] = {}
    for activity in ordered:
        for needed in activity.depends_on:
            after.setdefault(needed, []).append(activity.id)
    length: dict[str, int] = {}
    found: list[Way] = []
    for activity in reversed(ordered):
        behind = max((length[later] for later in after.get(activity.id, ())), default=0)
        if not behind and not activity.before_go_live:
            length[activity.id] = 0
            continue
        days = length[activity.id] = activity.takes.days + behind
        record = facts.items.get(activity.id)
        begins = record.on if record is not None and record.state == "requested" else rest[activity.id].starts
        found.append(Way(days, max(0, (go_live - begins).days - days)))
    kept: list[Way] = []
    for way in sorted(found, key=lambda way: (way.slack, -way.days)):
        can_be_late = int(way.days * spread.high / 100 + 0.5) - way.days > way.slack
        if can_be_late and (not kept or way.days > kept[-1].days):
            kept.append(way)
    return tuple(kept)


def _own(prerequisite: Prerequisite, norm: Spread) -> Spread:
    """A prerequisite's own three points, or the plan's."""
    takes = prerequisite.takes.length
    if not takes or (prerequisite.at_best is None and prerequisite.at_worst is None):
        return norm
    best, worst = prerequisite.at_best or prerequisite.takes, prerequisite.at_worst or prerequisite.takes
    return Spread(best.length * 100 / takes, 100, worst.length * 100 / takes)
