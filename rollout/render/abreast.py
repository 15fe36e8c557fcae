"""The same work for many things, by as many processes as there are processors; results in order, as if one did it.

Each process is a copy of this one that has everything in memory already, takes every second (third, …) batch and sends
back what it made. It keeps nothing open that is not its own, above all not the lock: with whoever started it gone, the
next run need not wait for it, and it ends by itself. Only on Linux: elsewhere a copy of a running process is not safe,
and starting afresh costs more than it brings. Below some hundred things it does, too.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")
_R = TypeVar("_R")

FEWEST: Final = 200
"""Things below which one process does all of them."""
_BATCH: Final = 8
_MOST: Final = 8
"""Processes; whoever writes what they make could not keep up with more."""
_ROOM: Final = 1 << 20
"""Bytes that wait to be taken, so that a process goes on while its last batch is being written."""


def abreast(work: Callable[[_T], _R], items: Sequence[_T], processes: int | None = None) -> Generator[_R, None, None]:
    """What `work` makes of each item, in order; of `processes`, or of as many as are worth it.

    Items and results have to be picklable where there are several. Raises what `work` raises, at the item it raised it.
    """
    count = _worth(len(items)) if processes is None else processes
    batches = [items[at : at + _BATCH] for at in range(0, len(items), _BATCH)]
    helpers: list[_Helper[_T, _R]] = []
    try:
        if count > 1:
            try:
                for number in range(count):
                    helpers.append(_Helper(work, batches[number::count]))
            except OSError:  # there may be no more processes, or no memory for them: then it takes longer
                _end(helpers)
        for number, batch in enumerate(batches):
            yield from helpers[number % count].take() if helpers else map(work, batch)
    finally:
        _end(helpers)


def _worth(things: int) -> int:
    if sys.platform != "linux" or things < FEWEST or threading.active_count() > 1:
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST)


class _Helper(Generic[_T, _R]):
    """A copy of this process at work."""

    def __init__(self, work: Callable[[_T], _R], batches: Sequence[Sequence[_T]]) -> None:
        self._connection, theirs = Pipe(duplex=False)
        with suppress(OSError, ImportError, AttributeError):  # a pipe of the usual size does as well
            import fcntl  # noqa: PLC0415 - not on every platform

            fcntl.fcntl(theirs.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
        # A signal between being born and being on its own would have the copy undo what its parent does.
        ours = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            self._child = os.fork()
            if not self._child:
                _work(theirs, work, batches)
        except BaseException:
            self._connection.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, ours)
            theirs.close()

    def take(self) -> list[_R]:
        """Its next batch. Raises what happened there instead."""
        try:
            is_made, made = self._connection.recv()
        except EOFError:
            msg = "a process that made pages has ended before its time; is there enough memory?"
            raise MemoryError(msg) from None
        if not is_made:
            raise made
        results: list[_R] = made
        return results

    def end(self) -> None:
        """Ends it, wherever it is: what it makes is nowhere but here."""
        self._connection.close()
        with suppress(ProcessLookupError):
            os.kill(self._child, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self._child, 0)


_SIGNALS: Final = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _end(helpers: list[_Helper[_T, _R]]) -> None:
    while helpers:
        helpers.pop().end()


def _work(connection: Connection, work: Callable[[_T], _R], batches: Sequence[Sequence[_T]]) -> None:
    """The life of a copy: it ends here, whatever happens, and nothing of its parent's is carried on."""
    try:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # whoever started it ends it
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        ours = connection.fileno()
        os.closerange(3, ours)
        os.closerange(ours + 1, os.sysconf("SC_OPEN_MAX"))
        for batch in batches:
            try:
                answer: tuple[bool, object] = True, [work(item) for item in batch]
            except Exception as error:
                error.add_note(traceback.format_exc())
                answer = False, error
            connection.send(answer)
            if not answer[0]:
                break
    finally:
        os._exit(0)
