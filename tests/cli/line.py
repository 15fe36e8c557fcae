"""The command line, typed: in this process where nothing asks for one of its own, which takes half a second to begin."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from unittest import mock

from rollout.__main__ import main
from tests.answers import held

REPOSITORY = Path(__file__).parents[2]


def rollout(*words: str, cwd: Path = REPOSITORY, **env: str) -> subprocess.CompletedProcess[str]:
    """What `rollout WORDS` in a folder says and returns, 80 columns wide. Python's own settings take a new process."""
    environment = {"COLUMNS": "80", **env}
    if any(name.startswith("PYTHON") for name in env):
        return subprocess.run(
            [sys.executable, "-m", "rollout", *words],
            cwd=cwd,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    code = 0
    with (
        chdir(cwd),
        mock.patch.dict(os.environ, environment),
        mock.patch.multiple(sys, argv=["rollout", *words], stdout=out, stderr=err, stdin=io.StringIO()),
        _signals_kept(),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    said, complained = (stream.buffer.getvalue().decode() for stream in (_flushed(out), _flushed(err)))
    held(words, said)
    return subprocess.CompletedProcess(["rollout", *words], code, said, complained)


def _flushed(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    stream.flush()
    return stream


@contextmanager
def _signals_kept() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
