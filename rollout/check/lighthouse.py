"""The plan has a lighthouse, and it can be one.

The first site goes live alone and earlier than all others; what it proves and learns carries the waves after it. It
has to be one of the plan's sites, at work, and wanted: no sponsor, no lighthouse.

Bad:

    lighthouse: lyon
    constraints:
      lyon: {after: graz}      # and who is first comes after nobody

Good:

    lighthouse: lyon         # willing and representative, not the most modern
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.plan import Constraint, Plan
from rollout.problem import Problem

CODE = "lighthouse"


def check(subject: Subject) -> Iterator[Problem]:
    """Plans without a lighthouse, or with one that is not eligible."""
    for folder in subject.folders:
        plan = folder.plan
        covered = subject.programme.sites_of(plan)
        if plan.lighthouse is None:
            if len(covered) > 1:
                said = "the plan names no lighthouse, so its sites go live without a first proof"
                yield plan.source.warning(CODE, said, "add a line `lighthouse: SITE`; `rollout lighthouse` ranks them")
            continue
        source = plan.source / "lighthouse"
        site = subject.programme.sites.get(plan.lighthouse)
        if site is None:
            continue
        if not plan.covers(site):
            said = f"the lighthouse {site.id} is not among the plan's sites"
            yield source.problem(CODE, said, "choose another, or widen `sites`")
        if site.sponsor is None:
            said = f"the lighthouse {site.id} has no sponsor: nobody there wants it enough to put a name to it"
            yield source.problem(CODE, said, f"name one in {site.paths[0]}, or choose another site")
        facts = folder.facts_of(site.id)
        if facts.is_set_aside:
            yield source.problem(CODE, f"the lighthouse {site.id} is {facts.status}", "choose another")
        yield from _first_and_alone(plan, site.id)


def _first_and_alone(plan: Plan, lighthouse: str) -> Iterator[Problem]:
    """Lines that would have it later than others, or with them."""
    constraint, place = plan.constraints.get(lighthouse, Constraint()), plan.source / "constraints" / lighthouse
    if constraint.after or constraint.after_exit:
        yield place.problem(
            CODE, f"the lighthouse {lighthouse} goes first, so it comes after no site", "remove `after`"
        )
    if constraint.wave:
        yield (place / "wave").problem(CODE, f"the lighthouse {lighthouse} is wave 0", "remove `wave`")
    for number, group in enumerate(plan.together):
        if lighthouse in group and len(group) > 1:
            place = plan.source / "together" / number
            yield place.problem(CODE, f"the lighthouse {lighthouse} goes live alone", "take it out of `together`")
