"""Whether a programme's folder is as it was when a run last found nothing to do.

Like git's index: by size, times and number of every file and folder, without opening any. Whoever changes a file
changes its times; two changes within one tick of a disk's clock could not be told apart, so a folder in which anything
is younger than two seconds has no signature.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

import jinja2

_TICK = 2_000_000_000
"""Nanoseconds of the coarsest clock of a file system in use (FAT)."""


def signature(root: Path, folders: Iterable[str]) -> str | None:
    """A text that is the same only while nothing in these folders of a programme has changed, nor rollout itself.

    None when that cannot be told: something changed a moment ago, or a link leads elsewhere.
    """
    package = Path(__file__).parents[1]
    # A library that is installed or removed changes the times of the folder it stands in.
    libraries = Path(jinja2.__file__).parents[1].stat()
    seen = [sys.version, f"{libraries.st_mtime_ns} {libraries.st_ino}"]
    places = [package, package.parent / "templates", *(root / folder for folder in folders)]
    newest = 0
    try:
        for place in places:
            seen.append(os.fspath(place))
            for line, changed in _files(os.fspath(place)):
                seen.append(line)
                newest = max(newest, changed)
    except (OSError, _LinkError):
        return None
    if newest + _TICK > time.time_ns():
        return None
    return blake2b("\0".join(seen).encode(errors="surrogatepass"), digest_size=16).hexdigest()


def recall(place: Path | None) -> tuple[str, int] | None:
    """The signature that a run left here, and how many pages it found in order; None where there is none."""
    try:
        said, pages = place.read_text(encoding="ascii").split() if place else ("", "")
        return said, int(pages)
    except (OSError, ValueError):
        return None


class _LinkError(Exception):
    """A link: what it leads to may change unseen."""


def _files(folder: str) -> Iterator[tuple[str, int]]:
    """Everything below a folder, in order, with the time of its last change; nothing for a folder that is not there."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in found:
        if entry.name == "__pycache__":
            continue
        if entry.is_symlink():
            raise _LinkError
        is_folder = entry.is_dir()
        yield _line(entry.name, entry.stat(), is_folder)
        if is_folder:
            yield from _files(entry.path)


def _line(name: str, stat: os.stat_result, is_folder: bool) -> tuple[str, int]:
    # A folder's size says nothing, and its times tell which names it holds: those are here themselves.
    if is_folder:
        return f"{name}/ {stat.st_ino}", 0
    times = f"{stat.st_mtime_ns} {stat.st_ctime_ns}"
    return f"{name} {stat.st_size} {times} {stat.st_ino}", max(stat.st_mtime_ns, stat.st_ctime_ns)
