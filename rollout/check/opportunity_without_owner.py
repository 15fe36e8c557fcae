"""Each opportunity has an owner who answers for its worth.

Without one nobody says afterwards whether it was worth it. While no plan carries it that is a warning; once sites wait
for it, an error.

Bad:

    opportunities:
      vision-inspection: {title: Find defects by camera, value: 1200000, effort: 2400}

Good:

    opportunities:
      vision-inspection: {title: Find defects by camera, value: 1200000, effort: 2400, owner: Bernd Aigner}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "opportunity-without-owner"


def check(subject: Subject) -> Iterator[Problem]:
    """Opportunities without an owner."""
    carried = subject.programme.carried
    for one in subject.programme.portfolio.opportunities:
        if one.owner is None:
            source, hint = subject.programme.portfolio.source / "opportunities" / one.id, "add `owner: NAME`"
            if plans := carried.get(one.id):
                said = f"{one.id} has no owner, and {', '.join(plans)} carries it to sites"
                yield source.problem(CODE, said, hint)
            else:
                yield source.warning(CODE, f"{one.id} has no owner", hint)
