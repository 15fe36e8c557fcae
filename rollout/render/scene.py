"""What all pages of a plan share, worked out once: people, links, constraints by site, gates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from rollout.model.activity import Activity, Criterion
from rollout.model.calendar import Calendar, calendar_code
from rollout.model.country import NAMES
from rollout.model.plan import Plan
from rollout.model.programme import Programme
from rollout.model.schedule import Placement
from rollout.model.site import Person, Site
from rollout.model.standing import SiteStanding, Standing
from rollout.model.team import Engineer, Team
from rollout.render.engine import View
from rollout.render.words import day_words, duration_words, language_words, role_words, title_words

WORKER_ROLES = ("site_lead", "sponsor", "embedded_engineer")
"""Roles that a site or its spoke fills, whatever the plan says."""


@dataclass(frozen=True)
class Scene:
    """A plan's standing and what every page asks of it."""

    standing: Standing
    _criteria: dict[str, list[View]] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.standing.folder.plan

    @property
    def programme(self) -> Programme:
        """The programme."""
        return self.standing.programme

    @property
    def folder(self) -> str:
        """Where the plan's pages stand."""
        return f"playbooks/{self.plan.id}"

    @cached_property
    def gates(self) -> dict[str, list[Criterion]]:
        """Criteria by gate."""
        return {gate.id: list(gate.needs) for gate in self.plan.gates}

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """Activities by id."""
        return {activity.id: activity for activity in self.plan.activities}

    @cached_property
    def phases(self) -> list[str]:
        """Phases in the order of their first activity."""
        return list(dict.fromkeys(activity.phase for activity in self.plan.activities))

    @cached_property
    def followers(self) -> dict[str, list[str]]:
        """Sites that the plan lets go live only after this one."""
        found: dict[str, list[str]] = {}
        for site_id, constraint in sorted(self.plan.constraints.items()):
            for other in (*constraint.after, *constraint.after_exit):
                found.setdefault(other, []).append(site_id)
        return found

    @cached_property
    def groups(self) -> dict[str, list[tuple[bool, tuple[str, ...]]]]:
        """The groups a site is in: together (True) or apart."""
        found: dict[str, list[tuple[bool, tuple[str, ...]]]] = {}
        for is_together, groups in ((True, self.plan.together), (False, self.plan.apart)):
            for group in groups:
                for site_id in group:
                    found.setdefault(site_id, []).append((is_together, group))
        return found

    @cached_property
    def people(self) -> dict[str, View]:
        """Who holds which role of the programme."""
        return {role: person_view(person) for role, person in self.plan.people.items()}

    def calendar(self, site: Site) -> Calendar:
        """Working days of a site."""
        return self.programme.calendars.of(site.country, site.subdivision, site.weekend)

    def knows_holidays(self, site: Site) -> bool:
        """Whether there is any public holiday on file for the site's country."""
        listed = self.programme.holidays.calendars.get(calendar_code(site.country, site.subdivision))
        return listed is not None and bool(listed.days)

    def edit(self, path: str) -> str | None:
        """The web page where a file is edited."""
        web = self.plan.web
        if web is None:
            return None
        host = (urlsplit(web).hostname or "").lower()
        between = "/-/edit" if "gitlab" in host else "/edit"
        return f"{web.rstrip('/')}{between}/{self.plan.branch}/{path}"

    def name_of(self, site_id: str) -> str:
        """A site's name, or its id where it is unknown."""
        site = self.programme.sites.get(site_id)
        return site.name if site else site_id

    def owner(self, role: str, at: SiteStanding) -> str:
        """Who answers for something at a site: a name, or the role in words where nobody holds it yet."""
        found = self.holder(role, at)
        return found if found is not None else role_words(role)

    def holder(self, role: str, at: SiteStanding) -> str | None:
        """The name of who holds a role at a site."""
        person: Person | None = None
        if role == "site_lead":
            person = at.site.site_lead
        elif role == "sponsor":
            person = at.site.sponsor
        elif role == "embedded_engineer" and (engineer := first_engineer(at)) is not None:
            return engineer.name
        if person is None and role not in ("site_lead", "sponsor"):
            person = self.plan.people.get(role)
        return person.name if person else None

    def trainer(self, at: SiteStanding, language: str) -> Team | None:
        """The team that trains in a language."""
        if language in at.trainers:
            return at.trainers[language]
        spoken = {language, language.partition("-")[0]}
        teams = self.programme.teams.teams
        return next((t for t in teams if "training" in t.skills and spoken & set(t.languages)), None)

    def criteria(self, gate_id: str, at: SiteStanding) -> list[View]:
        """The rows of a gate, with who answers for each."""
        found = self._criteria.get(gate_id)
        if found is None:
            gate = self.plan.gate(gate_id)
            found = self._criteria[gate_id] = [self._criterion(row) for row in gate.needs] if gate else []
        return [{**row, "owner": self.owner(row["role"], at)} for row in found]

    def _criterion(self, row: Criterion) -> View:
        activity = self.activities.get(row.evidence or "")
        return {
            "id": row.id,
            "title": title_words(row.id),
            "go": row.go or "",
            "no_go": row.no_go or "",
            "role": row.owner,
            "measure": title_words(row.measure).lower() if row.measure else "",
            "limit": _limit(row),
            "evidence": (activity.evidence or activity.title) if activity else role_words(row.evidence or ""),
            "activity": activity.title if activity else "",
            "age": duration_words(row.max_age) if row.max_age else "",
            "at": "" if row.at is None else row.at,
        }


