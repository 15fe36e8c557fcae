"""At least half of the work at a site changes how people work.

A system that everybody works around has changed nothing: most of the value comes from redesigned work and from people
who want it. An activity says so with `workflow_change: true`. Counted are activities, at each site those that apply.

Bad:

    activities:
      install: {title: Install, starts: T-30, takes: 10d}
      connect: {title: Connect, starts: T-20, takes: 10d}
      training: {title: Train, starts: T-7, takes: 5d, workflow_change: true}

Good:

    activities:
      workflow-to-be: {title: Agree how the work will be done, starts: T-60, takes: 24d, workflow_change: true}
      install: {title: Install, starts: T-30, takes: 10d}
      training: {title: Train, starts: T-7, takes: 5d, workflow_change: true}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.people import shares
from rollout.problem import Problem

CODE = "little-change"


def check(subject: Subject) -> Iterator[Problem]:
    """One warning a plan with such sites, naming the one with the smallest share."""
    for folder in subject.folders:
        sites = subject.programme.sites_of(folder.plan)
        below = {site: share for site, share in shares(folder.plan, sites).items() if share.is_below_half}
        if not below:
            continue
        least, share = min(below.items(), key=lambda row: (row[1].percent, row[0]))
        said = f"{share.change} of {share.every} activities at {least} change how people work ({share.percent} %)"
        if len(below) > 1:
            said += f", and less than half do at {len(below)} of {len(sites)} sites"
        hint = "plan the redesign of work, training and coaching too, and mark it `workflow_change: true`"
        yield (folder.plan.source / "activities").warning(CODE, said, hint)
