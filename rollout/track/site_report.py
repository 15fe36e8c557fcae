"""The items of one site: state, who and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from rollout.model.agenda import Task
from rollout.model.boxes import Touch
from rollout.model.owner import owner_of
from rollout.model.record import ItemRecord
from rollout.model.site_report import ItemReport, ItemState, SiteReport, Timing
from rollout.model.standing import Standing
from rollout.model.stated import ProgrammeState
from rollout.track.look import Look, Looks

SOON = timedelta(days=14)


def site_report(
    standing: Standing, state: ProgrammeState, site_id: str, touches: Mapping[str, Touch] | None
) -> SiteReport:
    """One site as of the state's day. `touches`: who last changed each box; None where no history can be asked."""
    look = Looks(standing, state.as_of).look(site_id)
    phases = {activity.id: number for number, activity in enumerate(standing.folder.plan.activities)}
    first: dict[str, int] = {}
    for task in sorted(look.standing.tasks, key=lambda task: phases[task.activity.id]):
        first.setdefault(task.activity.phase, len(first))
    tasks = sorted(look.standing.tasks, key=lambda task: first[task.activity.phase])
    ticked_only = any(not look.standing.facts.is_recorded(t.activity.id) and t.is_done for t in tasks)
    notes = (
        ("Who ticked is not known: this folder is in no git repository.",) if ticked_only and touches is None else ()
    )
    return SiteReport(
        plan=state.plan,
        name=state.name,
        as_of=state.as_of,
        state=next(one for one in state.sites if one.site == site_id),
        items=tuple(_item(look, task, standing, touches or {}) for task in tasks),
        notes=notes,
    )


def _item(look: Look, task: Task, standing: Standing, touches: Mapping[str, Touch]) -> ItemReport:
    activity = task.activity
    latest = None
    if look.pace is not None and not task.is_done:
        table = look.pace.latest_end if activity.id in look.pace.begun else look.pace.latest
        latest = table.get(activity.id)
    timing = _timing(look, task, latest)
    state: ItemState = (
        "done" if task.is_done else "requested" if task.is_requested else "again" if task.again else "open"
    )
    item = ItemReport(
        item=activity.id,
        title=activity.title,
        phase=activity.phase,
        state=state,
        by=None,
        on=None,
        told_by="",
        owner=owner_of(standing.folder.plan, look.standing, activity.owner, task.starts).shown,
        starts=task.starts,
        ends=task.ends,
        latest=latest,
        timing=timing,
    )
    return _told(item, look, task, touches)


def _timing(look: Look, task: Task, latest: date | None) -> Timing:
    if task.is_done or (look.facts.went_live is not None and task.activity.starts.days < 0):
        return ""
    if latest is not None and latest < look.as_of:
        return "late"
    day = task.ends if task.is_requested else task.starts
    if day < look.as_of:
        return "behind"
    return "soon" if min(day, latest or day) <= look.as_of + SOON else ""


def _told(item: ItemReport, look: Look, task: Task, touches: Mapping[str, Touch]) -> ItemReport:
    """The item with who brought it where it is."""
    box = task.again.key if task.again else item.item
    names = [f"{box}:approved", box] if item.state == "done" else [f"{box}:requested"]
    record: ItemRecord | None = look.standing.facts.items.get(item.item)
    if item.state in ("done", "requested"):
        wanted = ("done", "approved") if item.state == "done" else ("requested",)
        if record is not None and record.state in wanted:
            return replace(item, by=record.by, on=record.on, told_by="record")
        found = next((touches[name] for name in names if name in touches), None)
        if found is not None and found.is_ticked:
            return replace(item, by=found.by, on=found.on, told_by="tick")
        return replace(item, told_by="page")
    if task.again is not None:
        return replace(item, by=task.again.done.by, on=task.again.done.on, told_by="record")
    gone = next((touches[n] for n in (f"{box}:requested", f"{box}:approved", box) if n in touches), None)
    return replace(item, regressed=(gone.by, gone.on)) if gone is not None and not gone.is_ticked else item
