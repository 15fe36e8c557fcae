"""The plan's own pages: the index with its wave calendar, and one page a wave where there are too many sites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from rollout.model.country import NAMES
from rollout.model.record import NOTHING_HAPPENED, Facts
from rollout.model.site import Site
from rollout.model.standing import Standing, Wave
from rollout.render.engine import View
from rollout.render.scene import Scene
from rollout.render.words import count_words, day_words, days_words, duration_words, listed, role_words

SITES_ON_INDEX = 200
"""Above so many sites each wave has a page of its own."""
WAVES_IN_DIAGRAM = 60
"""Above so many bars a diagram is no longer read, and hosts stop drawing it."""


def index_view(scene: Scene) -> View:
    """What the index's template receives."""
    standing, plan = scene.standing, scene.plan
    placed = sum(len(wave.sites) for wave in standing.waves)
    split = len(standing.site_ids) > SITES_ON_INDEX
    made = standing.schedule.made
    last = standing.schedule.last_go_live
    return {
        "plan": {"id": plan.id, "name": plan.name, "version": plan.version or "", "file": f"waves/{plan.id}/plan.yaml"},
        "plan_url": scene.edit(f"waves/{plan.id}/plan.yaml"),
        "edit_url": scene.edit(f"{scene.folder}/README.md"),
        "as_of": day_words(made.as_of),
        "outcome": made.outcome,
        "is_proved": "waves" in made.proved,
        "site_count": count_words(len(standing.site_ids), "site"),
        "placed": placed,
        "wave_count": count_words(sum(wave.number > 0 for wave in standing.waves), "wave"),
        "people": sum(site.people for wave in standing.waves for site, _ in wave.sites),
        "work_from": day_words(plan.work_from),
        "first": day_words(standing.waves[0].starts) if standing.waves else "",
        "last": day_words(last) if last else "",
        "lighthouse": _lighthouse(scene),
        "waves": [_wave_view(scene, wave, with_sites=not split) for wave in standing.waves],
        "is_split": split,
        "unplaced": list(_unplaced(scene)),
        "dropped": list(_dropped(scene)),
        "prerequisites": list(_prerequisites(scene)),
        "blackouts": list(_blackouts(scene)),
        "bars": _bars(scene),
        "too_many_bars": len(standing.waves) > WAVES_IN_DIAGRAM,
        "people_of": [{**person, "role": role_words(role)} for role, person in scene.people.items()],
        "documents": list(plan.documents),
        "hypercare": duration_words(plan.hypercare.lasts),
    }


def wave_view(scene: Scene, wave: Wave) -> View:
    """What the template of a wave's own page receives."""
    plan = scene.plan
    path = f"{scene.folder}/{wave_page(wave)}"
    return {
        "plan": {"id": plan.id, "name": plan.name},
        "edit_url": scene.edit(path),
        "wave": _wave_view(scene, wave, with_sites=True),
        "documents": list(plan.documents),
    }


def is_split(standing: Standing) -> bool:
    """Whether the waves have pages of their own."""
    return len(standing.site_ids) > SITES_ON_INDEX


def wave_page(wave: Wave) -> str:
    """`wave-03.md`."""
    return f"wave-{wave.number:02}.md"


def _wave_view(scene: Scene, wave: Wave, *, with_sites: bool) -> View:
    units = sorted({site.business_unit for site, _ in wave.sites if site.business_unit})
    countries = sorted({NAMES.get(site.country, site.country) for site, _ in wave.sites})
    return {
        "number": wave.number,
        "is_lighthouse": wave.number == 0,
        "period": wave.period,
        "page": wave_page(wave),
        "between": days_words(wave.starts, wave.ends),
        "count": len(wave.sites),
        "people": sum(site.people for site, _ in wave.sites),
        "countries": listed(countries) if len(countries) <= 4 else count_words(len(countries), "country", "countries"),
        "units": listed(units),
        "sites": [_site_row(scene, site, day) for site, day in wave.sites] if with_sites else [],
    }


