"""The files that a programme copies for its CI are well formed, pinned, and ask for no more rights than they need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from rollout.cli.app import app

REPOSITORY = Path(__file__).parents[2]
KIT = REPOSITORY / "docs/ci"
WORKFLOWS = [*sorted((REPOSITORY / ".github/workflows").glob("*.yml")), *sorted(KIT.glob("github-*.yml"))]
ACTION = REPOSITORY / "action.yml"
DIGEST = re.compile(r"python:3\.13-[a-z-]+@sha256:[0-9a-f]{64}")


def read(path: Path) -> dict:
    # Every value as text: a YAML 1.1 reader takes the key `on` for true.
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def steps(path: Path) -> Iterator[dict]:
    raw = read(path)
    for job in raw.get("jobs", {"": raw.get("runs")}).values():
        yield from job["steps"]


def scripts() -> Iterator[tuple[Path, str]]:
    """Every piece of shell that stands in a YAML file of the kit."""
    for path in (ACTION, *WORKFLOWS):
        yield from ((path, step["run"]) for step in steps(path) if "run" in step)
    for job in read(KIT / "gitlab.yml").values():
        for lines in (job.get("before_script", []), job.get("script", [])):
            yield from ((KIT / "gitlab.yml", line) for line in lines)


def test_actions_are_pinned_to_one_commit_each() -> None:
    pins: dict[str, set[str]] = {}
    for path in (ACTION, *WORKFLOWS):
        for line in re.findall(r"uses: (.+)", path.read_text(encoding="utf-8")):
            if line == "./":
                continue
            name, commit, version = re.fullmatch(
                r"([\w-]+/[\w-]+)@([0-9a-f]{40})(?: # (v\d+\.\d+\.\d+))?", line
            ).groups()
            assert version or name == "acme/rollout", line
            pins.setdefault(name, set()).add(commit)
    assert len(pins) == 6
    assert all(len(commits) == 1 for commits in pins.values()), pins


def test_no_value_is_written_into_a_script() -> None:
    found = list(scripts())
    assert len(found) >= 9
    for path, script in found:
        assert "${{" not in script, path
        assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0, script
    for path in WORKFLOWS:
        assert not any("${{" in step.get("with", {}).get("script", "") for step in steps(path))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_may_read_and_nothing_else(path: Path) -> None:
    raw, text = read(path), path.read_text(encoding="utf-8")
    assert raw["permissions"] == {}
    allowed = (
        {"actions": "read", "pull-requests": "write"} if path.name == "github-comment.yml" else {"contents": "read"}
    )
    for job in raw["jobs"].values():
        assert job["permissions"] == allowed
        assert int(job["timeout-minutes"]) <= 30
    assert "pull_request_target" not in raw["on"]
    assert "secrets." not in text
    for step in steps(path):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert path.name != "github-comment.yml"
            assert step["with"]["persist-credentials"] == "false"


def test_the_comment_follows_the_review() -> None:
    review, comment = read(KIT / "github-review.yml"), read(KIT / "github-comment.yml")
    assert set(review["on"]) == {"pull_request", "push"}
    assert comment["on"] == {"workflow_run": {"workflows": [review["name"]], "types": ["completed"]}}
    download = next(step for step in steps(KIT / "github-comment.yml") if "download" in step["uses"])
    assert download["with"]["name"] == read(ACTION)["inputs"]["artifact"]["default"]


def test_ci_runs_the_checks_on_the_oldest_and_the_newest_python() -> None:
    job = read(REPOSITORY / ".github/workflows/ci.yml")["jobs"]["check"]
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(r"Python :: (3\.\d+)", project)
    assert job["strategy"]["matrix"]["python"] == [named[0], named[-1]]
    assert job["steps"][-1]["run"] == ".ci/run"


def test_the_audit_runs_from_its_own_lock() -> None:
    lock = (REPOSITORY / ".ci/audit.txt").read_text(encoding="utf-8")
    assert re.search(r"^pip-audit==", lock, re.MULTILINE)
    assert "://" not in lock
    assert lock.count("==") <= lock.count("--hash=sha256:")
    run = " ".join(step.get("run", "") for step in steps(REPOSITORY / ".github/workflows/audit.yml"))
    assert run.count("--require-hashes") == 2
    assert "schedule" in read(REPOSITORY / ".github/workflows/audit.yml")["on"]


def test_pre_commit_hooks() -> None:
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [hook["id"] for hook in hooks] == ["rollout-validate", "rollout-fmt"]
    commands = get_command(app).commands  # type: ignore[attr-defined]  # a group has them
    for hook in hooks:
        assert hook.keys() == {"id", "name", "description", "entry", "language", "pass_filenames", "files"}
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)
        program, command = hook["entry"].split()
        assert program == "rollout"
        assert command in commands
    validate, fmt = (re.compile(hook["files"]) for hook in hooks)
    for path in ("sites/emea/lyon.yaml", "programme/waves/vision/plan.yaml", "playbooks/vision/lyon/checklist.md"):
        assert validate.search(path)
    assert not validate.search("docs/sites.md")
    assert fmt.search("waves/vision/records/lyon.yaml")
    assert not fmt.search("waves/vision/plan.yaml.bak")


def test_gitlab() -> None:
    raw = read(KIT / "gitlab.yml")
    base, review, note = raw[".rollout"], raw["rollout:review"], raw["rollout:note"]
    assert DIGEST.fullmatch(base["image"])
    assert re.fullmatch("[0-9a-f]{40}", base["variables"]["ROLLOUT_COMMIT"])
    assert review["artifacts"]["reports"] == {
        "codequality": "rollout-review/gl-code-quality.json",
        "junit": "rollout-review/junit.xml",
    }
    assert review["artifacts"]["when"] == "always"
    assert "TOKEN" not in json.dumps(review)
    rule = note["rules"][0]["if"]
    # A fork's branch has another source project, wherever its pipeline runs.
    assert "$ROLLOUT_NOTE_TOKEN" in rule
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID" in rule
    assert note["variables"] == {"GIT_STRATEGY": "none"}


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("/waves/vision/plan.yaml", "@acme/programme-office"),
        ("/waves/vision/schedule.yaml", "@acme/programme-office"),
        ("/waves/vision/records/lyon.yaml", "@acme/site-leads"),
        ("/waves/vision/records/_plan.yaml", "@acme/approvers"),
        ("/waves/_teams.yaml", "@acme/programme-office @acme/approvers"),
        ("/sites/emea/lyon.yaml", "@acme/emea"),
        ("/sites/apac/pune.yaml", "@acme/programme-office"),
        ("/templates/documents/playbook.md.j2", "@acme/platform"),
        ("/.github/workflows/rollout-review.yml", "@acme/platform"),
        ("/.github/CODEOWNERS", "@acme/platform"),
    ],
)
def test_every_path_has_the_owner_it_should_have(path: str, owners: str) -> None:
    found = ""
    for line in (KIT / "CODEOWNERS").read_text(encoding="utf-8").splitlines():
        pattern, _, said = line.partition(" ")
        if not line or pattern == "#":
            continue
        assert all(re.fullmatch(r"@acme/[a-z-]+", one) for one in said.split())
        # The small part of the rules that the sample uses: from the top, `*` within a step, a folder with all below.
        steps_of, have = pattern.strip("/").split("/"), path.strip("/").split("/")
        have = have if pattern.startswith("/") else have[-1:]
        whole = pattern.endswith("/") or len(have) == len(steps_of)
        if whole and len(have) >= len(steps_of) and all(map(fnmatch, have, steps_of)):
            found = said.strip()
    assert found == owners


def test_the_image() -> None:
    lines = (KIT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    orders = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    stages = [rest for order, rest in orders if order == "FROM"]
    assert [rest.partition(" AS ")[2] for rest in stages] == ["build", ""]
    assert all(DIGEST.fullmatch(rest.partition(" AS ")[0]) for rest in stages)
    last = orders[max(n for n, (order, _) in enumerate(orders) if order == "FROM") :]
    user = next(rest for order, rest in last if order == "USER")
    assert user.isdigit()
    assert int(user) > 0
    assert last[-1] == ["ENTRYPOINT", '["rollout"]']
    text = "\n".join(" ".join(order) for order in orders)
    assert "latest" not in text
    assert "://" not in text
    assert "install --yes --no-install-recommends git" in text
    # What is copied is there, and let through.
    ignored = (KIT / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    for order, rest in orders:
        if order == "COPY" and "--from" not in rest:
            for source in [word for word in rest.split() if not word.startswith("--")][:-1]:
                assert (REPOSITORY / source).exists()
                assert f"!{source}" in ignored


def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    program = shutil.which("shellcheck")
    if program is None:
        pytest.skip("shellcheck is not installed")
    files = [str(path) for path in KIT.glob("*.sh")]
    for number, (_, script) in enumerate(scripts()):
        file = tmp_path / f"{number}.sh"
        # `kit` is set by the lines that GitLab runs before.
        file.write_text(f"#!/bin/bash\n# shellcheck disable=SC2154\ntrue\n{script}\n", encoding="utf-8")
        files.append(str(file))
    said = subprocess.run([program, *files], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
