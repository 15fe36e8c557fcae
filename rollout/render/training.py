"""`training/<role>.<language>.md`: who is taught when, by whom, what, and how it is shown that they can do it."""

from __future__ import annotations

from datetime import date, timedelta

from rollout.model.calendar import ONE_DAY
from rollout.model.schedule import Placement
from rollout.model.standing import SiteStanding
from rollout.render.engine import View
from rollout.render.escape import Trusted, embedded
from rollout.render.scene import Scene, days_between, site_view
from rollout.render.words import (
    count_words,
    day_words,
    days_words,
    is_right_to_left,
    language_words,
    role_words,
    title_words,
)

FIRST_DAY, LAST_DAY = -28, -5
"""When end users are taught if the plan has no activity `training` (topsource, ehrsource: T-28 to T-5)."""
HOURS_A_DAY = 8


def training_view(scene: Scene, at: SiteStanding, placement: Placement, role: str, language: str) -> View:
    """What a training packet's template receives."""
    plan, site = scene.plan, at.site
    count = site.headcount.get(role, 0)
    team = scene.trainer(at, language)
    days, window = _window(scene, at, placement)
    sessions = _sessions(count, site.shifts, plan.training.class_size, days)
    needed = next((c for c in scene.gates.get("go-live", []) if c.measure == "training-reach"), None)
    path = f"{scene.folder}/{site.id}/training/{role}.{language}.md"
    return {
        "site": site_view(at, placement, plan),
        "edit_url": scene.edit(path),
        "role": role_words(role),
        "role_id": role,
        "language": language_words(language),
        "tag": language,
        "is_english": language.partition("-")[0] == "en",
        "knows_language": bool(site.languages),
        "other_languages": [language_words(tag) for tag in site.languages if tag != language],
        "count": count,
        "shifts": site.shifts,
        "class_size": plan.training.class_size,
        "hours": plan.training.hours,
        "length": count_words(plan.training.hours, "hour"),
        "days_each": -(-plan.training.hours // HOURS_A_DAY),
        "window": window,
        "working_days": len(days),
        "sessions": sessions,
        "crowded": _crowded(sessions, days, team.people if team else 1, plan.training.hours),
        "team": team.id if team else "",
        "team_people": (team.people or 0) if team else 0,
        "trainer_lead": scene.holder("trainer", at) or "",
        "agenda": _agenda(plan.training.hours * 60, site.workflows),
        "minutes": plan.training.hours * 60,
        "exercises": [_exercises(scene, workflow, language) for workflow in site.workflows],
        "reach": f"{needed.at_least:g} {needed.unit or ''}".strip() if needed and needed.at_least is not None else "",
        "lead": scene.holder("site_lead", at) or "",
        "content_folder": f"waves/{plan.id}/content/{language}",
    }


def _window(scene: Scene, at: SiteStanding, placement: Placement) -> tuple[list[date], str]:
    """The site's working days on which people are taught, and the window in words."""
    calendar = scene.calendar(at.site)
    task = next((t for t in at.tasks if t.activity.id == "training"), None)
    first = task.starts if task else placement.go_live + timedelta(days=FIRST_DAY)
    last = task.ends if task else placement.go_live + timedelta(days=LAST_DAY)
    last = max(first, min(last, placement.go_live - ONE_DAY))
    closed = [
        stretch
        for blackout in (*scene.plan.blackouts, *at.site.blackouts)
        if "training" in blackout.blocks and blackout.where.matches(at.site)
        for stretch in blackout.stretches(first, last)
    ]
    days = [
        day
        for day in days_between(first, last)
        if calendar.is_working(day) and not any(begins <= day <= ends for begins, ends in closed)
    ]
    return days or [calendar.on_or_before(last)], days_words(first, last)


def _sessions(count: int, shifts: int, class_size: int, days: list[date]) -> list[View]:
    """One row a session: every shift split into classes of even size, spread evenly over the days."""
    classes: list[tuple[int, int]] = []
    for shift in range(shifts):
        people = count // shifts + (shift < count % shifts)
        groups = -(-people // class_size)
        classes += [(shift + 1, people // groups + (group < people % groups)) for group in range(groups)]
    classes.sort(key=lambda row: row[0])
    by_shift = [[row for row in classes if row[0] == shift + 1] for shift in range(shifts)]
    mixed = [rows[n] for n in range(max(map(len, by_shift), default=0)) for rows in by_shift if n < len(rows)]
    return [
        {
            "number": number + 1,
            "day": day_words(days[number * len(days) // len(mixed)]),
            "shift": shift,
            "people": people,
        }
        for number, (shift, people) in enumerate(mixed)
    ]


def _crowded(sessions: list[View], days: list[date], trainers: int, hours: int) -> bool:
    """Whether the trainers cannot hold so many sessions on so few days."""
    per_day = max(1, HOURS_A_DAY // hours) * max(1, trainers)
    return len(sessions) * max(1, -(-hours // HOURS_A_DAY)) > per_day * len(days)


SHARES = (("welcome", 4), ("why", 8), ("show", 14), ("practice", 0), ("without", 12), ("check", 16), ("close", 4))
"""Hundredths of the time of each part of a session; practice takes what is left, a break every two hours besides."""


def _agenda(minutes: int, workflows: tuple[str, ...]) -> list[View]:
    """Parts of a session, adding up to its length to the minute."""
    breaks = 15 * max(0, minutes // 120 - (minutes % 120 == 0 and minutes > 120))
    parts = {key: max(5, minutes * share // 100 // 5 * 5) for key, share in SHARES if share}
    left = minutes - sum(parts.values()) - breaks
    shown = workflows or ("",)
    each = left // len(shown)
    rows: list[tuple[str, str, int]] = []
    for key, share in SHARES:
        if share:
            rows.append((key, "", parts[key]))
            continue
        extra = left - each * len(shown)
        rows += [("practice", title_words(w), each + (extra if n == 0 else 0)) for n, w in enumerate(shown)]
    if breaks:
        middle = next(number for number, row in enumerate(rows) if row[0] == "practice")
        rows.insert(middle, ("break", "", breaks))
    at = 0
    found: list[View] = []
    for key, workflow, length in rows:
        found.append({"key": key, "workflow": workflow, "minutes": length, "from": f"{at // 60}:{at % 60:02}"})
        at += length
    return found


def _exercises(scene: Scene, workflow: str, language: str) -> View:
    name = f"exercises/{workflow}"
    found = scene.standing.folder.content.find(name, (language,))
    is_own = found is not None and found[1].partition("-")[0] == language.partition("-")[0]
    text = embedded(found[0], 4) if found else ""
    if is_own and is_right_to_left(language):
        text = Trusted(f'<div dir="rtl">\n\n{text}\n\n</div>')
    return {
        "title": title_words(workflow),
        "text": text,
        "is_translated": is_own,
        "in": language_words(found[1]) if found else "",
        "file": f"{name}.md",
    }
