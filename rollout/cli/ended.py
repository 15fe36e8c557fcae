"""INT, TERM and HUP end a command with a sentence, its undoing undisturbed and the exit code that shells know."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_SENTENCE = "ended by a signal; nothing is half-written"


_came: list[int] = []
"""The signal that asked to end, where one did."""


class Ended(BaseException):
    """A signal asked to end. Not a KeyboardInterrupt, which libraries make something else of."""

    @property
    def code(self) -> int:
        """The exit code."""
        return 128 + int(self.args[0])


def listen() -> None:
    """From here on these signals raise Ended; one that the caller has us ignore (nohup does) stays ignored."""
    _came.clear()
    for number in _numbers():
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)


@contextmanager
def heard() -> Iterator[None]:
    """Whatever a library makes of Ended while it works, it is Ended again from here on."""
    try:
        yield
    except Exception as error:
        if _came:
            raise Ended(_came[0]) from error
        raise


def finished() -> None:
    """Nothing is left to be stopped."""
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)


def open_ends() -> None:
    """Streams that were closed before we began lead nowhere: else the next file would get their numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.fstat(number)  # open after all, only not for Python
                continue
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
            # For as long as the program runs, as Python's own are.
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - it stays open


def close(stream: TextIO | None) -> None:
    """Let go what could not be written, lest Python tries again at its end and exits with a code of its own."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def said(sentence: str, code: int) -> int:
    """Say it on stderr, where that can be written, and hand the exit code back."""
    with suppress(AttributeError, ValueError):  # closed before we began, or since
        try:
            sys.stderr.write(f"rollout: {sentence}\n")
            sys.stderr.flush()
        except OSError:
            close(sys.stderr)
    return code


def ended(error: Ended) -> int:
    """Says so; the exit code."""
    return said("stopped; nothing is half-written" if error.args[0] == signal.SIGINT else _SENTENCE, error.code)


def _numbers() -> list[int]:
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


def _end(number: int, _frame: FrameType | None) -> None:
    _came.append(number)
    finished()  # whoever asks twice would only stop the files from being put back
    raise Ended(number)
