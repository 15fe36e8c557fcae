"""The programme's files as `doctor` looks at them: can they be read and written, and what did killed runs leave."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rollout.load.workspace import FOLDERS
from rollout.model.doctored import Finding
from rollout.model.few import few
from rollout.model.layout import PAGES

_LOOKED_AT = (*FOLDERS, "templates", PAGES)
_TEMPORARY = (".rollout-", ".tmp")
_SHOWN = 5


def file_findings(root: Path) -> Iterator[Finding]:
    """What is to be said of a programme's files; nothing in them is read."""
    unreadable: list[str] = []
    fixed: list[str] = []
    left: list[str] = []
    count = 0
    if not os.access(root, os.W_OK | os.X_OK):
        fixed.append(".")
    for folder in _LOOKED_AT:
        for name, is_folder in _walk(root, folder, unreadable):
            path = root / name
            count += not is_folder
            if path.name.startswith(_TEMPORARY[0]) and path.name.endswith(_TEMPORARY[1]):
                left.append(name)
            elif not os.access(path, os.R_OK | (os.X_OK if is_folder else 0)):
                unreadable.append(name)
            elif not os.access(path, os.W_OK):
                fixed.append(name)
    if unreadable:
        remedy = "give yourself the right to read them (chmod u+r), or remove links that lead nowhere"
        yield Finding("unreadable files", "wrong", _listed(unreadable), remedy)
    if fixed:
        remedy = "give yourself the right to write there (chmod u+w; a folder of another user: chown)"
        yield Finding("permissions", "wrong", f"not writable: {_listed(fixed)}", remedy)
    if left:
        remedy = "no other rollout is running? Then remove them; they hold nothing that counts"
        yield Finding("temporary files", "note", f"left by runs that were killed: {_listed(left)}", remedy)
    if not unreadable and not fixed:
        yield Finding("files", "fine", f"{count:,} files can be read and written")


def _walk(root: Path, name: str, unreadable: list[str]) -> Iterator[tuple[str, bool]]:
    """The names below the root of a folder and of everything in it, and whether each is a folder.

    Links are not followed; what cannot be entered is noted.
    """
    folder = root / name
    if not folder.is_dir() or folder.is_symlink():
        return
    yield name, True
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        unreadable.append(name)
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, f"{name}/{entry.name}", unreadable)
        else:
            yield f"{name}/{entry.name}", False


def _listed(names: list[str]) -> str:
    return few(sorted(set(names)), _SHOWN)
