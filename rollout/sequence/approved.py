"""Sites whose go-live somebody has approved: they count as held, like those in the weeks people are working towards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.model.activity import Gate
from rollout.model.binding import bind, go_live_of
from rollout.model.decision import ApprovalRecord
from rollout.model.freshness import latest_approvals, moved_too_far
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Site
from rollout.problem import RolloutError


def approved(programme: Programme, folder: PlanFolder, sites: Mapping[str, Site], as_of: date) -> frozenset[str]:
    """The sites with an approval that still stands for what it was given for, whatever else its gate asks for.

    Of each person and role the latest counts. One that is stale, by digest or by a go-live that moved further than the
    gate tolerates, holds nothing; nor does any beside a refusal that stands.
    """
    held: dict[tuple[str, str], set[bool]] = {}
    for (name, _, _, site_id), (record, known) in latest_approvals(programme, folder.until(as_of)).items():
        gate, site = folder.plan.gate_of(name), sites.get(site_id)
        if gate is not None and site is not None and _stands(programme, folder, gate, site, record, known):
            held.setdefault((name, site_id), set()).add(record.decision != "no_go")
    return frozenset(site for (_, site), said in held.items() if said == {True})


def _stands(
    programme: Programme, folder: PlanFolder, gate: Gate, site: Site, record: ApprovalRecord, known: str
) -> bool:
    bound, published = record.sites[known], go_live_of(folder, site.id)
    if bound.binds is None:
        return record.decision == "no_go"
    if published is None or moved_too_far(programme, gate, site, bound.go_live, published):
        return False
    try:
        return bind(folder, gate, record.approval, site, programme.files, known).digest == bound.binds
    except RolloutError:
        return False  # its evidence cannot be read, so nobody knows what it was given for
