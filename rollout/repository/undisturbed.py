"""Work that a signal must not cut in two: it waits until the work is done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that ask to end are heard when this is left: what is put back must not itself be left half done."""
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's alone
        yield
        return
    came: list[int] = []

    def wait(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and callable(signal.getsignal(number)):  # neither ignored nor left to the system
            before[number] = signal.signal(number, wait)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
