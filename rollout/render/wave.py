"""The page of a wave: who goes when, and what the neighbours of its sites are in the order of things.

Diagrams are small on purpose: hosts refuse large ones, and GitLab hides all diagrams of a page once it holds 2,000
characters of them. Whatever does not fit is left out, fullest first; the tables beside them always hold everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rollout.model.agenda import Task
from rollout.model.calendar import ONE_DAY
from rollout.model.calendar import spoken as spoken_day
from rollout.model.country import NAMES
from rollout.model.schedule import wave_name
from rollout.model.standing import SiteStanding, Wave
from rollout.render.dates import spoken
from rollout.render.markdown import Markdown, mermaid, mermaid_bar
from rollout.render.neighbours import Neighbourhood
from rollout.render.setting import Setting
from rollout.render.views.plan import PageLink, WavePageView, WaveSite, WaveView

DIAGRAM_LIMIT = 1900
"""Characters of all diagrams of a page together; GitLab hides them from 2,000 on."""
_DRAWN_SITES = 24
"""Above this no form of a wave's diagram fits, so none is tried."""


def wave_title(number: int) -> str:
    """`Wave 3`, or `Lighthouse`: at the beginning of a line."""
    return wave_name(number).capitalize()


def wave_file(number: int) -> str:
    """The page of a wave; two digits, so that a folder lists them in order."""
    return f"wave-{number:02}.md"


def wave_page(setting: Setting, wave: Wave, around: Neighbourhood) -> WavePageView:
    """What the template `wave.md.j2` receives besides plan and edit link."""
    standings = [setting.standing.site(site.id) for site, _ in wave.sites]
    gantt, graph = _diagrams(setting, standings, around)
    numbers = [other.number for other in setting.standing.waves]
    place = numbers.index(wave.number)
    return {
        "wave": wave_view(wave),
        "before": _link(numbers[place - 1]) if place else None,
        "after": _link(numbers[place + 1]) if place + 1 < len(numbers) else None,
        "sites": [_row(setting, standing) for standing in standings],
        "gantt": gantt,
        "relations": [row for standing in standings if (row := around.row(standing)) is not None],
        "graph": graph,
    }


def wave_view(wave: Wave) -> WaveView:
    """A wave as the plan's own pages name it."""
    return {
        "number": wave.number,
        "name": wave_title(wave.number),
        "period": wave.period,
        "first": spoken(wave.starts),
        "last": spoken(wave.ends),
        "count": len(wave.sites),
        "page": wave_file(wave.number),
    }


def stretches(setting: Setting, standing: SiteStanding) -> tuple[date, Task | None, date, date]:
    """First day of work, training, go-live and the last day of hypercare of a site with a date."""
    assert standing.placement is not None
    go_live = standing.placement.go_live
    return standing.begins(go_live), standing.training, go_live, setting.plan.hypercare.ends(go_live)


def _link(number: int) -> PageLink:
    return {"name": wave_title(number), "page": wave_file(number)}


def _row(setting: Setting, standing: SiteStanding) -> WaveSite:
    site = standing.site
    begins, training, go_live, leaves = stretches(setting, standing)
    return {
        "name": site.name,
        "id": site.id,
        "country": NAMES.get(site.country, site.country),
        "begins": spoken(begins),
        "training": {"starts": spoken(training.starts), "ends": spoken(training.ends)} if training else None,
        "go_live": spoken(go_live),
        "hypercare_ends": spoken(leaves),
        "lead": site.site_lead.name if site.site_lead else None,
        "status": standing.facts.status,
    }


def _diagrams(
    setting: Setting, standings: Sequence[SiteStanding], around: Neighbourhood
) -> tuple[Markdown | None, Markdown | None]:
    """Gantt and graph in the fullest forms that fit on the page together."""
    if len(standings) > _DRAWN_SITES:
        return None, None
    gantts = [_gantt(setting, standings, full=True), _gantt(setting, standings, full=False)]
    graphs = around.graphs(standings)
    forms: list[tuple[str, str]] = [(gantt, graph) for gantt in gantts for graph in graphs]
    # A chart without its graph says more than a graph without its chart.
    forms += [(gantt, "") for gantt in gantts]
    forms += [("", graph) for graph in graphs]
    best = next((pair for pair in forms if len(pair[0]) + len(pair[1]) <= DIAGRAM_LIMIT), ("", ""))
    return Markdown(best[0]) if best[0] else None, Markdown(best[1]) if best[1] else None


def _gantt(setting: Setting, standings: Sequence[SiteStanding], *, full: bool) -> str:
    """A section a site: preparation, training, go-live, hypercare; or one line a site with go-live and hypercare."""
    lines = ["gantt", "  dateFormat YYYY-MM-DD", "  axisFormat %d %b %y"]
    for standing in standings:
        begins, training, go_live, leaves = stretches(setting, standing)
        if not full:
            lines.append(f"  {mermaid_bar(standing.site.name)} :{go_live}, {leaves + ONE_DAY}")
            continue
        lines.append(f"  section {mermaid(standing.site.name)}")
        if begins < go_live:
            lines.append(f"  Preparation :{begins}, {go_live}")
        if training:
            lines.append(f"  Training :active, {training.starts}, {training.ends + ONE_DAY}")
        lines.append(f"  Go-live {mermaid(spoken_day(go_live))} :milestone, {go_live}, 0d")
        lines.append(f"  Hypercare :done, {go_live}, {leaves + ONE_DAY}")
    return "\n".join(lines)
