"""What one looks at: rankings, forecasts, loads. Nothing here writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.locate import Places
from rollout.pipeline.loading import load, no_sites, pick, published, sound
from rollout.problem import RolloutError

if TYPE_CHECKING:
    from rollout.model.forecast import Forecast
    from rollout.model.load import By, TeamLoads
    from rollout.model.ranked import Ranked


def lighthouse(root: Path, as_of: date, plan_id: str | None = None) -> Ranked:
    """The plan's sites ranked for being the first. Files have to be readable; what the rules find does not matter
    here, because a lighthouse that cannot be one is a reason to ask."""
    from rollout.model.lighthouse import rank
    from rollout.model.ranked import Ranked

    loaded = load(root)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors:
        raise RolloutError(*loaded.placed(errors))
    folder = pick(loaded.programme, plan_id)
    sites = loaded.programme.sites_of(folder.plan)
    if not sites:
        raise RolloutError(no_sites(folder))
    places = Places(loaded.workspace)
    ranking = rank(folder, sites, as_of)
    out = tuple(
        replace(site, reasons=tuple(place for reason in site.reasons for place in places.resolve([reason])))
        for site in ranking.out
    )
    return Ranked(replace(ranking, out=out))


def forecast(
    root: Path, as_of: date, plan_id: str | None = None, *, runs: int = 10_000, seed: int = 1, spread: str | None = None
) -> Forecast:
    """How sure the published dates are. `spread` as in the plan, `90-130%`: in place of everything known."""
    from rollout.model.forecast import parse_spread
    from rollout.sequence.forecast import forecast as foresee

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    given = None if spread is None else parse_spread(spread)
    return foresee(loaded.programme, folder, schedule, as_of, runs=runs, seed=seed, spread=given)


def capacity(
    root: Path, as_of: date, plan_id: str | None = None, *, by: By = "month", team: str | None = None
) -> TeamLoads:
    """What the published dates ask of each team (or of one), by week or by month."""
    from rollout.sequence.plan import instance_of
    from rollout.track.capacity import loads

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    instance = instance_of(loaded.programme, folder, schedule)
    return loads(loaded.programme, folder, instance, schedule, by=by, team=team)
