"""Repositories in every state a person leaves them in: a commit of exactly our paths, or a sentence; their work stays."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.torture.part import Outcome, Part
from tests.torture.place import NAMES, Place

_Codes = tuple[int, ...]
_FINE, _REFUSED = (0,), (3,)


class Repositories(Part):
    def __init__(self, folder: Path, sites: int) -> None:
        super().__init__(folder, min(sites, 40))
        self.made = Place.make(folder / "made", self.sites)
        if not self.made.git("ls-files", "playbooks"):
            self.made.must("publish")
            self.made.call_plan(NAMES[1])

    def once(self, number: int) -> Outcome:
        """In this state: `publish` on half of the states' runs, `publish --branch` on the other."""
        name, words, prepare = STATES[number]
        place = self.made.copy(self.folder / "other")
        codes = prepare(place)
        mine = _mine(place)
        before = _ask(place, "rev-parse", "HEAD")
        done = place.run(*words)
        faults = done.faults(*codes)
        if done.code and not any(word in done.err for word in (":", ";")):
            faults.append(f"not a sentence: {done.err[-200:]}")
        if (now := _mine(place)) != mine:
            faults.append(
                f"the user's work changed: {[pair for pair in zip(mine, now, strict=True) if pair[0] != pair[1]]!r:.600}"
            )
        if done.code:
            if _ask(place, "rev-parse", "HEAD") != before:
                faults.append("refused, and there is a commit")
        elif "--branch" not in words:
            at = "HEAD"
            made = place.git("diff-tree", "--root", "-r", "--name-only", "--no-commit-id", at).splitlines()
            other = [
                path
                for path in made
                if "playbooks/" not in path and not path.endswith(("schedule.yaml", "_holidays.yaml"))
            ]
            if other or not made:
                faults.append(f"the commit holds {other[:5] or 'nothing'}")
        faults += [f"left over: {path}" for path in place.strays() if "index.lock" not in path or "lock" not in name]
        return Outcome(
            tuple(f"{name}, {words[-1]}: {fault}" for fault in faults), ("refused",) if done.code else ("done",)
        )


def _ask(place: Place, *words: str) -> str:
    return place.git(*words, check=False)


def _mine(place: Place) -> list[str]:
    """What the user has staged, changed, added and put away outside of our files."""
    ours = (":(exclude)playbooks", ":(exclude)waves/v/schedule.yaml", ":(exclude)waves/_holidays.yaml")
    files = {path: data for path, data in place.files().items() if not path.startswith("playbooks/")}
    return [
        _ask(place, "diff", "--cached", "--", ".", *ours),
        _ask(place, "diff", "--", ".", *ours),
        _ask(place, "ls-files", "--others", "--", ".", *ours),
        _ask(place, "stash", "list"),
        _ask(place, "config", "--list", "--local"),
        *(f"{path} {data.hex()}" for path, data in sorted(files.items()) if not path.startswith("waves/")),
    ]


def _work(place: Place) -> _Codes:
    """Staged, staged and changed again, changed, removed, new and ignored, all at once."""
    (place.root / "notes.txt").write_text("one\n")
    (place.root / "both.txt").write_text("one\n")
    (place.root / ".gitignore").write_text("*.log\n")
    place.git("add", "notes.txt", "both.txt", ".gitignore")
    (place.root / "both.txt").write_text("two\n")
    (place.root / "new.txt").write_text("new\n")
    (place.root / "x.log").write_text("log\n")
    place.git("add", "--intent-to-add", "new.txt")
    return _FINE


def _tick(place: Place) -> _Codes:
    """Somebody ticks a box in a page that is to be written again."""
    page = place.root / "playbooks/v/s00001/checklist.md"
    text = page.read_text(encoding="utf-8")
    page.unlink()
    page.write_text(text.replace("- [ ]", "- [x]", 1), encoding="utf-8")
    place.git("add", str(page))
    return (1, 3)


def _did(*commands: str, codes: _Codes = _FINE) -> Callable[[Place], _Codes]:
    """After these commands of git (or of the shell, after `!`)."""

    def prepare(place: Place) -> _Codes:
        if commands[0] != _CONFLICT:
            _work(place)
        for command in commands:
            if command.startswith("!"):
                subprocess.run(
                    ["sh", "-ec", command[1:]], cwd=place.root, env=place.env, check=True, capture_output=True
                )
            else:
                subprocess.run(
                    ["git", *command.split()], cwd=place.root, env=place.env, check=False, capture_output=True
                )
        (place.root / "later.txt").write_text("later\n")
        return codes

    return prepare


_CONFLICT = (
    "!git checkout -qb side; echo a >c.txt; git add c.txt; git commit -qm a; git checkout -q main;"
    " echo b >c.txt; git add c.txt; git commit -qm b"
)


def _hook(name: str, script: str) -> str:
    return f"!printf '#!/bin/sh\\n{script}\\n' >.git/hooks/{name}; chmod +x .git/hooks/{name}"


def _unborn(place: Place) -> _Codes:
    place.git("checkout", "--quiet", "--orphan", "new")
    return (1, 3)  # the inputs are not committed


def _nobody(place: Place) -> _Codes:
    for name in list(place.env):
        if name.startswith("GIT_") and name.endswith(("NAME", "EMAIL")):
            del place.env[name]
    place.git("config", "user.useConfigOnly", "true")
    return _REFUSED


def _shallow(place: Place) -> _Codes:
    clone = place.root.with_name("clone")
    place.git("clone", "--quiet", "--depth=1", f"file://{place.root}", str(clone))
    place.root = clone
    return _work(place)


def _linked(place: Place) -> _Codes:
    linked = place.root.with_name("linked")
    place.git("worktree", "add", "--quiet", "-b", "linked", str(linked))
    place.root = linked
    return _work(place)


