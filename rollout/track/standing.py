"""What a plan's sites look like on their published dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.model.agendas import Agendas
from rollout.model.lesson import Lesson, items_of, learned, meant
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.model.site import Site
from rollout.model.standing import SiteStanding, Standing, Wave, ready_of
from rollout.model.team import Team, Teams
from rollout.track.proof import pack_of

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def stand(programme: Programme, folder: PlanFolder, schedule: Schedule, *, with_lessons: bool = True) -> Standing:
    """The plan on these dates. A site's standing depends on nothing that another site's move would change.

    `with_lessons`: what others learned is told only by pages; each site's are looked for among those of all others.
    """
    plan = folder.plan
    sites = {site.id: site for site in programme.sites_of(plan)}
    lessons = _lessons(programme, folder) if with_lessons else ()
    heeded = [lesson for lesson in lessons if lesson.record.state != "rejected"]
    prerequisites = programme.prerequisites_of(plan)
    agendas, ready = Agendas(plan, plan.work_from), ready_of(folder, schedule)

    def one(site_id: str) -> SiteStanding:
        site = sites[site_id]
        facts, placement = folder.facts_of(site_id), schedule.sites.get(site_id)
        calendar = programme.calendar_of(site)
        return SiteStanding(
            site=site,
            facts=facts,
            placement=placement,
            unplaced=None if placement else schedule.unplaced.get(site_id, "not in the schedule yet"),
            is_lighthouse=site_id == plan.lighthouse,
            period=period_name(plan, placement.go_live) if placement else "",
            tasks=agendas.of(site, facts, calendar, placement.go_live) if placement else (),
            spoke=programme.teams.spoke_for(site.business_unit),
            trainers={language: _trainer(programme.teams, language) for language in site.languages},
            prerequisites=tuple((p, ready.get(p.id)) for p in prerequisites if p.where.matches(site)),
            lessons=tuple(x for x in heeded if x.site.id != site_id and x.record.affects.matches(site)),
        )

    return Standing(
        programme=programme,
        folder=folder,
        schedule=schedule,
        waves=_waves(plan, sites, schedule),
        site_ids=tuple(sites),
        prerequisites=prerequisites,
        proof=pack_of(folder, plan.lighthouse) if plan.lighthouse else (),
        lessons={lesson.learned.id: lesson for lesson in lessons if lesson.items},
        site=one,
    )


def period_name(plan: Plan, day: date) -> str:
    """The calendar period a day lies in, in words."""
    if plan.waves.every == "week":
        year, week, _ = day.isocalendar()
        return f"week {week} of {year}"
    if plan.waves.every == "quarter":
        return f"quarter {(day.month + 2) // 3} of {day.year}"
    return f"{MONTHS[day.month - 1]} {day.year}"


def _waves(plan: Plan, sites: Mapping[str, Site], schedule: Schedule) -> tuple[Wave, ...]:
    return tuple(
        Wave(number, period_name(plan, rows[0][1]), tuple((sites[s], day) for s, day in rows if s in sites))
        for number, rows in schedule.waves().items()
        if any(s in sites for s, _ in rows)
    )


def _lessons(programme: Programme, folder: PlanFolder) -> tuple[Lesson, ...]:
    found = learned(folder.records)
    items, known = items_of(folder.plan), meant(found)
    return tuple(
        Lesson(programme.sites[one.site_id], one, items.get(one.id, ()) if known[one.id] is one else ())
        for one in found
        if one.site_id in programme.sites
    )


def _trainer(teams: Teams, language: str) -> Team | None:
    spoken = language.partition("-")[0]
    return next((t for t in teams.teams if {language, spoken} & set(t.languages) and "training" in t.skills), None)
