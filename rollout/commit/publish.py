"""Writes changes and makes one commit of exactly them; when that fails, the disk is as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from rollout.commit.write import write
from rollout.model.change import Change
from rollout.problem import Problem, RolloutError, environment
from rollout.repository import Repository
from rollout.repository.committing import commit, ready


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a publication left behind."""

    commit: str | None
    """The commit that was made; None when everything was as it should be."""
    branch: str | None
    """The branch it is on; None when HEAD is detached."""
    files: int
    paths: tuple[str, ...]
    is_new: bool = True
    """Whether the commit was made now, rather than found on its branch."""


def publish(
    repository: Repository,
    root: Path,
    changes: Iterable[Change],
    message: str,
    *,
    also: Callable[[], Iterable[str]] = tuple,
    durable: bool = False,
    when: datetime | None = None,
) -> Receipt:
    """Write the changes below root (the programme's folder) and commit exactly these files.

    `also` names files that are as they should be on disk but not in the last commit; it is asked after the changes
    have all been taken.
    Files that a killed run had written but not committed go into this commit too, where nobody has touched them since.
    The caller holds `locked(root)`.
    RolloutError (exit code 3) when a file cannot be written or git refuses the commit; then no file is changed.
    """
    undo = _Undo(repository.git_dir / "rollout-publish")
    pending = (change for change in changes if not change.is_empty)
    first = next(pending, None)
    if first is None and not undo.still_ours(root) and not tuple(also()):
        undo.forget()
        return Receipt(None, repository.branch(), 0, ())
    ready(repository)  # before forty thousand files are written for nothing
    before = repository.head()
    try:
        undo.begin()
        stream = chain((first,), pending) if first else ()
        written = write(root, stream, durable=durable, undo=undo)
        paths = tuple(sorted({*written, *also(), *undo.still_ours(root)}))
        made = commit(repository, paths, message, when=when)
    except BaseException as error:
        if _is_past(repository, before):  # the commit is there: only the end of the work failed
            undo.forget()
            raise
        if stuck := undo.put_back():
            note = "this file could not be put back as it was; a copy is in .git/rollout-kept-N"
            problems = error.problems if isinstance(error, RolloutError) else ()
            kept = (Problem(path=path, code="not-restored", message=note) for path in stuck)
            raise RolloutError(*problems, *kept, exit_code=3) from error
        raise
    undo.forget()
    return Receipt(made, repository.branch(), len(paths), paths)


def refuse_uncommitted(paths: Iterable[str]) -> None:
    """Raises RolloutError (exit code 1) naming inputs that are not committed; nothing when there are none."""
    found = sorted(paths)
    if found:
        said = "this is not committed, so what is published from it could not be made again"
        hint = "commit it first: git add sites waves templates && git commit"
        problems = [Problem(path=path, code="uncommitted", message=said, hint=hint) for path in found[:10]]
        if len(found) > 10:
            problems.append(
                Problem(path="", code="uncommitted", message=f"and {len(found) - 10} more files", hint=hint)
            )
        raise RolloutError(*problems)


def _is_past(repository: Repository, before: str | None) -> bool:
    """Whether there is a new commit; where git cannot even say that, it has made none."""
    try:
        now = repository.head()
    except (OSError, RolloutError):
        return False
    return now is not None and now != before


class _Undo:
    """Keeps the files that are replaced, as links beside git's own files, and the list of all that are touched.

    A link costs no space and brings back the very file, bytes, permissions and times. When a run is killed the
    list stays, and the next one commits what is on it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = folder / "paths"
        self.left: dict[str, str] = {}
        """What a killed run was about to write: by path the size and time of the file that it was to become."""
        self.steps: list[tuple[str, str]] = []
        """In order: ("made", folder), ("new", file) or (kept copy, file)."""
        self.log = -1
        with suppress(FileNotFoundError):
            rows = map(os.fsdecode, self.list.read_bytes().split(b"\0"))
            self.left = dict(zip(rows, rows, strict=False))  # a path without its end was not written yet

    def still_ours(self, root: Path) -> list[str]:
        """Of what a killed run wrote and removed, what is as it left it."""
        return [path for path, form in self.left.items() if _form(root / path) == form]

    def begin(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            for copy in self.folder.glob("[0-9]*"):
                copy.unlink()
            self.log = os.open(self.list, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            hint = "is the repository writable, and is there space on the disk?"
            raise environment("not-writable", f"nothing can be kept here: {error}", hint) from error

    def touching(self, path: str, target: str, temporary: str | None) -> None:
        copy = f"{self.folder}{os.sep}{len(self.steps)}"
        try:
            _keep(target, copy)
        except FileNotFoundError:
            copy = "new"
        form = _form(temporary) if temporary else ""
        os.write(self.log, os.fsencode(f"{path}\0{form}\0"))
        self.steps.append((copy, target))

    def made(self, folder: str) -> None:
        self.steps.append(("made", folder))

    def put_back(self) -> list[str]:
        """Undo every step, last first; the files for which that was not possible."""
        stuck = []
        for what, target in reversed(self.steps):
            try:
                _put_back(what, target)
            except OSError:
                stuck.append(target)
        if stuck:  # the copies are all there is of these files: out of the way of the next run, which begins anew
            number = 1
            while (kept := self.folder.with_name(f"rollout-kept-{number}")).exists():
                number += 1
            self.folder.rename(kept)
            self.forget()
            return stuck
        left = b"".join(os.fsencode(f"{path}\0{form}\0") for path, form in self.left.items())
        self.forget()
        if left:
            self.folder.mkdir()
            self.list.write_bytes(left)
        return []

    def forget(self) -> None:
        if self.log >= 0:
            os.close(self.log)
            self.log = -1
        shutil.rmtree(self.folder, ignore_errors=True)


def _form(path: Path | str) -> str:
    """What tells a file from the one somebody saves in its place, and stays when it is renamed; of no file nothing."""
    try:
        found = os.lstat(path)
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_mode}"


def _keep(target: str, copy: str) -> None:
    try:
        os.link(target, copy, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without links
        shutil.copy2(target, copy, follow_symlinks=False)


def _put_back(what: str, target: str) -> None:
    if what == "made":
        with suppress(OSError):  # something else is in it by now
            Path(target).rmdir()
    elif what == "new":
        Path(target).unlink(missing_ok=True)
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        try:
            Path(what).replace(target)
        except OSError:
            shutil.copyfile(what, target, follow_symlinks=False)
            shutil.copystat(what, target, follow_symlinks=False)
