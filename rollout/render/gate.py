"""Criteria of a gate as people read them in a meeting."""

from __future__ import annotations

from rollout.model.activity import Criterion, Gate
from rollout.model.standing import SiteStanding
from rollout.render.setting import Setting, length, words
from rollout.render.views.shared import CriterionView


def criteria(setting: Setting, standing: SiteStanding, gate: Gate) -> list[CriterionView]:
    """The rows of a gate at a site."""
    titles = {activity.id: activity.title for activity in setting.plan.activities}
    return [
        {
            "id": criterion.id,
            "name": words(criterion.id),
            "go": criterion.go,
            "no_go": criterion.no_go,
            "measure": words(criterion.measure) if criterion.measure else None,
            "bound": _bound(criterion),
            "activity": titles.get(criterion.evidence, words(criterion.evidence)) if criterion.evidence else None,
            "at_lighthouse": criterion.at == "lighthouse",
            "max_age": length(criterion.max_age) if criterion.max_age else None,
            "owner": setting.owner(criterion.owner, standing),
        }
        for criterion in gate.needs
    ]


def _bound(criterion: Criterion) -> str | None:
    said = []
    if criterion.at_least is not None:
        said.append(f"at least {criterion.at_least:g}")
    if criterion.at_most is not None:
        said.append(f"at most {criterion.at_most:g}")
    return " and ".join(said) + (f" {criterion.unit}" if criterion.unit else "") if said else None
