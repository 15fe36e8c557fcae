"""An approval is given by somebody who may give it.

`approvers` in `waves/_teams.yaml` lists who, by role. For a role that is not listed there it is the plan's holder of
that role (`people`), and the site's own sponsor for `sponsor`. Anybody else's approval counts for nothing.

Bad:

    # waves/_teams.yaml
    approvers: {sponsor: [Marc Petit]}
    # waves/vision/records/_plan.yaml
    - {approval: wave-1, role: sponsor, decision: go, on: 2027-03-02, by: Claire Dubois}

Good:

    - {approval: wave-1, role: sponsor, decision: go, on: 2027-03-02, by: Marc Petit}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.decision import ApprovalRecord
from rollout.model.freshness import holders
from rollout.model.programme import PlanFolder
from rollout.problem import Problem, did_you_mean

CODE = "unknown-approver"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each approval of somebody else, and for each role a gate asks for that nobody holds."""
    teams = subject.programme.teams.source / "approvers"
    for folder in subject.folders:
        for record in folder.decisions.approvals:
            yield from _of_record(subject, folder, record)
        for gate in folder.plan.gates:
            for role in gate.approvals:
                sites = subject.programme.sites_of(folder.plan)
                if not holders(subject.programme, folder, role, sites) and sites:
                    place = folder.plan.source / "gates" / gate.id / "approvals" / role
                    said = f'{gate.id} asks for the approval of "{role}", and nobody holds that role'
                    hint = did_you_mean(role, subject.programme.teams.approvers)
                    yield place.warning(
                        CODE, said, hint or f"list them in {teams.paths[0]}: `approvers: {{{role}: […]}}`"
                    )


def _of_record(subject: Subject, folder: PlanFolder, record: ApprovalRecord) -> Iterator[Problem]:
    programme = subject.programme
    sites = [programme.sites[name] for name in record.sites if name in programme.sites]
    known = holders(programme, folder, record.role, sites or programme.sites_of(folder.plan))
    if not known:
        roles = [*programme.teams.approvers, *folder.plan.people]
        hint = did_you_mean(record.role, roles) or "list somebody below `approvers` in waves/_teams.yaml"
        yield (record.place / "role").warning(CODE, f'nobody holds the role "{record.role}"', hint)
    elif record.by.casefold() not in {name.casefold() for name in known}:
        hint = did_you_mean(record.by, known) or f"{record.role}: {', '.join(known)}"
        yield (record.place / "by").warning(CODE, f"{record.by} may not approve as {record.role}", hint)
