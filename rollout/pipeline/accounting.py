"""Money, people, opportunities and decisions: what a steering committee asks for. Nothing here writes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.programme import Programme
from rollout.pipeline.loading import pick, sound
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.budgeted import Budgeted
    from rollout.model.budgeted import By as MoneyBy


def budget(
    root: Path, as_of: date, plan_id: str | None = None, site_id: str | None = None, *, by: MoneyBy = "line"
) -> Budgeted:
    """A plan's money: budget, committed, actual and the forecast at completion, by line or by site, or of one site."""
    from rollout.model.budget import HIDDEN_COSTS, covered
    from rollout.model.budgeted import Budgeted
    from rollout.model.money import lines

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    sites = loaded.programme.sites_of(folder.plan)
    if site_id is not None and site_id not in {site.id for site in sites}:
        raise _no_site(loaded.programme, folder.id, site_id)
    named = covered(folder.plan.budget)
    missing = tuple(kind for kind in HIDDEN_COSTS if kind not in named) if folder.plan.budget else ()
    return Budgeted(
        plan=folder.id,
        name=folder.plan.name,
        currency=folder.plan.currency,
        lines=lines(folder, sites),
        missing=missing,
        by=by,
        site=site_id,
    )


def _no_site(programme: Programme, plan_id: str, site_id: str) -> RolloutError:
    hint = did_you_mean(site_id, programme.sites) or "sites are the files below sites/"
    said = f'the plan {plan_id} has no site "{site_id}"'
    return RolloutError(Problem(path="", code="unknown-site", message=said, hint=hint))
