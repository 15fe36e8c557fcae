"""Commits of exactly the files named, past the user's index and without touching what is in it."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import FileIO
from pathlib import Path
from typing import Final, TypeVar

from rollout.problem import environment
from rollout.repository.find import Repository
from rollout.repository.running import WRITING, busy, refused, run, told
from rollout.repository.undisturbed import undisturbed

_INDEX, _BESIDE = "rollout-index", "rollout-note"
OURS: Final = (_INDEX, f"{_INDEX}.lock", _BESIDE)
"""What a commit puts beside git's own files, and takes away."""
_NOTE = b"rollout commits on top of "
_T = TypeVar("_T")
_PATIENCE, _HOOKS_PATIENCE = 1.0, 10.0  # seconds; editors hold git's lock for moments
# glibc gives memory back after each object it packs: half the CPU of a commit of 40,000 files.
_ROOMY: Final = {"MALLOC_TRIM_THRESHOLD_": "16777216"}
_PLAIN_INDEX = ("-c", "core.splitIndex=false")  # a split one would leave its shared part behind


def ready(repository: Repository) -> None:
    """RolloutError when a commit could not be made now: git is busy or in the middle, or nobody is named.

    Also ends the work of a run that was killed between its commit and the user's index.
    """
    _recover(repository)
    if what := repository.in_progress():
        hint = "finish or abort it first: `git status` says how"
        raise environment("git-in-progress", f"a {what} is in progress in this repository", hint, str(repository.root))
    if not _patiently(lambda: not _lock(repository).exists()):
        raise busy(_lock(repository))
    for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
        repository.must("var", who)


def commit(repository: Repository, paths: Iterable[str], message: str, when: datetime | None = None) -> str | None:
    """One commit of exactly these paths as they are on disk (a missing one is a removal); its id.

    None, and no commit, when they are as HEAD has them. What the user has staged, changed or not added
    stays as it is; hooks and signing run as configured. `when` (with a time zone) dates the commit.
    RolloutError (exit code 3) when git is busy, in the middle of something or refuses; then nothing changed.
    """
    ours = frozenset(repository.full(path) for path in paths)
    if not message.strip():
        raise ValueError("a commit needs a message")
    dates = _dated(when)
    ready(repository)
    started, base = repository.head(), _tree(repository, "HEAD")
    with told("commit"), _hold(repository, started) as lock:
        is_alone = _fill(repository, ours, base)
        if repository.must(*_PLAIN_INDEX, "write-tree", env=_own(repository) | _ROOMY).decode().strip() == base:
            return None
        words = (*_PLAIN_INDEX, "-c", "i18n.commitEncoding=UTF-8", "commit", "--quiet", "--cleanup=whitespace")
        env = {**_own(repository), **dates}
        try:
            answer = run(repository.root, *words, "--file=-", data=message.encode(), env=env, inherit=lock)
            if answer.status and repository.head() == started:
                raise refused(answer, by_hook=answer.status == 1)  # git says 128 for its own reasons
        finally:  # interrupted or not: who has the commit has to have the index that belongs to it
            with undisturbed():
                if repository.head() != started:
                    if not is_alone:
                        _settle(repository, base, ours)
                    _private(repository).replace(repository.git_dir / "index")
        return repository.head()


def tree_with(repository: Repository, paths: Iterable[str]) -> str:
    """The id of the tree that `commit` of these paths would make, hooks aside; nothing is committed."""
    with told("commit"), _hold(repository, repository.head()):
        _fill(repository, frozenset(repository.full(path) for path in paths), _tree(repository, "HEAD"))
        return repository.must(*_PLAIN_INDEX, "write-tree", env=_own(repository) | _ROOMY).decode().strip()


def _lock(repository: Repository) -> Path:
    return repository.git_dir / "index.lock"


def _private(repository: Repository) -> Path:
    return repository.git_dir / _INDEX


def _own(repository: Repository) -> dict[str, str]:
    return {**WRITING, "GIT_INDEX_FILE": str(_private(repository))}


def _fill(repository: Repository, ours: frozenset[str], base: str) -> bool:
    """Make the private index: HEAD with our paths from disk. Whether the user has staged nothing else.

    It begins as a copy of the user's, because an index made from HEAD alone knows no file times and git would
    read every tracked file again.
    """
    is_alone = set(_staged(repository, base)) <= ours
    _copy_index(repository)
    if not is_alone:
        repository.must(*_PLAIN_INDEX, "read-tree", "--reset", base, env=_own(repository))
    _unflag(repository, ours)
    top = f"{repository.root}{os.sep}"
    gone = {path for path in ours if not os.path.lexists(top + path)}
    # Removals first, so that a folder can become a file; git refuses to replace a submodule by itself.
    data, env = _lines([*sorted(gone), *sorted(ours - gone)]), _own(repository) | _ROOMY
    repository.must(*_PLAIN_INDEX, "update-index", "--add", "--remove", "-z", "--stdin", data=data, env=env)
    return is_alone


def _unflag(repository: Repository, ours: frozenset[str]) -> None:
    """Clear assume-unchanged and skip-worktree on our paths: git would leave out the one, remove the other."""
    rows = repository.must("ls-files", "-v", "-z", env=_own(repository)).split(b"\0")
    flagged = [path for row in rows if row[:1] in (b"h", b"s", b"S") and (path := os.fsdecode(row[2:])) in ours]
    for option in ("--no-skip-worktree", "--no-assume-unchanged") if flagged else ():
        repository.must(
            *_PLAIN_INDEX, "update-index", option, "-z", "--stdin", data=_lines(flagged), env=_own(repository)
        )


