"""`go-no-go.md`: the page that the meeting before go-live works through."""

from __future__ import annotations

from rollout.model.schedule import Placement
from rollout.model.standing import SiteStanding
from rollout.render.engine import View
from rollout.render.scene import Scene, meeting_day, site_view
from rollout.render.words import day_words, duration_words, listed, role_words


def go_no_go_view(scene: Scene, at: SiteStanding, placement: Placement) -> View:
    """What the go/no-go page's template receives."""
    gate = scene.plan.gate("go-live")
    meeting = meeting_day(scene, at, placement)
    ends = {task.activity.id: task.ends for task in at.tasks}
    rows = scene.criteria("go-live", at)
    for row, criterion in zip(rows, scene.gates.get("go-live", []), strict=True):
        due = ends.get(criterion.evidence or "")
        row["due"] = day_words(due) if due else ""
        row["is_late"] = due is not None and due > meeting
    return {
        "site": site_view(at, placement, scene.plan),
        "edit_url": scene.edit(f"{scene.folder}/{at.site.id}/go-no-go.md"),
        "has_gate": gate is not None,
        "question": (gate.title if gate else None) or "",
        "meeting": day_words(meeting),
        "tolerance": duration_words(gate.tolerance) if gate and gate.tolerance else "",
        "criteria": rows,
        "approvals": _approvals(scene, at),
        "sponsor": scene.holder("sponsor", at) or "",
        "programme_manager": scene.owner("programme_manager", at),
        "plan_file": f"waves/{scene.plan.id}/plan.yaml",
        "records_file": f"waves/{scene.plan.id}/records/_plan.yaml",
    }


def _approvals(scene: Scene, at: SiteStanding) -> list[View]:
    gate = scene.plan.gate("go-live")
    found = []
    for role, needed in gate.approvals.items() if gate else ():
        holder = scene.holder(role, at)
        may = (holder,) if holder else () if role == "sponsor" else scene.programme.teams.approvers.get(role, ())
        found.append({"role": role_words(role), "needed": needed, "names": listed(may, "or")})
    return found
