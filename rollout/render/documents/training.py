"""Training packets: sessions with dates, agenda, exercises and a check, one packet a role and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from unicodedata import combining, normalize

from rollout.model.agenda import Task
from rollout.model.calendar import ONE_DAY, Calendar
from rollout.model.fields import is_id
from rollout.model.language import packet_language
from rollout.model.site import Site
from rollout.model.standing import SiteStanding
from rollout.render.documents.document import DocumentPage, SiteDocument, Tongues
from rollout.render.markdown import Markdown
from rollout.render.setting import Setting
from rollout.render.views.shared import FromTime, NotesView, SitePage, WorkflowView

NOBODY_COUNTED = "operators"
"""Role of the one packet of a site that has not given its head-count."""
HOURS_A_DAY = 8
"""Hours one trainer teaches on a day."""


class TrainingWindow(TypedDict):
    """When training is."""

    starts: Markdown
    """First day."""
    ends: Markdown
    """Last day."""
    days: int
    """Working days in it."""


class PartView(FromTime):
    """A part of a session."""

    to: str
    """Time into the session at which it ends: `1:30`."""
    kind: str
    """`welcome`, `show`, `practise`, `practise-all`, `break`, `fallback`, `check` or `close`."""
    about: str
    """The workflow, or nothing."""
    minutes: int
    """How long."""


class SessionView(TypedDict):
    """A session of this packet's role."""

    number: int
    """From 1."""
    shift: int
    """For which shift."""
    seats: int
    """How many people."""
    day: Markdown | None
    """When; nothing where no day is free."""


class TeamView(TypedDict):
    """A team of trainers."""

    name: str
    """Its id."""
    people: int | None
    """How many they are."""


class BusiestView(TypedDict):
    """A day of training."""

    day: Markdown
    """The day."""
    count: int
    """Sessions on it."""
    people: int
    """Trainers who speak the site's languages."""


class SharedTraining(NotesView):
    """What all training packets of a site receive."""

    window: TrainingWindow | None
    """When training is; nothing where the plan has no such activity."""
    hours: int
    """Length of a session."""
    class_size: int
    """People in it at most."""
    shifts: int
    """Shifts of the site."""
    agenda: list[PartView]
    """Parts of a session."""
    reach: str | None
    """What the go-live gate asks of training."""
    responsible: str
    """Who answers for training."""
    author: str
    """Who writes exercises that are missing."""
    fallback_owner: str
    """Who answers for the fallback."""
    languages: list[str]
    """Tags of all languages of the site."""
    spoken: str
    """Tag of the language the sessions are held in."""
    busiest: BusiestView | None
    """The day that asks for more trainers than there are."""
    team: TeamView | None
    """Who trains; nothing where nobody speaks the language."""
    exercises: list[WorkflowView]
    """Exercises by workflow."""
    seats: list[int]
    """Numbers of the lines of the sign-off sheet."""


class TrainingView(SharedTraining):
    """What only a training packet receives."""

    role: str
    """Whom the packet is for."""
    people: int
    """How many are to be trained; 0 where it was not given."""
    sessions: list[SessionView]
    """The sessions."""


class TrainingPage(SitePage, TrainingView):
    """`training.md.j2`, once a role and language of a site."""


def packets(standing: SiteStanding) -> list[tuple[str, str, str]]:
    """Role, language and file of each packet: every role with people, in every language of the site."""
    site = standing.site
    roles = [role for role, count in site.headcount.items() if count] or [NOBODY_COUNTED]
    names = _file_names(roles)
    return [
        (role, language, f"training/{names[role]}.{language}.md")
        for role in roles
        for language in site.languages or ("en",)
    ]


def _file_names(roles: list[str]) -> dict[str, str]:
    """A file name for each role: roles are free text, file names are not."""
    found: dict[str, str] = {}
    for role in roles:
        plain = normalize("NFKD", role.lower())
        letters = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain if not combining(c))
        name = "-".join(part for part in letters[:50].split("-") if part) or "role"
        while name in found.values() or not is_id(name):
            name += "-2"
        found[role] = name
    return found


def training(setting: Setting, standing: SiteStanding, language: str) -> Iterator[tuple[str, TrainingView]]:
    """File name and view of each packet of a site in a language, for the template `training.md.j2`."""
    site, wording = standing.site, setting.wording
    task = next((task for task in standing.tasks if task.activity.id == "training"), None)
    days = _days(setting, standing, task) if task else []
    sessions = sessions_of(site, setting.plan.training.class_size, days)
    criteria = setting.plan.gate("go-live")
    reach = next((c for c in criteria.needs if c.measure == "training-reach"), None) if criteria else None
    team = standing.trainers.get(language)
    shared: SharedTraining = {
        "window": {"starts": wording.day(task.starts), "ends": wording.day(task.ends), "days": len(days)}
        if task
        else None,
        "hours": setting.plan.training.hours,
        "class_size": setting.plan.training.class_size,
        "shifts": site.shifts,
        "agenda": agenda(setting.plan.training.hours * 60, [wording.words(name) for name in site.workflows]),
        "reach": wording.text(reach.go) if reach and reach.go else None,
        "responsible": setting.owner(task.activity.owner if task else "trainer", standing),
        "author": setting.owner("process_owner", standing),
        "fallback_owner": setting.owner("support_lead", standing),
        "languages": list(site.languages or ("en",)),
        "spoken": language,
        "busiest": _busiest(setting, standing, sessions),
        "team": {"name": team.id, "people": team.people} if team else None,
        "exercises": [
            {
                "id": name,
                "title": wording.words(name),
                "content": setting.content(f"exercises/{name}", [language], 4),
            }
            for name in site.workflows
        ],
        "seats": list(range(1, setting.plan.training.class_size + 1)),
        **setting.notes(language),
    }
    for role, spoken, file in packets(standing):
        if spoken == language:
            yield (
                file,
                {
                    **shared,
                    "role": wording.words(role),
                    "people": site.headcount.get(role, 0),
                    "sessions": [
                        {
                            "number": number,
                            "shift": session.shift,
                            "seats": session.seats,
                            "day": wording.day(session.day) if session.day else None,
                        }
                        for number, session in enumerate((x for x in sessions if x.role == role), 1)
                    ],
                },
            )


