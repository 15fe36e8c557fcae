"""The repository of a folder: where it is, what state it is in, and what its commits hold."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rollout.problem import environment
from rollout.repository.running import READING, WRITING, refused, run, told, words_of

# A rebase that stops leaves a CHERRY_PICK_HEAD as well, so it is asked first.
_UNDER_WAY = dict.fromkeys(("rebase-merge", "rebase-apply"), "rebase") | {"MERGE_HEAD": "merge"}
_UNDER_WAY |= {"CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert", "BISECT_LOG": "bisect"}
_UNDER_WAY |= {"sequencer/todo": "series of cherry-picks or reverts"}

_LINK = b"120000"
"""What git puts before a symbolic link."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository that holds a programme's folder.

    Paths that go in and come out are relative to the programme's folder, with forward slashes.
    It only looks; `committing` writes, `history` reads the log.
    """

    root: Path
    """The top of the working tree."""
    prefix: str
    """The programme's folder relative to the top; empty when it is the top."""
    git_dir: Path
    """Where this working tree's index and HEAD are kept."""

    @staticmethod
    def find(folder: Path) -> Repository:
        """The repository holding this folder; RolloutError (exit code 3) when there is none to work with."""
        questions = ("--show-toplevel", "--show-prefix", "--absolute-git-dir")
        top, prefix, git_dir = (_ask(folder, question) for question in questions)
        return Repository(root=Path(top), prefix=prefix.rstrip("/"), git_dir=Path(git_dir))

    @staticmethod
    def create(folder: Path, fallback: tuple[str, str] | None = None) -> Repository:
        """A new repository on main; commits as `fallback` (name, e-mail) where the user has told git none."""
        with told("repository"):
            folder.mkdir(parents=True, exist_ok=True)
        if (made := run(folder, "init", "--quiet", "--initial-branch=main", env=WRITING)).status:
            raise environment("repository-failed", f"git made no repository: {words_of(made)}", path=str(folder))
        if fallback and run(folder, "var", "GIT_COMMITTER_IDENT").status:
            for key, value in zip(("user.name", "user.email"), fallback, strict=True):
                run(folder, "config", "--local", key, value, env=WRITING)
        return Repository.find(folder)

    def head(self) -> str | None:
        """The id of the commit checked out; None on a branch without commits."""
        return self.revision("HEAD^{commit}")

    def branch(self) -> str | None:
        """The name of the branch checked out; None when HEAD is detached."""
        name = run(self.root, "symbolic-ref", "--quiet", "HEAD")
        return None if name.status else name.text.removeprefix("refs/heads/")

    def user(self) -> str | None:
        """The name that git puts on the user's commits; None where it has not been told one."""
        return (author(self.root) or "").rpartition(" <")[0].strip() or None

    def hooks(self) -> Path:
        """The folder in which git looks for hooks."""
        return self.root / os.fsdecode(self.must("rev-parse", "--git-path", "hooks").removesuffix(b"\n"))

    def files(
        self, commit: str, folders: Sequence[str], wanted: Callable[[str], bool] | None = None
    ) -> dict[str, bytes]:
        """The files that a commit has below these folders (or at these paths), with their contents.

        `wanted` says of a path below the top whether its contents are read.
        """
        rows = self.must(
            "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit, "--", *map(self.full, folders)
        ).split(b"\0")
        heads = [row.partition(b"\t") for row in rows if row[:6] in (b"100644", b"100755")]
        if wanted is not None:
            heads = [head for head in heads if wanted(os.fsdecode(head[2]))]
        contents = self._blobs([head.split(b" ")[2] for head, _, _ in heads])
        return {self.inside(path): data for (_, _, path), data in zip(heads, contents, strict=True)}

    def paths(self, commit: str) -> dict[str, str | None]:
        """The paths of all files that a commit has below the programme's folder; with one that is a link, where to."""
        below = ["--", self.prefix] if self.prefix else []  # `--` alone would be taken for a path
        rows = self.must("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit, *below).split(b"\0")
        heads = [row.partition(b"\t") for row in rows if b" blob " in row[:12]]  # a submodule is no file
        links = [head for head in heads if head[0].startswith(_LINK)]
        said = zip(links, self._blobs([head.split(b" ")[2] for head, _, _ in links]), strict=True)
        found: dict[str, str | None] = {self.inside(path): None for _, _, path in heads}
        return found | {self.inside(path): os.fsdecode(target) for (_, _, path), target in said}

    def commit_of(self, name: str) -> str | None:
        """The id of the commit that a person calls by this name (a branch, a tag, an id); None when there is none."""
        return None if name.startswith("-") else self.revision(f"{name}^{{commit}}")

    def commit(self, name: str) -> str:
        """The same; RolloutError (exit code 3) when there is none."""
        found = self.commit_of(name)
        if found is None:
            hint = "name a branch, a tag or a commit; `git fetch` brings those of the server"
            raise environment("unknown-revision", f'git knows no commit called "{name}" here', hint)
        return found

    def merge_base(self, one: str, other: str) -> str:
        """The commit where two (by id) parted; RolloutError (exit code 3) where the history here does not say."""
        answer = run(self.root, "merge-base", "--end-of-options", one, other)
        if not answer.status and answer.text:
            return answer.text.splitlines()[0]
        said = f"{one[:10]} and {other[:10]} have no commit in common here"
        if self.is_shallow():
            hint = "this clone is shallow: `git fetch --unshallow` (in CI: a checkout with its whole history)"
            raise environment("no-merge-base", f"{said}, as far back as the history goes", hint)
        raise environment("no-merge-base", said, "compare two branches of one history")

    def in_progress(self) -> str | None:
        """What the user is in the middle of: merge, rebase, cherry-pick, revert, bisect; None when nothing is."""
        return next((what for name, what in _UNDER_WAY.items() if (self.git_dir / name).exists()), None)

    def uncommitted(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The paths below these folders that are staged, changed or new (and not ignored), sorted."""
        if not folders:
            return ()
        below = [self.prefix or "." if name in ("", ".") else self.full(name.rstrip("/")) for name in folders]
        # Without renames both ends of one are told, each as its own path.
        words = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--", *below)
        rows = self.must(*words).split(b"\0")
        fields = {b"1": 8, b"u": 10, b"?": 1}
        return tuple(sorted(self.inside(row.split(b" ", fields[row[:1]])[-1]) for row in rows if row[:1] in fields))

    def unmerged(self, folder: str) -> dict[str, tuple[bytes, bytes]]:
        """The files below this folder that a merge has left to people, as either branch has them: ours, then theirs."""
        rows = self.must("ls-files", "--unmerged", "-z", "--", self.full(folder)).split(b"\0")
        found: dict[bytes, dict[bytes, bytes]] = {}
        for head, _, path in (row.partition(b"\t") for row in rows if row):
            _, name, stage = head.split(b" ")
            found.setdefault(path, {})[stage] = name
        both = {path: (stages[b"2"], stages[b"3"]) for path, stages in found.items() if {b"2", b"3"} <= stages.keys()}
        contents = self._blobs([name for names in both.values() for name in names])
        return {self.inside(path): (next(contents), next(contents)) for path in both}

    def is_ignored(self, path: str) -> bool:
        """Whether git is told to leave this file out, and it has not been committed all the same."""
        return not run(self.root, "check-ignore", "--quiet", "--", self.full(path), env=WRITING).status

    def is_shallow(self) -> bool:
        """Whether history was cut off when it was fetched."""
        return self.must("rev-parse", "--is-shallow-repository").strip() == b"true"

    def must(self, *words: str, data: bytes = b"", env: Mapping[str, str] = READING) -> bytes:
        """What git prints; RolloutError when it refuses."""
        answer = run(self.root, *words, data=data, env=env)
        if answer.status:
            raise refused(answer)
        return answer.out

    def revision(self, name: str) -> str | None:
        """The id of the object with this name; None when there is none."""
        answer = run(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if answer.status else answer.text

    def _blobs(self, ids: Sequence[bytes]) -> Iterator[bytes]:
        """The contents of files by the ids that git gives them, in one pass."""
        raw = self.must("cat-file", "--batch", "--buffer", data=b"".join(name + b"\n" for name in ids)) if ids else b""
        at = 0
        for _ in ids:
            begin = raw.index(b"\n", at) + 1
            at = begin + int(raw[at:begin].split(b" ")[2]) + 1
            yield raw[begin : at - 1]

    def full(self, path: str) -> str:
        """A path of the programme, from the top; RolloutError when it leaves the programme's folder."""
        if "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
            raise environment("path-outside", "this path is not inside the programme's folder", path=path)
        return f"{self.prefix}/{path}" if self.prefix else path

    def inside(self, path: bytes) -> str:
        """A path that git names from the top, from the programme's folder."""
        return os.fsdecode(path)[len(self.prefix) + 1 if self.prefix else 0 :]


def author(folder: Path) -> str | None:
    """Name and address that git puts on commits made in this folder; None where it has not been told them."""
    answer = run(folder, "var", "GIT_AUTHOR_IDENT")
    return None if answer.status else answer.text.rsplit(" ", 2)[0]


def _ask(folder: Path, option: str) -> str:
    if not (folder.is_dir() and os.access(folder, os.X_OK)):
        raise environment("no-folder", "this folder does not exist or may not be entered", path=str(folder))
    answer = run(folder, "rev-parse", option)
    if not answer.status:
        return answer.text
    where, said = str(folder), answer.err
    if "cannot use bare" in said or run(folder, "rev-parse", "--is-bare-repository").text == "true":
        raise environment("bare-repository", "this repository is bare, without files", "work in a clone of it", where)
    if "dubious ownership" in said or "unsafe repository" in said:
        named = re.search(r"--add safe\.directory (.+)", said)
        hint = f"if you trust it: `git config --global --add safe.directory {named[1] if named else where}`"
        raise environment("dubious-ownership", "git refuses a repository that belongs to someone else", hint, where)
    if "not a git repository" in said or "must be run in a work tree" in said:
        raise environment("no-repository", "this folder is not in a git repository", "make one with `git init`", where)
    raise environment("git-failed", f"git cannot read this repository: {words_of(answer)}", path=where)
