"""Standing → Changes: every page of a plan, merged with the page on disk, one site after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rollout.model.change import Change
from rollout.model.language import Catalogue, packet_language, page_language
from rollout.model.standing import SiteStanding, Standing
from rollout.render.checklist import checklist
from rollout.render.engine import Press, View
from rollout.render.go_no_go import go_no_go
from rollout.render.index import index, is_paged, wave_file, wave_view
from rollout.render.merge import merge
from rollout.render.playbook import playbook
from rollout.render.setting import Setting
from rollout.render.training import packets, training
from rollout.render.wording import Wordings

FINISHED = ("stable", "dropped")
"""Statuses after which a site's pages are never written again."""
_WAVE_PAGES_AHEAD = 24
"""How far behind the last wave pages of a longer plan are looked for."""

ReadPage = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One page and what became of it."""

    change: Change
    conflicts: tuple[str, ...] = ()
    """Blocks that a person and rollout both changed; the page is then kept as it is."""
    deleted: tuple[str, ...] = ()
    """Blocks that a person deleted, which stay so."""
    left: tuple[str, ...] = ()
    """Blocks rollout has no more use for, kept because a person ticked or changed them."""
    pristine: bool = True
    """Whether the page on disk holds nothing that a person wrote."""


def render(
    standing: Standing,
    templates: Mapping[str, str],
    page: ReadPage,
    catalogues: Mapping[str, Catalogue] = MappingProxyType({}),
) -> Iterator[Rendered]:
    """Every page of a plan, site by site, then the plan's own. Raises RolloutError before any page of a site.

    `page` reads a page on disk when it is wanted: never all of them are held in memory.
    """
    press, tongues = Press(templates), Tongues(standing, catalogues)
    setting = tongues.of("en")
    for site_id in standing.site_ids:
        if site_id not in standing.schedule.sites:
            continue
        one = standing.site(site_id)
        if one.facts.status not in FINISHED:
            made = [_of_site(setting, one, page, path, text) for path, text in site_pages(press, tongues, one)]
            yield from (rendered for some in made for rendered in some)
    yield from [_merged(page, path, text) for path, text in plan_pages(press, setting)]
    yield from _obsolete(setting, page)


class Tongues:
    """A standing asked in every language of a run; each is made when it is first wanted."""

    def __init__(self, standing: Standing, catalogues: Mapping[str, Catalogue]) -> None:
        self.catalogues = catalogues
        self._standing = standing
        self._wordings = Wordings(catalogues)
        self._settings: dict[str, Setting] = {}

    def of(self, language: str) -> Setting:
        """The setting of pages in a language."""
        if language not in self._settings:
            self._settings[language] = Setting(self._standing, self._wordings.of(language))
        return self._settings[language]

    def of_site(self, standing: SiteStanding) -> Setting:
        """The setting of a site's playbook, checklist and go/no-go page."""
        return self.of(page_language(self._standing.folder.plan, standing.site, self.catalogues))


def site_pages(press: Press, tongues: Tongues, standing: SiteStanding) -> Iterator[tuple[str, str]]:
    """Path and pristine text of each page of a site with a date."""
    setting = tongues.of_site(standing)
    plan, languages = setting.plan, standing.site.languages
    folder = f"{setting.folder}/{standing.site.id}"
    wanted = plan.documents
    shared = _shared(setting, standing) | setting.notes(plan.written_in or next(iter(languages), None))

    def made(setting: Setting, template: str, file: str, view: View) -> tuple[str, str]:
        path = f"{folder}/{file}"
        return path, press.page(template, view | {"edit": setting.edit(path)}, setting.wording)

    if "playbook" in wanted:
        yield made(setting, "playbook.md.j2", "playbook.md", shared | playbook(setting, standing))
    if "checklist" in wanted:
        yield made(setting, "checklist.md.j2", "checklist.md", shared | checklist(setting, standing))
    if "training" in wanted:
        for language in languages or ("en",):
            taught = tongues.of(packet_language(language, tongues.catalogues))
            same = shared if taught is setting else _shared(taught, standing)
            for file, view in training(taught, standing, language):
                yield made(taught, "training.md.j2", file, same | view)
    if "go-no-go" in wanted:
        yield made(setting, "go-no-go.md.j2", "go-no-go.md", shared | go_no_go(setting, standing))


def _shared(setting: Setting, standing: SiteStanding) -> View:
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
    }


def plan_pages(press: Press, setting: Setting) -> Iterator[tuple[str, str]]:
    """Path and pristine text of the plan's own pages: the index, and one page a wave where there are many sites."""
    documents = list(setting.plan.documents)

    def made(template: str, file: str, view: View) -> tuple[str, str]:
        path = f"{setting.folder}/{file}"
        shared: View = {"plan": setting.plan_view, "edit": setting.edit(path), "documents": documents}
        return path, press.page(template, shared | view, setting.wording)

    yield made("index.md.j2", "README.md", index(setting))
    if is_paged(setting.standing):
        for wave in setting.standing.waves:
            yield made("wave.md.j2", wave_file(wave.number), wave_view(wave, setting))


def _of_site(setting: Setting, one: SiteStanding, page: ReadPage, path: str, text: str) -> list[Rendered]:
    """A page of a site; the one it had under an earlier id moves with all that people wrote in it."""
    if one.site.formerly and page(path) is None:
        for former in one.site.formerly:
            old = path.replace(f"{setting.folder}/{one.site.id}/", f"{setting.folder}/{former}/", 1)
            if (before := page(old)) is not None:
                merged = merge(before, text)
                if merged.conflicts:
                    return [Rendered(change=Change(old, before, before), conflicts=merged.conflicts, pristine=False)]
                moved = Rendered(
                    change=Change(path, None, merged.text),
                    deleted=merged.deleted,
                    left=merged.left,
                    pristine=merged.pristine,
                )
                return [Rendered(change=Change(old, before, None)), moved]
    return [_merged(page, path, text)]


def _merged(page: ReadPage, path: str, text: str) -> Rendered:
    before = page(path)
    merged = merge(before, text)
    return Rendered(
        change=Change(path, before, merged.text),
        conflicts=merged.conflicts,
        deleted=merged.deleted,
        left=merged.left,
        pristine=merged.pristine,
    )


def _obsolete(setting: Setting, page: ReadPage) -> Iterator[Rendered]:
    """Pages of waves that are no more; one that a person worked in is kept."""
    waves = setting.standing.waves
    there = {wave.number for wave in waves} if is_paged(setting.standing) else set()
    last = max((wave.number for wave in waves), default=0)
    for number in range(last + _WAVE_PAGES_AHEAD):
        path = f"{setting.folder}/{wave_file(number)}"
        if number in there or (before := page(path)) is None:
            continue
        merged = merge(before, "")
        if merged.pristine:
            yield Rendered(change=Change(path, before, None))
        else:
            yield Rendered(change=Change(path, before, before), left=merged.left, pristine=False)
