"""Approvals that counted before and do not after: what they were given for is not what stands there now."""

from __future__ import annotations

from rollout.model.activity import Gate
from rollout.model.binding import Binding, bind, go_live_of
from rollout.model.consequences import Voided
from rollout.model.decision import ApprovalRecord, Bound
from rollout.model.freshness import moved_too_far
from rollout.model.side import Side
from rollout.model.site import Site

_Approvals = dict[tuple[str, str, str, str], tuple[ApprovalRecord, Bound]]


def voided(before: Side, after: Side) -> tuple[Voided, ...]:
    """One for each approval and site. Who wrote what since is `rollout gate`'s to say: it takes the whole history."""
    now = _latest(after)
    found = []
    for key, (record, bound) in _latest(before).items():
        name, role, by, site_id = key
        then = _binding(before, name, site_id)
        if record.decision == "no_go" or then is None or then.digest != bound.binds:
            continue
        if _moved(before, name, site_id, bound):
            continue
        if key in now:
            again, binds = now[key]
            said, source = _trouble(after, name, site_id, binds, then), again.place
        else:
            said, source = "its line was taken away", record.place
        if said:
            found.append(
                Voided(gate=name, role=role, by=by, on=record.on, site=_id_in(after, site_id), says=said, source=source)
            )
    return tuple(sorted(found, key=lambda void: (void.gate, void.site, void.role, void.by)))


def _latest(side: Side) -> _Approvals:
    """Of each gate, role, person and site the latest line; live sites are asked about no more."""
    return {
        (record.approval, record.role, record.by, site): (record, bound)
        for record in side.folder.decisions.approvals
        for site, bound in record.sites.items()
        if side.folder.facts_of(_id_in(side, site)).went_live is None
    }


def _trouble(side: Side, name: str, site_id: str, bound: Bound, then: Binding) -> str:
    """Why an approval counts no longer; empty where it does."""
    now = _binding(side, name, site_id)
    if now is None:
        return "there is no such gate or site any more"
    if go_live_of(side.folder, _id_in(side, site_id)) is None:
        return "the site has no day any more"
    if now.digest != bound.binds:
        changed = now.changed(then)
        return f"{', '.join(changed)} changed" if changed else "its digest is not the one it was given for"
    return _moved(side, name, site_id, bound)


def _binding(side: Side, name: str, site_id: str) -> Binding | None:
    found = _asked(side, name, site_id)
    return None if found is None else bind(side.folder, found[0], name, found[1], side.programme.files, site_id)


def _moved(side: Side, name: str, site_id: str, bound: Bound) -> str:
    found = _asked(side, name, site_id)
    if found is None:
        return ""
    return moved_too_far(side.programme, *found, bound.go_live, go_live_of(side.folder, _id_in(side, site_id)))


def _asked(side: Side, name: str, site_id: str) -> tuple[Gate, Site] | None:
    gate, site = side.folder.plan.gate_of(name), side.programme.site_called(site_id)
    return None if gate is None or site is None else (gate, site)


def _id_in(side: Side, approved: str) -> str:
    """The id under which a side has dates and records of a site that was approved under this one."""
    site = side.programme.site_called(approved)
    return approved if site is None or approved in side.schedule.sites else site.id
