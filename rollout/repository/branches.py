"""A new branch made beside the user's work: in a checkout of its own, which is gone afterwards.

A linked worktree is the one place where git runs hooks and signs as configured while the branch, the index and the
files of the user stay out of it: hooks find HEAD's files with the new ones among them, on the new branch. Where there
are no hooks nobody looks at HEAD's files, and they are not laid out: forty thousand take a while.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Final

from rollout.problem import Problem, RolloutError, environment
from rollout.repository.find import Repository
from rollout.repository.running import WRITING, Answer, refused, run, told, words_of
from rollout.repository.undisturbed import undisturbed

HOOKS: Final = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")
"""Those that git runs for a commit."""
NOTE: Final = "rollout-branch"
"""Beside git's own files. Of a user's repository: where its checkout aside is. Of that one: the branch begun there, and
where."""


def check_name(repository: Repository, name: str) -> None:
    """RolloutError (exit code 2) where no branch may be called so, or it is the one checked out."""
    ref = f"refs/heads/{name}"
    is_name = "\0" not in name and not name.startswith("-") and name != "HEAD"
    if not is_name or run(repository.root, "check-ref-format", ref).status:
        said, hint = f'a branch cannot be called "{name}"', "letters, digits, - and /, such as plan/lyon-later"
        raise RolloutError(Problem(path="", code="branch-name", message=said, hint=hint), exit_code=2)
    if repository.head() is None:
        said = "nothing is committed yet, so there is nothing a branch could begin from"
        raise environment("no-commit", said, "commit the programme first", str(repository.root))
    if name == repository.branch():
        said = f"{name} is the branch you are on, and --branch makes a new one"
        hint = "leave --branch out to commit here, or give the new branch another name"
        raise RolloutError(Problem(path="", code="branch-exists", message=said, hint=hint), exit_code=2)


def tip(repository: Repository, name: str) -> str | None:
    """The commit a branch is at; None where there is no such branch."""
    return repository.commit_of(f"refs/heads/{name}")


def holds(repository: Repository, commit: str, base: str, tree: str) -> bool:
    """Whether a commit is exactly this tree on top of this base."""
    found = (f"{commit}^{{tree}}", f"{commit}^1", f"{commit}^2")
    return [repository.revision(name) for name in found] == [tree, base, None]


@contextmanager
def aside(repository: Repository) -> Iterator[Repository]:
    """HEAD in a checkout of its own on no branch, for as long as it is needed; what a killed run left goes first.

    The caller holds `rollout.commit.lock.locked`. RolloutError (exit code 3) when git or the disk refuses.
    """
    _sweep(repository)
    with told("branch"):
        folder = Path(tempfile.gettempdir()).resolve() / f"rollout-{token_hex(8)}"
    there = folder / (repository.root.name or "checkout")
    try:
        with told("branch"):
            _write_note(repository, f"{there}\n")  # before the folder: a killed run leaves none that nobody knows of
            folder.mkdir(mode=0o700)
        # Without its checkout git runs no post-checkout hook either: that is for checkouts that stay.
        words = ("worktree", "add", "--quiet", "--detach", "--no-checkout")
        if (made := run(repository.root, *words, "--", str(there), "HEAD", env=WRITING)).status:
            raise _not_made(made)
        if _has_hooks(repository):
            _must(there, "read-tree", "--reset", "-u", "HEAD")
            _lend_hooks(repository, there)
        else:
            _must(there, "read-tree", "HEAD")
        git_dir = Path(os.fsdecode(_must(there, "rev-parse", "--absolute-git-dir")))
        yield Repository(root=there, prefix=repository.prefix, git_dir=git_dir)
    finally:
        with undisturbed():
            _sweep(repository)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def begun(there: Repository, name: str) -> Iterator[None]:
    """Be on a new branch that begins at HEAD; it is gone again where nothing was committed on it.

    RolloutError (exit code 3) where it cannot be made.
    """
    ref, base = f"refs/heads/{name}", there.head()
    assert base
    with told("branch"):
        _write_note(there, f"{ref}\n{base}\n")
    if (made := run(there.root, "update-ref", "--end-of-options", ref, base, "0" * len(base), env=WRITING)).status:
        _note(there).unlink(missing_ok=True)  # somebody else's branch of this name is not ours to take away
        raise _not_made(made)
    try:
        there.must("symbolic-ref", "HEAD", ref, env=WRITING)
        yield
    finally:
        _unmake(there.root, ref, base)


def _not_made(answer: Answer) -> RolloutError:
    if "lock" in answer.err and "exists" in answer.err and "refs/" not in answer.err:
        return refused(answer)
    return environment("branch-failed", f"the branch could not be made: {words_of(answer)}")


def _unmake(folder: Path, ref: str, base: str) -> None:
    """Take the branch away if it is still where it began: git compares before it does."""
    with told("branch"):
        here = run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", ref)
        if here.text == base:
            run(folder, "update-ref", "-d", "--end-of-options", ref, base, env=WRITING)


def _note(repository: Repository) -> Path:
    return repository.git_dir / NOTE


def _write_note(repository: Repository, text: str) -> None:
    """The note, whole or not at all."""
    note = _note(repository)
    beside = note.with_name(f"{note.name}.new")
    beside.write_text(text, encoding="utf-8", errors="surrogateescape")
    beside.replace(note)


def _sweep(repository: Repository) -> None:
    """Take away the checkout that was made aside, and with it a branch on which nothing was committed."""
    try:
        noted = _note(repository).read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return
    there = Path(noted.removesuffix("\n"))
    if not (noted.endswith("\n") and there.is_absolute() and there.parent.name.startswith("rollout-")):
        _note(repository).unlink()  # a loss of power may empty it, and an empty path is the user's own folder
        return
    git_dir = run(there, "rev-parse", "--absolute-git-dir") if there.is_dir() else None
    if git_dir is not None and not git_dir.status:
        with suppress(OSError, ValueError):
            note = (Path(git_dir.text) / NOTE).read_text(encoding="utf-8", errors="surrogateescape")
            ref, base, _ = note.split("\n")
            _unmake(repository.root, ref, base)
    run(repository.root, "worktree", "remove", "--force", "--force", "--", str(there), env=WRITING)
    shutil.rmtree(there.parent, ignore_errors=True)
    _note(repository).unlink(missing_ok=True)


def _has_hooks(repository: Repository) -> bool:
    """Whether something runs when a commit is made."""
    folder = repository.hooks()
    return any((folder / name).is_file() for name in HOOKS)


def _lend_hooks(repository: Repository, there: Path) -> None:
    """Hooks in a folder that is named from the top and not committed (as some tools keep them) are lent."""
    configured = run(repository.root, "config", "--type=path", "--get", "core.hooksPath")
    path = configured.text
    if configured.status or not path or Path(path).is_absolute() or ".." in Path(path).parts:
        return
    if (repository.root / path).is_dir() and not (there / path).exists():
        with suppress(OSError):
            (there / path).parent.mkdir(parents=True, exist_ok=True)
            (there / path).symlink_to(repository.root / path, target_is_directory=True)


def _must(folder: Path, *words: str) -> bytes:
    answer = run(folder, *words, env=WRITING)
    if answer.status:
        raise _not_made(answer)
    return answer.out.removesuffix(b"\n")
