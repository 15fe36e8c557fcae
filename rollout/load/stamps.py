"""Whether files of a programme have changed since they were read: for a loop that shows pages anew."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress

from rollout.load.workspace import FOLDERS, Workspace, shipped
from rollout.model.layout import TEMPLATES

OF_TEMPLATES = ("shipped templates", TEMPLATES)
"""Keys of the templates among the stamps."""


def stamps(workspace: Workspace) -> Mapping[str, frozenset[tuple[str, int, int]]]:
    """Path, time (ns) and size of every file that pages are made of, by the folder it stands in. Opens none."""
    places = {folder: str(workspace.root / folder) for folder in (*FOLDERS, TEMPLATES)}
    places["shipped templates"] = str(shipped("templates"))
    return {name: frozenset(_files(place)) for name, place in places.items()}


def _files(folder: str) -> list[tuple[str, int, int]]:
    try:
        with os.scandir(folder) as entries:
            listed = list(entries)
    except OSError:  # gone while we looked: the next look will tell
        return []
    found: list[tuple[str, int, int]] = []
    for entry in listed:
        with suppress(OSError):  # gone as well, or a link that leads nowhere: so editors lock a file
            if entry.is_dir(follow_symlinks=False):
                found += _files(entry.path)
            else:
                state = entry.stat()
                found.append((entry.path, state.st_mtime_ns, state.st_size))
    return found
