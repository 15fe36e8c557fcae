"""What a document of a site is, and the languages its pages are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rollout.model.document import Document
from rollout.model.language import Catalogue, page_language
from rollout.model.standing import SiteStanding, Standing
from rollout.render.setting import Setting
from rollout.render.wording import Wordings


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


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a document: its file below the site's folder, in whose words, and what the document alone shows.

    What the view says wins over what all pages of the site say: a training packet has notes on its own language.
    """

    file: str
    setting: Setting
    view: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """A document that sites have; `pages` expects a site with a date."""

    name: Document
    page: type
    """What its template receives, as a typed dict: what every page of a site does, and more."""
    pages: Callable[[Tongues, SiteStanding], Iterator[DocumentPage]]

    @property
    def template(self) -> str:
        """Name of its template."""
        return f"{self.name}.md.j2"


def one_page(name: Document, page: type, view: Callable[[Setting, SiteStanding], Mapping[str, Any]]) -> SiteDocument:
    """A document of one page, in the language of the site's pages."""

    def pages(tongues: Tongues, standing: SiteStanding) -> Iterator[DocumentPage]:
        setting = tongues.of_site(standing)
        yield DocumentPage(f"{name}.md", setting, view(setting, standing))

    return SiteDocument(name, page, pages)
