"""A programme's own templates, run in a process of their own.

Whoever can change a template could otherwise make whoever renders it wait for ever, or fill the memory: a sandbox keeps
a template from files and from Python, not from `{% for %}` in `{% for %}`. The child gets plain values and gives back
the text of a page; it has limits of time, memory and size, may write no file, and what comes back is text or a list of
problems, never an object. Programmes without templates of their own, which is most of them, are not touched by this.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from types import FrameType
from typing import Any, NoReturn

from rollout.model.language import Catalogue
from rollout.model.layout import TEMPLATES
from rollout.problem import Problem, RolloutError
from rollout.render.engine import Press, own_templates
from rollout.render.wording import Wording, Wordings

LONGEST = 5_000_000
"""Bytes of a page: what rollout reads of a file that people work in."""
_PAGE, _PROBLEMS = b"P", b"!"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a page may take."""

    seconds: float = 10
    """CPU time; no page that comes with rollout takes a hundredth of it."""
    patience: float = 60
    """Seconds after which a page that has not come is given up: one operation may be long, and Windows has no timer."""
    memory: int = 1 << 30
    """Bytes, Python's own included."""


LIMITS = Limits()


@contextmanager
def press_of(templates: Mapping[str, str], catalogues: Mapping[str, Catalogue]) -> Iterator[Press | Apart]:
    """The press for these templates: here where all of them come with rollout, else apart until the end of the block.

    Raises RolloutError naming everything wrong in the templates.
    """
    if not own_templates(templates):
        yield Press(templates)
        return
    apart = Apart(templates)
    try:
        apart.begin(catalogues)
        yield apart
    finally:
        apart.close()


class Apart:
    """A press in another process: the same pages, and the same problems at the same lines."""

    def __init__(self, templates: Mapping[str, str], limits: Limits = LIMITS) -> None:
        # A fresh interpreter: a copy of this one would hold whatever it has open.
        context = multiprocessing.get_context("spawn")
        self._connection, self._theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(self._theirs, limits), daemon=True)
        self._texts, self._limits = templates, limits

    def begin(self, catalogues: Mapping[str, Catalogue]) -> None:
        """Starts the process and reads the templates there. Raises RolloutError naming everything wrong in them."""
        self._child.start()
        self._theirs.close()
        self._asked((dict(self._texts), dict(catalogues)), own_templates(self._texts)[0])

    @property
    def is_alive(self) -> bool:
        """Whether there is somebody to ask."""
        return self._child.is_alive()

    def page(self, name: str, view: Mapping[str, Any], wording: Wording) -> str:
        """A page, as `Press.page` makes it."""
        return self._asked((name, dict(view), wording.language), name)

    def picture(self, name: str, view: Mapping[str, Any]) -> str:
        """A picture, as `Press.picture` makes it."""
        return self._asked((name, dict(view), None), name)

    def close(self) -> None:
        """Ends the process."""
        self._connection.close()
        if self._child.pid is not None:
            self._child.join(0.2)
            self._child.kill()
            self._child.join()

    def _asked(self, question: tuple[Any, ...], name: str) -> str:
        """Sends what a page is made of (to a process we trust), and takes text (from one we do not)."""
        try:
            self._connection.send(question)
            if not self._connection.poll(self._limits.patience):
                self._refuse(name, f"has not come to an end after {self._limits.patience:g} seconds")
            answer = self._connection.recv_bytes(LONGEST + 1_000_000)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self._refuse(name, "made its process end; it takes too much memory, or nests too deep")
        except OSError:
            self._refuse(name, f"makes more than {LONGEST:,} bytes")
        kind, text = answer[:1], answer[1:].decode("utf-8", "replace")
        if kind == _PAGE:
            return text
        raise RolloutError(*(_problem(said) for said in json.loads(text)))

    def _refuse(self, name: str, said: str) -> NoReturn:
        self._child.kill()
        raise RolloutError(_limit(name, said))


def _limit(name: str, said: str) -> Problem:
    hint = "look for a loop, or a text that grows"
    return Problem(
        path=f"{TEMPLATES}/{name}", line=1, column=1, code="template", message=f"the template {said}", hint=hint
    )


def _problem(said: Any) -> Problem:
    """A problem as the other process wrote it down; only the kinds of values it should have."""
    path, code, message, hint = (str(said[key]) for key in ("path", "code", "message", "hint"))
    line, column = int(said["line"]), int(said["column"])
    return Problem(path=path, line=line, column=column, code=code, message=message, hint=hint)


def _serve(connection: Connection, limits: Limits) -> None:
    """The child: one page a question, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes the connection
    _limited(limits.memory)
    with suppress(EOFError, OSError):
        templates, catalogues = connection.recv()
        wordings = Wordings(catalogues)
        found: list[Press] = []

        def begin() -> str:
            found.append(Press(templates))
            return ""

        connection.send_bytes(_answered(begin, own_templates(templates)[0], limits.seconds))
        while found:
            question = connection.recv()
            connection.send_bytes(_answered(partial(_made, found[0], wordings, *question), question[0], limits.seconds))


def _made(press: Press, wordings: Wordings, name: str, view: dict[str, Any], language: str | None) -> str:
    made = press.picture(name, view) if language is None else press.page(name, view, wordings.of(language))
    if len(made.encode()) > LONGEST:
        raise RolloutError(_limit(name, f"makes more than {LONGEST:,} bytes"))
    return made


def _answered(make: Callable[[], str], name: str, seconds: float) -> bytes:
    """The page, or what is wrong, in bytes."""
    try:
        with _timed(seconds):
            return _PAGE + make().encode()
    except RolloutError as error:
        problems = error.problems
    except MemoryError:
        problems = (_limit(name, "takes more memory than there is for it"),)
    except RecursionError:
        problems = (_limit(name, "nests too deep"),)
    except Exception as error:
        problems = (_limit(name, f"cannot be used: {type(error).__name__}: {error}"),)
    fields = ("path", "line", "column", "code", "message", "hint")
    return _PROBLEMS + json.dumps([{key: getattr(one, key) for key in fields} for one in problems]).encode()


class TooSlowError(Exception):
    """A page took its time. Raised wherever the template is, so that its line is known."""


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows: the parent's patience ends it
        yield
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        said = f"this takes more than {seconds:g} seconds"
        raise TooSlowError(said)

    signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _limited(memory: int) -> None:
    """Memory, and files: none may be written. Where the system knows no such limits the parent's patience remains."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on every system

    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
