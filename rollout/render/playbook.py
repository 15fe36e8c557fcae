"""`playbook.md`: what happens at one site, why, when, with whom, and how to get back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from rollout.model.agenda import Task
from rollout.model.calendar import Calendar
from rollout.model.schedule import Placement
from rollout.model.standing import SiteStanding
from rollout.render.engine import View
from rollout.render.escape import embedded
from rollout.render.scene import Scene, days_between, engineers_for, exit_day, meeting_day, person_view, site_view
from rollout.render.systems import systems_view
from rollout.render.words import (
    count_words,
    day_words,
    days_words,
    duration_words,
    language_words,
    listed,
    offset_words,
    role_words,
    title_words,
)

USERS_PER_CHAMPION = 15
"""BerryDunn (FIELD.md): super users at least 1 per 15 users; and one on every shift."""
FINAL_STRETCH = 35
"""From so many days before go-live on, every activity is a date that matters."""


def playbook_view(scene: Scene, at: SiteStanding, placement: Placement) -> View:
    """What the playbook's template receives."""
    plan, site = scene.plan, at.site
    leaves = exit_day(scene, at, placement)
    return {
        "site": site_view(at, placement, plan),
        "edit_url": scene.edit(f"{scene.folder}/{site.id}/playbook.md"),
        "documents": list(plan.documents),
        "plan_id": plan.id,
        "lead": person_view(site.site_lead),
        "sponsor": person_view(site.sponsor),
        "sponsors": list(scene.programme.teams.approvers.get("sponsor", ())),
        "sponsor_due": next((day_words(t.ends) for t in at.tasks if t.activity.id == "sponsor-commitment"), ""),
        "programme_manager": scene.owner("programme_manager", at),
        "process_owner": scene.owner("process_owner", at),
        "meeting": day_words(meeting_day(scene, at, placement)),
        "packets": [{"role": role_words(role), "language": language_words(tag), "path": f"training/{role}.{tag}.md"}
                    for role, tag in packets(at)],
        "why": _content(scene, at, "why", 3),
        "cutover": _content(scene, at, "cutover", 3),
        "rollback": _content(scene, at, "rollback", 3),
        "content_folder": f"waves/{plan.id}/content/en",
        "engineers": [
            {
                "name": engineer.name,
                "languages": listed([language_words(tag) for tag in engineer.languages]),
                "start": day_words(engineer.start) if engineer.start and engineer.start > plan.work_from else "",
            }
            for engineer in engineers_for(at)
        ],
        "spoke": at.spoke.id if at.spoke else "",
        "unit": site.business_unit or "",
        "people": _people(scene, at),
        "headcount": [{"role": role_words(role), "count": count} for role, count in site.headcount.items()],
        "champions": champions(at),
        "milestones": list(_milestones(scene, at, placement)),
        "work_from": day_words(plan.work_from),
        "holidays": _holidays(scene, at, placement),
        "knows_holidays": scene.knows_holidays(site),
        "prerequisites": _prerequisites(at),
        "constraints": _constraints(scene, at),
        "blackouts": list(_blackouts(scene, at, placement)),
        "workflows": [_workflow(scene, at, workflow) for workflow in site.workflows],
        **systems_view(scene, at),
        "cutover_days": _cutover_days(scene.calendar(site), placement.go_live),
        "exit": {
            "day": day_words(leaves),
            "from": day_words(placement.go_live),
            "lasts": duration_words(plan.hypercare.lasts),
            "criteria": scene.criteria("exit", at),
        },
        "lessons": [
            {
                "says": lesson.record.says,
                "site": lesson.site.name,
                "on": day_words(lesson.record.on),
                "by": lesson.record.by,
                "is_blocking": lesson.record.blocking,
            }
            for lesson in at.lessons
        ],
        "records_file": f"waves/{plan.id}/records/{site.id}.yaml",
    }  # fmt: skip


def packets(at: SiteStanding) -> list[tuple[str, str]]:
    """Role and language of every training packet of a site."""
    roles = [role for role, count in at.site.headcount.items() if count > 0] or ["operators"]
    return [(role, tag) for role in roles for tag in at.site.languages or ("en",)]


