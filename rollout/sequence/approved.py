"""Sites whose go-live somebody has approved: they count as held, like those in the weeks people are working towards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.model.binding import bind, go_live_of
from rollout.model.decision import Bound
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Site
from rollout.model.times import Duration
from rollout.problem import RolloutError


def approved(programme: Programme, folder: PlanFolder, sites: Mapping[str, Site], as_of: date) -> frozenset[str]:
    """The sites with an approval that still stands for what it was given for, whatever else its gate asks for.

    The latest decision about a gate and site counts; one that is stale, by digest or by a go-live that moved further
    than the gate tolerates, holds nothing.
    """
    held: dict[tuple[str, str], bool] = {}
    for record in folder.decisions.approvals:
        gate = folder.plan.gate_of(record.approval)
        if gate is None or record.on > as_of:
            continue
        for name, bound in record.sites.items():
            site = sites.get(programme.renamed.get(name, name))
            if site is None:
                continue
            stands = record.decision != "no_go" and _tolerated(folder, site, bound, gate.tolerance)
            if stands:
                try:
                    now = bind(folder, gate, record.approval, site, programme.files, name).digest
                except RolloutError:
                    now = ""  # its evidence cannot be read, so nobody knows what it was given for
                stands = bound.binds == now
            held[record.approval, site.id] = stands
    return frozenset(site for (_, site), stands in held.items() if stands)


def _tolerated(folder: PlanFolder, site: Site, bound: Bound, tolerance: Duration | None) -> bool:
    published = go_live_of(folder, site.id)
    if published is None or bound.go_live is None:
        return False
    return abs((published - bound.go_live).days) <= (tolerance.days if tolerance else 0)