def _submodule(place: Place) -> _Codes:
    outer = place.root.with_name("outer")
    outer.mkdir()
    inner, place.root = place.root, outer
    place.git("init", "--quiet", "--initial-branch=main", ".")
    place.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "below")
    place.git("commit", "--quiet", "-m", "Below")
    place.root = outer / "below"
    return _work(place)


def _bare(place: Place) -> _Codes:
    place.git("config", "core.bare", "true")
    return _REFUSED


def _stranger(place: Place) -> _Codes:
    if os.geteuid():
        place.env["GIT_TEST_ASSUME_DIFFERENT_OWNER"] = "1"
    else:
        os.chown(place.root, 12345, 12345)
        os.chown(place.git_dir(), 12345, 12345)
    return _REFUSED


def _no_git(place: Place) -> _Codes:
    place.env["PATH"] = str(place.temporary)
    return _REFUSED


def _no_repository(place: Place) -> _Codes:
    place.git_dir().rename(place.root.with_name("away"))
    return _REFUSED


def _broken(place: Place) -> _Codes:
    (place.git_dir() / "HEAD").write_text("nonsense\n")
    return _REFUSED


def _lost(place: Place) -> _Codes:
    """An object of HEAD's tree is gone from the disk."""
    tree = place.git("rev-parse", "HEAD^{tree}")
    file = place.git_dir() / "objects" / tree[:2] / tree[2:]
    if file.exists():
        file.unlink()
    return _REFUSED


_CASES: dict[str, Callable[[Place], _Codes]] = {
    "work of one's own": _work,
    "a tick not committed": _tick,
    "detached": _did("checkout --quiet --detach"),
    "unborn": _unborn,
    "merging": _did(_CONFLICT, "merge side", codes=_REFUSED),
    "rebasing": _did(_CONFLICT, "rebase side", codes=_REFUSED),
    "picking": _did(_CONFLICT, "cherry-pick side", codes=_REFUSED),
    "reverting": _did(_CONFLICT, "revert --no-edit HEAD~1", "revert --no-commit HEAD", codes=(1, 3)),
    "bisecting": _did("bisect start", codes=_REFUSED),
    "stashed": _did("reset -- new.txt", "stash"),
    "shallow": _shallow,
    "sparse": _did("sparse-checkout set sites waves playbooks"),
    "sparse without playbooks": _did("sparse-checkout set sites waves"),
    "autocrlf": _did("config core.autocrlf true"),
    "eol=crlf": _did("!mkdir -p .git/info; echo '*.md text eol=crlf' >.git/info/attributes"),
    "split index": _did("update-index --split-index"),
    "signing fails": _did("config commit.gpgSign true", "config gpg.program false", codes=_REFUSED),
    "pre-commit fails": _did(_hook("pre-commit", "echo not today; exit 1"), codes=_REFUSED),
    "commit-msg fails silently": _did(_hook("commit-msg", "exit 1"), codes=_REFUSED),
    "post-commit fails": _did(_hook("post-commit", "exit 1")),
    "hook cannot run": _did(
        "!printf '#!/no/such\\n' >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit", codes=_REFUSED
    ),
    "no identity": _nobody,
    "linked worktree": _linked,
    "submodule": _submodule,
    "bare": _bare,
    "somebody else's": _stranger,
    "no git": _no_git,
    "no repository": _no_repository,
    "broken HEAD": _broken,
    "a lost object": _lost,
    "index lock": _did("!: >.git/index.lock", codes=_REFUSED),
    "HEAD lock": _did("!: >.git/HEAD.lock", codes=_REFUSED),
    "branch lock": _did("!: >.git/refs/heads/main.lock", codes=_REFUSED),
    "config lock": _did("!: >.git/config.lock"),
    "packed refs lock": _did("pack-refs --all", "!: >.git/packed-refs.lock"),
    "objects read-only": _did("!chmod a-w .git/objects .git/objects/??", codes=(0, 3)),
    "playbooks ignored": _did("!echo playbooks >>.git/info/exclude"),
    "a branch called like an option": _did(
        "!git branch -- x; git update-ref refs/heads/-x HEAD; git symbolic-ref HEAD refs/heads/-x"
    ),
    "an author called like an option": _did("config user.name --amend"),
    "template and editor": _did(
        "config commit.template /no/such", "config core.editor false", "config commit.verbose true"
    ),
    "fsmonitor and untracked cache": _did("config core.untrackedCache true", "config core.fsmonitor false"),
    "reftable or not, gc now": _did("gc --quiet"),
    "safecrlf": _did("config core.autocrlf input", "config core.safecrlf true"),
    "quoted paths": _did("config core.quotePath true", "config core.precomposeUnicode true"),
    "status without untracked": _did("config status.showUntrackedFiles no"),
}
_LEAVES_HEAD_ALONE = ("HEAD lock", "branch lock")
"""Locks that are in the way of the branch checked out, and not of another."""


def _elsewhere(name: str, prepare: Callable[[Place], _Codes]) -> Callable[[Place], _Codes]:
    """What is to be expected of `--branch` in the same state."""

    def other(place: Place) -> _Codes:
        codes = prepare(place)
        return (
            (0, *codes)
            if name in _LEAVES_HEAD_ALONE or name in ("unborn", "objects read-only", "a tick not committed")
            else codes
        )

    return other


STATES: tuple[tuple[str, tuple[str, ...], Callable[[Place], _Codes]], ...] = (
    *((name, ("publish",), prepare) for name, prepare in _CASES.items()),
    *((name, ("publish", "--branch", "plan/next"), _elsewhere(name, prepare)) for name, prepare in _CASES.items()),
)
