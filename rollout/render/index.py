"""The plan's own pages: the wave calendar, every site with its pages, and what else has dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rollout.model.calendar import ONE_DAY
from rollout.model.country import NAMES
from rollout.model.owner import plan_owner
from rollout.model.site import Site
from rollout.model.standing import Standing, Wave
from rollout.render.dates import spoken
from rollout.render.drawing import FILE, description
from rollout.render.markdown import Markdown
from rollout.render.setting import Setting, chosen
from rollout.render.views.plan import IndexSite, IndexView, PlanBlackout, PlanPrerequisite, UnplacedView, WaveRow
from rollout.render.wave import DIAGRAM_LIMIT, wave_file, wave_title, wave_view
from rollout.render.wording import length, words

SITES_ON_ONE_PAGE = 200
"""Above this the sites stand only on the pages of their waves, and the index links those."""
_NAMED_SITES = 8


def index(setting: Setting) -> IndexView:
    """What the template `index.md.j2` receives besides plan and edit link."""
    standing = setting.standing
    paged = is_paged(standing)
    waves = [_wave(wave) for wave in standing.waves]
    unplaced: list[UnplacedView] = [
        {"name": site.name, "id": site.id, "country": NAMES.get(site.country, site.country), "reason": reason}
        for site, reason in _unplaced(standing)
    ]
    numbered = [wave for wave in standing.waves if wave.number]
    return {
        "waves": waves,
        "wave_count": len(numbered),
        "paged": paged,
        "site_count": len(standing.site_ids),
        "placed": sum(len(wave.sites) for wave in standing.waves),
        "first": spoken(standing.waves[0].starts) if standing.waves else None,
        "last": spoken(max(wave.ends for wave in standing.waves)) if standing.waves else None,
        "as_of": spoken(standing.schedule.made.as_of),
        "lighthouse": _lighthouse(setting),
        "manager": setting.plan.people["programme_manager"].name
        if "programme_manager" in setting.plan.people
        else None,
        "sites": [] if paged else [row for wave in standing.waves for row in wave_sites(setting, wave)],
        "unplaced": unplaced,
        "gantt": gantt(standing.waves),
        "drawing": {"file": FILE, "says": description(setting)} if standing.waves else None,
        "blackouts": _blackouts(setting),
        "prerequisites": _prerequisites(setting),
        "hypercare": length(setting.plan.hypercare.lasts),
    }


def is_paged(standing: Standing) -> bool:
    """Whether the sites are too many for one table."""
    return sum(len(wave.sites) for wave in standing.waves) > SITES_ON_ONE_PAGE


def wave_sites(setting: Setting, wave: Wave) -> list[IndexSite]:
    """The sites of a wave with links to their pages."""
    return [
        {
            "name": site.name,
            "id": site.id,
            "country": NAMES.get(site.country, site.country),
            "wave": wave_title(wave.number),
            "page": wave_file(wave.number),
            "go_live": spoken(day),
            "lead": site.site_lead.name if site.site_lead else None,
            "status": setting.standing.folder.facts_of(site.id).status,
        }
        for site, day in wave.sites
    ]


def _wave(wave: Wave) -> WaveRow:
    names = [site.name for site, _ in wave.sites]
    return {**wave_view(wave), "names": names[:_NAMED_SITES], "more": max(0, len(names) - _NAMED_SITES)}


def _lighthouse(setting: Setting) -> str | None:
    site = setting.programme.sites.get(setting.plan.lighthouse or "")
    return site.name if site else None


def _unplaced(standing: Standing) -> Iterator[tuple[Site, str]]:
    for site_id in standing.site_ids:
        if site_id not in standing.schedule.sites:
            reason = standing.schedule.unplaced.get(site_id, "not in the schedule yet")
            yield standing.programme.sites[site_id], reason


def gantt(waves: Sequence[Wave]) -> Markdown | None:
    """Bars of the waves as Mermaid text; None where hosts would not draw it."""
    lines = ["gantt", "  dateFormat YYYY-MM-DD", "  axisFormat %b %Y"]
    for wave in waves:
        count = "" if len(wave.sites) == 1 else f" ({len(wave.sites)} sites)"
        lines.append(f"  {wave_title(wave.number)}{count} :{wave.starts}, {wave.ends + ONE_DAY}")
    text = "\n".join(lines)
    return Markdown(text) if waves and len(text) <= DIAGRAM_LIMIT else None


def _blackouts(setting: Setting) -> list[PlanBlackout]:
    """Closed stretches of the programme from its first work to its last go-live."""
    last = setting.standing.schedule.last_go_live
    if last is None:
        return []
    found = [
        (begins, to, span)
        for span in setting.plan.blackouts
        for begins, to in span.stretches(setting.plan.work_from, last)
    ]
    found.sort(key=lambda row: (row[0], row[1], row[2].id))
    return [
        {
            "name": words(span.id),
            "from": spoken(begins),
            "to": spoken(to),
            "blocks": [setting.wording.blocked(what) for what in span.blocks],
            "clear": length(span.clear_before) if span.clear_before.length else None,
            "where": chosen(span.where),
            "because": span.because,
        }
        for begins, to, span in found
    ]


def _prerequisites(setting: Setting) -> list[PlanPrerequisite]:
    who = plan_owner(setting.plan, "programme_manager").shown
    return [
        {
            "title": needed.title,
            "starts": spoken(ready.starts) if ready else None,
            "ready": spoken(ready.ready) if ready else None,
            "takes": length(needed.takes),
            "teams": [f"{words(team)}: {count}" for team, count in needed.needs.items()] or [who],
            "where": chosen(needed.where),
        }
        for needed, ready in setting.standing.waits_for
    ]
