"""Writes changes so that every file is old or new at any moment.

All of a run's texts are first written to temporary files beside their targets; only when the last one is there are
they renamed. Whatever fails on the way (a template that breaks at the thirtieth site, a full disk, Ctrl-C) leaves
every file as it was, at the price of nothing but a later rename.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from rollout.commit.lock import ENDING, TEMPORARY, is_at, take
from rollout.model.change import Change
from rollout.problem import Problem, RolloutError, environment
from rollout.repository.undisturbed import undisturbed

WHATEVER: Final = "\0"
"""Stands for whatever is there of a file, as what a change was made from: no text is this one."""

_EXPORT = ".rollout-export-"
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_FORBIDDEN = "\0\\:" if sys.platform == "win32" else "\0"

_REASONS = {
    errno.ENOSPC: ("disk-full", "the disk is full", "make room and run again"),
    errno.EDQUOT: ("disk-full", "your quota on this disk is used up", "make room and run again"),
    errno.EFBIG: ("file-too-large", "the file is larger than this session may write", "raise the limit (`ulimit -f`)"),
    errno.EROFS: ("not-writable", "the disk is read-only", "run where you may write"),
    errno.EACCES: ("not-writable", "you may not write here", "ask for the right to write"),
    errno.EPERM: ("not-writable", "you may not write here", "ask for the right to write"),
    errno.EISDIR: ("in-the-way", "a folder stands where the file should be", "move it away"),
    errno.ENOTDIR: ("in-the-way", "a file stands where a folder should be", "move it away"),
    errno.EEXIST: ("in-the-way", "a file stands where a folder should be", "move it away"),
    errno.ENAMETOOLONG: ("name-too-long", "the path is too long for this disk", "shorten the id"),
}


class Undo(Protocol):
    """Who wants to be able to put things back is told before each step."""

    def touching(self, path: str, target: str, temporary: str | None) -> None:
        """The file is about to be replaced by this one, or removed (None)."""

    def made(self, folder: str) -> None:
        """The folder was made."""


def write(root: Path, changes: Iterable[Change], *, undo: Undo | None = None) -> tuple[str, ...]:
    """Write, replace and remove files below this folder; the paths touched, sorted.

    Texts are written as they are, in UTF-8. Changes are taken one by one and not kept.
    RolloutError (exit code 3) for a path that leaves the folder, for a file that somebody changed since it was read,
    and for whatever the disk refuses. Whatever is raised while changes are taken, this included, leaves the disk as it
    was; only a rename that is refused at the very end leaves those before it in place (`publish` puts them back).
    """
    writer = _Writer(root, undo)
    try:
        for change in changes:
            if not change.is_empty:
                writer.stage(change)
        return writer.finish()
    except BaseException:
        with undisturbed():
            writer.abandon()
        raise


def write_file(path: Path, data: bytes, *, replace: bool = False, ours: bytes | None = None) -> None:
    """Write one file that is not the programme's (an export), whole or not at all.

    A file that is there stays unless `replace`, or unless it begins with `ours`: then we wrote it.

    RolloutError where there is one already with other contents (1), and for what the disk refuses (3).
    """
    name = path.as_posix()
    try:
        there = path.read_bytes() if path.is_file() and not replace else data
        if there != data and not (ours is not None and there.startswith(ours)):
            said, hint = "this file is there already, and somebody may have worked in it", "--force replaces it"
            raise RolloutError(Problem(path=name, code="already-there", message=said, hint=hint))
        path.parent.mkdir(parents=True, exist_ok=True)
        _export(path, data)
    except OSError as error:
        raise _explained(name, error) from error


def _export(path: Path, data: bytes) -> None:
    """Beside its place under a lock, then renamed: who finds such a file without its lock may take it away."""
    for left in path.parent.glob(f"{_EXPORT}*"):
        with suppress(OSError):
            _forget(left)
    temporary = path.with_name(f"{_EXPORT}{os.getpid()}")
    while not _exported(temporary, path, data):
        pass  # somebody took it for one that was left, before it had its lock


def _exported(temporary: Path, path: Path, data: bytes) -> bool:
    descriptor = os.open(temporary, _FLAGS & ~os.O_EXCL, 0o666)
    try:
        if not (take(descriptor) and is_at(descriptor, temporary)):
            return False
        _pour(descriptor, data)
        if sys.platform != "win32":  # where an open file cannot be renamed, nor removed by others
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    if sys.platform == "win32":
        temporary.replace(path)
    return True


def _forget(left: Path) -> None:
    descriptor = os.open(left, os.O_RDWR)
    try:
        if take(descriptor):
            left.unlink()
    finally:
        os.close(descriptor)


class _Writer:
    """Remembers which folders it has been in: ten thousand sites are forty thousand files."""

    def __init__(self, root: Path, undo: Undo | None) -> None:
        self.root = str(root.resolve())
        self.undo = undo
        self.folders: dict[str, str] = {"": self.root}
        self.found: dict[str, dict[str, bool]] = {}
        """By folder that was there before us its entries: whether each is a plain file."""
        self.staged: list[tuple[str, str | None, _Stamp]] = []
        """Of each change, in order, its path, its temporary file (None: to be removed), and what is there now."""
        self.done = 0
        """How many of them have got their place."""
        self.made: list[str] = []

    def stage(self, change: Change) -> None:
        """Write the new text beside its target; nothing that is there is touched yet."""
        folder, _, name = change.path.rpartition("/")
        for part in [name] if folder in self.folders else change.path.split("/"):
            _check_name(change.path, part)
        try:
            if change.after is None:
                stamp: _Stamp = None
                if os.path.isdir(f"{self.root}{os.sep}{folder}"):
                    target = f"{self._enter(folder, change.path)}{os.sep}{name}"
                    stamp = _stamp(target)
                    if os.path.isfile(target) and not os.path.islink(target):
                        _check_read(target, change, None)
                self.staged.append((change.path, None, stamp))
            else:
                self._pour(change, self._enter(folder, change.path), name, change.after)
        except OSError as error:
            raise _explained(change.path, error) from error

    def finish(self) -> tuple[str, ...]:
        """Put every staged file in its place, in the order in which they came; the paths, sorted."""
        for number, (path, temporary, stamp) in enumerate(self.staged):
            folder, _, name = path.rpartition("/")
            try:
                if temporary is None:
                    self._remove(path, folder, name, stamp)
                else:
                    self._replace(path, folder, name, temporary, stamp)
            except OSError as error:
                raise _explained(path, error) from error
            finally:
                self.done = number + 1
        return tuple(sorted({path for path, _, _ in self.staged}))

    def abandon(self) -> None:
        """Remove what was staged and has not got its place, and the folders made for it."""
        for _, temporary, _ in self.staged[self.done :]:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)
        for place in reversed(self.made):
            with suppress(OSError):  # not empty: something has got its place in it
                os.rmdir(place)

    def _pour(self, change: Change, folder: str, name: str, text: str) -> None:
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            message = "the text has half of a character pair, which no file can hold"
            raise environment("not-unicode", message, "remove it where the text comes from", change.path) from error
        mode, stamp = self._there(change, folder, name, data)
        temporary = f"{folder}{os.sep}{TEMPORARY}{os.getpid()}-{len(self.staged)}{ENDING}"
        self.staged.append((change.path, temporary, stamp))
        descriptor = os.open(temporary, _FLAGS, 0o666)
        try:
            _pour(descriptor, data)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)

    def _replace(self, path: str, folder: str, name: str, temporary: str, stamp: _Stamp) -> None:
        place = self.folders[folder]
        target = f"{place}{os.sep}{name}"
        try:
            if _stamp(target) != stamp:
                raise _meanwhile(path)
            if self.undo:
                self.undo.touching(path, target, temporary)
            os.replace(temporary, target)  # a Path for each of 40,000 files costs as much as writing
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise

    def _there(self, change: Change, folder: str, name: str, data: bytes) -> tuple[int | None, _Stamp]:
        """The permissions to keep, and how to know the file again; RolloutError when it is not what was read."""
        is_plain = self._entries(folder).get(name)
        if is_plain is None:
            return None, None
        target = f"{folder}{os.sep}{name}"
        if not is_plain and not os.path.islink(target):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not is_plain:
            raise _link(self.root, target, change.path)
        try:
            found = os.stat(target)
            _check_read(target, change, data)
        except FileNotFoundError:
            return None, None
        return stat.S_IMODE(found.st_mode), stamp_of(found)

    def _remove(self, path: str, folder: str, name: str, stamp: _Stamp) -> None:
        if not os.path.isdir(f"{self.root}{os.sep}{folder}"):
            return
        place = self._enter(folder, path)
        target = f"{place}{os.sep}{name}"
        if _stamp(target) != stamp:
            raise _meanwhile(path)
        if self.undo:
            self.undo.touching(path, target, None)
        with suppress(FileNotFoundError):
            os.unlink(target)  # of a link only itself
        self._entries(place).pop(name, None)
        with suppress(OSError):  # git keeps no empty folders, neither do we
            while folder:
                os.rmdir(place)
                del self.folders[folder]
                self.found.pop(place, None)
                folder = folder.rpartition("/")[0]
                place = self.folders[folder]

    def _enter(self, folder: str, path: str) -> str:
        """The folder on disk, made when it is missing, with every step to it inside the root."""
        if place := self.folders.get(folder):
            return place
        place, at = self.root, ""
        for name in folder.split("/"):
            at = f"{at}/{name}" if at else name
            place = self.folders.get(at) or self._step(at, f"{place}{os.sep}{name}", path)
        return place

    def _step(self, at: str, place: str, path: str) -> str:
        try:
            os.mkdir(place)
        except FileExistsError:
            if os.path.islink(place):
                _check_inside(self.root, place, path)
            if os.path.lexists(place + os.sep + ".git"):
                message = "this folder belongs to another repository (a submodule?)"
                raise environment("other-repository", message, "write there from that repository", path) from None
            if not os.path.isdir(place):
                raise
        else:
            self.found[place] = {}
            self.made.append(place)
            if self.undo:
                self.undo.made(place)
        self.folders[at] = place
        return place

    def _entries(self, place: str) -> dict[str, bool]:
        """What was in the folder before us; temporary files of a run that was killed are removed on the way."""
        entries = self.found.get(place)
        if entries is None:
            entries = self.found[place] = {}
            with os.scandir(place) as there:
                for entry in there:
                    if entry.name.startswith(TEMPORARY) and entry.name.endswith(ENDING):
                        os.unlink(entry.path)
                    else:
                        entries[entry.name] = entry.is_file(follow_symlinks=False)
        return entries


_Stamp = tuple[int, int, int] | None
"""Number, time and size of a file: whoever changes a file changes one of them. None where there is no file."""


def stamp_of(found: os.stat_result) -> tuple[int, int, int]:
    """How to know a file again without reading it."""
    return found.st_ino, found.st_mtime_ns, found.st_size


def _stamp(target: str) -> _Stamp:
    try:
        return stamp_of(os.lstat(target))
    except (FileNotFoundError, NotADirectoryError):
        return None


def _check_read(target: str, change: Change, data: bytes | None) -> None:
    """RolloutError when the file has neither the text that was read nor the one it is to get."""
    if change.before == WHATEVER:
        return
    with open(target, "rb") as file:
        there = file.read()
    if there == data:
        return
    # Pages are read without their byte order mark, files that are edited in place with it.
    read = None if change.before is None else change.before.encode(errors="surrogatepass").removeprefix(BOM_UTF8)
    if there.removeprefix(BOM_UTF8) != read:
        raise _meanwhile(change.path)


def _meanwhile(path: str) -> RolloutError:
    message = "somebody has changed or made this file since the programme was read, and it was left alone"
    return environment("changed-meanwhile", message, "run again", path)


def _pour(descriptor: int, data: bytes) -> None:
    written = os.write(descriptor, data)
    while written < len(data):  # near a limit a write may take only a part
        written += os.write(descriptor, memoryview(data)[written:])


def _check_name(path: str, name: str) -> None:
    if name in ("", ".", "..") or name.lower() == ".git" or any(char in name for char in _FORBIDDEN):
        raise environment("path-outside", "this is not a path inside the programme's folder", path=path)


def _check_inside(root: str, place: str, path: str) -> None:
    real = os.path.realpath(place)
    if real != root and not real.startswith(root.rstrip(os.sep) + os.sep):
        message = "the path goes through a link that leaves the programme's folder"
        raise environment("path-outside", message, "replace the link by a folder", path)


def _link(root: str, target: str, path: str) -> RolloutError:
    _check_inside(root, target, path)
    return environment("is-link", "this file is a link, and rollout does not write through links", "remove it", path)


def _explained(path: str, error: OSError) -> RolloutError:
    fallback = ("write-failed", f"the file cannot be written: {error.strerror or error}", "mend that and run again")
    code, message, hint = _REASONS.get(error.errno or 0, fallback)
    return environment(code, message, hint, path)
