"""A place on a page where a person's text and another stand side by side, and somebody has to choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rollout.model.answers.dates import DisputeJson


@dataclass(frozen=True, slots=True, order=True)
class Dispute:
    """Where the conflict markers are, or would be."""

    path: str
    line: int
    """From 1: of the `<<<<<<<`, or of the block where nothing was written."""
    block: str
    """The block that was changed on both sides; empty for markers that git wrote when it merged branches."""

    def json(self) -> DisputeJson:
        """For programs."""
        return {"path": self.path, "line": self.line, "block": self.block}

    @property
    def said(self) -> str:
        """What is wrong there, in a sentence."""
        if self.block:
            return f"{self.block} was changed here and by rollout; both texts stand between conflict markers"
        return "conflict markers of a git merge stand here; the page was left as it is"
