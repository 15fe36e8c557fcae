"""git and the repository as `doctor` looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rollout.model.doctored import Finding, State, is_older
from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.health import Health, git_version, health, identity

OLDEST = "2.31"
"""The first git that shows a merge against each of its parents (`--diff-merges=separate`)."""
_WHO = 'git config --global user.name "Your Name"; git config --global user.email you@example.com'


def git_findings(folder: Path, *, is_writing: bool) -> Iterator[Finding]:
    """What is to be said of git and of the repository around a folder. `is_writing`: another rollout is at work."""
    try:
        version = git_version(folder)
    except RolloutError as error:
        yield _of(error, "git", "wrong")
        return
    if is_older(version, OLDEST):
        yield Finding("git", "wrong", f"{version}, {OLDEST} is the oldest", f"install git {OLDEST} or newer")
    else:
        yield Finding("git", "fine", version)
    yield _identity(folder)
    try:
        found = health(Repository.find(folder))
    except RolloutError as error:
        yield _of(error, "repository", "note" if error.problems[0].code == "no-repository" else "wrong")
        return
    yield from _repository(found)
    yield from _locks(found, is_writing=is_writing)
    yield from _hooks(found)


def _identity(folder: Path) -> Finding:
    found = identity(folder)
    if found.who is None:
        return Finding("git identity", "wrong", "git does not know who makes a commit", _WHO)
    if found.is_guessed:
        return Finding("git identity", "note", f"{found.who}, which git has guessed", _WHO)
    return Finding("git identity", "fine", found.who)


def _repository(found: Health) -> Iterator[Finding]:
    if found.in_progress:
        said = f"{found.top}: in the middle of a {found.in_progress}, and nothing can be published until it is over"
        yield Finding("repository", "wrong", said, "finish it or give it up; `git status` says how")
    elif found.branch is None:
        yield Finding("repository", "note", f"{found.top}: no branch is checked out", "git switch main")
    else:
        yield Finding("repository", "fine", f"{found.top}, on {found.branch}")
    if found.is_shallow:
        said = "its history is cut off: who ticked and who approved is not known"
        yield Finding("history", "note", said, "git fetch --unshallow (in CI: a checkout with its whole history)")


def _locks(found: Health, *, is_writing: bool) -> Iterator[Finding]:
    """Locks that git leaves behind when it is killed; it never removes them itself."""
    if found.locks and is_writing:
        yield Finding("git locks", "note", f"in use: {', '.join(found.locks)}", "wait for the other rollout to end")
    elif found.locks:
        it = "it" if len(found.locks) == 1 else "them"
        remedy = f"no git and no editor at work here? Then remove {it}"
        yield Finding("git locks", "wrong", f"left over: {', '.join(found.locks)}", remedy)
    if found.left and not is_writing:
        said = f"left by a run that was killed: {', '.join(found.left)}"
        yield Finding("git index", "note", said, "nothing: the next `publish`, or `publish --branch`, removes it")


def _hooks(found: Health) -> Iterator[Finding]:
    if found.hooks:
        said = f"{', '.join(found.hooks)} in {found.hook_folder}: what they refuse is not published"
        yield Finding("git hooks", "fine", said)
    if found.idle_hooks:
        said = f"not executable, so git skips them: {', '.join(found.idle_hooks)}"
        yield Finding("git hooks", "note", said, f"chmod +x in {found.hook_folder}")


def _of(error: RolloutError, what: str, state: State) -> Finding:
    problem = error.problems[0]
    return Finding(what, state, problem.message, problem.hint)
