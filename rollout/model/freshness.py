"""When an approval is for something else than what stands there now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rollout.model.activity import WAVE, Gate
from rollout.model.decision import ApprovalRecord
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Site
from rollout.model.times import Duration, Offset, later

SPONSOR = "sponsor"


def holders(programme: Programme, folder: PlanFolder, role: str, sites: Iterable[Site]) -> tuple[str, ...]:
    """Who may approve in a role: those listed in `waves/_teams.yaml`.

    Where nobody is listed for it: the plan's holder of the role, and the sponsors of the sites for theirs.
    """
    listed = programme.teams.approvers.get(role)
    if listed is not None:
        return listed
    names = [folder.plan.people[role].name] if role in folder.plan.people else []
    names += [site.sponsor.name for site in sites if role == SPONSOR and site.sponsor is not None]
    return tuple(dict.fromkeys(names))


def latest_approvals(
    programme: Programme, folder: PlanFolder
) -> Mapping[tuple[str, str, str, str], tuple[ApprovalRecord, str]]:
    """By gate, role, person and site the latest approval, with the id under which it names the site.

    Sites go by the ids they have now, and people by their names in lower case.
    """
    return {
        (record.approval, record.role, record.by.casefold(), programme.renamed.get(name, name)): (record, name)
        for record in folder.decisions.approvals
        for name in record.sites
    }


def moved_too_far(programme: Programme, gate: Gate, site: Site, then: date | None, now: date | None) -> str:
    """Why the go-live an approval was given for is another one now; nothing within the gate's tolerance."""
    if then == now:
        return ""
    if then is None or now is None:
        return f"it was given for {then or 'no go-live'}, and now it is {now or 'none'}"
    calendar = programme.calendar_of(site)
    allowed = gate.tolerance or Duration(0)
    early = calendar.shift(then, Offset(-allowed.length, allowed.working))
    late = calendar.shift(then, Offset(allowed.length, allowed.working))
    if early <= now <= late:
        return ""
    return f"its go-live moved from {then} to {now}, {later((now - then).days)}, and {allowed} are tolerated"


def wave_of(folder: PlanFolder, name: str, site_id: str) -> int:
    """The wave that a gate opens for a site: of the gate's name, else the site's own; 0 without any."""
    if match := WAVE.fullmatch(name):
        return int(match[1])
    placement = folder.placement_of(site_id)
    return placement.wave if placement else 0
