"""The playbook: why, who, when and how, for whoever runs the roll-out at a site."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from rollout.model.agenda import Task
from rollout.model.blackout import Blackout
from rollout.model.calendar import ONE_DAY, Calendar
from rollout.model.people import USERS_PER_CHAMPION, champions_needed, engineers
from rollout.model.plan import Constraint, Prerequisite
from rollout.model.schedule import Ready
from rollout.model.standing import SiteStanding
from rollout.model.system import connector_of
from rollout.render.documents.document import one_page
from rollout.render.gate import criteria
from rollout.render.setting import Setting
from rollout.render.views.playbook import (
    ChampionsView,
    ClosedView,
    CutoverDayView,
    DayOffView,
    DecisionView,
    FoundView,
    LighthouseView,
    MilestoneView,
    PlaybookPage,
    PlaybookView,
    PrerequisiteView,
    ProofView,
    RaciView,
    SystemView,
    WhoView,
)
from rollout.render.views.shared import WorkflowView
from rollout.render.wording import Wording

_WEEK = timedelta(days=7)
_CUTOVER_DAYS = ((-2, "T-2"), (-1, "T-1"), (0, "T"), (1, "T+1"))
_MILESTONES = ("training", "install", "go-no-go", "change-freeze", "cutover", "uat", "hypercare-exit")
_MILESTONE_WORDS = ("review", "rehearsal", "benefit", "equipment")


def playbook(setting: Setting, standing: SiteStanding) -> PlaybookView:
    """What the template `playbook.md.j2` receives besides site, plan and links."""
    assert standing.placement is not None
    site, go_live = standing.site, standing.placement.go_live
    calendar = setting.programme.calendar_of(site)
    ends = setting.plan.hypercare.ends(go_live)
    wording = setting.wording
    languages = setting.languages(site)
    texts = {name: setting.content(name, languages, 3) for name in ("why", "cutover", "rollback")}
    workflows: list[WorkflowView] = [
        {"id": name, "title": wording.words(name), "content": setting.content(f"workflows/{name}", languages, 4)}
        for name in site.workflows
    ]
    all_texts = [*texts.values(), *(workflow["content"] for workflow in workflows)]
    exit_gate = setting.plan.gate("exit")
    return {
        "why": texts["why"],
        "cutover": texts["cutover"],
        "rollback": texts["rollback"],
        "workflows": workflows,
        "foreign": sorted({t["language"] for t in all_texts if t["language"] is not None and not t["is_wanted"]}),
        "wanted": languages[0] if languages else "en",
        "author": setting.owner("process_owner", standing),
        "who": _who(setting, standing),
        "champions": _champions(wording, standing),
        "raci": _raci(setting, standing),
        "milestones": [_milestone(setting, standing, task) for task in standing.tasks if _is_milestone(task)],
        "count": len(standing.tasks),
        "days_off": _days_off(wording, calendar, go_live),
        "prerequisites": [_prerequisite(setting, standing, p, ready) for p, ready in standing.prerequisites],
        "decision": _decision(setting, standing),
        "blackouts": _blackouts(setting, standing, ends),
        "systems": _systems(setting, standing),
        "found": _found(setting, standing),
        "cutover_days": [_cutover_day(wording, calendar, go_live, shift, label) for shift, label in _CUTOVER_DAYS],
        "cutover_lead": setting.owner("cutover_lead", standing),
        "hypercare": {
            "lasts": wording.length(setting.plan.hypercare.lasts),
            "ends": wording.day(ends),
            "lead": setting.owner("support_lead", standing),
            "decides": setting.owner("programme_manager", standing),
            "criteria": criteria(setting, standing, exit_gate) if exit_gate else [],
        },
        "lighthouse": _lighthouse(setting, standing),
        "lessons": [
            {
                "site": lesson.site.name,
                "says": lesson.learned.says,
                "by": lesson.learned.first.by,
                "on": wording.day(lesson.learned.first.on),
                "because": lesson.learned.first.because,
                "blocking": lesson.stops,
                "items": [wording.text(item.title) for item in lesson.items if item.applies_to(site)],
            }
            for lesson in standing.lessons
        ],
    }


def _lighthouse(setting: Setting, standing: SiteStanding) -> LighthouseView | None:
    """What the lighthouse measured since its go-live: what the records say, so no plan changes it."""
    wording = setting.wording
    site = setting.programme.sites.get(setting.plan.lighthouse or "")
    rows: list[ProofView] = []
    went_live = None
    for proof in setting.standing.proof:
        if proof.after is not None and proof.went_live is not None:
            went_live = proof.went_live
            rows.append(
                {
                    "metric": wording.words(proof.metric),
                    "unit": proof.after.unit,
                    "before": wording.number(proof.before.value) if proof.before else None,
                    "target": wording.number(proof.target.value) if proof.target else None,
                    "after": wording.number(proof.after.value),
                    "on": wording.day(proof.after.on),
                    "days": proof.age(proof.after),
                    "verdict": proof.verdict,
                }
            )
    if site is None or went_live is None or standing.is_lighthouse:
        return None
    return {"name": site.name, "went_live": wording.day(went_live), "proof": rows}


def _who(setting: Setting, standing: SiteStanding) -> WhoView:
    assert standing.placement is not None
    site = standing.site
    first = standing.tasks[0].starts if standing.tasks else None
    return {
        "lead": setting.person(site.site_lead, "site_lead"),
        "sponsor": setting.person(site.sponsor, "sponsor"),
        "engineers": [
            {
                "name": engineer.name,
                "languages": list(engineer.languages),
                "speaks": any(map(engineer.speaks, site.languages)),
                "starts": setting.wording.day(engineer.start)
                if engineer.start and (first is None or engineer.start > first)
                else None,
            }
            for engineer in engineers(standing.spoke, site, standing.placement.go_live)
        ],
        "spoke": setting.wording.words(standing.spoke.id) if standing.spoke else None,
        "programme": setting.people,
        "trainers": [
            {"language": language, "team": team.id if team else None, "people": team.people if team else None}
            for language, team in standing.trainers.items()
        ],
    }


def _champions(wording: Wording, standing: SiteStanding) -> ChampionsView:
    """How many champions, and where the rule comes from: at least one for so many users, and one on every shift."""
    site = standing.site
    task = next((task for task in standing.tasks if task.activity.id == "champions"), None)
    return {
        "needed": champions_needed(site),
        "per": USERS_PER_CHAMPION,
        "source": wording.text(task.activity.source) if task and task.activity.source else None,
        "by": wording.day(task.ends) if task else None,
    }


def _raci(setting: Setting, standing: SiteStanding) -> list[RaciView]:
    """Who answers for what, by phase; work of the same people is one row. Who does it is said where others do."""
    phases: dict[str, dict[_Part, list[str]]] = {}
    by_id = {task.activity.id: task for task in standing.tasks}
    for activity in setting.plan.activities:
        if activity.id in by_id:
            part = _part(setting, standing, by_id[activity.id])
            phases.setdefault(activity.phase, {}).setdefault(part, []).append(setting.wording.text(activity.title))
    return [
        {
            "phase": "" if number else setting.wording.words(phase),
            "work": work,
            "answers": part.answers,
            "does": list(part.does),
            "asked": list(part.asked),
            "told": list(part.told),
        }
        for phase, groups in phases.items()
        for number, (part, work) in enumerate(groups.items())
    ]


class _Part(NamedTuple):
    """Who takes part in a piece of work, by name."""

    answers: str
    does: tuple[str, ...]
    asked: tuple[str, ...]
    told: tuple[str, ...]


def _part(setting: Setting, standing: SiteStanding, task: Task) -> _Part:
    activity = task.activity

    def names(*roles: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(setting.owner(role, standing, task.starts) for role in roles))

    (answers,), does = names(activity.accountable), names(*activity.responsible)
    asked, told = names(*activity.raci.consulted), names(*activity.raci.informed)
    return _Part(answers, () if does == (answers,) else does, asked, told)


def _is_milestone(task: Task) -> bool:
    activity = task.activity
    return activity.two_step or activity.id in _MILESTONES or any(part in activity.id for part in _MILESTONE_WORDS)


def _milestone(setting: Setting, standing: SiteStanding, task: Task) -> MilestoneView:
    activity = task.activity
    return {
        "starts": setting.wording.day(task.starts),
        "ends": setting.wording.day(task.ends),
        "is_one_day": task.starts == task.ends,
        "title": setting.wording.text(activity.title),
        "owner": setting.owner(activity.owner, standing, task.starts),
        "blocking": activity.blocking,
        "after": standing.placement is not None and task.starts > standing.placement.go_live,
    }


def _days_off(wording: Wording, calendar: Calendar, go_live: date) -> list[DayOffView]:
    """Public holidays at most a week from go-live."""
    days = (go_live + timedelta(days=shift) for shift in range(-_WEEK.days, _WEEK.days + 1))
    return [{"day": wording.day(day), "name": calendar.holidays[day]} for day in days if day in calendar.holidays]


def _prerequisite(
    setting: Setting, standing: SiteStanding, prerequisite: Prerequisite, ready: Ready | None
) -> PrerequisiteView:
    wording = setting.wording
    teams = [wording.words(team) for team in prerequisite.needs]
    return {
        "title": prerequisite.title,
        "takes": wording.length(prerequisite.takes),
        "starts": wording.day(ready.starts) if ready else None,
        "ready": wording.day(ready.ready) if ready else None,
        "teams": teams or [setting.owner("programme_manager", standing)],
    }


def _decision(setting: Setting, standing: SiteStanding) -> DecisionView | None:
    """What people decided about this site. Names of other sites, never their dates: those may move without it.

    A wish (`prefer_after`) is nothing decided, and is told on the page of the wave.
    """
    decided: Constraint | None = setting.plan.constraints.get(standing.site.id)
    if decided is None:
        return None

    def names(ids: tuple[str, ...]) -> list[str]:
        sites = setting.programme.sites
        return [sites[name].name if name in sites else name for name in ids]

    days = (decided.not_before, decided.deadline, decided.go_live)
    if not (decided.after or decided.after_exit or any(days) or decided.wave is not None):
        return None
    return {
        "after": names(decided.after),
        "lag": setting.wording.length(decided.lag) if decided.lag.length else None,
        "after_exit": names(decided.after_exit),
        "not_before": setting.wording.day(decided.not_before) if decided.not_before else None,
        "deadline": setting.wording.day(decided.deadline) if decided.deadline else None,
        "wave": decided.wave,
        "go_live": setting.wording.day(decided.go_live) if decided.go_live else None,
        "because": decided.because,
    }


def _blackouts(setting: Setting, standing: SiteStanding, ends: date) -> list[ClosedView]:
    """Closed stretches that touch the site's time, from its first work to the end of hypercare."""
    first = standing.tasks[0].starts if standing.tasks else ends
    spans = setting.plan.blackouts_of(standing.site)
    found = [(begins, to, span) for span in spans for begins, to in span.stretches(first, ends)]
    found.sort(key=lambda row: (row[0], row[1], row[2].id))
    return [_closed(setting.wording, begins, to, span) for begins, to, span in found]


