"""Problems that a programme arrived with: counted rather than shown, until somebody mends them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rollout.model.fields import Count, Day, Listed, Model, Name


class KnownProblem(Model):
    """A finding that is known. It is the same one as long as code, file and message are; its line may move."""

    path: str
    """The file it is found in."""
    code: str
    """Its rule."""
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    """Of code, path and message; numbers that stand alone in the message do not count."""
    times: Annotated[Count, Field(ge=1)] = 1
    """How many such findings the file has."""
    until: Day | None = None
    """Last day on which it is no more than counted; without it, until it is mended."""
    because: Name | None = None
    """Why it is left as it is for now."""
    says: str = ""
    """The message on the day it became known, for those who read the file."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is found again by, and its order in the file."""
        return self.path, self.code, self.fingerprint


class Known(Model):
    """`waves/_known.yaml`, written by `rollout validate --write-known`."""

    known: Annotated[tuple[KnownProblem, ...], Listed] = ()
    """One a line."""
