"""The files that records point to, as far as anybody asks for them."""

from __future__ import annotations

from typing import Literal, Protocol

FileState = Literal["there", "missing", "outside", "folder"]


class Files(Protocol):
    """Files inside the programme's folder, looked at when they are asked for and not before."""

    def state(self, path: str) -> FileState:
        """Whether there is a file at a path: `outside` where a link leads out of the programme."""
        ...

    def digest(self, path: str) -> str | None:
        """SHA-256 of a file in 64 hex digits, of a text with line ends as git keeps them; None where there is none."""
        ...


class NoFiles:
    """A programme of values alone."""

    def state(self, path: str) -> FileState:
        """Never there."""
        return "missing"

    def digest(self, path: str) -> str | None:
        """Nothing."""
        return None
