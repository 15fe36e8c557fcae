"""Each plan carries an opportunity of the portfolio, and both sides name the same.

A plan that carries none was begun without anybody weighing it against the others. A programme without
`waves/_portfolio.yaml` is not asked.

Bad:

    # waves/vision/plan.yaml
    opportunity: vision-inspektion            # the portfolio has vision-inspection

Good:

    # waves/vision/plan.yaml
    opportunity: vision-inspection
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem, did_you_mean

CODE = "unknown-opportunity"


def check(subject: Subject) -> Iterator[Problem]:
    """Errors for names that nothing has, and for two sides that differ; a warning for a plan that names none."""
    programme = subject.programme
    known = {one.id: one for one in programme.portfolio.opportunities}
    opportunities = programme.portfolio.source / "opportunities"
    for one in known.values():
        source = opportunities / one.id
        if one.plan is not None and not subject.is_plan(one.plan):
            hint = did_you_mean(one.plan, programme.plans) or "plans are the folders of waves/"
            yield (source / "plan").problem("unknown-plan", f'there is no plan "{one.plan}"', hint)
        for other in one.reuse:
            if other not in known:
                hint = did_you_mean(other, known) or "opportunities: " + ", ".join(known)
                said = f'{one.id} reuses "{other}", which is no opportunity'
                yield (source / "reuse" / other).problem(CODE, said, hint)
    carrying = {one.plan for one in known.values()}
    for folder in subject.folders:
        named, source = folder.plan.opportunity, folder.plan.source
        if named is None:
            if known and folder.id not in carrying:
                said = f"the plan {folder.id} carries no opportunity of the portfolio"
                yield source.warning("no-opportunity", said, f"add `opportunity: …`, one of {', '.join([*known][:8])}")
        elif named not in known:
            hint = did_you_mean(named, known) or "opportunities stand in waves/_portfolio.yaml"
            yield (source / "opportunity").problem(CODE, f'the portfolio has no opportunity "{named}"', hint)
        else:
            for one in known.values():
                if one.plan == folder.id and one.id != named:
                    said = f"{one.id} is carried by {folder.id} here, and that plan says it carries {named}"
                    place = opportunities / one.id / "plan"
                    yield place.problem("contradiction", said, "remove one of the two lines")
