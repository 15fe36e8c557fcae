"""What the programme has learned: its lessons, what was measured, which systems were found. Nothing here writes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.pipeline.loading import pick, readable, site_of
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.discovered import FoundLate, Systems
    from rollout.model.learned import Lessons
    from rollout.model.proved import Proved
    from rollout.model.schedule import Ready


def lessons(
    root: Path, as_of: date, plan_id: str | None = None, *, affects: str | None = None, only_open: bool = False
) -> Lessons:
    """The lessons of a plan and what became of each: all, those for a site, or those that are open."""
    from rollout.track.lessons import lessons as what_became

    loaded = readable(root)
    folder = pick(loaded.programme, plan_id)
    site = None if affects is None else loaded.programme.sites[site_of(loaded, folder, affects)]
    return what_became(loaded.programme, folder, site, only_open=only_open).located(loaded.place)


def proof(root: Path, as_of: date, plan_id: str | None = None, *, at: str | None = None) -> Proved:
    """What the sites of a plan measured before and since go-live; `at` names a site, or `lighthouse`."""
    from rollout.track.proof import proof_packs

    loaded = readable(root)
    folder = pick(loaded.programme, plan_id)
    if at == "lighthouse" and "lighthouse" not in loaded.programme.sites:
        if folder.plan.lighthouse is None:
            problem = folder.plan.source.problem("lighthouse", "the plan names no lighthouse", "add `lighthouse: SITE`")
            raise RolloutError(*loaded.placed([problem]))
        at = folder.plan.lighthouse
    site = None if at is None else site_of(loaded, folder, at)
    return proof_packs(loaded.programme, folder, as_of, site)


def systems(root: Path, as_of: date, plan_id: str | None = None) -> Systems:
    """The systems of all sites, or of a plan's: believed, declared, found, and what is left to settle."""
    from rollout.model.standing import ready_of
    from rollout.track.systems import systems as counted

    loaded = readable(root)
    programme = loaded.programme
    asked = None if plan_id is None else pick(programme, plan_id)
    folders = programme.plans.values() if asked is None else (asked,)
    sites = programme.sites.values() if asked is None else programme.sites_of(asked.plan)
    ready: dict[str, Ready] = {}
    for folder in folders:
        for name, when in (ready_of(folder, folder.schedule) if folder.schedule else {}).items():
            # Built once, for whoever needs it first.
            if name not in ready or when.ready < ready[name].ready:
                ready[name] = when
    return counted(programme, sites, ready, as_of)


def found_late(root: Path, as_of: date, plan_id: str | None, system: str, at: str) -> FoundLate:
    """What the dates would be were a system found at a site today. Writes nothing.

    The same as recording it: one line over the site's records, and the plan mended or made with it.
    """
    from rollout.load.overlay import Edit, Overlay
    from rollout.model.discovered import FoundLate
    from rollout.model.revision import Revision, moves
    from rollout.model.system import connector_of
    from rollout.pipeline.dating import dates
    from rollout.pipeline.loading import sound
    from rollout.sequence.earliest import earliest
    from rollout.sequence.plan import instance_of, worth_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    site = loaded.programme.sites[site_of(loaded, folder, at)]
    went_live = folder.facts_of(site.id).went_live
    if went_live is not None:
        said, hint = f"{site.id} went live on {went_live}: no date depends on it any more", "record it all the same"
        raise RolloutError(Problem(path="", code="gone-live", message=said, hint=hint))
    known = loaded.programme.systems.get(system)
    line = {"found": system, "kind": known.kind if known else "other", "on": as_of.isoformat(), "by": "systems"}
    over = Overlay((Edit(f"--found {system}", folder.layout.records_of(site.id), [line]),))
    with_it = sound(root, as_of, over)
    other = pick(with_it.programme, folder.id)
    old, new = dates(loaded, folder, as_of).schedule, dates(with_it, other, as_of).schedule
    was, now = instance_of(loaded.programme, folder, old), instance_of(with_it.programme, other, new)
    connector = connector_of(system)
    work = {p.id: p for p in with_it.programme.prerequisites_of(other.plan)}.get(connector)
    ready = new.prerequisites.get(connector)
    revision = Revision(
        moves=moves(old, new),
        ends=(old.last_go_live, new.last_go_live),
        waves=(old.last_wave, new.last_wave),
        worth=(worth_of(was, old, new), worth_of(now, new, old)),
    )
    return FoundLate(
        plan=folder.id,
        system=system,
        site=site.id,
        name=site.name,
        takes=str(work.takes) if work else None,
        ready=ready.ready if ready else None,
        is_new=system not in site.systems,
        earliest=(earliest(was, site.id), earliest(now, site.id)),
        placed=(old.sites.get(site.id), new.sites.get(site.id)),
        unplaced={s: why for s, why in new.unplaced.items() if s not in old.unplaced},
        revision=revision if revision.moves else None,
    )