def _closed(wording: Wording, begins: date, to: date, span: Blackout) -> ClosedView:
    return {
        "name": wording.words(span.id),
        "from": wording.day(begins),
        "to": wording.day(to),
        "because": wording.text(span.because) if span.because else None,
        "blocks": [wording.blocked(what) for what in span.blocks],
    }


def _systems(setting: Setting, standing: SiteStanding) -> list[SystemView]:
    register = setting.programme.systems
    ready = {prerequisite.id: when for prerequisite, when in standing.prerequisites}
    wording = setting.wording
    rows: list[SystemView] = []
    for name in standing.site.systems:
        system, when = register.get(name), ready.get(connector_of(name))
        rows.append(
            {
                "id": name,
                "title": (system.title if system else None) or name,
                "kind": wording.words(system.kind) if system else None,
                "owner": system.owner if system else None,
                "live": wording.day(live) if system and (live := system.connector.live_since) else None,
                "team": wording.words(system.connector.team) if system and system.connector.team else None,
                "ready": wording.day(when.ready) if when else None,
            }
        )
    return rows


def _found(setting: Setting, standing: SiteStanding) -> list[FoundView]:
    register, declared = setting.programme.systems, standing.site.declared
    return [
        {
            "title": (register[record.found].title or record.found) if record.found in register else record.found,
            "kind": setting.wording.words(record.kind),
            "source": record.source,
            "by": record.by,
            "on": setting.wording.day(record.on),
            "declared": record.found in declared,
            "unneeded": record.because if record.unneeded else None,
        }
        for record in {record.found: record for record in standing.facts.found}.values()
    ]


def _cutover_day(wording: Wording, calendar: Calendar, go_live: date, shift: int, label: str) -> CutoverDayView:
    """A day of the runbook, and where it is a day off, the nearest one on which people are at work."""
    day = go_live + shift * ONE_DAY
    off = calendar.why_off(day)
    if off == "weekend":
        off = wording.gettext("weekend")
    other = calendar.on_or_before(day) if shift < 0 else calendar.on_or_after(day)
    return {"label": label, "day": wording.day(day), "off": off, "instead": wording.day(other) if off else None}


DOCUMENT = one_page("playbook", PlaybookPage, playbook)
