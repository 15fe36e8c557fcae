"""The whole command line in this process: what is typed, and the bytes that come back."""

from __future__ import annotations

import io
import signal
import sys
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from rollout.cli import app as module
from tests.answers import held

_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Answer(NamedTuple):
    """What a command answered."""

    exit: int
    stdout: bytes
    stderr: bytes

    @property
    def text(self) -> str:
        """Both outputs, read as UTF-8."""
        return (self.stdout + self.stderr).decode("utf-8", "replace")


def typed(*words: str) -> Answer:
    """What `rollout WORDS` does, exceptions becoming exit codes as they do for people."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    before = [signal.getsignal(number) for number in _SIGNALS]
    try:
        with (
            redirect_stdout(out),
            redirect_stderr(err),
            patch.object(sys, "argv", ["rollout", *words]),
        ):
            code = module.run()
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)
    answers = [stream.buffer for stream in (out, err)]
    for stream in answers:
        assert isinstance(stream, io.BytesIO)
    held(words, out.buffer.getvalue().decode("utf-8", "replace"))  # type: ignore[attr-defined]  # a BytesIO
    return Answer(code, *(stream.getvalue() for stream in answers if isinstance(stream, io.BytesIO)))


def fingerprint(root: Path) -> dict[str, str]:
    """Every file and folder below a folder, with what it holds."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if ".git" in name.split("/"):
            continue
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        else:
            found[name] = sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found
