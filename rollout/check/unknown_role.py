"""Every role that work names is held by somebody.

`site_lead` and `sponsor` come from the site, `embedded_engineer` from its spoke; all others from the plan's `people`. A
role nobody holds stands in the pages as a word where a name belongs. A plan without `people` is not asked: it has yet
to name anybody.

Bad:

    people:
      trainer: {name: Nora Blanc}
    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, owner: trainers}

Good:

    people:
      trainer: {name: Nora Blanc}
    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, owner: trainer}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.activity import Activity
from rollout.model.plan import Plan
from rollout.model.source import Source
from rollout.problem import Problem, did_you_mean

CODE = "unknown-role"
OF_THE_SITE = ("site_lead", "sponsor", "embedded_engineer")
"""Roles that sites and spokes fill."""


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each role that looks misspelt, at its line, and one a plan for all others that nobody holds."""
    for folder in subject.folders:
        plan = folder.plan
        known = (*plan.people, *OF_THE_SITE)
        named: dict[str, list[tuple[str, Source]]] = {}
        for role, by, source in _named(plan) if plan.people else ():
            if role not in known:
                named.setdefault(role, []).append((by, source))
        vacant = []
        for role, uses in sorted(named.items()):
            # A role that several pieces of work name is a role: `cutover_lead` is no slip for `site_lead`.
            hint = did_you_mean(role, known) if len(uses) == 1 else ""
            if hint:
                by, source = uses[0]
                yield source.warning(CODE, f'nobody holds the role "{role}" that {by} names', hint)
            else:
                vacant.append(role)
        if vacant:
            said = f"nobody holds {', '.join(vacant)}, which work and gates name"
            yield (plan.source / "people").warning(CODE, said, f"name somebody: `{vacant[0]}: {{name: …}}`")


def _named(plan: Plan) -> Iterator[tuple[str, str, Source]]:
    """Every role, who names it, and where."""
    for activity in plan.activities:
        yield from _of_activity(activity, plan.source / "activities" / activity.id)
    for gate in plan.gates:
        for criterion in gate.needs:
            source = plan.source / "gates" / gate.id / "needs" / criterion.id / "owner"
            yield criterion.owner, f"{gate.id}/{criterion.id}", source


def _of_activity(activity: Activity, source: Source) -> Iterator[tuple[str, str, Source]]:
    yield activity.owner, activity.id, source / "owner"
    raci = activity.raci
    for key, roles in (
        ("accountable", raci.accountable),
        ("responsible", raci.responsible),
        ("consulted", raci.consulted),
        ("informed", raci.informed),
    ):
        for number, role in enumerate(roles):
            yield role, activity.id, source / "raci" / key / number
