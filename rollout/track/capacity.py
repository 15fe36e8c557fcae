"""What the published dates ask of each team, week by week, and of hypercare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.model.instance import PREREQUISITE, Instance, Resource, days_of
from rollout.model.load import By, TeamLoad, TeamLoads, Week, taken_by
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import RolloutError, did_you_mean

OTHERS = "other plans"
"""Who uses what plans of a higher rank take."""
TEAM = "team "
HYPERCARE = "hypercare"


def loads(
    programme: Programme,
    folder: PlanFolder,
    instance: Instance,
    schedule: Schedule,
    *,
    by: By = "month",
    team: str | None = None,
) -> TeamLoads:
    """Every team's load on these dates, over or not. `team`: of this one only; raises RolloutError for no such team."""
    resources = {
        resource.name.removeprefix(TEAM): resource
        for resource in instance.primitives
        if isinstance(resource, Resource) and (resource.unit == "week" or resource.name == HYPERCARE)
    }
    known = {one.id: one for one in programme.teams.teams}
    if team is not None and team not in known and team not in resources:
        hint = did_you_mean(team, [*known, *resources]) or f"teams: {', '.join(sorted({*known, *resources}))}"
        place = programme.teams.source / "teams"
        raise RolloutError(place.problem("unknown-team", f'there is no team "{team}"', hint))
    days = _days(instance, schedule)
    used = {name: _used(instance, resource, days) for name, resource in resources.items()}
    weeks = sorted({week for by_week in used.values() for week in by_week})
    span = range(weeks[0], weeks[-1] + 1) if weeks else range(0)
    found = []
    for name in sorted(resources, key=lambda name: (name == HYPERCARE, name)):
        if used[name] and team in (None, name):
            unit = "sites" if name == HYPERCARE else "people"
            if name in known and known[name].people is None:
                unit = "person-days a week"
            row = tuple(_week(week, used[name].get(week, {})) for week in span)
            found.append(TeamLoad(name, unit, resources[name].cap(0), row))
    busy = {load.team for load in found}
    idle = tuple(sorted(name for name in known if name not in busy and team in (None, name)))
    return TeamLoads(plan=folder.id, name=folder.plan.name, by=by, teams=tuple(found), idle=idle)


def _days(instance: Instance, schedule: Schedule) -> dict[str, int]:
    """The day of every job: what happened, else what is published."""
    return {job: day for job, day in {**days_of(schedule), **instance.happened}.items() if job in instance.jobs}


def _used(instance: Instance, resource: Resource, days: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """By week: who takes how much. Of a resource counted by day, each week's fullest day (the first, among equals)."""
    used: dict[int, dict[str, int]] = {}
    for bucket, amount in resource.taken.items():
        if amount:
            used.setdefault(bucket, {})[OTHERS] = amount
    for job, demands in resource.demands.items():
        if job in days:
            name = job.removeprefix(PREREQUISITE)
            for bucket, amount in taken_by(instance, resource, job, demands, days[job]).items():
                used.setdefault(bucket, {})[name] = amount
    if resource.unit != "day":
        return used
    fullest: dict[int, dict[str, int]] = {}
    for day, users in sorted(used.items()):
        week = (day - 1) // 7
        if sum(users.values()) > sum(fullest.get(week, {}).values()):
            fullest[week] = users
    return fullest


def _week(number: int, users: Mapping[str, int]) -> Week:
    return Week(date.fromordinal(number * 7 + 1), sum(users.values()), tuple(sorted(users.items())))
