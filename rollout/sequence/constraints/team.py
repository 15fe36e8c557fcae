"""Capacity of named teams by week: work before go-live, hypercare after it, and what prerequisites take."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rollout.model.agenda import activities_at
from rollout.model.instance import PREREQUISITE, Demand, Resource
from rollout.model.source import Source
from rollout.sequence.constraints.hypercare import length
from rollout.sequence.scope import Scope

TEAMS = Source(("waves/_teams.yaml",), ("teams",))


def lower(scope: Scope) -> Iterator[Resource]:
    """One resource for each team that anything needs."""
    plan = scope.plan
    taken: dict[str, dict[str, list[tuple[int, int, int]]]] = {}
    wanting = [activity for activity in plan.activities if activity.needs]
    for site in scope.sites.values():
        if scope.is_open(site.id):
            for activity in activities_at(plan, site) if wanting else ():
                first = activity.starts.days * 7 // 5 if activity.starts.working else activity.starts.days
                for team, amount in activity.needs.items():
                    spans = taken.setdefault(team, {}).setdefault(site.id, [])
                    spans.append((first, first + max(activity.takes.days, 1) - 1, amount))
        for team, amount in plan.hypercare.needs.items():
            taken.setdefault(team, {}).setdefault(site.id, []).append((0, length(scope, site.id) - 1, amount))
    demands: dict[str, dict[str, tuple[Demand, ...]]] = {
        team: {job: _pieces(spans) for job, spans in jobs.items()} for team, jobs in taken.items()
    }
    for prerequisite in scope.prerequisites.values():
        for team, amount in prerequisite.needs.items():
            # `last` below `first`: for as long as the work takes, whenever it begins.
            demands.setdefault(team, {})[PREREQUISITE + prerequisite.id] = (Demand(amount, 0, -1),)
    for team_id in sorted(demands):
        team_found = scope.programme.teams.team(team_id)
        if team_found is None:
            continue
        unit = "people" if team_found.people is not None else "person-days a week"
        said = f"{team_id} has {team_found.capacity} {unit}"
        source = TEAMS / team_id
        because = scope.because(f"team {team_id}", said, source)
        yield Resource(f"team {team_id}", "week", (team_found.capacity,), demands[team_id], because)


def _pieces(spans: list[tuple[int, int, int]]) -> tuple[Demand, ...]:
    """Overlapping spans as a step function: disjoint pieces, each with the sum of what overlaps there."""
    edges = sorted({first for first, _, _ in spans} | {last + 1 for _, last, _ in spans})
    pieces: list[Demand] = []
    for begin, end in pairwise(edges):
        amount = sum(a for first, last, a in spans if first <= begin and end - 1 <= last)
        if amount:
            pieces.append(Demand(amount, begin, end - 1))
    return tuple(pieces)