def _days(setting: Setting, standing: SiteStanding, task: Task) -> list[date]:
    """Days of the training window on which people are at work and no blackout keeps them from it."""
    site = standing.site
    calendar: Calendar = setting.programme.calendar_of(site)
    closed = [
        stretch
        for span in setting.plan.blackouts_of(site)
        if task.activity.id in span.blocks or task.activity.phase in span.blocks
        for stretch in span.stretches(task.starts, task.ends)
    ]
    days, day = [], task.starts
    while day <= task.ends:
        if calendar.is_working(day) and not any(begins <= day <= to for begins, to in closed):
            days.append(day)
        day += ONE_DAY
    return days


@dataclass(frozen=True, slots=True)
class Session:
    """People of one role and shift in one room."""

    role: str
    shift: int
    seats: int
    day: date | None
    """None where no day of the window is free."""


def sessions_of(site: Site, class_size: int, days: Sequence[date]) -> list[Session]:
    """The sessions of a site: each shift of each role in as few rooms as hold it, equally full.

    All roles are spread over the window together, so that trainers are not wanted twice.
    """
    wanted: list[tuple[str, int, int]] = []
    for role, count in site.headcount.items():
        for shift in range(1, site.shifts + 1):
            people = count // site.shifts + (shift <= count % site.shifts)
            rooms = -(-people // class_size)
            wanted += [(role, shift, people // rooms + (room < people % rooms)) for room in range(rooms)]
    return [
        Session(role, shift, seats, days[number * len(days) // len(wanted)] if days else None)
        for number, (role, shift, seats) in enumerate(wanted)
    ]


def _busiest(setting: Setting, standing: SiteStanding, sessions: Sequence[Session]) -> BusiestView | None:
    """The day that asks for more trainers than speak the site's languages; None where there are enough."""
    teams = {team.id: team.people for team in standing.trainers.values() if team and team.people}
    by_day = Counter(session.day for session in sessions if session.day)
    if not teams or not by_day:
        return None
    people = sum(teams.values())
    day, count = max(by_day.items(), key=lambda row: (row[1], -row[0].toordinal()))
    held = max(1, HOURS_A_DAY // setting.plan.training.hours)
    return {"day": setting.wording.day(day), "count": count, "people": people} if count > people * held else None


def agenda(minutes: int, workflows: list[str]) -> list[PartView]:
    """Parts of one session; their minutes add up to its length."""
    short = minutes < 120
    before, fallback, check, close = (5, 5, 15, 5) if short else (10, 10, 30, 10)
    breaks = (minutes - 1) // 120
    rest = minutes - before - fallback - check - close - 15 * breaks
    parts = [("welcome", "", before), *_practice(rest, workflows), ("fallback", "", fallback)]
    parts += [("check", "", check), ("close", "", close)]
    for number in range(1, breaks + 1):
        parts.insert(_cut(parts, minutes * number / (breaks + 1)), ("break", "", 15))
    rows: list[PartView] = []
    clock = 0
    for kind, about, length in parts:
        rows.append(
            {"from": _clock(clock), "to": _clock(clock + length), "kind": kind, "about": about, "minutes": length}
        )
        clock += length
    return rows


def _practice(rest: int, workflows: list[str]) -> list[tuple[str, str, int]]:
    """What is left of a session, shared among the workflows: a quarter to show each, the rest to practise it."""
    share = rest // len(workflows) // 5 * 5 if workflows else 0
    if share < 15:
        return [("practise-all", "", rest)]
    parts = []
    for number, workflow in enumerate(workflows):
        mine = rest - share * (len(workflows) - 1) if number == 0 else share
        show = max(5, mine // 4 // 5 * 5)
        parts += [("show", workflow, show), ("practise", workflow, mine - show)]
    return parts


def _cut(parts: list[tuple[str, str, int]], wanted: float) -> int:
    """Where a break falls nearest to the minute wanted, between two parts."""
    clock, best = 0, 1
    nearest = float("inf")
    for place, (_, _, length) in enumerate(parts[:-1], 1):
        clock += length
        if abs(clock - wanted) < nearest:
            nearest, best = abs(clock - wanted), place
    return best


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _pages(tongues: Tongues, standing: SiteStanding) -> Iterator[DocumentPage]:
    """One packet a role and language, in the language of those who are trained."""
    for language in standing.site.languages or ("en",):
        setting = tongues.of(packet_language(language, tongues.catalogues))
        for file, view in training(setting, standing, language):
            yield DocumentPage(file, setting, view)


DOCUMENT = SiteDocument("training", TrainingPage, _pages)
