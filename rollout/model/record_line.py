"""One line of a records file: what every record says besides its fact, and how it is typed on the command line."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from rollout.model.fields import URL, Day, Model, Name
from rollout.model.source import Source
from rollout.model.spelling import TEXT, shown, spelled

PROGRAMME = "_plan"
"""Name of the file of records about the whole plan rather than one site."""

Scope = Literal["site", "plan", "both"]


def parse_where(value: Any) -> str:
    """Where something can be looked at: an address, or a path inside the repository. Raises ValueError otherwise."""
    if isinstance(value, str) and value.strip() and len(value) <= 500:
        if URL.fullmatch(value):
            return value
        steps = PurePosixPath(value).parts
        is_inside = not value.startswith("/") and ".." not in steps and "\\" not in value and "://" not in value
        if is_inside and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value) and value.isprintable():
            return value
    msg = f"evidence is a path inside the repository or an https:// address, not {shown(value)}"
    raise ValueError(msg)


Where = Annotated[
    str,
    BeforeValidator(parse_where),
    spelled("path or address", "docs/lyon/security.pdf", type=list(TEXT), minLength=1, maxLength=500),
]


class Record(Model):
    """What every record says besides its fact."""

    WORDS: ClassVar[tuple[str, ...]] = ()
    """Fields that are typed as plain words, in this order; all others are options called like the field."""
    SCOPE: ClassVar[Scope] = "site"
    """Whether it stands in a site's file, in `_plan.yaml`, or in either."""
    EXAMPLE: ClassVar[str] = ""
    """How it is typed, after `rollout record`."""

    on: Day
    """Day it happened or was found."""
    by: Name
    """Who says so."""
    because: Name | None = None
    """Why, where it needs saying."""
    index: int = Field(default=0, json_schema_extra={"internal": True})
    """Place in its file."""
    path: str = Field(default="", json_schema_extra={"internal": True})
    """The file it stands in."""

    @property
    def place(self) -> Source:
        """Where the record is written."""
        return Source((self.path,), (self.index,))
