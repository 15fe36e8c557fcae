"""A plan as a workbook: its waves, its sites (a sheet that can be imported again), what is due, who has how much."""

from __future__ import annotations

from rollout.model.book import ID, SITES, YES_NO, Book, BookCell, BookColumn, BookSheet
from rollout.model.due import Due
from rollout.model.load import TeamLoads
from rollout.model.plan import Hypercare
from rollout.model.record import ORDER
from rollout.model.site import Site
from rollout.model.standing import Standing, Wave
from rollout.render.wave import wave_title

_HELP = (
    "Waves, Due and Capacity are for reading. The white columns of Sites are for you; grey ones are worked out.",
    "Save the file and hand it back: `rollout import FILE` takes over what you changed on Sites, and nothing else.",
    "A go-live of the future becomes a pin in plan.yaml, one of the past a record; a wave is a pin to that wave.",
    "A status becomes a record of the day of the import. What does not fit the records is said, and they stay.",
    "A cell that you empty deletes nothing, a row that you delete removes nobody. A row that you add, with a name and",
    "a country, is a new site; leave its id blank. Lists are written with semicolons: infor-m3; labware.",
    "Sort and filter as you like. Then `rollout plan` finds the dates again and `rollout diff` says who moves.",
)
_WIDEST = 44


def plan_book(standing: Standing, due: Due, loads: TeamLoads) -> Book:
    """The workbook of a plan on its published dates; the due list as asked for, the load by week."""
    plan = standing.folder.plan
    sheets = (_sites(standing), _waves(standing), _due(due), _capacity(loads))
    return Book(f"{plan.name}: plan", sheets, _HELP, plan=plan.id)


def _waves(standing: Standing) -> BookSheet:
    columns = (
        BookColumn("wave", 8),
        BookColumn("name", 12),
        BookColumn("period", 16),
        BookColumn("first go-live", 13, day=True),
        BookColumn("last go-live", 13, day=True),
        BookColumn("hypercare until", 15, day=True),
        BookColumn("sites", 8),
        BookColumn("people", 9),
        BookColumn("which", 70),
    )
    care = standing.folder.plan.hypercare
    return BookSheet("Waves", columns, tuple(_wave(wave, care) for wave in standing.waves), frozen=2)


def _wave(wave: Wave, care: Hypercare) -> tuple[BookCell, ...]:
    people = sum(site.people for site, _ in wave.sites)
    which = ", ".join(site.name for site, _ in wave.sites)
    days = (wave.starts, wave.ends, care.ends(wave.ends))
    return (wave.number, wave_title(wave.number), wave.period, *days, len(wave.sites), people, which)


def _sites(standing: Standing) -> BookSheet:
    sites = [standing.programme.sites[site_id] for site_id in standing.site_ids]
    roles = sorted({role for site in sites for role in site.headcount})
    labels = sorted({name for site in sites for name in site.labels})
    columns = (
        BookColumn("id", 16, ID),
        BookColumn("name", 26, "name"),
        BookColumn("country", 9, "country"),
        BookColumn("region", 12, "region"),
        BookColumn("business unit", 16, "business_unit"),
        BookColumn("wave", 7, "wave"),
        BookColumn("go-live", 12, "go_live", day=True),
        BookColumn("status", 12, "status", ORDER),
        BookColumn("since", 12, day=True),
        BookColumn("lighthouse", 11, choices=YES_NO),
        BookColumn("hypercare until", 15, day=True),
        BookColumn("why no date", 28),
        BookColumn("site lead", 22, "site_lead.name"),
        BookColumn("site lead email", 28, "site_lead.email"),
        BookColumn("sponsor", 22, "sponsor.name"),
        BookColumn("sponsor email", 28, "sponsor.email"),
        BookColumn("subdivision", 12, "subdivision"),
        BookColumn("timezone", 18, "timezone"),
        BookColumn("languages", 12, "languages"),
        BookColumn("shifts", 8, "shifts"),
        BookColumn("value", 8, "value"),
        *(BookColumn(role, max(len(role) + 3, 9), f"headcount.{role}") for role in roles),
        BookColumn("systems", 30, "systems"),
        BookColumn("workflows", 30, "workflows"),
        *(BookColumn(f"label {name}", min(len(name) + 10, _WIDEST), f"labels.{name}") for name in labels),
    )
    rows = tuple(_site(standing, site, roles, labels) for site in sites)
    return BookSheet(SITES, columns, rows, frozen=2)


def _site(standing: Standing, site: Site, roles: list[str], labels: list[str]) -> tuple[BookCell, ...]:
    plan, schedule = standing.folder.plan, standing.schedule
    facts = standing.folder.facts_of(site.id)
    placement = schedule.sites.get(site.id)
    day = facts.went_live or (placement.go_live if placement else None)
    over = facts.left_hypercare or (plan.hypercare.ends(day) if day else None)
    lead, sponsor = site.site_lead, site.sponsor
    return (
        site.id,
        site.name,
        site.country,
        site.region,
        site.business_unit,
        placement.wave if placement else None,
        day,
        facts.status,
        facts.status_since,
        "yes" if site.id == plan.lighthouse else "no",
        over,
        schedule.unplaced.get(site.id, "" if placement else "not in the schedule yet"),
        lead.name if lead else None,
        lead.email if lead else None,
        sponsor.name if sponsor else None,
        sponsor.email if sponsor else None,
        site.subdivision,
        site.timezone,
        "; ".join(site.languages),
        site.shifts,
        site.value,
        *(site.headcount.get(role) for role in roles),
        "; ".join(site.declared),
        "; ".join(site.workflows),
        *(site.labels.get(name) for name in labels),
    )


def _due(due: Due) -> BookSheet:
    columns = (
        BookColumn("overdue", 10, choices=YES_NO),
        BookColumn("latest day", 12, day=True),
        BookColumn("by the checklist", 16, day=True),
        BookColumn("site", 16),
        BookColumn("wave", 7),
        BookColumn("kind", 10),
        BookColumn("item", 22),
        BookColumn("what", 52),
        BookColumn("who", 22),
        BookColumn("email", 28),
        BookColumn("role", 20),
        BookColumn("asked for on", 13, day=True),
        BookColumn("go-live slips, days", 18),
        BookColumn("slips if missed, days", 19),
    )
    rows = tuple(
        (
            "yes" if item.is_overdue else "no",
            item.day,
            item.norm,
            item.site,
            item.wave,
            item.kind,
            item.id,
            item.title,
            item.owner.shown,
            item.owner.email,
            item.owner.role,
            item.since,
            item.slip_now or None,
            item.slip_if_missed or None,
        )
        for item in due.items
    )
    return BookSheet("Due", columns, rows, frozen=2, alarm=0)


def _capacity(loads: TeamLoads) -> BookSheet:
    columns = (
        BookColumn("team", 20),
        BookColumn("week of", 12, day=True),
        BookColumn("load", 8),
        BookColumn("has", 8),
        BookColumn("unit", 20),
        BookColumn("over", 8, choices=YES_NO),
        BookColumn("who", 70),
    )
    rows: tuple[tuple[BookCell, ...], ...] = tuple(
        (
            team.team,
            week.starts,
            week.load,
            team.capacity,
            team.unit,
            "yes" if week.load > team.capacity else "no",
            week.who(None),
        )
        for team in loads.teams
        for week in team.weeks
    )
    return BookSheet("Capacity", columns, rows, frozen=2, alarm=5)
