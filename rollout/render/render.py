"""Standing → Changes: every page of a plan, merged with the page on disk, one site after another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from rollout.model.change import Change
from rollout.model.dispute import Dispute
from rollout.model.language import Catalogue
from rollout.model.standing import SiteStanding, Standing
from rollout.model.watched import counted
from rollout.render.abreast import abreast
from rollout.render.apart import Apart, press_of
from rollout.render.documents import SITE_DOCUMENTS
from rollout.render.documents.document import DocumentPage, Tongues
from rollout.render.documents.training import packets
from rollout.render.drawing import FILE, drawing
from rollout.render.engine import Press
from rollout.render.index import index
from rollout.render.merge import WHOLE, Branches, Merged, merge, merge_both
from rollout.render.neighbours import Neighbourhood
from rollout.render.setting import Setting
from rollout.render.views.plan import OwnPage
from rollout.render.views.shared import SitePage
from rollout.render.wave import wave_file, wave_page
from rollout.render.wording import Wording

FINISHED = ("stable", "dropped")
"""Statuses after which a site's pages are never written again."""
_WAVE_PAGES_AHEAD = 24
"""How far behind the last wave pages of a longer plan are looked for."""

ReadPage = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One page and what became of it."""

    change: Change
    conflicts: tuple[Dispute, ...] = ()
    """Where a person and rollout both changed a block, and somebody has to choose."""
    deleted: tuple[str, ...] = ()
    """Blocks that a person deleted, which stay so."""
    left: tuple[str, ...] = ()
    """Blocks rollout has no more use for, kept because a person ticked, changed or brought them."""
    pristine: bool = True
    """Whether the page on disk holds nothing that a person wrote."""


def render(
    standing: Standing,
    templates: Mapping[str, str],
    page: ReadPage,
    catalogues: Mapping[str, Catalogue] = MappingProxyType({}),
    branches: Branches | None = None,
) -> Iterator[Rendered]:
    """Every page of a plan, site by site, then the plan's own. Raises RolloutError before any page of a site.

    `page` reads a page on disk when it is wanted: never all of them are held in memory. `catalogues` are those of the
    languages that pages are written in, English left out. `branches` has pages that git could not merge.
    """
    tongues = Tongues(standing, catalogues)
    setting = tongues.of("en")
    with press_of(templates, catalogues) as press:

        def made(site_id: str) -> list[Rendered]:
            one = standing.site(site_id)
            if one.facts.status in FINISHED:
                return []
            texts = site_pages(press, tongues, one, setting.plan.documents)
            return [rendered for path, text in texts for rendered in _of_site(setting, one, page, path, text, branches)]

        wanted = [site_id for site_id in standing.site_ids if site_id in standing.schedule.sites]
        # Templates that run in a process of their own have one, and only one.
        with closing(abreast(made, wanted, None if isinstance(press, Press) else 1)) as every:
            for _, pages in zip(counted("writing pages", wanted), every, strict=True):
                yield from pages
        yield from [_merged(page(path), path, text, branches) for path, text in plan_pages(press, setting)]
        yield picture_page(press, setting, page)
        yield from _obsolete(setting, page, branches)


def preview(
    standing: Standing,
    templates: Mapping[str, str],
    site_id: str,
    document: str | None = None,
    catalogues: Mapping[str, Catalogue] = MappingProxyType({}),
) -> Iterator[tuple[str, str]]:
    """Path and pristine text of a site's pages, or of one kind of them, or of a page of the plan's own.

    `document` is one of the plan's documents, `index`, `wave` (the site's) or `picture`. Nothing else is made.
    """
    with press_of(templates, catalogues) as press:
        yield from _preview(press, Tongues(standing, catalogues), standing, site_id, document)


def _preview(
    press: Press | Apart, tongues: Tongues, standing: Standing, site_id: str, document: str | None
) -> Iterator[tuple[str, str]]:
    setting = tongues.of("en")
    one = standing.site(site_id)
    assert one.placement is not None
    if document in ("index", "wave"):
        index_page, *wave_pages = plan_drafts(setting, {one.placement.wave} if document == "wave" else ())
        for draft in wave_pages if document == "wave" else [index_page]:
            yield draft.path, draft.text(press)
    elif document == "picture":
        picture = picture_page(press, setting, lambda _: None).change
        assert picture.after is not None
        yield picture.path, picture.after
    else:
        yield from site_pages(press, tongues, one, (document,) if document else setting.plan.documents)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page is made of."""

    path: str
    template: str
    view: Mapping[str, Any]
    wording: Wording

    def text(self, press: Press | Apart) -> str:
        """The page, pristine."""
        return press.page(self.template, self.view, self.wording)