def _tree(repository: Repository, commit: str) -> str:
    """The id of this commit's tree; the empty one's when there is no such commit."""
    empty = ("hash-object", "-t", "tree", "--stdin")
    return repository.revision(commit + "^{tree}") or repository.must(*empty).decode().strip()


def _staged(repository: Repository, tree: str) -> dict[str, tuple[bytes, bytes]]:
    """By path, what the user's index has otherwise than this tree: (mode and id there, mode and id in index)."""
    return _sides(repository.must("diff-index", "--cached", "--no-renames", "-z", tree))


def _settle(repository: Repository, base: str, ours: frozenset[str]) -> None:
    """Make the private index the user's, with the commit just made for our paths and those a hook added to it."""
    diff = _sides(repository.must("diff-tree", "-r", "-z", "--no-renames", base, "HEAD"))
    rows = [
        head + b"\t" + os.fsencode(path) + b"\0"
        for path, (head, index) in _staged(repository, "HEAD").items()
        if path in ours or (path in diff and diff[path][0] == index)
    ]
    _copy_index(repository)
    update = (*_PLAIN_INDEX, "update-index")
    repository.must(*update, "--add", "--replace", "-z", "--index-info", data=b"".join(rows), env=_own(repository))
    run(repository.root, *update, "-q", "--refresh", env=_own(repository))  # 1 only says that something is changed


def _copy_index(repository: Repository) -> None:
    _private(repository).unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # with its time: git compares it with those of the files
        shutil.copy2(repository.git_dir / "index", _private(repository))


@contextmanager
def _hold(repository: Repository, started: str | None) -> Iterator[tuple[int, ...]]:
    """Hold git's own lock on the user's index, as `git commit -- PATH` does, with a note of what is being done.

    The commit inherits a lock on the note: should we be killed, the next run reads it, and waits for that commit.
    """
    if not (note := _patiently(lambda: _noted(repository, _NOTE + f"{started}\n".encode()))):
        raise busy(_lock(repository))
    try:
        with note:
            _clear(repository)
            yield () if sys.platform == "win32" else (note.fileno(),)
    finally:
        with undisturbed():
            _clear(repository)
            _lock(repository).unlink(missing_ok=True)


def _recover(repository: Repository) -> None:
    """Finish what a killed run left: its commit may be there while the user's index knows nothing of it."""
    try:
        note = _lock(repository).open("r+b", buffering=0)
    except OSError:
        return
    with told("commit"), note:
        noted = note.read(100)
        if not noted.startswith(_NOTE):
            return
        if not _patiently(lambda: _flock(note), _HOOKS_PATIENCE):
            raise busy(_lock(repository))
        if repository.head() and noted == _NOTE + f"{repository.revision('HEAD^')}\n".encode():
            _settle(repository, _tree(repository, "HEAD^"), frozenset())
            _private(repository).replace(repository.git_dir / "index")
    _clear(repository)
    _lock(repository).unlink(missing_ok=True)


def _clear(repository: Repository) -> None:
    for left in OURS:
        (repository.git_dir / left).unlink(missing_ok=True)


def _sides(raw: bytes) -> dict[str, tuple[bytes, bytes]]:
    """By path the two sides of git's raw diff, each as "mode id"."""
    fields = raw.split(b"\0")
    sides = {}
    for row, path in zip(fields[0::2], fields[1::2], strict=False):
        old_mode, new_mode, old, new, _ = row[1:].split(b" ")
        sides[os.fsdecode(path)] = (old_mode + b" " + old, new_mode + b" " + new)
    return sides


def _lines(paths: Iterable[str]) -> bytes:
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _dated(when: datetime | None) -> dict[str, str]:
    if when is None:
        return {}
    if not when.tzinfo:
        raise ValueError("the date of a commit needs a time zone")
    return dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), f"@{int(when.timestamp())} {when:%z}")


def _patiently(ask: Callable[[], _T], seconds: float = _PATIENCE) -> _T:
    until = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < until:
        time.sleep(0.02)
    return answer


def _noted(repository: Repository, text: bytes) -> FileIO | None:
    """The lock, which from its first moment has our text in it and is ours; None while somebody has it.

    A lock without our note would look like another's, were we killed before we wrote it.
    """
    beside = repository.git_dir / _BESIDE
    beside.unlink(missing_ok=True)
    note = beside.open("xb", buffering=0)
    try:
        _flock(note)
        note.write(text)
        try:
            os.link(beside, _lock(repository))
        except FileExistsError:
            raise
        except OSError:  # a disk without links
            return _created(_lock(repository), text, note)
    except BaseException as error:
        note.close()
        if isinstance(error, FileExistsError):
            return None
        raise
    finally:
        beside.unlink(missing_ok=True)
    return note


def _created(path: Path, text: bytes, other: FileIO) -> FileIO:
    note = path.open("xb", buffering=0)
    other.close()
    _flock(note)
    note.write(text)
    return note


def _flock(file: FileIO) -> bool:
    """Whether we have the lock now; by rule yes on Windows, which has none that a child inherits."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415 - not on every platform

    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
