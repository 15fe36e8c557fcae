"""The lighthouse was chosen because people there want it, not because the plant is modern.

A polished site whose leaders have other things in mind proves that it works in a polished site. The others do not
recognise themselves in it, and what was an exception there becomes the template.

Bad:

    lighthouse: greenville   # systems 5, infrastructure 5; leadership 2: after the launch, not before

Good:

    lighthouse: lyon         # systems 3, infrastructure 3; leadership 5
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.lighthouse import is_polish
from rollout.problem import Problem

CODE = "lighthouse-polish"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for a lighthouse that only its technical scores speak for."""
    for ranking in subject.rankings:
        winner, chosen = ranking.winner, ranking.chosen
        if chosen is None or not is_polish(ranking):
            continue
        source = ranking.plan.source / "lighthouse"
        unwilling = [reason.message for reason in chosen.reasons if reason.code == "below-minimum"]
        if unwilling:
            said = f"the lighthouse {chosen.site.id} has the best technical scores, and {'; '.join(unwilling)}"
        else:
            said = f"the lighthouse {chosen.site.id} has the best technical scores, and nothing else speaks for it"
        if winner is not None:
            high, low = ranking.spoken_score(winner), ranking.spoken_score(chosen)
            said += f" ({winner.site.id} {high} of 100, {chosen.site.id} {low})"
        yield source.warning(CODE, said, "choose a willing and representative one; see `rollout lighthouse`")
