"""Pages shown before they are written: what somebody who works on a template looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.dates import PreviewedJson


@dataclass(frozen=True, slots=True)
class PreviewedPage:
    """A page as rollout makes it, holding nothing that a person wrote."""

    path: str
    """Where `render` writes it."""
    text: str


@dataclass(frozen=True, slots=True)
class Previewed:
    """The pages of one site."""

    pages: tuple[PreviewedPage, ...]

    def table(self) -> Table:
        """Which pages, and how long they are."""
        rows = tuple((page.path, str(page.text.count("\n"))) for page in self.pages)
        return Table("Preview", ("page", "lines"), rows)

    def json(self) -> PreviewedJson:
        """For programs."""
        return {"version": VERSION, "pages": [{"path": page.path, "text": page.text} for page in self.pages]}