def _limit(row: Criterion) -> str:
    unit = f" {row.unit}" if row.unit else ""
    bounds = [f"at least {row.at_least:g}"] if row.at_least is not None else []
    bounds += [f"at most {row.at_most:g}"] if row.at_most is not None else []
    return " and ".join(bounds) + unit if bounds else ""


def person_view(person: Person | None) -> View:
    """Somebody's name, title and how to reach them; empty texts for what is not known."""
    if person is None:
        return {"name": "", "title": "", "email": "", "phone": ""}
    return {
        "name": person.name,
        "title": person.title or "",
        "email": person.email or "",
        "phone": person.phone or "",
    }


def first_engineer(at: SiteStanding) -> Engineer | None:
    """The spoke's engineer for a site: one who is there before go-live, if possible one who speaks its language."""
    engineers = engineers_for(at)
    return engineers[0] if engineers else None


def engineers_for(at: SiteStanding) -> list[Engineer]:
    """The spoke's engineers, those who speak the site's languages first, then as listed."""
    if at.spoke is None or at.placement is None:
        return []
    there = [e for e in at.spoke.engineers if e.start is None or e.start <= at.placement.go_live]
    spoken = {language.partition("-")[0]: rank for rank, language in reversed(list(enumerate(at.site.languages)))}
    return sorted(there, key=lambda e: min((spoken.get(x.partition("-")[0], 99) for x in e.languages), default=99))


def site_view(at: SiteStanding, placement: Placement, plan: Plan) -> View:
    """What the head of every page says about its site."""
    site = at.site
    return {
        "id": site.id,
        "name": site.name,
        "file": site.paths[0] if site.paths else f"sites/{site.id}.yaml",
        "country": NAMES.get(site.country, site.country),
        "languages": [language_words(tag) for tag in site.languages],
        "is_lighthouse": at.is_lighthouse,
        "wave": placement.wave,
        "period": at.period,
        "go_live": day_words(placement.go_live),
        "capability": plan.name,
        "version": plan.version or "",
        "people": site.people,
        "shifts": site.shifts,
    }


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day of a stretch, both ends included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def exit_day(scene: Scene, at: SiteStanding, placement: Placement) -> date:
    """Day on which the exit from hypercare is decided, as planned."""
    calendar = scene.calendar(at.site)
    gate = scene.plan.gate("exit")
    if gate is not None and gate.on is not None:
        return calendar.on_or_after(calendar.shift(placement.go_live, gate.on))
    return calendar.on_or_after(calendar.after(placement.go_live, scene.plan.hypercare.lasts))


def meeting_day(scene: Scene, at: SiteStanding, placement: Placement) -> date:
    """Day of the go/no-go meeting: the activity's, or the gate's."""
    for task in at.tasks:
        if task.activity.id == "go-no-go":
            return task.starts
    calendar = scene.calendar(at.site)
    gate = scene.plan.gate("go-live")
    if gate is not None and gate.on is not None:
        return calendar.on_or_before(calendar.shift(placement.go_live, gate.on))
    return calendar.on_or_before(placement.go_live - timedelta(days=7))
