"""Approvals that counted before and do not after: what they were given for is not what stands there now."""

from __future__ import annotations

from rollout.model.binding import Binding, bind, go_live_of
from rollout.model.consequences import Voided
from rollout.model.decision import Approved
from rollout.model.freshness import latest_approvals, moved_too_far
from rollout.model.side import Side


def voided(before: Side, after: Side) -> tuple[Voided, ...]:
    """One for each approval and site. Who wrote what since is `rollout gate`'s to say: it takes the whole history.

    Sites that are live, before or after, are asked about no more.
    """
    now = latest_approvals(after.programme, after.folder)
    found = []
    for (gate, role, by, old_id), (record, approved) in latest_approvals(before.programme, before.folder).items():
        bound, site = record.sites[approved], after.programme.renamed.get(old_id, old_id)
        then = _binding(before, gate, old_id, approved)
        if record.decision == "no_go" or then is None or then.digest != bound.binds:
            continue
        if _is_live(before, old_id) or _is_live(after, site) or _moved(before, gate, old_id, bound):
            continue
        if (latest := now.get((gate, role, by, site))) is not None:
            again, named = latest
            said, source = _trouble(after, gate, site, named, again.sites[named], then), again.place
        else:
            said, source = "its line was taken away", record.place
        if said:
            one = Voided(gate=gate, role=role, by=record.by, on=record.on, site=site, says=said, source=source)
            found.append(one)
    return tuple(sorted(found, key=lambda void: (void.gate, void.site, void.role, void.by)))


def _is_live(side: Side, site_id: str) -> bool:
    return side.folder.facts_of(site_id).went_live is not None


def _trouble(side: Side, gate: str, site_id: str, approved: str, bound: Approved, then: Binding) -> str:
    """Why an approval counts no longer for a site, which was approved under that id; empty where it does."""
    now = _binding(side, gate, site_id, approved)
    if now is None:
        return "there is no such gate or site any more"
    if bound.go_live is not None and go_live_of(side.folder, site_id) is None:
        return "the site has no day any more"
    if now.digest != bound.binds:
        changed = now.changed(then)
        return f"{', '.join(changed)} changed" if changed else "its digest is not the one it was given for"
    return _moved(side, gate, site_id, bound)


def _binding(side: Side, name: str, site_id: str, approved: str) -> Binding | None:
    gate, site = side.folder.plan.gate_of(name), side.programme.sites.get(site_id)
    if gate is None or site is None:
        return None
    return bind(side.folder, gate, name, site, side.programme.files, approved)


def _moved(side: Side, name: str, site_id: str, bound: Approved) -> str:
    gate, site = side.folder.plan.gate_of(name), side.programme.sites.get(site_id)
    if gate is None or site is None:
        return ""
    return moved_too_far(side.programme, gate, site, bound.go_live, go_live_of(side.folder, site_id))
