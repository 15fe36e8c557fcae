"""`rollout publish --branch` as a person and as a program meet it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from rollout.cli.app import app
from rollout.problem import RolloutError
from tests.conftest import git
from tests.sequence.test_plan import plan_file, sites

PLAN = "waves/v/plan.yaml"
NAME = "plan/later"


def rollout(root: Path, *words: str) -> Result:
    result = CliRunner().invoke(app, ["publish", "-C", str(root), "--as-of", "2026-10-01", *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def error(root: Path, *words: str) -> RolloutError:
    raised = CliRunner().invoke(app, ["publish", "-C", str(root), "--as-of", "2026-10-01", *words]).exception
    assert isinstance(raised, RolloutError)
    return raised


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published programme of two sites."""
    root = tmp_path_factory.mktemp("published") / "programme"
    for path, text in {**sites("a", "b"), **plan_file()}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root, "init", "-q", "-b", "main")
    for key, value in (("name", "Ada"), ("email", "ada@example.com")):
        git(root, "config", f"user.{key}", value)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    assert rollout(root).exit_code == 0
    return root


@pytest.fixture
def edited(published: Path, tmp_path: Path) -> Path:
    """It has a remote; the plan is edited, and site c is new."""
    root = shutil.copytree(published, tmp_path / "programme")
    git(tmp_path, "init", "-q", "--bare", "remote.git")
    git(root, "remote", "add", "origin", "../remote.git")
    file = root / PLAN
    file.write_text(file.read_text() + "constraints: {b: {not_before: 2027-06-01}}\n")
    (root / "sites/c.yaml").write_text((root / "sites/b.yaml").read_text().replace("B", "C"))
    (root / "notes.txt").write_text("mine\n")
    git(root, "add", PLAN)
    return root


def test_edits_dates_and_pages_are_on_the_branch_and_only_there(edited: Path, tmp_path: Path) -> None:
    assert [p.code for p in error(edited).problems] == ["uncommitted", "uncommitted"], (
        "on main they have to be committed"
    )
    before = git(edited, "status", "--porcelain=v2", "--branch"), (edited / ".git/index").read_bytes()
    would = rollout(edited, "--branch", NAME, "--dry-run").stdout
    answer = json.loads(rollout(edited, "--branch", NAME, "--push", "--format", "json").stdout)
    assert list(answer) == ["version", "commit", "branch", "files", "plan", "description", "pushed"]
    assert (git(edited, "status", "--porcelain=v2", "--branch"), (edited / ".git/index").read_bytes()) == before
    assert not (edited / "playbooks/v/c").exists()

    assert answer["branch"] == NAME
    assert answer["pushed"] == {"remote": "origin", "url": "../remote.git"}
    said = answer["description"]
    assert said.startswith("**2 edits: 1 site moves, 1 site joins, ")
    assert "(1 Jun 2027)" in said.partition("\n")[0]
    assert "| b | " in said
    assert "waves/v/plan.yaml:" in said

    names = git(edited, "show", "--format=", "--name-only", NAME).split("\n")[:-1]
    assert {PLAN, "sites/c.yaml", "waves/v/schedule.yaml", "playbooks/v/c/playbook.md"} <= set(names)
    assert "notes.txt" not in names and "sites/b.yaml" not in names
    assert f"{len(names)} files would be written on a new branch {NAME}" in would
    assert answer["files"] == len(names)
    assert git(tmp_path / "remote.git", "rev-parse", NAME).strip() == answer["commit"]

    # The branch is whole: a clone of it finds nothing to do.
    git(tmp_path, "clone", "-q", "-b", NAME, "remote.git", "clone")
    assert "everything is published already" in rollout(tmp_path / "clone").stdout
    again = rollout(edited, "--branch", NAME, "--push")
    assert f"{NAME} holds exactly this already, in commit {answer['commit'][:10]}" in again.stdout
    assert "pushed to origin (../remote.git)\n\nFor the pull request:\n\n**2 edits: 1 site moves" in again.stdout


def test_a_remote_that_is_missing_is_told_before_anything_is_made(edited: Path) -> None:
    git(edited, "remote", "remove", "origin")
    raised = error(edited, "--branch", NAME, "--push")
    assert ([p.code for p in raised.problems], raised.exit_code) == (["no-remote"], 3)
    assert NAME not in git(edited, "branch")


def test_a_page_somebody_works_in_is_not_carried_along(edited: Path) -> None:
    page = edited / "playbooks/v/b/checklist.md"
    page.write_text(page.read_text() + "\nAsk Rui.\n")
    raised = error(edited, "--branch", NAME)
    assert [(p.path, p.code) for p in raised.problems] == [("playbooks/v/b/checklist.md", "uncommitted")]
    assert NAME not in git(edited, "branch")


def test_what_plan_and_render_wrote_already_is_on_the_branch_too(edited: Path) -> None:
    first = json.loads(rollout(edited, "--branch", NAME, "--format", "json").stdout)
    for command in ("plan", "render"):
        words = [command, "-C", str(edited), "--as-of", "2026-10-01"]
        assert CliRunner().invoke(app, words).exit_code == 0
    again = json.loads(rollout(edited, "--branch", NAME, "--format", "json").stdout)
    assert again["commit"] == first["commit"]
    assert again["pushed"] is None


@pytest.mark.parametrize("words", [["--push"], ["--branch", NAME, "--remote", "origin"], ["--branch", "-x"]])
def test_wrong_usage(edited: Path, words: list[str]) -> None:
    result = CliRunner().invoke(app, ["publish", "-C", str(edited), "--as-of", "2026-10-01", *words])
    code = result.exception.exit_code if isinstance(result.exception, RolloutError) else result.exit_code
    assert code == 2


def test_without_changes_there_is_no_branch(edited: Path) -> None:
    git(edited, "stash", "-qu")
    assert "nothing to commit, and no branch was made" in rollout(edited, "--branch", NAME, "--push").stdout
    assert NAME not in git(edited, "branch")
