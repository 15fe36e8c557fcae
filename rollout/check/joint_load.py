"""The published plans together fit the teams they share.

Each plan is made to fit, and sees only those that rank before it: where plans are not ranked, or a higher one was
published last, two of them may want the same people in one week.

Bad:

    # two plans publish their dates, each with two people of integration in the same weeks
    teams: {integration: {people: 3}}

Good:

    plans: [vision, forecasting]       # forecasting sees what vision takes, and is planned around it
    teams: {integration: {people: 3}}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollout.check.rule import Subject
from rollout.model.few import so_many
from rollout.model.staffing import Eligible, Published, connectors_of, published, sums
from rollout.problem import Problem

CODE = "joint-load"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each team (or sum of teams) that several published schedules exceed together in some week."""
    programme = subject.programme
    folders = [folder for folder in subject.folders if folder.schedule is not None]
    if len(folders) < 2 or not programme.teams.teams:
        return
    rank = {plan: number for number, plan in enumerate(programme.teams.plans)}
    folders.sort(key=lambda folder: (rank.get(folder.id, len(rank)), folder.id))
    plans: dict[str, Published] = {}
    built: set[str] = set()
    for folder in folders:
        plans[folder.id] = published(programme, folder, subject.as_of, built)
        ready = folder.schedule.prerequisites.keys() if folder.schedule else set()
        built |= ready & connectors_of(programme, folder.plan).keys()
    told: list[Eligible] = []
    for teams in sums({teams for plan in plans.values() for teams in plan.asked.by_teams}):
        # What a team alone cannot give its sums with others cannot either: the smallest is the one to mend.
        if not any(smaller <= teams for smaller in told) and (problem := _exceeded(subject, plans, teams)):
            told.append(teams)
            yield problem


def _exceeded(subject: Subject, plans: dict[str, Published], teams: Eligible) -> Problem | None:
    members = [team for team in subject.programme.teams.teams if team.id in teams]
    capacity = sum(team.capacity for team in members)
    loads = {plan_id: load for plan_id, plan in plans.items() if (load := plan.load(teams))}
    this_week = (subject.as_of.toordinal() - 1) // 7
    weeks = sorted({week for load in loads.values() for week in load if week >= this_week})
    over = []
    for week in weeks:
        shares = {plan_id: load[week] for plan_id, load in loads.items() if week in load}
        if len(shares) > 1 and sum(shares.values()) > capacity:
            over.append((week, shares))
    if not over:
        return None
    week, shares = over[0]
    unit = "people" if members[0].people is not None else "person-days"
    names = " and ".join(team.id for team in members)
    parts = " and ".join(f"{plan_id} ({amount})" for plan_id, amount in shares.items())
    more = f", and so in {so_many(len(over) - 1, 'more week')}" if len(over) > 1 else ""
    monday = date.fromordinal(week * 7 + 1)
    said = f"in the week of {monday} {parts} together take {sum(shares.values())} of {capacity} {unit} of {names}{more}"
    source = subject.programme.teams.source / "teams" / members[0].id
    return source.warning(CODE, said, "rank the plans in `plans`, and run `rollout plan` for the lower one")
