"""Work needs only teams that exist.

Capacity of a team nobody wrote down is unlimited, which no team's is.

Bad:

    prerequisites:
      platform: {title: Platform, takes: 30wd, needs: {integrations: 2}}

Good:

    prerequisites:
      platform: {title: Platform, takes: 30wd, needs: {integration: 2}}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.source import Source
from rollout.problem import Problem, did_you_mean

CODE = "unknown-team"


def check(subject: Subject) -> Iterator[Problem]:
    """Teams in `needs` and in connectors that `_teams.yaml` does not list."""
    known = [team.id for team in subject.programme.teams.teams]
    for team, source in needed_teams(subject):
        if team not in known:
            hint = did_you_mean(team, known) or "add it to waves/_teams.yaml"
            yield source.problem(CODE, f'there is no team "{team}"', hint)


def needed_teams(subject: Subject) -> Iterator[tuple[str, Source]]:
    """Every team that something needs, with the place that says so."""
    for folder in subject.folders:
        plan = folder.plan
        for name in ("prerequisites", "activities"):
            for entry in getattr(plan, name):
                for team in entry.needs:
                    yield team, plan.source / name / entry.id / "needs" / team
        for team in plan.hypercare.needs:
            yield team, plan.source / "hypercare" / "needs" / team
    for system in subject.programme.register.systems:
        if system.connector.team is not None:
            source = subject.programme.register.source / "systems" / system.id
            yield system.connector.team, source / "connector" / "team"
