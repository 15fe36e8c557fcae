"""`rollout doctor`: what it looks at, and that each thing that is wrong has its remedy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from rollout.cli.doctor import machine
from rollout.commit.lock import locked
from rollout.load.health import file_findings
from rollout.model.doctored import Doctored, Library, Machine
from tests.conftest import Write, git

MACHINE = Machine(
    python=(3, 11, 7),
    system="Linux",
    rollout="0.1.0",
    output="utf-8",
    file_names="utf-8",
    libraries=(Library("rich", "15.0", "", "15.0.1"), Library("icalendar", "7.3", "calendar", "7.3")),
)


def states(found: Doctored) -> dict[str, str]:
    """What is not fine."""
    return {finding.what: finding.state for finding in found.findings if finding.state != "fine"}


@pytest.fixture
def root(programme_folder: Write) -> Path:
    folder = programme_folder({"sites/lyon.yaml": "name: Lyon\ncountry: FR\n"})
    for words in (("init", "-qb", "main"), ("config", "user.name", "Test"), ("config", "user.email", "t@example.com")):
        git(folder, *words)
    return folder


def test_all_is_fine(root: Path) -> None:
    found = pipeline.doctor(root, MACHINE)
    assert states(found) == {}
    assert found.table().notes == ("Nothing to mend.",)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"python": (3, 10, 14)}, {"python": "wrong"}),
        ({"output": "ascii"}, {"output": "note"}),
        ({"file_names": "ascii"}, {"file names": "wrong"}),
        ({"libraries": (Library("rich", "15.0", "", "14.9"),)}, {"libraries": "wrong"}),
        ({"libraries": (Library("rich", "15.0", "", None),)}, {"libraries": "wrong"}),
        ({"libraries": (Library("icalendar", "7.10", "calendar", "7.9"),)}, {"extra calendar": "wrong"}),
        ({"libraries": (Library("icalendar", "7.3", "calendar", None),)}, {"extra calendar": "note"}),
    ],
)
def test_the_machine(root: Path, change: dict[str, object], state: dict[str, str]) -> None:
    found = pipeline.doctor(root, replace(MACHINE, **change))  # type: ignore[arg-type]  # of any kind
    assert states(found) == state
    assert all(finding.remedy for finding in found.findings if finding.state != "fine")
    assert found.is_wrong == ("wrong" in state.values())


def test_what_killed_runs_left(root: Path) -> None:
    for name in ("index.lock", "rollout-index", "rollout-note", "rollout-branch", "refs/heads/x.lock"):
        (root / ".git" / name).touch()
    (root / "sites/.rollout-123-0.tmp").touch()
    (root / "sites/gone.yaml").symlink_to("nowhere.yaml")
    (root / ".git/hooks/pre-commit").write_text("#!/bin/sh\n")
    found = pipeline.doctor(root, MACHINE)
    assert states(found) == {
        "git locks": "wrong",
        "git index": "note",
        "git hooks": "note",
        "unreadable files": "wrong",
        "temporary files": "note",
    }
    said = {finding.what: finding.says for finding in found.findings}
    assert "refs/heads/x.lock" in said["git locks"]
    assert said["git index"].endswith(": rollout-index, rollout-note, rollout-branch")
    assert said["unreadable files"] == "sites/gone.yaml"
    assert said["temporary files"].endswith("sites/.rollout-123-0.tmp")


def test_another_rollout_at_work(root: Path) -> None:
    script = "import sys; from pathlib import Path; from rollout.commit.lock import locked\nwith locked(Path(sys.argv[1])): print(flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script, str(root)], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout
        other.stdout.readline()
        (root / ".git/index.lock").touch()
        assert states(pipeline.doctor(root, MACHINE)) == {"lock": "note", "git locks": "note"}
        other.kill()
    assert states(pipeline.doctor(root, MACHINE)) == {"git locks": "wrong"}
    with locked(root):
        pass


def test_rights(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: access(path, mode) and not (mode & os.W_OK and "lyon" in str(path))
    )
    found = pipeline.doctor(root, MACHINE)
    assert states(found) == {"permissions": "wrong"}
    assert found.findings[-1].says == "not writable: sites/lyon.yaml"


def test_names_are_those_of_the_programme_wherever_it_is_asked_from(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def locked_out(path: str | Path) -> object:
        if Path(path).name == "waves":
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked_out)
    monkeypatch.chdir(root.parent)
    for where in (root, Path(root.name)):
        assert [(one.what, one.says) for one in file_findings(where)] == [("unreadable files", "waves")]


def test_in_the_middle_of_something_and_without_a_name(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".git/MERGE_HEAD").write_text("")
    git(root, "config", "--unset", "user.email")
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    monkeypatch.setenv("EMAIL", "t@example.com")  # what git falls back to
    assert states(pipeline.doctor(root, MACHINE)) == {"repository": "wrong", "git identity": "note"}


def test_where_there_is_nothing(tmp_path: Path) -> None:
    assert states(pipeline.doctor(tmp_path, MACHINE)) == {"programme": "note", "repository": "note"}
    assert states(pipeline.doctor(tmp_path / "x", MACHINE)) == {"programme": "wrong"}


def test_for_programs(root: Path) -> None:
    done = CliRunner().invoke(app, ["doctor", "-C", str(root), "--format", "json"])
    answer = json.loads(done.stdout)
    assert list(answer) == ["version", "fine", "findings"]
    assert (answer["fine"], done.exit_code) == (True, 0)
    (root / ".git/index.lock").touch()
    assert CliRunner().invoke(app, ["doctor", "-C", str(root)]).exit_code == 1


def test_this_machine_is_read() -> None:
    libraries = {library.name.lower(): library for library in machine().libraries}
    assert libraries["icalendar"].extra == "calendar"
    assert libraries["rich"].installed
    assert "pytest" not in libraries
