"""Work asks only for skills that some team has, in languages that somebody with the skill speaks.

A demand that nobody can answer would weigh on no team, and the plan would look possible.

Bad:

    activities:
      train: {title: Train, starts: T-14, takes: 5d, staff: [{skill: trainning, speaks: site}]}

Good:

    activities:
      train: {title: Train, starts: T-14, takes: 5d, staff: [{skill: training, speaks: site}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.activity import Activity
from rollout.model.few import so_many
from rollout.model.plan import Hypercare, Prerequisite
from rollout.model.programme import PlanFolder
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.model.team import SITE, Staff
from rollout.problem import Problem, did_you_mean

CODE = "unknown-skill"
Asking = Activity | Hypercare | Prerequisite


def check(subject: Subject) -> Iterator[Problem]:
    """Skills nobody has, and languages nobody with the skill speaks, for the sites that still need them."""
    teams = subject.programme.teams
    skills = sorted({skill for team in teams.teams for skill in team.skills})
    for folder, asking, source in asked(subject):
        for number, staff in enumerate(asking.staff):
            place = source / "staff" / number
            if staff.skill not in skills:
                hint = did_you_mean(staff.skill, skills) or "add it to a team in waves/_teams.yaml"
                yield (place / "skill").problem(CODE, f'no team has the skill "{staff.skill}"', hint)
            elif staff.speaks == SITE:
                yield from _unspoken(subject, folder, asking, staff, place / "speaks")
            elif staff.speaks is not None and not teams.eligible(staff):
                said = f'nobody with the skill "{staff.skill}" speaks {staff.speaks}'
                yield (place / "speaks").problem(CODE, said, "add the language to a team in waves/_teams.yaml")


def _unspoken(subject: Subject, folder: PlanFolder, asking: Asking, staff: Staff, place: Source) -> Iterator[Problem]:
    silent = [
        site
        for site in sites_asking(subject, folder, asking)
        if not subject.programme.teams.eligible(staff, site.languages)
    ]
    if silent:
        first = silent[0]
        others = f" (and at {so_many(len(silent) - 1, 'more site')})" if len(silent) > 1 else ""
        said = f'nobody with the skill "{staff.skill}" speaks {" or ".join(first.languages)} at {first.id}{others}'
        yield place.problem(CODE, said, "add the language to a team in waves/_teams.yaml")


def asked(subject: Subject) -> Iterator[tuple[PlanFolder, Asking, Source]]:
    """Everything that asks for people by skill, with its plan and place."""
    for folder in subject.folders:
        plan = folder.plan
        for activity in plan.activities:
            yield folder, activity, plan.source / "activities" / activity.id
        for prerequisite in plan.prerequisites:
            yield folder, prerequisite, plan.source / "prerequisites" / prerequisite.id
        yield folder, plan.hypercare, plan.source / "hypercare"


def sites_asking(subject: Subject, folder: PlanFolder, asking: Asking) -> list[Site]:
    """The sites of a plan at which something is still to be done: work before go-live, hypercare until its exit."""
    found = []
    for site in subject.programme.sites_of(folder.plan):
        facts = folder.facts_of(site.id)
        done = facts.left_hypercare if isinstance(asking, Hypercare) else facts.went_live
        if isinstance(asking, Activity):
            applies = asking.applies_to(site)
        else:
            applies = isinstance(asking, Hypercare) or asking.where.matches(site)
        if done is None and applies and folder.is_placed(site.id):
            found.append(site)
    return found
