"""Two standings of a plan → the pages that are otherwise, without making any: no template is run for it."""

from __future__ import annotations

from typing import Any

from rollout.model.record import LessonRecord
from rollout.model.standing import Standing
from rollout.render.neighbours import Neighbourhood
from rollout.render.render import FINISHED, Tongues, plan_views, site_views

_DATES_ONLY = ("constraints", "together", "apart", "neighbours", "limits", "replan", "waves")
"""Of a plan, what pages of a site show nothing of, or (constraints) only of that site."""


def changed_pages(before: Standing, after: Standing) -> tuple[str, ...]:
    """Paths of pages whose templates are given something else, or that are new; by path.

    Pages are compared in English: a text in another language changes with the values in it. Sites of which nothing that
    their pages are made of differs are passed over, and so are waves without such a site or one linked to it.
    """
    was, now = Tongues(before, {}), Tongues(after, {})
    is_same, own = _common(before) == _common(after), (_Own(before), _Own(after))
    touched = {site for site in after.site_ids if not is_same or own[0].of(site) != own[1].of(site)}
    found: set[str] = set()
    for site_id in sorted(touched & set(after.schedule.sites)):
        one = after.site(site_id)
        if one.facts.status in FINISHED:
            continue
        there = site_id in before.site_ids and site_id in before.schedule.sites
        old = site_views(was, before.site(site_id)) if there else {}
        found.update(path for path, view in site_views(now, one).items() if old.get(path) != view)
    touched |= set(before.site_ids) - set(after.site_ids)
    if touched or not is_same:
        sides = [(was, before), (now, after)]
        waves = set().union(*(_waves(tongues, standing, touched) for tongues, standing in sides))
        if len(before.waves) != len(after.waves):
            waves = {wave.number for standing in (before, after) for wave in standing.waves}
        earlier, later = (plan_views(tongues, waves) for tongues, _ in sides)
        found.update(path for path, view in later.items() if earlier.get(path) != view)
    return tuple(sorted(found))


def _waves(tongues: Tongues, standing: Standing, touched: set[str]) -> set[int]:
    """Numbers of the waves whose pages name one of these sites."""
    around = Neighbourhood(tongues.of("en"))
    named = set().union(*(around.linked(site) for site in touched))
    return {wave.number for wave in standing.waves if any(site.id in named for site, _ in wave.sites)}


def _common(standing: Standing) -> tuple[Any, ...]:
    """What every site's pages may show something of."""
    programme, folder = standing.programme, standing.folder
    plan = folder.plan.model_dump(exclude={*_DATES_ONLY, "paths"})
    places = {site: (one.name, one.formerly) for site, one in programme.sites.items()}
    texts = (folder.content.texts, {tag: tuple(files) for tag, files in programme.catalogues.items()})
    lessons = [line for lines in folder.records.values() for line in lines if isinstance(line, LessonRecord)]
    return plan, places, programme.register, programme.teams, programme.holidays, texts, standing.proof, lessons


class _Own:
    """What decides a site's pages besides."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._waits = standing.programme.prerequisites_of(standing.folder.plan)

    def of(self, site_id: str) -> tuple[Any, ...] | None:
        """Of one site; None for one that is not in the programme."""
        site = self._standing.programme.sites.get(site_id)
        if site is None:
            return None
        folder, schedule = self._standing.folder, self._standing.schedule
        waits = tuple(schedule.prerequisites.get(one.id) for one in self._waits if one.where.matches(site))
        facts, decided = folder.facts.get(site_id), folder.plan.constraints.get(site_id)
        return site, facts, decided, schedule.sites.get(site_id), waits
