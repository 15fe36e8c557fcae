"""The tutorial is run as it is written: its files saved, its commands typed, its answers looked for."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.cli.line import REPOSITORY, answers, rollout
from tests.conftest import git

TUTORIAL = REPOSITORY / "docs/tutorial/first-programme.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_tutorial_is_true(tmp_path: Path) -> None:
    here = tmp_path
    for kind, text in _BLOCK.findall(TUTORIAL.read_text(encoding="utf-8")):
        if kind == "csv":
            name, _, body = text.partition("\n")
            (here / name).write_text(body, encoding="utf-8")
        elif kind == "yaml":
            (here / text.partition("\n")[0].removeprefix("# ")).write_text(text, encoding="utf-8")
        else:
            for typed in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, answer = typed.partition("\n")
                here = _typed(here, command, answer)


def _typed(here: Path, command: str, answer: str) -> Path:
    """Types a command, looks for the answer, and says where we stand then."""
    words = shlex.split(command)
    if words[0] == "cd":
        return here / words[1]
    if words[0] == "rollout":
        done = rollout(*words[1:], cwd=here)
    else:
        done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    answers(command, done, answer)
    return here


def test_the_example_in_python_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sites", "waves", "playbooks"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "x")):
        git(tmp_path, *words)
    page = (REPOSITORY / "docs/how-to/python.md").read_text(encoding="utf-8")
    _, code, _, said, _ = re.split(r"^```(?:python)?\n", page, flags=re.MULTILINE)
    monkeypatch.chdir(tmp_path)
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "python.md", "exec"), {})
    assert printed.getvalue() == said
