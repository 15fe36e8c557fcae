"""What takes longer than a second says on the terminal how far it is and how long it will take; and --quiet."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from rollout.cli.spelled import spelled
from rollout.model.harmless import clean

QUIET = "--quiet"
_AFTER = 1.0
_EVERY = 0.2
_is_quiet = False


def arranged(words: Sequence[str]) -> list[str]:
    """The words of a command line with --quiet in front, wherever it was typed."""
    head, tail = (
        (list(words[: words.index("--")]), list(words[words.index("--") :])) if "--" in words else (list(words), [])
    )
    wanted = [QUIET] if QUIET in head else []
    return [*wanted, *(word for word in head if word != QUIET), *tail]


def be_quiet(wanted: bool) -> None:
    """Whether notes and progress are left out from now on."""
    global _is_quiet  # noqa: PLW0603 - one process, one terminal
    _is_quiet = wanted


def is_quiet() -> bool:
    """Whether notes and progress are left out."""
    return _is_quiet


class Progress:
    """One line on a terminal, written over again; gone when the work is over."""

    def __init__(self, out: Any, clock: Callable[[], float] = monotonic) -> None:
        self.out, self.clock = out, clock
        self.is_wanted = out is not None and out.isatty() and os.environ.get("TERM") != "dumb"
        self.is_shown = False
        self._begun: dict[str, tuple[float, int]] = {}
        self._last = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        """A watcher; see `rollout.model.watched`."""
        if not self.is_wanted or _is_quiet:
            return
        now = self.clock()
        begun, first = self._begun.setdefault(what, (now, done))
        if done < first:  # the same kind of work once more
            begun, first = self._begun[what] = (now, done)
        if now - begun < _AFTER or now - self._last < _EVERY:
            return
        self._last = now
        self.is_shown = True
        self._write(f"\r\x1b[2K{line(what, done - first, of - first, now - begun)}")

    def clear(self) -> None:
        """Take the line away."""
        if self.is_shown:
            self.is_shown = False
            self._write("\r\x1b[2K")

    def _write(self, text: str) -> None:
        try:
            self.out.write(text)
            self.out.flush()
        except OSError:  # the terminal has gone; the work goes on without telling
            self.is_wanted = self.is_shown = False


def line(what: str, done: int, of: int, seconds: float) -> str:
    """What is said: `writing pages: 62 %, 8 s left`."""
    if of <= 0 or done <= 0:
        return f"{what} ..."
    left = max(seconds * (of - done) / done, 0)
    return f"{what}: {min(100 * done // of, 100)} %, {_spoken(left)} left"


def _spoken(seconds: float) -> str:
    whole = max(round(seconds), 1)
    return f"{whole} s" if whole < 100 else f"{round(whole / 60)} min"


def of_terminal() -> Progress:
    """Progress on the standard error output."""
    return Progress(sys.stderr)


def note(text: str, *, always: bool = False) -> None:
    """One line beside the result; left out with --quiet unless it has to be said."""
    if is_quiet() and not always:
        return
    sys.stderr.write(spelled(clean(text), sys.stderr) + "\n")
