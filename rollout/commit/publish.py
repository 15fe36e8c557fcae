"""Writes changes and makes one commit of exactly them; when that fails, the disk is as it was."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path

from rollout.commit.write import write
from rollout.model.change import Change
from rollout.model.few import so_many
from rollout.problem import Problem, RolloutError, environment
from rollout.repository import Repository
from rollout.repository.committing import commit, ready
from rollout.repository.undisturbed import undisturbed


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
    when: datetime | None = None,
) -> Receipt:
    """Write the changes below root (the programme's folder) and commit exactly these files.

    `also` names files that are as they should be on disk but not in the last commit; it is asked after the changes
    have all been taken. Files that a killed run had written but not committed go into this commit too, where nobody has
    touched them since. The caller holds `locked(root)`.
    RolloutError (exit code 3) when a file cannot be written or git refuses the commit; then no file is changed.
    """
    undo = _Undo(_folder(repository), root)
    pending = (change for change in changes if not change.is_empty)
    first = next(pending, None)
    if first is None and not undo.still_ours() and not tuple(also()):
        undo.forget()
        return Receipt(None, repository.branch(), 0, ())
    ready(repository)  # before forty thousand files are written for nothing
    before = repository.head()
    try:
        undo.begin()
        stream = chain((first,), pending) if first else ()
        written = write(root, stream, undo=undo)
        paths = tuple(sorted({*written, *also(), *undo.still_ours()}))
        made = commit(repository, paths, message, when=when)
    except BaseException as error:
        with undisturbed():
            if _is_past(repository, before):  # the commit is there: only the end of the work failed
                undo.forget()
            elif kept := undo.put_back():
                problems = error.problems if isinstance(error, RolloutError) else ()
                raise RolloutError(*problems, *kept, exit_code=3) from error
        raise
    with undisturbed():
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
            more = f"and {so_many(len(found) - 10, 'more file')}"
            problems.append(Problem(path="", code="uncommitted", message=more, hint=hint))
        raise RolloutError(*problems)


def _folder(repository: Repository) -> Path:
    """One for each programme: several may share a repository."""
    mark = f"-{sha256(os.fsencode(repository.prefix)).hexdigest()[:8]}" if repository.prefix else ""
    return repository.git_dir / f"rollout-publish{mark}"


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
    list stays, and the next one commits what is on it. What somebody does to a file while the commit is tried is
    kept aside when the file is put back.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder, self.root = folder, root
        self.list = folder / "paths"
        self.left: dict[str, str] = {}
        """What a killed run was about to write: by path the size and time of the file that it was to become."""
        self.steps: list[tuple[str, str, str]] = []
        """In order: ("made", folder, ""), ("new", file, its form) or (kept copy, file, form of what replaced it)."""
        self.log, self.length = -1, 0
        with suppress(FileNotFoundError):
            fields = self.list.read_bytes().split(b"\0")[:-1]  # one without its end was not written yet
            fields = fields[: len(fields) // 2 * 2]
            self.length = sum(len(field) + 1 for field in fields)
            rows = map(os.fsdecode, fields)
            self.left = dict(zip(rows, rows, strict=False))

    def still_ours(self) -> list[str]:
        """Of what a killed run wrote and removed, what is as it left it."""
        return [path for path, form in self.left.items() if _form(self.root / path) == form]

    def begin(self) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
            for copy in self.folder.glob("[0-9]*"):
                copy.unlink()
            self.log = os.open(self.list, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.ftruncate(self.log, self.length)
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
        self.steps.append((copy, target, form))

    def made(self, folder: str) -> None:
        self.steps.append(("made", folder, ""))

    def put_back(self) -> list[Problem]:
        """Undo every step, last first; what could not be put back, or was changed by others meanwhile and is kept."""
        stuck, theirs = [], []
        for number, (what, target, form) in reversed(list(enumerate(self.steps))):
            try:
                if what != "made" and _form(target) not in (form, "") and not _is_kept(what, target):
                    Path(target).replace(self.folder / f"{number}-changed")
                    theirs.append(target)
                _put_back(what, target)
            except OSError:
                stuck.append(target)
        if not stuck and not theirs:
            self._as_found()
            return []
        number = 1  # the copies are all there is of these files: out of the way of the next run, which begins anew
        while (kept := self.folder.with_name(f"rollout-kept-{number}")).exists():
            number += 1
        self.folder.rename(kept)
        self.forget()
        said = f"this file could not be put back as it was; a copy is in {kept}"
        also = f"something changed this file while the commit was tried; it is as before, what it became is in {kept}"
        problems = [Problem(path=self._named(path), code="not-restored", message=said) for path in stuck]
        problems += [Problem(path=self._named(path), code="kept-aside", message=also) for path in theirs]
        if len(problems) > 10:
            last = replace(problems[-1], path="", message=f"and {so_many(len(problems) - 10, 'more file')}")
            return [*problems[:10], last]
        return problems

    def _named(self, target: str) -> str:
        return Path(os.path.relpath(target, self.root.resolve())).as_posix()

    def _as_found(self) -> None:
        """The list shortened rather than written anew: that works on a full disk too."""
        if self.log < 0 or not self.length:
            self.forget()
            return
        os.ftruncate(self.log, self.length)
        os.close(self.log)
        self.log = -1
        for copy in self.folder.glob("[0-9]*"):
            copy.unlink(missing_ok=True)

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


def _is_kept(copy: str, target: str) -> bool:
    """Whether the file was not replaced after all: the step was announced, and then refused."""
    if copy == "new":
        return False
    one, other = Path(copy), Path(target)
    return one.samefile(other) or (one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes())


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
        with suppress(FileNotFoundError, NotADirectoryError):
            Path(target).unlink()
    else:
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        try:
            Path(what).replace(target)
        except OSError:
            shutil.copyfile(what, target, follow_symlinks=False)
            shutil.copystat(what, target, follow_symlinks=False)
