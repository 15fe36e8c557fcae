"""The lighthouse is the site that ranks first, or close to it.

The first site is willing and stands for many others. Where another that may be the first is clearly ahead (by
`lighthouse_fit: {margin: 5}` points of 100), or the chosen one does not even meet the plan's own minimums, the choice
deserves a second look. `rollout lighthouse` shows the ranking. Nothing is said once the lighthouse is live.

Bad:

    lighthouse: turin        # 61 of 100: leadership 3, and few others work by its workflows

Good:

    lighthouse: lyon         # 82 of 100: leadership 5, and every workflow of the others
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.lighthouse import Candidate, Ranking, is_polish, tenths
from rollout.problem import Problem

CODE = "lighthouse-outranked"
_UNFIT = ("below-minimum", "ruled-out", "not-assessed")
"""Reasons that no other rule speaks of."""


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for a lighthouse that another site outranks."""
    for ranking in subject.rankings:
        winner, chosen = ranking.winner, ranking.chosen
        if chosen is None or is_polish(ranking):
            continue
        source = ranking.plan.source / "lighthouse"
        hint = (
            f"see `rollout lighthouse`, or set `lighthouse: {winner.site.id}`" if winner else "see `rollout lighthouse`"
        )
        # Where nobody else can be it yet, a missing assessment is work to do and no mistake.
        unfit = [r.message for r in chosen.reasons if r.code in _UNFIT and (winner or r.code != "not-assessed")]
        if unfit:
            said = f"the lighthouse {chosen.site.id} should not be it ({'; '.join(unfit)})"
            other = (
                f"{winner.site.id} can be, with {ranking.spoken_score(winner)} of 100"
                if winner
                else "no other can be yet"
            )
            yield source.warning(CODE, f"{said}; {other}", hint)
        elif winner is not None and ranking.is_clearly_behind(chosen):
            said = f"{winner.site.id} scores {ranking.spoken_score(winner)} of 100, the lighthouse {chosen.site.id} "
            said += f"{ranking.spoken_score(chosen)}; the widest gap is {_most_different(ranking, winner, chosen)}"
            yield source.warning(CODE, said, hint)


def _most_different(ranking: Ranking, winner: Candidate, chosen: Candidate) -> str:
    """The dimension in which the winner is furthest ahead, with both its points."""
    points = zip(ranking.dimensions, ranking.points(winner), ranking.points(chosen), strict=True)
    dimension, more, less = max(points, key=lambda p: (p[1] - p[2], p[0].weight))
    name = dimension.field.replace("_", " ")
    stands = f"the {name} it stands for" if dimension.kind == "represents" else name
    return f"{stands} ({tenths(more)} against {tenths(less)})"
