"""What history says of lines: which commit brought one, which took it away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, as far as it is shown."""

    id: str
    author: str
    """Through mailmap."""
    on: str
    """Day by the author's clock, `2027-03-02`."""
    is_first: bool
    """Whether history begins with it; in a shallow clone what stands in it is older."""
    subject: str = ""
    """The first line of its message."""
    parents: int = 1
    """How many commits it follows; two where branches were merged."""

    @property
    def short(self) -> str:
        """Enough of the id to find it."""
        return self.id[:10]


@dataclass(frozen=True, slots=True)
class Edit:
    """A line that a commit added to a file, or removed from it."""

    commit: Commit
    path: str
    text: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class History:
    """Edits of some files, oldest first."""

    edits: tuple[Edit, ...]
    is_shallow: bool = False
