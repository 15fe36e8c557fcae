"""Lets one writer in at a time, and clears away what one that was killed left."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rollout.problem import RolloutError, environment

TEMPORARY, ENDING = ".rollout-", ".tmp"
"""How the names of files begin and end that are still being written."""
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Be the only one who writes to the repository (or folder) that holds this folder.

    The lock dies with its owner, and its file is gone when the owner ends; where it is found with a name in it the
    owner was killed, and its temporary files are taken away first.
    RolloutError `locked` (exit code 3) names the process that has it.
    """
    root = root.resolve()
    place = _place(root)
    try:
        descriptor = _open(place)
    except OSError as error:
        hint = "is this folder yours, on a disk that knows locks?"
        raise environment("no-lock", f"no lock can be taken: {error.strerror}", hint, str(place)) from error
    try:
        _settle(descriptor, root, place)
        yield
    finally:
        # While we hold it, so that nobody who holds it has a file that is not there; Windows keeps it, emptied.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            place.unlink()
        os.close(descriptor)


def holder(root: Path) -> str | None:
    """Who is writing here now, in words; None where nobody is. RolloutError (exit code 3) when no lock can be taken."""
    if not _place(root.resolve()).exists():
        return None
    try:
        with locked(root):
            return None
    except RolloutError as error:
        if error.problems[0].code == "locked":
            return error.problems[0].message
        raise


def sweep(root: Path) -> None:
    """Remove the temporary files of a run that was killed from this programme's folders."""
    for folder, folders, names in os.walk(root):
        # What other tools keep is large, and none of our files go there.
        folders[:] = [name for name in folders if name == ".rollout" or not name.startswith((".", "node_modules"))]
        for name in names:
            if name.startswith(TEMPORARY) and name.endswith(ENDING):
                with suppress(OSError):
                    Path(folder, name).unlink()


def memory_of(root: Path, name: str) -> Path | None:
    """A place for what a run may forget, beside git's own; None where there is no git."""
    folder = _git_dir(root.resolve())
    return None if folder is None else folder / f"rollout-{name}"


def remember(place: Path | None, text: str) -> None:
    """Leaves a line for the next run. That it cannot is no reason to fail: the next run then does all its work."""
    if place is not None:
        with suppress(OSError):
            beside = place.with_name(f"{place.name}.new")
            beside.write_text(text, encoding="ascii")
            beside.replace(place)


def take(descriptor: int) -> bool:
    """Whether the lock on this file is ours now; it is until the file is closed or we are dead."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - on Windows only

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415 - not on every platform

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_at(descriptor: int, place: Path) -> bool:
    """Whether this open file is the one that has this name."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(descriptor), place.stat())
    return False


def _open(place: Path) -> int:
    """The lock's file, open and locked; RolloutError when somebody else has it."""
    while True:
        descriptor = os.open(place, _FLAGS, 0o666)
        try:
            if not take(descriptor):
                raise _held(descriptor)
            if is_at(descriptor, place):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # who had it has ended meanwhile and taken the file away


def _held(descriptor: int) -> RolloutError:
    noted = os.pread(descriptor, 20, 0).partition(b" ")[0].decode(errors="replace") if hasattr(os, "pread") else ""
    who = f"process {noted}" if noted.isdigit() else "its process is not known yet"
    return environment("locked", f"another rollout ({who}) is writing here", "wait for it to end")


def _settle(descriptor: int, root: Path, place: Path) -> None:
    """Write our name into the lock, after clearing up behind one who could not take the name out again."""
    with suppress(OSError):  # on a full disk the lock holds without a name
        if left := os.read(descriptor, 10_000):
            sweep(root)
            at = Path(os.fsdecode(left.partition(b" ")[2].removesuffix(b"\n")))
            if at != root and _place(at) == place:  # another programme of this repository
                sweep(at)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()} ".encode() + os.fsencode(root) + b"\n")


def _place(root: Path) -> Path:
    """A file that git does not show: where git keeps this working tree; without git the folder itself has it."""
    folder = _git_dir(root)
    return root / ".rollout.lock" if folder is None else folder / "rollout.lock"


def _git_dir(root: Path) -> Path | None:
    for folder in (root, *root.parents):
        marker = folder / ".git"
        if marker.is_dir():
            return marker
        if marker.is_file():  # a linked worktree or a submodule
            text = marker.read_text(encoding="utf-8", errors="surrogateescape")
            git_dir = folder / text.removeprefix("gitdir:").strip()
            if git_dir.is_dir():
                return git_dir
    return None
