"""A file as it was and as it should be: what rooms that write hand to the one that does."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One file of the programme. `path` is relative to its root, with forward slashes."""

    path: str
    before: str | None
    """The text on disk; None where there is no file."""
    after: str | None
    """The text it should have; None to remove the file."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return self.before == self.after
