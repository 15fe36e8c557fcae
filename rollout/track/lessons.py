"""What became of lessons: an item of a plan adopts one when every page that has to hold it does."""

from __future__ import annotations

from collections.abc import Sequence

from rollout.model.activity import Activity
from rollout.model.learned import LessonRow, Lessons
from rollout.model.lesson import Learned, items_of, learned, meant
from rollout.model.programme import PlanFolder, Programme
from rollout.model.selector import Selector
from rollout.model.site import Site

_HOLDERS = ("", ":requested")
"""What the id of an item ends with on a page: of one box, of the first of two."""


def lessons(
    programme: Programme, folder: PlanFolder, affects: Site | None = None, *, only_open: bool = False
) -> Lessons:
    """The lessons of a plan: those whose selector matches the site `affects`, those that are open, or all.

    Open and blocking ones come first. Every checklist is read once at most, and only where a lesson became an item.
    """
    became = _Became(programme, folder)
    rows = [became.row(one) for one in became.lessons if affects is None or one.now.affects.matches(affects)]
    rows = [row for row in rows if row.is_open or not only_open]
    rows.sort(key=lambda row: (not row.is_open, not row.blocking, row.on, row.site, row.lesson))
    return Lessons(
        plan=folder.id, name=folder.plan.name, rows=tuple(rows), affects=affects.id if affects is not None else None
    )


def open_lessons(programme: Programme, folder: PlanFolder) -> tuple[Learned, ...]:
    """The lessons about which something is to be done, by site: neither adopted nor turned down nor put off.

    What closes a gate are those of them that are blocking.
    """
    became = _Became(programme, folder)
    return tuple(one for one in became.lessons if one.now.state == "open" and not became.is_adopted(one))


class _Became:
    """The lessons of a plan with the work they became, and the pages that lack it."""

    def __init__(self, programme: Programme, folder: PlanFolder) -> None:
        self.lessons = tuple(one for one in learned(folder.records) if one.site_id in programme.sites)
        items, known = items_of(folder.plan), meant(self.lessons)
        self.work = {_key(one): items.get(one.id, ()) if known[one.id] is one else () for one in self.lessons}
        self.selected = _Selected(programme.sites_of(folder.plan))
        self.reach = {
            _key(one): [site for site in self.selected.by(one.now.affects) if _is_to_hold(folder, one, site)]
            for one in self.lessons
            if one.now.state == "open" and self.work[_key(one)]
        }
        self.missing = _missing(folder, {key: (self.work[key], sites) for key, sites in self.reach.items()})

    def is_adopted(self, one: Learned) -> bool:
        """Whether every page that has to hold its work does."""
        return one.now.state == "open" and bool(self.work[_key(one)]) and not self.missing.get(_key(one))

    def row(self, one: Learned) -> LessonRow:
        """The lesson with what became of it."""
        key, now = _key(one), one.now
        sites, everyone = self.selected.by(now.affects), not now.affects.model_fields_set
        return LessonRow(
            lesson=one.id,
            says=one.says,
            site=one.site_id,
            by=one.first.by,
            on=one.first.on,
            blocking=now.blocking,
            state="adopted" if self.is_adopted(one) else now.state,
            decided=(now.by, now.on, now.because or "") if now.state != "open" else None,
            items=tuple(item.id for item in self.work[key]),
            sites=None if everyone else tuple(site.id for site in sites),
            selects=len(sites),
            reaches=len(self.reach.get(key, ())),
            missing=self.missing.get(key, ()),
            source=one.first.place,
        )


def _key(one: Learned) -> tuple[str, str]:
    return one.site_id, one.id


class _Selected:
    """The sites that selectors match; most lessons share one selector, and ten thousand sites are matched once."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = sites
        self._known: dict[str, Sequence[Site]] = {}

    def by(self, where: Selector) -> Sequence[Site]:
        key = where.key
        if key not in self._known:
            self._known[key] = [site for site in self.sites if where.matches(site)]
        return self._known[key]


def _is_to_hold(folder: PlanFolder, one: Learned, site: Site) -> bool:
    """Whether the page of a site has to hold the lesson's work: it is still to go live, and learned it from another."""
    facts = folder.facts_of(site.id)
    return site.id != one.site_id and facts.went_live is None and folder.is_placed(site.id)


def _missing(
    folder: PlanFolder, wanted: dict[tuple[str, str], tuple[tuple[Activity, ...], list[Site]]]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """By lesson, the sites whose page lacks any of its work. A plan that writes no checklists keeps it in itself."""
    if "checklist" not in folder.plan.documents or not wanted:
        return {}
    lacking = {key: {site.id for site in sites} for key, (_, sites) in wanted.items()}
    for site_id, _, text in folder.checklists.pages():
        for key, (items, _) in wanted.items():
            if site_id in lacking[key] and all(_holds(text, item) for item in items):
                lacking[key].discard(site_id)
    return {key: tuple(sorted(sites)) for key, sites in lacking.items()}


def _holds(page: str, item: Activity) -> bool:
    return any(f"<!-- rollout:{item.id}{end} " in page for end in _HOLDERS)
