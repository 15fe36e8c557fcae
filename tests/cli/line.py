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

import pytest

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


def answers(command: str, done: subprocess.CompletedProcess[str], page: str) -> None:
    """Looks for every line of what a page shows as the answer, in their order; `(exit 1)` says that the answer is no.

    `...` stands for lines left out. However a terminal breaks the lines: the words of what stands on both streams.
    """
    lines = [" ".join(line.split()) for line in page.splitlines() if line.strip() not in ("", "...")]
    expected = int(lines.pop()[6:-1]) if lines and lines[-1].startswith("(exit ") else 0
    assert done.returncode == expected, (command, done.stdout, done.stderr)
    said, at = " ".join((done.stdout + done.stderr).replace("─", "").split()), 0
    for line in lines:
        found = said.find(line, at)
        if found < 0:
            pytest.fail(f"$ {command}\n{line}\nis not in\n{said}", pytrace=False)
        at = found + len(line)


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
