"""How git and a repository are: what is told of them, without a judgement."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rollout.repository.branches import HOOKS, NOTE
from rollout.repository.committing import OURS
from rollout.repository.find import Repository, author
from rollout.repository.running import run

_HOOKS = (*HOOKS, "pre-push", "reference-transaction")
_OURS = ("rollout.lock", "rollout-index.lock")
_LEFT = (*OURS, NOTE)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a commit."""

    who: str | None
    """Name and address; None where git does not know."""
    is_guessed: bool
    """Whether git made it of the machine's own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a repository is."""

    top: str
    branch: str | None
    in_progress: str | None
    is_shallow: bool
    locks: tuple[str, ...]
    """Locks of git's own, in use or left behind."""
    left: tuple[str, ...]
    """What a killed run of ours left beside git's files."""
    hook_folder: str
    hooks: tuple[str, ...]
    """Those that git runs."""
    idle_hooks: tuple[str, ...]
    """Those that it skips because they are not executable."""


def git_version(folder: Path) -> str:
    """The version of git. RolloutError (exit code 3) where there is none."""
    return run(folder, "--version").text.removeprefix("git version ").split(" ")[0]


def identity(folder: Path) -> Identity:
    """Who a commit made in this folder would be by."""
    who = author(folder)
    if who is None:
        return Identity(None, is_guessed=False)
    is_told = all(
        os.environ.get(f"GIT_AUTHOR_{key.upper()}") or not run(folder, "config", "--get", f"user.{key}").status
        for key in ("name", "email")
    )
    return Identity(who, is_guessed=not is_told)


def health(repository: Repository) -> Health:
    """How the repository is. RolloutError (exit code 3) when git refuses to say."""
    root, git_dir = repository.root, repository.git_dir
    common = Path(root, run(root, "rev-parse", "--git-common-dir").text)
    locks = {
        lock for folder in (git_dir, common) for lock in (*folder.glob("*.lock"), *(folder / "refs").rglob("*.lock"))
    }
    folder = repository.hooks()
    hooks = [name for name in _HOOKS if (folder / name).is_file()]
    return Health(
        top=str(root),
        branch=repository.branch(),
        in_progress=repository.in_progress(),
        is_shallow=repository.is_shallow(),
        locks=tuple(sorted({os.path.realpath(lock) for lock in locks if lock.name not in _OURS})),
        left=tuple(name for name in _LEFT if (git_dir / name).exists()),
        hook_folder=str(folder),
        hooks=tuple(name for name in hooks if os.access(folder / name, os.X_OK)),
        idle_hooks=tuple(name for name in hooks if not os.access(folder / name, os.X_OK)),
    )
