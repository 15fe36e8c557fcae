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
from rollout.model.decision import ApprovalRecord, Bound
from rollout.model.freshness import moved_too_far
from rollout.model.programme import PlanFolder, Programme
from rollout.problem import Problem

CODE = "stale-approval"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each approval and site that no longer fit, the latest of each person and role."""
    for folder in subject.folders:
        known = folder.until(subject.as_of)
        latest: dict[tuple[str, str, str, str], tuple[ApprovalRecord, Bound]] = {}
        for record in known.decisions.approvals:
            for site_id, bound in record.sites.items():
                latest[record.approval, record.role, record.by, site_id] = (record, bound)
        for (*_, site_id), (record, bound) in latest.items():
            if (said := _stale(subject.programme, known, record, site_id, bound)) is not None:
                hint = f"see `rollout gate {record.approval}`, and have it approved again"
                message = f"the approval of {record.approval} by {record.by} no longer counts for {site_id}: {said}"
                yield (record.place / "sites" / site_id).warning(CODE, message, hint)


def _stale(programme: Programme, folder: PlanFolder, record: ApprovalRecord, site_id: str, bound: Bound) -> str | None:
    gate, site = folder.plan.gate_of(record.approval), programme.sites.get(site_id)
    if gate is None or site is None or folder.facts_of(site_id).went_live is not None:
        return None
    if bound.binds is None:
        return None if record.decision == "no_go" else "it binds nothing"
    if bind(folder, gate, record.approval, site, programme.files).digest != bound.binds:
        return "what it is for has changed"
    return moved_too_far(programme, gate, site, bound.go_live, go_live_of(folder, site_id)) or None
