"""Criteria of a gate as people read them in a meeting."""

from __future__ import annotations

from rollout.model.activity import Criterion, Gate
from rollout.model.standing import SiteStanding
from rollout.render.setting import Setting
from rollout.render.views.shared import CriterionView
from rollout.render.wording import Wording


def criteria(setting: Setting, standing: SiteStanding, gate: Gate) -> list[CriterionView]:
    """The rows of a gate at a site."""
    wording = setting.wording
    titles = {activity.id: wording.text(activity.title) for activity in setting.plan.activities}
    return [
        {
            "id": criterion.id,
            "name": wording.words(criterion.id),
            "go": wording.text(criterion.go) if criterion.go else None,
            "no_go": wording.text(criterion.no_go) if criterion.no_go else None,
            "measure": wording.words(criterion.measure) if criterion.measure else None,
            "bound": _bound(wording, criterion),
            "activity": titles.get(criterion.evidence, wording.words(criterion.evidence))
            if criterion.evidence
            else None,
            "at_lighthouse": criterion.at == "lighthouse",
            "max_age": wording.length(criterion.max_age) if criterion.max_age else None,
            "owner": setting.owner(criterion.owner, standing),
        }
        for criterion in gate.needs
    ]


def _bound(wording: Wording, criterion: Criterion) -> str | None:
    said = []
    unit = f" {wording.text(criterion.unit)}" if criterion.unit else ""
    if criterion.at_least is not None:
        said.append(wording.gettext("at least %(figure)s", figure=wording.number(criterion.at_least) + unit))
    if criterion.at_most is not None:
        said.append(wording.gettext("at most %(figure)s", figure=wording.number(criterion.at_most) + unit))
    return wording.all_of(said) if said else None
