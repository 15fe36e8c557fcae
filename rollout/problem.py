"""The one way to say "this is wrong, here"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Problem:
    """Something a person wrote that cannot stand, and what to do about it.

    Rooms know a file and a key path (`path`, `keys`); the line and column are looked up only for the
    problems that are shown, because positions for every value would cost half as much again as loading.
    """

    path: str
    line: int = 0
    column: int = 0
    code: str = ""
    message: str = ""
    hint: str = ""
    severity: Severity = "error"
    keys: tuple[str | int, ...] = ()
    others: tuple[str, ...] = ()
    """Farther files the value may have been inherited from, nearest first."""

    def at(self, path: str, line: int, column: int) -> Problem:
        """The same problem with its place found (line and column count from 1); what many files inherit is one."""
        return replace(self, path=path, line=line, column=column, others=())

    def __str__(self) -> str:
        place = self.path if not self.line else f"{self.path}:{self.line}:{self.column}"
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        head = f"{place}: " if place else ""
        return f"{head}{self.code}: {said}"


class RolloutError(Exception):
    """There is no way on: carries every problem found, and the exit code the command ends with.

    Exit code 1 means that the answer is no (bad input); 3 that the work could not be done here
    (no git, a read-only folder, a lock).
    """

    def __init__(self, *problems: Problem, exit_code: int = 1) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
        self.exit_code = exit_code


def refused(path: str, code: str, message: str, hint: str = "", line: int = 0) -> RolloutError:
    """An error with one problem, at the beginning of a line where one is given."""
    return RolloutError(Problem(path=path, line=line, column=line and 1, code=code, message=message, hint=hint))


def environment(code: str, message: str, hint: str = "", path: str = "") -> RolloutError:
    """An error of the place rollout runs in rather than of what was written (exit code 3)."""
    return RolloutError(Problem(path=path, code=code, message=message, hint=hint), exit_code=3)


def did_you_mean(word: str, known: Iterable[object]) -> str:
    """A hint naming the nearest of the known words, or an empty text when nothing is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only on the way to an error

    near = get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else ""
