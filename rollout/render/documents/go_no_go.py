"""The go/no-go page: what the meeting has to hear, who decides, and what follows from either answer."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from rollout.model.activity import Gate
from rollout.model.standing import SiteStanding
from rollout.render.documents.document import one_page
from rollout.render.gate import criteria
from rollout.render.markdown import Markdown
from rollout.render.setting import Setting
from rollout.render.views.shared import CriterionView, SitePage

GATE = "go-live"


class ApproverView(TypedDict):
    """Who may decide in a role."""

    role: str
    """The role in words."""
    count: int
    """How many have to."""
    names: list[str]
    """Who may."""
    unlisted: bool
    """Whether somebody of them is not among the programme's approvers."""


class BlockingView(TypedDict):
    """Work that go-live waits for."""

    title: str
    """What."""
    owner: str
    """Who."""
    ends: Markdown
    """By when."""


class GoNoGoView(TypedDict):
    """What only the go/no-go page receives."""

    meeting: Markdown
    """Day of the meeting."""
    has_gate: bool
    """Whether the plan has a gate `go-live`."""
    criteria: list[CriterionView]
    """Its rows."""
    approvers: list[ApproverView]
    """Who decides."""
    tolerance: str | None
    """How far go-live may move before the decision is taken again, in words."""
    blocking: list[BlockingView]
    """Work that go-live waits for."""
    manager: str
    """Who calls the meeting."""
    cutover_lead: str
    """Who starts the runbook."""


class GoNoGoPage(SitePage, GoNoGoView):
    """`go-no-go.md.j2`, once a site."""


def go_no_go(setting: Setting, standing: SiteStanding) -> GoNoGoView:
    """What the template `go-no-go.md.j2` receives besides site, plan and links."""
    gate = setting.plan.gate(GATE)
    task = next((task for task in standing.tasks if task.activity.id == "go-no-go"), None)
    return {
        "meeting": setting.wording.day(_day(setting, standing, gate, task.ends if task else None)),
        "has_gate": gate is not None,
        "criteria": criteria(setting, standing, gate) if gate else [],
        "approvers": [_approver(setting, standing, role, count) for role, count in gate.approvals.items()]
        if gate
        else [],
        "tolerance": setting.wording.length(gate.tolerance) if gate and gate.tolerance else None,
        "blocking": [
            {
                "title": setting.wording.text(task.activity.title),
                "owner": setting.owner(task.activity.owner, standing, task.starts),
                "ends": setting.wording.day(task.ends),
            }
            for task in standing.tasks
            if task.activity.blocking and task.activity.id != "go-no-go"
        ],
        "manager": setting.owner("programme_manager", standing),
        "cutover_lead": setting.owner("cutover_lead", standing),
    }


def _day(setting: Setting, standing: SiteStanding, gate: Gate | None, planned: date | None) -> date:
    """Day of the meeting: the task's, else the gate's, else the day of go-live."""
    assert standing.placement is not None
    go_live = standing.placement.go_live
    of_gate = gate.day(go_live, setting.programme.calendar_of(standing.site)) if gate is not None else None
    return planned or of_gate or go_live


def _approver(setting: Setting, standing: SiteStanding, role: str, count: int) -> ApproverView:
    """Who may decide in a role: the site's own sponsor, or those the programme names."""
    listed = list(setting.programme.teams.approvers.get(role, ()))
    sponsor = standing.site.sponsor
    names = [sponsor.name] if role == "sponsor" and sponsor else listed
    return {
        "role": setting.wording.words(role),
        "count": count,
        "names": names,
        "unlisted": bool(listed) and any(name not in listed for name in names),
    }


DOCUMENT = one_page("go-no-go", GoNoGoPage, go_no_go)
