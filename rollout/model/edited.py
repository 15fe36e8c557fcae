"""What somebody wrote otherwise: one value of one file before and after, as YAML means it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rollout.model.source import Written

if TYPE_CHECKING:
    from rollout.model.answers.review import EditedJson

Kind = Literal["added", "removed", "changed"]
RECORD = "record"
"""Key of an edit that is a line of what happened."""
_LONG, _HEADLINE = 60, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited(Written):
    """One edit of the inputs, written in the file of the side that has it.

    Comments, the order of keys and the form of a text are none.
    """

    kind: Kind
    what: str
    """What it is of, as people call it: `lyon`, `plan vision`, `teams`."""
    key: str
    """Where in it: `blackouts stock-take to`; empty for the whole of it."""
    before: str = ""
    after: str = ""
    """The values in one line, shortened where they are long."""

    def spoken(self) -> str:
        """`lyon: headcount operators 140 → 150`."""
        name = f"{self.what}: {self.key}" if self.key else self.what
        if self.kind == "changed":
            return f"{name} {self.before} → {self.after}" if self.before or self.after else f"{name} changed"
        value = self.after if self.kind == "added" else self.before
        return f"{name} {self.kind}{f': {value}' if value else ''}"

    @property
    def short(self) -> str:
        """The same for a headline: of a record what it is about, without who and when."""
        value = self.after or self.before
        if self.key != RECORD:
            return shortened(self.spoken(), _HEADLINE)
        about = shortened(value.partition(", ")[0], _HEADLINE)
        return f"{self.what}: {about}" + (" taken away" if self.kind == "removed" else "")

    def json(self) -> EditedJson:
        """For programs."""
        return {
            "kind": self.kind,
            "what": self.what,
            "key": self.key,
            "before": self.before,
            "after": self.after,
            "message": self.spoken(),
            "path": self.path,
            "line": self.line,
        }


def shortened(text: str, most: int = _LONG) -> str:
    """A value as a sentence can hold it, in so many characters at most."""
    text = " ".join(text[: 4 * most].split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
