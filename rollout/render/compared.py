"""Two standings of a plan → the pages that are otherwise. No template of the programme's own is run for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from rollout.model.plan import DATES_ONLY
from rollout.model.record import LessonRecord
from rollout.model.standing import Standing
from rollout.model.tied import Group
from rollout.render.abreast import abreast
from rollout.render.documents.document import Tongues
from rollout.render.drawing import FILE, drawing
from rollout.render.engine import Press
from rollout.render.neighbours import Neighbourhood
from rollout.render.render import FINISHED, Draft, plan_drafts, site_drafts

_FEW = 100
"""Of so many sites the pages are made on both sides; an edit that touches more shows on all pages of a kind."""


def changed_pages(before: Standing, after: Standing, shipped: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Paths of pages that will be other ones, or that are new; by path.

    A page is otherwise when its template is given something else. `shipped` are the templates that come with rollout,
    where the programme has no others: with them the text has to be another one too, where few sites are touched. Pages
    are compared in English: a text in another language changes with the values in it. Sites of which nothing that their
    pages are made of differs are passed over, and so are waves without such a site or one linked to it.
    """
    was, now = Tongues(before, {}), Tongues(after, {})
    is_same, own = _common(before) == _common(after), (_Own(before), _Own(after))
    touched = {site for site in after.site_ids if not is_same or own[0].of(site) != own[1].of(site)}
    press = Press(shipped) if shipped is not None and 0 < len(touched) <= _FEW else None
    found: set[str] = set()
    dated = sorted(touched & set(after.schedule.sites))
    had_pages = set(before.site_ids) & set(before.schedule.sites)

    def of_site(site_id: str) -> list[str]:
        one = after.site(site_id)
        if one.facts.status in FINISHED:
            return []
        old = site_drafts(was, before.site(site_id), before.folder.plan.documents) if site_id in had_pages else ()
        return [*_otherwise(old, site_drafts(now, one, after.folder.plan.documents), press)]

    with closing(abreast(of_site, dated)) as every:
        found.update(*every)
    touched |= set(before.site_ids) - set(after.site_ids)
    sides = [(was, before), (now, after)]
    waves = set().union(*(_waves(tongues, standing, touched) for tongues, standing in sides))
    if len(before.waves) != len(after.waves):
        waves = {wave.number for standing in (before, after) for wave in standing.waves}
    old, new = (tongues.of("en") for tongues, _ in sides)
    found.update(_otherwise(plan_drafts(old, waves), plan_drafts(new, waves), press))
    if (picture := drawing(new)) is not None and picture != drawing(old):
        found.add(f"{new.folder}/{FILE}")
    return tuple(sorted(found))


def _otherwise(before: Iterable[Draft], after: Iterable[Draft], press: Press | None) -> Iterator[str]:
    old = {draft.path: draft for draft in before}
    for draft in after:
        known = old.get(draft.path)
        if known is None or (known.view != draft.view and (press is None or known.text(press) != draft.text(press))):
            yield draft.path


def _waves(tongues: Tongues, standing: Standing, touched: set[str]) -> set[int]:
    """Numbers of the waves whose pages name one of these sites."""
    around = Neighbourhood(tongues.of("en"))
    named = set().union(*(around.linked(site) for site in touched))
    return {wave.number for wave in standing.waves if any(site.id in named for site, _ in wave.sites)}


def _common(standing: Standing) -> tuple[Any, ...]:
    """What every site's pages may show something of."""
    programme, folder = standing.programme, standing.folder
    plan = folder.plan.model_dump(exclude={*DATES_ONLY, "paths"})
    places = {site: (one.name, one.formerly) for site, one in programme.sites.items()}
    texts = (folder.content.texts, {tag: tuple(files) for tag, files in programme.catalogues.items()})
    lessons = [line for lines in folder.records.values() for line in lines if isinstance(line, LessonRecord)]
    # Of the waves pages name the periods, which are of its `every`.
    plan["every"] = folder.plan.waves.every
    return plan, places, programme.register, programme.teams, programme.holidays, texts, standing.proof, lessons


class _Own:
    """What decides a site's pages besides."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._groups: dict[str, list[Group]] = {}
        for group in standing.folder.plan.groups:
            for site in group.sites:
                self._groups.setdefault(site, []).append(group)

    def of(self, site_id: str) -> tuple[Any, ...] | None:
        """Of one site; None for one that is not in the programme."""
        site = self._standing.programme.sites.get(site_id)
        if site is None:
            return None
        standing = self._standing
        folder, schedule, ready = standing.folder, standing.schedule, standing.ready
        waits = tuple(ready.get(one.id) for one in standing.prerequisites if one.where.matches(site))
        facts, decided = folder.facts.get(site_id), folder.plan.constraints.get(site_id)
        return site, facts, decided, schedule.sites.get(site_id), waits, self._groups.get(site_id)
