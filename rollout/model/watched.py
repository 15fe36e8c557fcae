"""How far a long piece of work is, for whoever watches. It changes no result, and costs nothing where nobody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Watcher = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and of how much."""

_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)
_T = TypeVar("_T")


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Work done inside is told to this watcher."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def tell(what: str, done: int, of: int) -> None:
    """Tell the watcher, if there is one."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(what, done, of)


def counted(what: str, items: Sequence[_T]) -> Iterator[_T]:
    """The items, the watcher told before each."""
    for number, item in enumerate(items):
        tell(what, number, len(items))
        yield item
