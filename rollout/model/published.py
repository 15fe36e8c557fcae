"""What a publication left behind, and what is proposed to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.result import Planned
from rollout.model.review import Review

if TYPE_CHECKING:
    from rollout.model.answers.dates import PublishedJson, PushedJson


@dataclass(frozen=True, slots=True)
class Pushed:
    """Where a branch went."""

    remote: str
    """The name git knows it by."""
    url: str
    """Its address, without passwords."""

    def json(self) -> PushedJson:
        """For programs."""
        return {"remote": self.remote, "url": self.url}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One commit of exactly what was written, or none."""

    commit: str | None
    branch: str | None
    """The branch it is on; None when HEAD is detached, or no branch was made."""
    files: int
    planned: Planned
    paths: tuple[str, ...] = ()
    is_new: bool = True
    """Whether the branch was made now, rather than found with exactly this on it."""
    review: Review | None = None
    """What it does beside the commit it stands on, for the pull request; none without a branch of its own."""
    pushed: Pushed | None = None

    @property
    def description(self) -> str:
        """For the pull request, in Markdown; its first line is one sentence."""
        return self.review.comment() if self.review else ""

    def json(self) -> PublishedJson:
        """For programs."""
        return {
            "version": VERSION,
            "commit": self.commit,
            "branch": self.branch,
            "files": self.files,
            "plan": self.planned.json(),
            "description": self.description,
            "pushed": self.pushed.json() if self.pushed else None,
        }
