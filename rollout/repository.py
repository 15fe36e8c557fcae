"""The one file that runs git: what the repository of a folder says, and commits of exactly the files named."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import FileIO
from pathlib import Path
from typing import Final, TypeVar

from rollout.problem import RolloutError, environment

_NOTE = b"rollout commits on top of "
_T = TypeVar("_T")
_PATIENCE, _HOOKS_PATIENCE = 1.0, 10.0  # seconds; editors hold git's lock for moments

# A hook that runs rollout exports these for the repository it belongs to; here the folder decides.
_FOREIGN = re.compile(
    "GIT_(DIR|WORK_TREE|IMPLICIT_WORK_TREE|COMMON_DIR|INDEX_FILE|PREFIX|NAMESPACE|(ALTERNATE_)?OBJECT_DIRECTOR(Y|IES)|.*_PATHSPECS)"
)
_WRITING: Final = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
_READING: Final = {**_WRITING, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}
# glibc gives memory back after each object it packs: half the CPU of a commit of 40,000 files.
_ROOMY: Final = {"MALLOC_TRIM_THRESHOLD_": "16777216"}
# Every commit there is, patches as git made them, merges with what they changed themselves, whatever is configured.
_LOG: Final = (
    *("-c", "core.quotePath=false", "-c", "log.showSignature=false", "log", "--full-history", "--parents"),
    *("--topo-order", "-p", "--cc", "-U0", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_PLAIN_INDEX = ("-c", "core.splitIndex=false")  # a split one would leave its shared part behind

HISTORY: Final = (
    *("-c", "core.quotePath=false", "-c", "log.follow=false", "log", "--reverse", "--topo-order"),
    # Side branches whose change a merge dropped count too, and such a merge against each of its parents.
    *("--full-history", "--sparse", "-m", "--no-show-signature", "--no-notes", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--text", "--no-renames", "--diff-algorithm=myers", "--unified=0"),
    "--inter-hunk-context=0",
    *("--no-relative", "--src-prefix=a/", "--dst-prefix=b/", "--format=%x01%H%x00%P%x00%aN%x00%as%x00%s", "--patch"),
)
"""A commit begins with a line \\x01: id, parents, author through mailmap, day, subject; then what it changed."""

# A rebase that stops leaves a CHERRY_PICK_HEAD as well, so it is asked first.
_UNDER_WAY = dict.fromkeys(("rebase-merge", "rebase-apply"), "rebase") | {"MERGE_HEAD": "merge"}
_UNDER_WAY |= {"CHERRY_PICK_HEAD": "cherry-pick", "REVERT_HEAD": "revert", "BISECT_LOG": "bisect"}
_UNDER_WAY |= {"sequencer/todo": "series of cherry-picks or reverts"}


@dataclass(frozen=True, slots=True)
class Edit:
    """What one commit did to some files."""

    author: str
    on: date
    before: str
    """The lines it took away."""
    after: str
    """The lines it added."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository that holds a programme's folder.

    Paths that go in and come out are relative to the programme's folder, with forward slashes.
    One writer at a time: who commits holds `rollout.commit.write.locked`.
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
        with _told("repository"):
            folder.mkdir(parents=True, exist_ok=True)
        if (made := _run(folder, "init", "--quiet", "--initial-branch=main", env=_WRITING)).status:
            raise environment("repository-failed", f"git made no repository: {_words(made)}", path=str(folder))
        if fallback and _run(folder, "var", "GIT_COMMITTER_IDENT").status:
            for key, value in zip(("user.name", "user.email"), fallback, strict=True):
                _run(folder, "config", "--local", key, value, env=_WRITING)
        return Repository.find(folder)

    def head(self) -> str | None:
        """The id of the commit checked out; None on a branch without commits."""
        return self._revision("HEAD^{commit}")

    def branch(self) -> str | None:
        """The name of the branch checked out; None when HEAD is detached."""
        name = _run(self.root, "symbolic-ref", "--quiet", "HEAD")
        return None if name.status else name.text.removeprefix("refs/heads/")

    def user(self) -> str | None:
        """The name that git puts on the user's commits; None where it has not been told one."""
        who = _run(self.root, "var", "GIT_AUTHOR_IDENT")
        name = "" if who.status else who.text.rpartition(" <")[0].strip()
        return name or None

    def log(self, form: str, paths: Sequence[str]) -> bytes:
        """`git log -p` of the commits that touched these files, newest first, with the parents among them.

        `form` is a format of git's; paths in the patches are relative to the repository's top.
        """
        return self._must(*_LOG, f"--format={form}", "--", *map(self._full, paths))

    def files(self, commit: str, folders: Sequence[str]) -> dict[str, bytes]:
        """The files that a commit has below these folders (or at these paths), with their contents."""
        rows = self._must("ls-tree", "-r", "-z", "--full-tree", commit, "--", *map(self._full, folders)).split(b"\0")
        heads = [row.partition(b"\t") for row in rows if row[:6] in (b"100644", b"100755")]
        ids = [head.split(b" ")[2] for head, _, _ in heads]
        raw = self._must("cat-file", "--batch", "--buffer", data=b"".join(name + b"\n" for name in ids)) if ids else b""
        skip, at, found = len(self.prefix) + 1 if self.prefix else 0, 0, {}
        for _, _, path in heads:
            begin = raw.index(b"\n", at) + 1
            size = int(raw[at:begin].split(b" ")[2])
            found[os.fsdecode(path)[skip:]] = raw[begin : begin + size]
            at = begin + size + 1
        return found

    def mapped(self, contacts: Sequence[str]) -> list[str]:
        """Contacts (`Name <address>`) as the repository's `.mailmap` has them."""
        data = "".join(f"{contact}\n" for contact in contacts).encode()
        return self._must("check-mailmap", "--stdin", data=data).decode(errors="replace").splitlines()

    def in_progress(self) -> str | None:
        """What the user is in the middle of: merge, rebase, cherry-pick, revert, bisect; None when nothing is."""
        return next((what for name, what in _UNDER_WAY.items() if (self.git_dir / name).exists()), None)

    def uncommitted(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The paths below these folders that are staged, changed or new (and not ignored), sorted."""
        if not folders:
            return ()
        below = [self.prefix or "." if name in ("", ".") else self._full(name.rstrip("/")) for name in folders]
        # Without renames both ends of one are told, each as its own path.
        words = ("status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames", "--", *below)
        rows = self._must(*words).split(b"\0")
        fields = {b"1": 8, b"u": 10, b"?": 1}
        paths = (os.fsdecode(row.split(b" ", fields[row[:1]])[-1]) for row in rows if row[:1] in fields)
        skip = len(self.prefix) + 1 if self.prefix else 0
        return tuple(sorted(path[skip:] for path in paths))

    def is_shallow(self) -> bool:
        """Whether history was cut off when it was fetched."""
        return self._must("rev-parse", "--is-shallow-repository").strip() == b"true"

    def touched(self, folders: Sequence[str], since: date) -> dict[str, list[date]]:
        """The paths below these folders that people changed since a day, each with the days of its commits.

        Commits that `publish` made are left out: they say nothing of the people at a site.
        """
        words: tuple[str, ...] = ("log", "--no-renames", "--name-only", "-z", f"--since={since.isoformat()}T00:00:00Z")
        words += ("--invert-grep", "--grep=^Rollout-As-Of: ", "--format=%x01%as", "--", *map(self._full, folders))
        skip = len(self.prefix) + 1 if self.prefix else 0
        found: dict[str, list[date]] = {}
        for commit in self._must(*words).split(b"\1")[1:] if self.head() else ():
            day, *paths = (name.strip(b"\n") for name in commit.split(b"\0"))
            for path in filter(None, paths):
                found.setdefault(os.fsdecode(path)[skip:], []).append(date.fromisoformat(day.decode()))
        return found

    def edits(self, paths: Sequence[str]) -> Iterator[Edit]:
        """Every commit that changed one of these files, the newest first; authors through the mailmap."""
        words: tuple[str, ...] = ("-c", "log.showSignature=false", "log", "-p", "-U0", "--no-color")
        words += (
            "--no-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--format=%x00%as%x09%aN",
            "--",
            *map(self._full, paths),
        )
        for commit in self._must(*words).decode("utf-8", "replace").split("\0")[1:] if self.head() else ():
            head, _, patch = commit.partition("\n")
            day, _, author = head.partition("\t")
            sides: dict[str, list[str]] = {"-": [], "+": []}
            in_hunk = False
            for line in patch.split("\n"):
                in_hunk = line.startswith("@@") or (in_hunk and not line.startswith("diff --git "))
                if in_hunk and line[:1] in sides:
                    sides[line[0]].append(line[1:].removesuffix("\r"))
            yield Edit(author, date.fromisoformat(day), "\n".join(sides["-"]), "\n".join(sides["+"]))

    def patches(self, paths: Sequence[str]) -> bytes:
        """What every commit up to HEAD did to these files or folders, oldest first, in one pass; see `HISTORY`."""
        if self.head() is None or not paths:
            return b""
        below = [self._full(path.rstrip("/")) for path in paths]
        return self._must(*HISTORY, "HEAD", "--", *below)

    def ready(self) -> None:
        """RolloutError when a commit could not be made now: git is busy or in the middle, or nobody is named.

        Also ends the work of a run that was killed between its commit and the user's index.
        """
        self._recover()
        if what := self.in_progress():
            hint = "finish or abort it first: `git status` says how"
            raise environment("git-in-progress", f"a {what} is in progress in this repository", hint, str(self.root))
        if not _patiently(lambda: not self._lock.exists()):
            raise _busy(self._lock)
        for who in ("GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"):
            self._must("var", who)

    def commit(self, paths: Iterable[str], message: str, when: datetime | None = None) -> str | None:
        """One commit of exactly these paths as they are on disk (a missing one is a removal); its id.

        None, and no commit, when they are as HEAD has them. What the user has staged, changed or not added
        stays as it is; hooks and signing run as configured. `when` (with a time zone) dates the commit.
        RolloutError (exit code 3) when git is busy, in the middle of something or refuses; then nothing changed.
        """
        ours = frozenset(self._full(path) for path in paths)
        if not message.strip():
            raise ValueError("a commit needs a message")
        dates = _dated(when)
        self.ready()
        started, base = self.head(), self._tree("HEAD")
        with _told("commit"), self._hold(started) as lock:
            is_alone = self._fill(ours, base)
            if self._must(*_PLAIN_INDEX, "write-tree", env=self._own | _ROOMY).decode().strip() == base:
                return None
            words = (*_PLAIN_INDEX, "-c", "i18n.commitEncoding=UTF-8", "commit", "--quiet", "--cleanup=whitespace")
            env = {**self._own, **dates}
            try:
                answer = _run(self.root, *words, "--file=-", data=message.encode(), env=env, inherit=lock)
                if answer.status and self.head() == started:
                    raise _refused(answer, by_hook=answer.status == 1)  # git says 128 for its own reasons
            finally:  # interrupted or not: who has the commit has to have the index that belongs to it
                if self.head() != started:
                    if not is_alone:
                        self._settle(base, ours)
                    self._private.replace(self.git_dir / "index")
            return self.head()

    @property
    def _lock(self) -> Path:
        return self.git_dir / "index.lock"

    @property
    def _private(self) -> Path:
        return self.git_dir / "rollout-index"

    @property
    def _own(self) -> dict[str, str]:
        return {**_WRITING, "GIT_INDEX_FILE": str(self._private)}

    def _fill(self, ours: frozenset[str], base: str) -> bool:
        """Make the private index: HEAD with our paths from disk. Whether the user has staged nothing else.

        It begins as a copy of the user's, because an index made from HEAD alone knows no file times and git would
        read every tracked file again.
        """
        is_alone = set(self._staged(base)) <= ours
        self._copy_index()
        if not is_alone:
            self._must(*_PLAIN_INDEX, "read-tree", "--reset", base, env=self._own)
        self._unflag(ours)
        top = f"{self.root}{os.sep}"
        gone = {path for path in ours if not os.path.lexists(top + path)}
        # Removals first, so that a folder can become a file; git refuses to replace a submodule by itself.
        data, env = _lines([*sorted(gone), *sorted(ours - gone)]), self._own | _ROOMY
        self._must(*_PLAIN_INDEX, "update-index", "--add", "--remove", "-z", "--stdin", data=data, env=env)
        return is_alone

    def _unflag(self, ours: frozenset[str]) -> None:
        """Clear assume-unchanged and skip-worktree on our paths: git would leave out the one, remove the other."""
        rows = self._must("ls-files", "-v", "-z", env=self._own).split(b"\0")
        flagged = [path for row in rows if row[:1] in (b"h", b"s", b"S") and (path := os.fsdecode(row[2:])) in ours]
        for option in ("--no-skip-worktree", "--no-assume-unchanged") if flagged else ():
            self._must(*_PLAIN_INDEX, "update-index", option, "-z", "--stdin", data=_lines(flagged), env=self._own)

    def _tree(self, commit: str) -> str:
        """The id of this commit's tree; the empty one's when there is no such commit."""
        empty = ("hash-object", "-t", "tree", "--stdin")
        return self._revision(commit + "^{tree}") or self._must(*empty).decode().strip()

    def _staged(self, tree: str) -> dict[str, tuple[bytes, bytes]]:
        """By path, what the user's index has otherwise than this tree: (mode and id there, mode and id in index)."""
        return _sides(self._must("diff-index", "--cached", "--no-renames", "-z", tree))

    def _settle(self, base: str, ours: frozenset[str]) -> None:
        """Make the private index the user's, with the commit just made for our paths and those a hook added to it."""
        diff = _sides(self._must("diff-tree", "-r", "-z", "--no-renames", base, "HEAD"))
        rows = [
            head + b"\t" + os.fsencode(path) + b"\0"
            for path, (head, index) in self._staged("HEAD").items()
            if path in ours or (path in diff and diff[path][0] == index)
        ]
        self._copy_index()
        update = (*_PLAIN_INDEX, "update-index")
        self._must(*update, "--add", "--replace", "-z", "--index-info", data=b"".join(rows), env=self._own)
        _run(self.root, *update, "-q", "--refresh", env=self._own)  # 1 only says that something is changed

    def _copy_index(self) -> None:
        self._private.unlink(missing_ok=True)
        with suppress(FileNotFoundError):  # with its time: git compares it with those of the files
            shutil.copy2(self.git_dir / "index", self._private)

    @contextmanager
    def _hold(self, started: str | None) -> Iterator[tuple[int, ...]]:
        """Hold git's own lock on the user's index, as `git commit -- PATH` does, with a note of what is being done.

        The commit inherits a lock on the note: should we be killed, the next run reads it, and waits for that commit.
        """
        if not (note := _patiently(lambda: _created(self._lock))):
            raise _busy(self._lock)
        try:
            with note:
                _flock(note)
                note.write(_NOTE + f"{started}\n".encode())
                self._clear()
                yield () if sys.platform == "win32" else (note.fileno(),)
        finally:
            self._clear()
            self._lock.unlink(missing_ok=True)

    def _recover(self) -> None:
        """Finish what a killed run left: its commit may be there while the user's index knows nothing of it."""
        try:
            note = self._lock.open("r+b", buffering=0)
        except OSError:
            return
        with _told("commit"), note:
            noted = note.read(100)
            if not noted.startswith(_NOTE):
                return
            if not _patiently(lambda: _flock(note), _HOOKS_PATIENCE):
                raise _busy(self._lock)
            if self.head() and noted == _NOTE + f"{self._revision('HEAD^')}\n".encode():
                self._settle(self._tree("HEAD^"), frozenset())
                self._private.replace(self.git_dir / "index")
        self._clear()
        self._lock.unlink(missing_ok=True)

    def _clear(self) -> None:
        for left in ("rollout-index", "rollout-index.lock"):
            (self.git_dir / left).unlink(missing_ok=True)

    def _must(self, *words: str, data: bytes = b"", env: Mapping[str, str] = _READING) -> bytes:
        answer = _run(self.root, *words, data=data, env=env)
        if answer.status:
            raise _refused(answer)
        return answer.out

    def _revision(self, name: str) -> str | None:
        answer = _run(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", name)
        return None if answer.status else answer.text

    def _full(self, path: str) -> str:
        if "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
            raise environment("path-outside", "this path is not inside the programme's folder", path=path)
        return f"{self.prefix}/{path}" if self.prefix else path


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return os.fsdecode(self.out).removesuffix("\n")


def _run(
    folder: Path, *words: str, data: bytes = b"", env: Mapping[str, str] = _READING, inherit: tuple[int, ...] = ()
) -> _Answer:
    """Run git in this folder and wait for it. Words are ours, never the user's, unless they follow `--`."""
    try:
        from git import Git, GitCommandNotFound  # noqa: PLC0415 - 70 ms, and it fails where git is not installed
    except ImportError as error:
        raise _no_git() from error
    call = [str(Git.GIT_PYTHON_GIT_EXECUTABLE), *words]
    foreign = {name: os.environ.pop(name) for name in list(os.environ) if _FOREIGN.fullmatch(name)}
    try:
        process = Git(folder).execute(call, as_process=True, istream=subprocess.PIPE, env=dict(env), pass_fds=inherit)
    except GitCommandNotFound as error:
        raise _no_git() from error
    finally:
        os.environ.update(foreign)
    try:
        out, err = process.communicate(data)
    except BaseException:  # never let git commit go on with an index that our caller is about to remove
        process.terminate()
        assert process.proc
        process.proc.wait()
        raise
    return _Answer(process.returncode, out, err.decode(errors="replace"))


def _ask(folder: Path, option: str) -> str:
    if not (folder.is_dir() and os.access(folder, os.X_OK)):
        raise environment("no-folder", "this folder does not exist or may not be entered", path=str(folder))
    answer = _run(folder, "rev-parse", option)
    if not answer.status:
        return answer.text
    where, said = str(folder), answer.err
    if "cannot use bare" in said or _run(folder, "rev-parse", "--is-bare-repository").text == "true":
        raise environment("bare-repository", "this repository is bare, without files", "work in a clone of it", where)
    if "dubious ownership" in said or "unsafe repository" in said:
        named = re.search(r"--add safe\.directory (.+)", said)
        hint = f"if you trust it: `git config --global --add safe.directory {named[1] if named else where}`"
        raise environment("dubious-ownership", "git refuses a repository that belongs to someone else", hint, where)
    if "not a git repository" in said or "must be run in a work tree" in said:
        raise environment("no-repository", "this folder is not in a git repository", "make one with `git init`", where)
    raise environment("git-failed", f"git cannot read this repository: {_words(answer)}", path=where)


def _no_git() -> RolloutError:
    return environment("no-git", "git is not installed, or is not on the PATH", "install git and run again")


def _refused(answer: _Answer, *, by_hook: bool = False) -> RolloutError:
    """Why git made no commit, as an error with its own words."""
    if by_hook:
        message = f"no commit was made, a hook of this repository refused it: {_words(answer)}"
        return environment("hook-failed", message, "mend what the hook names and run again")
    if re.search(r"tell me who you are|empty ident name|unable to auto-detect|no (name|email) was given", answer.err):
        hint = 'say who with `git config user.name "Your Name"` and `git config user.email you@example.com`'
        return environment("no-identity", "git does not know who makes the commit", hint)
    if held := re.search(r"Unable to create '(.+\.lock)': File exists", answer.err):
        return _busy(Path(held[1]))
    return environment("commit-failed", f"git could not do this: {_words(answer)}")


def _busy(lock: Path) -> RolloutError:
    hint = "wait for it to end; if none runs, remove that file yourself"
    return environment("git-busy", "another git process has locked this repository", hint, str(lock))


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "is the repository writable, and is there space on the disk?"
        raise environment(f"{what}-failed", f"the {what} could not be completed: {error}", hint) from error


def _words(answer: _Answer) -> str:
    """What git or a hook printed, without colours and other control characters, the end of it when it is long."""
    said = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", answer.err.strip() or os.fsdecode(answer.out).strip())
    said = "".join(char for char in said if char.isprintable() or char == "\n")
    return said[-2000:] or f"(nothing; it ended with {answer.status})"


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


def _created(path: Path) -> FileIO | None:
    with suppress(FileExistsError):
        return path.open("xb", buffering=0)
    return None


def _flock(file: FileIO) -> bool:
    """Whether we have the lock now; by rule yes on Windows, which has none that a child inherits."""
    if sys.platform == "win32":
        return True
    import fcntl  # noqa: PLC0415

    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