def champions(at: SiteStanding) -> View:
    """How many champions a site needs: one per fifteen users, and at least one on every shift."""
    users, shifts = at.site.people, at.site.shifts
    by_users = -(-users // USERS_PER_CHAMPION)
    return {
        "count": max(by_users, shifts),
        "users": users,
        "shifts": shifts,
        "per": USERS_PER_CHAMPION,
        "by_shift": by_users < shifts,
        "a_shift": -(-max(by_users, shifts) // shifts),
    }


def _content(scene: Scene, at: SiteStanding, name: str, level: int) -> View:
    found = scene.standing.folder.content.find(name, ("en", *at.site.languages))
    return {
        "text": embedded(found[0], level) if found else "",
        "language": language_words(found[1]) if found and found[1] != "en" else "",
        "name": f"{name}.md",
    }


def _workflow(scene: Scene, at: SiteStanding, workflow: str) -> View:
    return {"title": title_words(workflow), "id": workflow, **_content(scene, at, f"workflows/{workflow}", 4)}


def _people(scene: Scene, at: SiteStanding) -> list[View]:
    """People of the programme; where the spoke has engineers for the site, they are listed on their own."""
    has_engineers = bool(engineers_for(at))
    return [
        {**person, "role": role, "role_words": role_words(role), "leads_engineers": role == "embedded_engineer"}
        for role, person in scene.people.items()
        if not (role == "embedded_engineer" and has_engineers and person["name"] in {e.name for e in engineers_for(at)})
    ]


def _milestones(scene: Scene, at: SiteStanding, placement: Placement) -> Iterator[View]:
    """What somebody has to send off in time, and everything from five weeks before go-live on; go-live among them."""
    go_live = placement.go_live
    is_placed = False
    for task in sorted(at.tasks, key=lambda t: t.starts):
        if not is_placed and task.starts > go_live:
            is_placed = True
            yield _go_live_row(at, go_live)
        if task.activity.two_step or (task.starts - go_live).days >= -FINAL_STRETCH:
            yield _milestone(scene, at, task, go_live)
    if not is_placed:
        yield _go_live_row(at, go_live)


def _milestone(scene: Scene, at: SiteStanding, task: Task, go_live: date) -> View:
    return {
        "when": days_words(task.starts, task.ends),
        "offset": offset_words((task.starts - go_live).days),
        "title": task.activity.title,
        "owner": scene.owner(task.activity.owner, at),
        "is_request": task.activity.two_step,
        "is_go_live": False,
        "is_done": task.is_done,
    }


def _go_live_row(at: SiteStanding, go_live: date) -> View:
    return {
        "when": day_words(go_live),
        "offset": "T",
        "title": "",
        "owner": at.site.site_lead.name if at.site.site_lead else "site lead",
        "is_request": False,
        "is_go_live": True,
        "is_done": False,
    }


def _holidays(scene: Scene, at: SiteStanding, placement: Placement) -> list[View]:
    holidays = scene.calendar(at.site).holidays
    if not holidays:
        return []
    month = timedelta(days=FINAL_STRETCH)
    span = days_between(placement.go_live - month, placement.go_live + month)
    return [{"when": day_words(day), "name": holidays[day]} for day in span if day in holidays]


def _prerequisites(at: SiteStanding) -> list[View]:
    return [
        {
            "title": prerequisite.title,
            "team": listed(prerequisite.needs),
            "takes": duration_words(prerequisite.takes),
            "starts": day_words(ready.starts) if ready else "",
            "ready": day_words(ready.ready) if ready else "",
        }
        for prerequisite, ready in at.prerequisites
    ]


def _constraints(scene: Scene, at: SiteStanding) -> list[View]:
    """Decisions about the order of sites that touch this one; no dates of others, which may move without it."""
    found: list[View] = []
    constraints = scene.plan.constraints
    own = constraints.get(at.site.id)

    def row(kind: str, sites: tuple[str, ...], because: str | None, **more: str) -> None:
        others = [{"name": scene.name_of(s), "link": f"../{s}/playbook.md"} for s in sites if s != at.site.id]
        found.append({"kind": kind, "sites": others, "because": because or "", "lag": "", "day": "", **more})

    if own is not None:
        if own.after:
            row("after", own.after, own.because, lag=duration_words(own.lag) if own.lag.length else "")
        if own.after_exit:
            row("after_exit", own.after_exit, own.because)
        if own.not_before:
            row("not_before", (), own.because, day=day_words(own.not_before))
        if own.deadline:
            row("deadline", (), own.because, day=day_words(own.deadline))
        if own.go_live:
            row("pinned", (), own.because, day=day_words(own.go_live))
        elif own.wave is not None:
            row("wave", (), own.because, day=str(own.wave))
    for follower in scene.followers.get(at.site.id, ()):
        theirs = constraints[follower]
        kind = "followed" if at.site.id in theirs.after else "followed_exit"
        row(kind, (follower,), theirs.because, lag=duration_words(theirs.lag) if theirs.lag.length else "")
    for is_together, group in scene.groups.get(at.site.id, ()):
        row("together" if is_together else "apart", group, None)
    return found


def _blackouts(scene: Scene, at: SiteStanding, placement: Placement) -> Iterator[View]:
    """Closed days between the first day of work and the end of hypercare."""
    first = min((task.starts for task in at.tasks), default=placement.go_live)
    last = exit_day(scene, at, placement)
    found: list[tuple[date, date, View]] = []
    for blackout in (*at.site.blackouts, *scene.plan.blackouts):
        if not blackout.where.matches(at.site):
            continue
        blocked = listed([role_words(word.replace("-", " ")).replace("go live", "go-live") for word in blackout.blocks])
        for begins, ends in blackout.stretches(first, last):
            view = {"when": days_words(begins, ends), "blocks": blocked, "because": blackout.because or blackout.id,
                    "clear": count_words(blackout.clear_before.days, "day") if blackout.clear_before.length else ""}  # fmt: skip
            found.append((begins, ends, view))
    yield from (view for _, _, view in sorted(found, key=lambda row: row[:2]))


@lru_cache(maxsize=1)
def _offsets() -> tuple[tuple[int, str], ...]:
    return tuple((days, offset_words(days)) for days in (-2, -1, 0, 1))


def _cutover_days(calendar: Calendar, go_live: date) -> list[View]:
    rows = []
    for days, offset in _offsets():
        day = go_live + timedelta(days=days)
        rows.append({"offset": offset, "when": day_words(day), "off": calendar.why_off(day) or ""})
    return rows
