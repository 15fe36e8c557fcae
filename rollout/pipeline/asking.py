"""What one looks at: a site, rankings, forecasts, loads, reasons. Nothing here writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.workspace import Workspace
from rollout.model.layout import Layout
from rollout.pipeline.loading import load, no_sites, pick, published, readable, site_of, sound
from rollout.problem import RolloutError

if TYPE_CHECKING:
    from rollout.model.explained import Explained
    from rollout.model.forecast import Forecast
    from rollout.model.load import By, TeamLoads
    from rollout.model.programme import PlanFolder, Programme
    from rollout.model.ranked import Ranked
    from rollout.model.result import Shown
    from rollout.model.schedule import Schedule


def show(root: Path, site_id: str) -> Shown:
    """A site after inheritance, each value with its place, and what a slip has made too old there."""
    from rollout.check.reopened import too_old
    from rollout.load.show import show_site

    workspace = Workspace(root)
    shown = show_site(workspace, site_id)
    plans = [name for name, is_folder in workspace.names("waves", []) if is_folder]
    if all(workspace.text(Layout(plan).records_of(site_id)) is None for plan in plans):
        return shown  # nothing has happened there, so nothing can have grown old: no need to load everything
    loaded = load(root)
    found = [p for folder in loaded.programme.plans.values() for p in too_old(loaded.programme, folder, site_id)]
    return replace(shown, notes=loaded.placed(found))


def lighthouse(root: Path, as_of: date, plan_id: str | None = None) -> Ranked:
    """The plan's sites ranked for being the first. Files have to be readable; what the rules find does not matter
    here, because a lighthouse that cannot be one is a reason to ask."""
    from rollout.model.lighthouse import rank
    from rollout.model.ranked import Ranked

    loaded = readable(root)
    folder = pick(loaded.programme, plan_id)
    sites = loaded.programme.sites_of(folder.plan)
    if not sites:
        raise RolloutError(no_sites(folder))
    ranking = rank(folder, sites, as_of)
    out = tuple(
        replace(site, reasons=tuple(placed for reason in site.reasons for placed in loaded.placed([reason])))
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
    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    return loads_of(loaded.programme, folder, published(folder), by=by, team=team)


def loads_of(
    programme: Programme, folder: PlanFolder, schedule: Schedule, *, by: By = "month", team: str | None = None
) -> TeamLoads:
    """What these dates of a plan that is loaded ask of each team (or of one)."""
    from rollout.sequence.plan import instance_of
    from rollout.track.capacity import loads

    return loads(programme, folder, instance_of(programme, folder, schedule), schedule, by=by, team=team)


def explain(root: Path, as_of: date, site_id: str, plan_id: str | None = None, wave: int | None = None) -> Explained:
    """Why a site goes live when it does, all others as published; with `wave` also what that wave would cost.

    `as_of` is the day the files are judged for; the dates are explained as of the day stored in the schedule. Writes
    nothing.
    """
    from rollout.check.schedule import check_schedule
    from rollout.sequence.explain import explain as explain_site
    from rollout.sequence.pinned import cost_of
    from rollout.sequence.plan import instance_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    site = site_of(loaded, folder, site_id)
    instance = instance_of(loaded.programme, folder, schedule)
    wrong = loaded.placed(check_schedule(instance, schedule, folder.layout.schedule))
    explained = explain_site(instance, schedule, site, folder.plan.source)
    if wrong:
        said = f"The published dates are not lawful any more, so this may mislead: {wrong[0].message}"
        said += f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        explained = replace(explained, notes=(f"{said}; run `rollout plan` first",))
    if wave is not None:
        explained = replace(explained, cost=cost_of(loaded.programme, folder, schedule, instance, site, wave))
    return explained.located(loaded.place)
