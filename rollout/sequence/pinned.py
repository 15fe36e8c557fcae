"""What it would cost to have a site in a certain wave: the published plan repaired with the site pinned there."""

from __future__ import annotations

from dataclasses import replace

from rollout.model.calendar import spoken_ordinal
from rollout.model.explained import Cost, Move
from rollout.model.instance import Instance, days_of
from rollout.model.plan import Constraint, Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.sequence.blocking import Others
from rollout.sequence.objective import Objective
from rollout.sequence.plan import instance_of, sequence


def cost_of(
    programme: Programme, folder: PlanFolder, published: Schedule, instance: Instance, site: str, wave: int
) -> Cost:
    """The repair of `published`, a solution of `instance`, with `site` in `wave`, compared with it."""
    impossible = _at_once(instance, site, wave)
    if impossible:
        return Cost(wave=wave, refused=((site, impossible),), is_impossible=True)
    repaired = pin(programme, folder, published, site, wave)
    new = [s for s in repaired.unplaced if s not in published.unplaced]
    left = {s: repaired.unplaced[s] for s in sorted({*new, *({site} & set(repaired.unplaced))})}
    if left:
        # A site's block has one `because`, and it is not why somebody asked for another wave.
        said = f"{site} is pinned to wave {wave}"
        why = folder.plan.constraints[site].because if site in folder.plan.constraints else None
        left = {s: reason.replace(f"{said} ({why})", said) for s, reason in left.items()}
        refused = sorted(left.items(), key=lambda row: (row[0] != site, row[0]))
        return Cost(wave=wave, refused=tuple(refused), is_impossible=repaired.made.outcome == "infeasible")
    return _compared(instance, published, repaired, site, wave)


def pin(programme: Programme, folder: PlanFolder, published: Schedule, site: str, wave: int) -> Schedule:
    """The published dates repaired as of their own day, with `site` pinned to `wave` instead of its own pins."""
    return sequence(programme, _pinned(folder, site, wave), published.made.as_of, published).schedule


def pinned_instance(programme: Programme, folder: PlanFolder, repaired: Schedule, site: str, wave: int) -> Instance:
    """The problem that such a repair solves, for the checker."""
    return instance_of(programme, _pinned(folder, site, wave), repaired)


def _pinned(folder: PlanFolder, site: str, wave: int) -> PlanFolder:
    plan: Plan = folder.plan
    own = plan.constraints.get(site, Constraint())
    asked = own.model_copy(update={"wave": wave, "go_live": None})
    return replace(folder, plan=plan.model_copy(update={"constraints": {**plan.constraints, site: asked}}))


def _at_once(instance: Instance, site: str, wave: int) -> str:
    """Why there can be no such plan, where no search is needed to see it."""
    found = instance.jobs.get(site)
    if found is None:
        return f"it is {instance.set_aside.get(site, 'not a site of this plan')}"
    if found.fixed is not None:
        return f"it went live on {spoken_ordinal(found.fixed)}: what has happened is fixed"
    if instance.lighthouse is None:
        return "" if wave else "this plan has no lighthouse, and so no wave 0"
    if (site == instance.lighthouse) == (wave == 0):
        return ""
    if wave == 0:
        return f"wave 0 is the lighthouse's alone, and that is {instance.lighthouse}; change `lighthouse` in plan.yaml"
    return "it is the lighthouse, which is wave 0; change `lighthouse` in plan.yaml"


def _compared(instance: Instance, published: Schedule, repaired: Schedule, site: str, wave: int) -> Cost:
    moved = [s for s in sorted({*published.sites, *repaired.sites}) if published.sites.get(s) != repaired.sites.get(s)]
    moves = tuple(
        Move(s, published.sites.get(s), repaired.sites.get(s)) for s in sorted(moved, key=lambda s: (s != site, s))
    )
    days = sum(
        instance.jobs[move.site].weight * (move.after.go_live - move.before.go_live).days
        for move in moves
        if move.before and move.after and move.site in instance.jobs
    )
    last_wave = published.last_wave, repaired.last_wave
    return Cost(
        wave=wave,
        moves=moves,
        last_go_live=(published.last_go_live, repaired.last_go_live),
        last_wave=last_wave,
        under_minimum=(_under(instance, published), _under(instance, repaired)),
        weighted_days=round(days, 1) + 0.0,
        # Fewer than the site itself cannot move; anything beyond that another repair might have avoided.
        is_exact=not set(moved) - {site} and last_wave[1] <= last_wave[0],
    )


def _under(instance: Instance, schedule: Schedule) -> int:
    return Objective(Others(instance, days_of(schedule))).under_minimum()
