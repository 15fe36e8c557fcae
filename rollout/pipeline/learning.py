"""What the programme has learned: its lessons, what was measured, which systems were found. Nothing here writes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.locate import Places
from rollout.pipeline.asking import site_of
from rollout.pipeline.loading import pick, readable
from rollout.problem import RolloutError

if TYPE_CHECKING:
    from rollout.model.learned import Lessons
    from rollout.model.proved import Proved
    from rollout.model.source import Source


def lessons(
    root: Path, as_of: date, plan_id: str | None = None, *, affects: str | None = None, only_open: bool = False
) -> Lessons:
    """The lessons of a plan and what became of each: all, those for a site, or those that are open."""
    from rollout.track.lessons import lessons as what_became

    loaded = readable(root)
    folder = pick(loaded.programme, plan_id)
    site = None if affects is None else loaded.programme.sites[site_of(loaded, folder, affects)]
    places = Places(loaded.workspace)

    def place(source: Source) -> tuple[str, int]:
        return places.of(source)[:2]

    return what_became(loaded.programme, folder, site, only_open=only_open).located(place)


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
