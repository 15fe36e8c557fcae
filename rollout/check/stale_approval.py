"""An approval is for what stands there now.

It binds the gate's criteria, the site's country, systems, workflows, languages and head-count, the version, what the
gate adds, and the evidence. When one of them changes, or the go-live moves by more than the gate's tolerance, the
approval counts for nothing until it is given again. A digest that was typed or edited by hand is no better. `rollout
gate` says what changed. Sites that are live are not asked about.

Bad:

    # sites/lyon.yaml got a second system after this was recorded
    - {approval: go-live, role: sponsor, decision: go, on: 2027-01-29, by: Marc Petit, sites: {lyon: {binds: "v1:…"}}}

Good:

    rollout record --plan-level approval go-live go --role sponsor --by "Marc Petit" --sites lyon
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.binding import bind, go_live_of
from rollout.model.decision import ApprovalRecord
from rollout.model.freshness import latest_approvals, moved_too_far
from rollout.model.programme import PlanFolder, Programme
from rollout.problem import Problem

CODE = "stale-approval"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each approval and site that no longer fit, the latest of each person and role."""
    for folder in subject.folders:
        known = folder.until(subject.as_of)
        for (name, *_, site_id), (record, approved) in latest_approvals(subject.programme, known).items():
            if said := _stale(subject.programme, known, record, site_id, approved):
                hint = f"see `rollout gate {name}`, and have it approved again"
                message = f"the approval of {name} by {record.by} no longer counts for {site_id}: {said}"
                yield (record.place / "sites" / approved).warning(CODE, message, hint)


def _stale(programme: Programme, folder: PlanFolder, record: ApprovalRecord, site_id: str, approved: str) -> str:
    """Why it no longer counts for a site, which was approved under that id; empty where it does."""
    gate, site, bound = folder.plan.gate_of(record.approval), programme.sites.get(site_id), record.sites[approved]
    if gate is None or site is None or folder.facts_of(site_id).went_live is not None:
        return ""
    if bound.binds is None:
        return "" if record.decision == "no_go" else "it binds nothing"
    if bind(folder, gate, record.approval, site, programme.files, approved).digest != bound.binds:
        return "what it is for has changed"
    return moved_too_far(programme, gate, site, bound.go_live, go_live_of(folder, site_id))
