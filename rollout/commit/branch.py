"""Puts changes on a new branch in one commit; the user's branch, index and files stay as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from rollout.commit.publish import Receipt
from rollout.commit.write import WHATEVER, write
from rollout.model.change import Change
from rollout.problem import Problem, RolloutError, environment
from rollout.repository import Repository
from rollout.repository.branches import aside, begun, holds, tip
from rollout.repository.committing import commit, ready, tree_with


def publish_on_branch(
    repository: Repository,
    root: Path,
    changes: Iterable[Change],
    message: str,
    branch: str,
    *,
    inputs: Iterable[str] = (),
    also: Callable[[], Iterable[str]] = tuple,
    when: datetime | None = None,
) -> Receipt:
    """One commit on top of HEAD, on a new branch: the changes, and these files as they are on disk below root.

    `inputs` are files that differ from HEAD and from which the changes were made; `also` names more of them, asked
    after the changes have all been taken. The branch's name is one that git allows. Where the branch is there already
    and holds exactly this, nothing is made. The caller holds `locked(root)`. RolloutError when the branch is there with
    something else (exit code 1), and when git or the disk refuses (3); then no branch is left.
    """
    inputs = tuple(inputs)
    pending = (change for change in changes if not change.is_empty)
    first = next(pending, None)
    if first is None and not inputs and not tuple(also()):
        return Receipt(None, None, 0, ())
    ready(repository)
    with aside(repository) as there:
        top = there.root / there.prefix
        top.mkdir(parents=True, exist_ok=True)  # HEAD may know nothing of the programme yet
        for path in inputs:
            _copy(root, top, path)
        written = write(top, _for(top, chain((first,), pending) if first else ()))
        rest = set(also()) - set(written)
        for path in sorted(rest):
            _copy(root, top, path)
        paths = tuple(sorted({*written, *inputs, *rest}))
        known = tip(there, branch)
        made = _commit(there, paths, message, branch, when) if known is None else _found(there, paths, branch, known)
    if made is None:  # the files differ from HEAD in nothing git keeps
        return Receipt(None, None, 0, ())
    return Receipt(made, branch, len(paths), paths, is_new=known is None)


def _commit(there: Repository, paths: tuple[str, ...], message: str, branch: str, when: datetime | None) -> str | None:
    with begun(there, branch):
        return commit(there, paths, message, when=when)


def _found(there: Repository, paths: tuple[str, ...], branch: str, known: str) -> str:
    """The branch's commit, which is exactly what would be made."""
    base = there.head()
    if base and holds(there, known, base, tree_with(there, paths)):
        return known
    said = f"there is a branch {branch} already, and it holds something else ({known[:10]})"
    hint = f"give the new one another name, or delete that one if nobody needs it: git branch -D {branch}"
    raise RolloutError(Problem(path="", code="branch-exists", message=said, hint=hint))


def _for(top: Path, changes: Iterable[Change]) -> Iterator[Change]:
    """The changes, as they are to the files laid out there rather than to those the user has."""
    for change in changes:
        is_there = change.after is None or os.path.lexists(top / change.path)
        yield replace(change, before=WHATEVER if is_there else None)


def _copy(root: Path, top: Path, path: str) -> None:
    """The user's file, or its absence, into the checkout."""
    source, target = root / path, top / path
    try:
        if target.is_symlink() or target.is_file():
            target.unlink()
        elif target.is_dir() and os.path.lexists(source):
            shutil.rmtree(target)  # what was a folder is a file now
        if source.is_symlink() or source.is_file():  # a folder comes with its files
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    except OSError as error:
        raise environment("branch-failed", f"this file cannot be copied to the branch: {error}", path=path) from error
