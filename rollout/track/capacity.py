"""What the published dates ask of each team, week by week, and of hypercare."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from rollout.model.instance import PREREQUISITE, Instance, Resource, days_of
from rollout.model.load import By, TeamLoad, TeamLoads, Week, taken_by
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.model.team import Team
from rollout.problem import RolloutError, did_you_mean

OTHERS = "other plans"
"""Who uses what plans of a higher rank take."""
TEAM, TEAMS = "team ", "teams "
"""How the names of their resources begin; several are `teams one + other`."""
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
        resource.name: resource
        for resource in instance.primitives
        if isinstance(resource, Resource) and (resource.unit == "week" or resource.name == HYPERCARE)
    }
    known = {TEAM + one.id: one for one in programme.teams.teams}
    names = sorted({*known, *resources}, key=lambda name: (name == HYPERCARE, name.removeprefix(TEAM)))
    asked = [name for name in names if team is None or name in (team, TEAM + team)]
    if team is not None and not asked:
        named = sorted(name.removeprefix(TEAM) for name in names)
        hint = did_you_mean(team, named) or f"teams: {', '.join(named)}"
        place = programme.teams.source / "teams"
        raise RolloutError(place.problem("unknown-team", f'there is no team "{team}"', hint))
    days = _days(instance, schedule)
    used = {name: _used(instance, resource, days) for name, resource in resources.items()}
    weeks = {week for by_week in used.values() for week in by_week}
    span = range(min(weeks), max(weeks) + 1) if weeks else range(0)
    found = [
        TeamLoad(
            _shown(name, resources),
            _unit(name, known),
            resources[name].cap(0),
            tuple(_week(week, used[name].get(week, {})) for week in span),
        )
        for name in asked
        if used.get(name)
    ]
    idle = tuple(known[name].id for name in asked if name in known and not used.get(name))
    return TeamLoads(plan=folder.id, name=folder.plan.name, by=by, teams=tuple(found), idle=idle)


def _shown(name: str, resources: Collection[str]) -> str:
    """A team by its id, unless it is called like the limit of hypercare that is shown beside it."""
    own = name.removeprefix(TEAM)
    return name if own != name and own in resources else own


def _unit(name: str, known: Mapping[str, Team]) -> str:
    if name == HYPERCARE:
        return "sites"
    # Teams that are looked at together are all counted alike.
    first = name if name in known else TEAM + name.removeprefix(TEAMS).partition(" + ")[0]
    return "people" if known[first].people is not None else "person-days a week"


def _days(instance: Instance, schedule: Schedule) -> dict[str, int]:
    """The day of every job: what happened, else what is published."""
    return {job: day for job, day in {**days_of(schedule), **instance.happened}.items() if job in instance.jobs}


def _used(instance: Instance, resource: Resource, days: Mapping[str, int]) -> dict[int, dict[str, int]]:
    """By week: which jobs take how much. Of a resource counted by day, each week's fullest day (first of equals)."""
    used: dict[int, dict[str, int]] = {}
    for bucket, amount in resource.taken.items():
        if amount:
            used.setdefault(bucket, {})[OTHERS] = amount
    for job, demands in resource.demands.items():
        if job in days:
            for bucket, amount in taken_by(instance, resource, job, demands, days[job]).items():
                used.setdefault(bucket, {})[job] = amount
    if resource.unit != "day":
        return used
    fullest: dict[int, dict[str, int]] = {}
    for day, users in sorted(used.items()):
        week = (day - 1) // 7
        if sum(users.values()) > sum(fullest.get(week, {}).values()):
            fullest[week] = users
    return fullest


def _week(number: int, users: Mapping[str, int]) -> Week:
    named = sorted((job.removeprefix(PREREQUISITE), amount) for job, amount in users.items())
    return Week(date.fromordinal(number * 7 + 1), sum(users.values()), tuple(named))
