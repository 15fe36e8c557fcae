"""Runs git and says why it would not; everything else in this package asks through here.

Options are always constants of ours: names, refs, paths and dates go behind `--` or `--end-of-options`, or in by stdin.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from rollout.problem import RolloutError, environment

# A hook that runs rollout exports these for the repository it belongs to; here the folder decides.
_FOREIGN = re.compile(
    "GIT_(DIR|WORK_TREE|IMPLICIT_WORK_TREE|COMMON_DIR|INDEX_FILE|PREFIX|NAMESPACE|(ALTERNATE_)?OBJECT_DIRECTOR(Y|IES)|.*_PATHSPECS)"
)
WRITING: Final = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
READING: Final = {**WRITING, "GIT_OPTIONAL_LOCKS": "0", "GIT_LITERAL_PATHSPECS": "1"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What git answered."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """What it printed, without the last line end."""
        return os.fsdecode(self.out).removesuffix("\n")


def run(
    folder: Path, *words: str, data: bytes = b"", env: Mapping[str, str] = READING, inherit: tuple[int, ...] = ()
) -> Answer:
    """Run git in this folder and wait for it. Words are ours, never the user's, unless they follow `--`.

    What it reads is there whole before it starts: killed while we write it, it would commit half a message.
    """
    try:
        from git import Git, GitCommandNotFound  # noqa: PLC0415 - 70 ms, and it fails where git is not installed
    except ImportError as error:
        raise _no_git() from error
    call = [str(Git.GIT_PYTHON_GIT_EXECUTABLE), *words]
    foreign = {name: os.environ.pop(name) for name in list(os.environ) if _FOREIGN.fullmatch(name)}
    try:
        with _read_from(data) as stdin:
            process = Git(folder).execute(call, as_process=True, istream=stdin, env=dict(env), pass_fds=inherit)
    except GitCommandNotFound as error:
        raise _no_git() from error
    finally:
        os.environ.update(foreign)
    try:
        out, err = process.communicate()
    except BaseException:  # never let git commit go on with an index that our caller is about to remove
        process.terminate()
        assert process.proc
        process.proc.wait()
        raise
    return Answer(process.returncode, out, err.decode(errors="replace"))


@contextmanager
def _read_from(data: bytes) -> Iterator[BinaryIO | None]:
    if not data:
        yield None
        return
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


def _no_git() -> RolloutError:
    return environment("no-git", "git is not installed, or is not on the PATH", "install git and run again")


def refused(answer: Answer, *, by_hook: bool = False) -> RolloutError:
    """Why git made no commit, as an error with its own words."""
    if by_hook:
        message = f"no commit was made, a hook of this repository refused it: {words_of(answer)}"
        return environment("hook-failed", message, "mend what the hook names and run again")
    if re.search(r"tell me who you are|empty ident name|unable to auto-detect|no (name|email) was given", answer.err):
        hint = 'say who with `git config user.name "Your Name"` and `git config user.email you@example.com`'
        return environment("no-identity", "git does not know who makes the commit", hint)
    if held := re.search(r"Unable to create '(.+\.lock)': File exists", answer.err):
        return busy(Path(held[1]))
    return environment("commit-failed", f"git could not do this: {words_of(answer)}")


def busy(lock: Path) -> RolloutError:
    """Somebody else holds this lock of git's."""
    hint = "wait for it to end; if none runs, remove that file yourself"
    return environment("git-busy", "another git process has locked this repository", hint, str(lock))


@contextmanager
def told(what: str) -> Iterator[None]:
    """What the disk refuses becomes an error that says so."""
    try:
        yield
    except OSError as error:
        hint = "is the repository writable, and is there space on the disk?"
        raise environment(f"{what}-failed", f"the {what} could not be completed: {error}", hint) from error


def words_of(answer: Answer) -> str:
    """What git or a hook printed, without colours and other control characters, the end of it when it is long."""
    said = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", answer.err.strip() or os.fsdecode(answer.out).strip())
    said = "".join(char for char in said if char.isprintable() or char == "\n")
    return said[-2000:] or f"(nothing; it ended with {answer.status})"
