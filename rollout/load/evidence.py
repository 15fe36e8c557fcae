"""Files that records give as evidence: looked up, and hashed, only when something asks."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from rollout.load.workspace import Workspace
from rollout.model.files import FileState
from rollout.problem import environment

_CHUNK = 1 << 20
_LOOKED_AT = 8000
"""git takes a file for binary when its first so many bytes hold a NUL."""


class FilesOnDisk:
    """The files of a programme's folder. Each is looked at once."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root
        self._states: dict[str, FileState] = {}
        self._digests: dict[str, str | None] = {}

    def state(self, path: str) -> FileState:
        """Whether there is a file at a path inside the programme."""
        if path not in self._states:
            self._states[path] = self._look(path)
        return self._states[path]

    def digest(self, path: str) -> str | None:
        """SHA-256 of a file, of a text with its line ends as git keeps them; None where there is none.

        Raises RolloutError (exit code 3) for one that cannot be read.
        """
        if self.state(path) != "there":
            return None
        if path not in self._digests:
            try:
                with (self._root / path).open("rb") as file:
                    self._digests[path] = digest_of(iter(lambda: file.read(_CHUNK), b""))
            except OSError as error:
                raise environment("unreadable", f"the file cannot be read: {error.strerror}", "", path) from None
        return self._digests[path]

    def _look(self, path: str) -> FileState:
        try:
            place = (self._root / path).resolve()
            if not place.is_relative_to(self._root):
                return "outside"
            if place.is_dir():
                return "folder"
            return "there" if place.is_file() else "missing"
        except (OSError, RuntimeError, ValueError):  # too long a name, links in a circle, a NUL
            return "missing"


def digest_of(chunks: Iterable[bytes]) -> str:
    """SHA-256 of a file's bytes; CRLF in a text counts as LF, so that a checkout on Windows binds the same."""
    digest, held = sha256(), b""
    is_text: bool | None = None
    for chunk in chunks:
        is_text = b"\0" not in chunk[:_LOOKED_AT] if is_text is None else is_text
        if is_text:
            known = held + chunk
            held = b"\r" if known.endswith(b"\r") else b""  # its LF may begin the next chunk
            digest.update(known[: len(known) - len(held)].replace(b"\r\n", b"\n"))
        else:
            digest.update(chunk)
    digest.update(held)
    return digest.hexdigest()