def _site_row(scene: Scene, site: Site, day: date) -> View:
    facts: Facts = scene.standing.folder.facts.get(site.id, NOTHING_HAPPENED)
    return {
        "id": site.id,
        "name": site.name,
        "country": NAMES.get(site.country, site.country),
        "unit": site.business_unit or "",
        "go_live": day_words(day),
        "lead": site.site_lead.name if site.site_lead else "",
        "sponsor": site.sponsor.name if site.sponsor else "",
        "people": site.people,
        "status": role_words(facts.status),
    }


def _lighthouse(scene: Scene) -> View | None:
    lighthouse = scene.plan.lighthouse
    if lighthouse is None or lighthouse not in scene.programme.sites:
        return None
    placement = scene.standing.schedule.sites.get(lighthouse)
    return {
        "id": lighthouse,
        "name": scene.name_of(lighthouse),
        "go_live": day_words(placement.go_live) if placement else "",
    }


def _unplaced(scene: Scene) -> Iterator[View]:
    schedule = scene.standing.schedule
    for site_id in scene.standing.site_ids:
        facts = scene.standing.folder.facts.get(site_id, NOTHING_HAPPENED)
        if site_id not in schedule.sites and facts.status != "dropped":
            reason = schedule.unplaced.get(site_id, "not in the schedule yet; run `rollout plan`")
            yield {"id": site_id, "name": scene.name_of(site_id), "reason": reason, "status": role_words(facts.status)}


def _dropped(scene: Scene) -> Iterator[View]:
    for site_id in scene.standing.site_ids:
        facts = scene.standing.folder.facts.get(site_id, NOTHING_HAPPENED)
        if facts.status == "dropped" and site_id not in scene.standing.schedule.sites:
            since = day_words(facts.status_since) if facts.status_since else ""
            yield {"id": site_id, "name": scene.name_of(site_id), "since": since}


def _prerequisites(scene: Scene) -> Iterator[View]:
    ready = scene.standing.schedule.prerequisites
    rows = []
    for prerequisite in scene.programme.prerequisites_of(scene.plan):
        when = ready.get(prerequisite.id)
        rows.append((when.ready if when else date.max, prerequisite, when))
    for _, prerequisite, when in sorted(rows, key=lambda row: (row[0], row[1].id)):
        yield {
            "title": prerequisite.title,
            "team": listed(prerequisite.needs),
            "takes": duration_words(prerequisite.takes),
            "starts": day_words(when.starts) if when else "",
            "ready": day_words(when.ready) if when else "",
        }


def _blackouts(scene: Scene) -> Iterator[View]:
    """The plan's own closed days between the first day of work and the last go-live."""
    last = scene.standing.schedule.last_go_live
    if last is None:
        return
    rows = []
    for blackout in scene.plan.blackouts:
        blocked = listed([word.replace("_", "-") for word in blackout.blocks])
        clear = duration_words(blackout.clear_before) if blackout.clear_before.length else ""
        for begins, ends in blackout.stretches(scene.plan.work_from, last + timedelta(days=28)):
            view = {"id": blackout.id, "when": days_words(begins, ends), "blocks": blocked,
                    "because": blackout.because or "", "clear": clear}  # fmt: skip
            rows.append((begins, ends, view))
    yield from (view for _, _, view in sorted(rows, key=lambda row: row[:2]))


def _bars(scene: Scene) -> list[View]:
    waves = scene.standing.waves
    if len(waves) > WAVES_IN_DIAGRAM:
        return []
    found = []
    for wave in waves:
        name = wave.sites[0][0].name if wave.number == 0 else count_words(len(wave.sites), "site")
        found.append(
            {
                "label": f"Lighthouse {name}" if wave.number == 0 else f"Wave {wave.number}, {name}",
                "from": wave.starts.isoformat(),
                "to": (wave.ends + timedelta(days=1)).isoformat(),
                "care": (wave.ends + timedelta(days=scene.plan.hypercare.lasts.days)).isoformat(),
            }
        )
    return found