def site_pages(
    press: Press | Apart, tongues: Tongues, standing: SiteStanding, only: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Path and pristine text of a site's pages of these documents; expects a site with a date."""
    for draft in site_drafts(tongues, standing, only):
        yield draft.path, draft.text(press)


def site_drafts(tongues: Tongues, standing: SiteStanding, only: Sequence[str]) -> Iterator[Draft]:
    """What a site's pages of these documents are made of; expects a site with a date."""
    setting = tongues.of_site(standing)
    wanted = setting.plan.written_in or next(iter(standing.site.languages), None)
    shared = _shared(setting, standing, wanted)

    def made(page: DocumentPage, template: str) -> Draft:
        path, speaks = f"{setting.folder}/{standing.site.id}/{page.file}", page.setting
        same = shared if speaks is setting else _shared(speaks, standing, wanted)
        return Draft(path, template, {**same, **page.view, "edit": speaks.edit(path)}, speaks.wording)

    for document in SITE_DOCUMENTS:
        if document.name in only:
            for page in document.pages(tongues, standing):
                yield made(page, document.template)


def _shared(setting: Setting, standing: SiteStanding, wanted_language: str | None) -> SitePage:
    """What every page of a site receives."""
    wanted = setting.plan.documents
    return {
        "site": setting.site_view(standing),
        "plan": setting.plan_view,
        "pages": {
            "playbook": "playbook" in wanted,
            "checklist": "checklist" in wanted,
            "go_no_go": "go-no-go" in wanted,
            "training": [
                {"role": setting.wording.words(role), "language": language, "file": file}
                for role, language, file in packets(standing)
            ]
            if "training" in wanted
            else [],
        },
        "edit": None,
        **setting.notes(wanted_language),
    }


def plan_pages(press: Press | Apart, setting: Setting) -> Iterator[tuple[str, str]]:
    """Path and pristine text of the plan's own pages: the index, and one page a wave."""
    for draft in plan_drafts(setting):
        yield draft.path, draft.text(press)


def plan_drafts(setting: Setting, waves: Collection[int] | None = None) -> Iterator[Draft]:
    """What the plan's own pages are made of: the index, and one page a wave; of waves these only, where some are named.

    The drawing is no page: see `picture_page`.
    """
    yield _own_draft(setting, "index.md.j2", "README.md", index(setting))
    around = Neighbourhood(setting)
    for wave in setting.standing.waves:
        if waves is None or wave.number in waves:
            yield _own_draft(setting, "wave.md.j2", wave_file(wave.number), wave_page(setting, wave, around))


def _own_draft(setting: Setting, template: str, file: str, view: Mapping[str, Any]) -> Draft:
    path = f"{setting.folder}/{file}"
    shared: OwnPage = {
        "plan": setting.plan_view,
        "edit": setting.edit(path),
        "documents": list(setting.plan.documents),
    }
    return Draft(path, template, {**shared, **view}, setting.wording)


def picture_page(press: Press | Apart, setting: Setting, page: ReadPage) -> Rendered:
    """The drawing of the plan: wholly ours, so nothing of the file on disk is kept."""
    path = f"{setting.folder}/{FILE}"
    before, view = page(path), drawing(setting)
    after = None if view is None else press.picture("plan.svg.j2", view)
    if before is not None and before.replace("\r\n", "\n") == after:
        after = before  # git wrote it with the line ends of this machine
    return Rendered(change=Change(path, before, after))


def _of_site(
    setting: Setting, one: SiteStanding, page: ReadPage, path: str, text: str, branches: Branches | None
) -> list[Rendered]:
    """A page of a site; the one it had under an earlier id moves with all that people wrote in it.

    Where both are there (branches were merged), the earlier one goes as soon as its work is in the other.
    """
    before = page(path)
    made = merge(before, text, path, branches)
    gone: list[Rendered] = []
    for former in setting.programme.names_of(one.site)[1:]:
        old = path.replace(f"{setting.folder}/{one.site.id}/", f"{setting.folder}/{former}/", 1)
        if (worked_in := page(old)) is None:
            continue
        there = merge(worked_in, text, path)
        both = there if before is None and not gone else made if there.pristine else None
        both = both or merge_both(_plain(made.text), _plain(worked_in), text, path)
        if both is None:
            gone.append(Rendered(change=Change(old, worked_in, worked_in), left=(WHOLE,), pristine=False))
            continue
        made = both
        gone.append(Rendered(change=Change(old, worked_in, None), pristine=there.pristine))
    return [_rendered(Change(path, before, made.text), made), *gone]


def _plain(page: str) -> str:
    return page.removeprefix("\ufeff").replace("\r\n", "\n")


def _rendered(change: Change, merged: Merged) -> Rendered:
    return Rendered(
        change=change,
        conflicts=merged.conflicts,
        deleted=merged.deleted,
        left=merged.left,
        pristine=merged.pristine,
    )


def _merged(before: str | None, path: str, text: str, branches: Branches | None) -> Rendered:
    merged = merge(before, text, path, branches)
    return _rendered(Change(path, before, merged.text), merged)


def _obsolete(setting: Setting, page: ReadPage, branches: Branches | None) -> Iterator[Rendered]:
    """Pages of waves that are no more; one that a person worked in is kept."""
    waves = setting.standing.waves
    there = {wave.number for wave in waves}
    last = max((wave.number for wave in waves), default=0)
    for number in range(last + _WAVE_PAGES_AHEAD):
        path = f"{setting.folder}/{wave_file(number)}"
        if number in there or (before := page(path)) is None:
            continue
        merged = merge(before, "", path, branches)
        if merged.pristine:
            yield Rendered(change=Change(path, before, None))
        else:
            yield _rendered(Change(path, before, before), merged)
