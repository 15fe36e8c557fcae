"""Small values by hand, whole programmes by a mapping from path to text."""

from __future__ import annotations

import os
import subprocess
import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from rollout.load.lines import until
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.programme import Programme

TODAY = date(2026, 10, 1)
"""The day the example begins."""
LIVED = date(2026, 11, 16)
"""The day of the example's last records."""
Write = Callable[[Mapping[str, str]], Path]

# A busy machine may be slow; that is not what these tests are about.
settings.register_profile("rollout", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rollout")


@pytest.fixture(autouse=True)
def _own_git_identity(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests never see the user's git configuration, and never change it."""
    base = tmp_path_factory.getbasetemp()
    home = base / "home"
    home.mkdir(exist_ok=True)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(base))  # they may run inside of a repository
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")


@pytest.fixture
def programme_folder(tmp_path: Path) -> Write:
    """Writes files of a programme and returns its root; `sites/` and `waves/` are always there."""

    def write(files: Mapping[str, str]) -> Path:
        root = tmp_path / "programme"
        for folder in ("sites", "waves"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8", newline="")
        return root

    return write


def git(root: Path, *words: str, **env: str) -> str:
    """What git says in a folder; fails where it refuses. `env` may make it another person's."""
    given = {**os.environ, **env}
    return subprocess.run(["git", *words], cwd=root, env=given, check=True, capture_output=True, text=True).stdout


def golden(file: Path, made: str) -> None:
    """Fails where a file that a program makes is not, byte by byte, what it makes."""
    if os.environ.get("ROLLOUT_UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8", newline="")
    assert made == file.read_bytes().decode(), f"{file} differs; ROLLOUT_UPDATE_GOLDEN=1 writes it anew"


def as_begun(root: Path) -> Path:
    """The example as it was on the day it begins: without what was recorded later. Its pages are made by `render`."""
    for file in (root / "waves").glob("*/records/*.yaml"):
        file.write_text(until(file.read_text(encoding="utf-8"), TODAY.isoformat()), encoding="utf-8")
    return root


def loaded(root: Path) -> Programme:
    """The programme of a folder; fails when a file of it is wrong."""
    programme, problems = load_programme(Workspace(root))
    assert not problems, [str(problem) for problem in problems]
    return programme
