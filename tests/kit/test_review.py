"""The recipe and the action around it, run on repositories with a main branch and a branch to review."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
REVIEW = REPOSITORY / "docs/ci/review.sh"
ROLLOUT = Path(sys.executable).with_name("rollout")
DAY = "2026-10-01"
SITE = """\
name: {name}
country: {country}
timezone: Europe/Paris
languages: [en]
sponsor: {{name: Marc Petit, title: Operations}}
site_lead: {{name: Claire Dubois, email: c.dubois@example.com}}
headcount: {{operators: 40}}
"""
PLAN = """\
name: Vision
preset: standard@1
work_from: 2026-10-05
sites: all
lighthouse: lyon
waves: {every: month, size: 1-2}
documents: [playbook, checklist]
"""
LATER = "constraints:\n  oslo: {not_before: 2028-01-10, because: the hall is late}\n"


def run(*words: str | Path, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "ROLLOUT"))}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**clean, **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def git(folder: Path, *words: str) -> str:
    done = run("git", *words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def main(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose main branch has been published."""
    folder = tmp_path_factory.mktemp("main")
    for name, country in (("lyon", "FR"), ("graz", "AT"), ("oslo", "NO")):
        write(folder / f"sites/{name}.yaml", SITE.format(name=name.title(), country=country))
    write(folder / "waves/vision/plan.yaml", PLAN)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "Inputs")
    published = run(ROLLOUT, "publish", "--as-of", DAY, cwd=folder)
    assert published.returncode == 0, published.stderr
    return folder


@pytest.fixture
def clone(main: Path, tmp_path: Path) -> Path:
    """A clone of it with a branch of its own checked out, for a test to change."""
    folder = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(main), str(folder))
    git(folder, "checkout", "--quiet", "-b", "branch")
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "An edit")


def review(folder: Path, *base: str, **env: str) -> tuple[int, str, str]:
    """Exit code, comment and log of the recipe."""
    out = folder.parent / "out"
    env = {"ROLLOUT": str(ROLLOUT), "ROLLOUT_OUT": str(out), "ROLLOUT_AS_OF": DAY, **env}
    done = run("sh", REVIEW, *base, cwd=folder, **env)
    comment = out / "comment.md"
    return done.returncode, comment.read_text(encoding="utf-8") if comment.exists() else "", done.stdout + done.stderr


def judged(code: int, comment: str, expected: int) -> None:
    """The exit code, with everything said that the recipe asks for."""
    assert code == expected
    assert "could not be worked out" not in comment


def test_a_slip_says_what_it_does_and_that_publish_plans_first(clone: Path) -> None:
    write(clone / "waves/vision/plan.yaml", PLAN + LATER)
    commit(clone)
    code, comment, log = review(clone, "main")
    assert "- Checks: passed" in comment
    assert "`rollout publish` plans first" in comment
    assert "unlawful: oslo" in log
    assert git(clone, "status", "--porcelain") == ""
    judged(code, comment, 0)
    assert "oslo" in comment.lower().split("- checks:")[0]
    assert not (clone.parent / "out/quiet").exists()


def test_pages_behind_pass_where_only_inputs_change_and_a_shallow_clone_fetches(main: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{main}", str(folder))
    git(folder, "checkout", "--quiet", "-b", "branch")
    git(folder, "update-ref", "-d", "refs/remotes/origin/main")
    git(folder, "branch", "--quiet", "--delete", "--force", "main")
    write(folder / "sites/oslo.yaml", SITE.format(name="Oslo Harbour", country="NO"))
    commit(folder)
    code, comment, log = review(folder, "main")
    assert re.search(r"^- Pages: `rollout publish` will rewrite \d+$", comment, re.MULTILINE), log
    judged(code, comment, 0)


def test_pages_behind_fail_where_the_branch_renders_and_on_main(clone: Path) -> None:
    write(clone / "sites/oslo.yaml", SITE.format(name="Oslo Harbour", country="NO"))
    with (clone / "playbooks/vision/lyon/playbook.md").open("a", encoding="utf-8") as page:
        page.write("\nAsk the guard for the key.\n")
    commit(clone)
    code, comment, _ = review(clone, "main")
    assert "- Pages: **behind**, and this branch changes" in comment
    judged(code, comment, 1)
    code, comment, _ = review(clone)
    assert (code, comment) == (1, "- Checks: passed\n- Pages: **behind**; run `rollout render`\n")


def test_what_is_wrong_fails_and_is_in_every_report(clone: Path) -> None:
    write(clone / "sites/oslo.yaml", "name: Oslo\ncountry: Norwai\n")
    commit(clone)
    code, comment, log = review(clone, ROLLOUT_REPORTS="gitlab junit")
    assert code == 1
    assert "- Checks: **failed**" in comment
    assert "sites/oslo.yaml:2:10" in log
    out = clone.parent / "out"
    found = json.loads((out / "gl-code-quality.json").read_text(encoding="utf-8"))
    assert "sites/oslo.yaml" in {one["location"]["path"] for one in found}
    assert "<failure" in (out / "junit.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("base", ["nowhere", "--upload-pack=touch x", "$(touch x)", "a:refs/heads/main"])
def test_without_a_base_nothing_is_said(clone: Path, base: str) -> None:
    code, comment, log = review(clone, base)
    assert (code, comment) == (3, "")
    assert "fetch-depth: 0" in log
    assert not (clone / "x").exists()


def test_a_long_difference_is_cut_between_lines_and_counted(tmp_path: Path) -> None:
    function = re.search(r"^shortened\(\) \{.*?^\}", REVIEW.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)[0]
    file = tmp_path / "cut.sh"
    file.write_text(f"{function}\nshortened 60\n", encoding="utf-8")
    text = "<details>\n<summary>Moves</summary>\n" + "".join(f"| site {n} |\n" for n in range(9)) + "</details>\n"
    cut = subprocess.run(["sh", str(file)], input=text, capture_output=True, text=True, check=True).stdout
    assert cut == (
        "<details>\n<summary>Moves</summary>\n| site 0 |\n| site 1 |\n\n</details>\n"
        "\nAnd 8 more lines, left out for the length of a comment.\n"
    )
    assert subprocess.run(["sh", str(file)], input="a\n", capture_output=True, text=True, check=True).stdout == "a\n"


def steps_of_the_action(workspace: Path, temp: Path, base: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Runs the action's steps as a runner does: outputs by step, and what was printed. `uses` steps are done for it."""
    action = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
    inputs = {name: given.get("default", "") for name, given in action["inputs"].items()} | {"as-of": DAY}
    known = {"github.event.pull_request.base.sha": base, "steps.python.outputs.python-path": sys.executable}
    known |= {f"inputs.{name}": value for name, value in inputs.items()}
    outputs: dict[str, dict[str, str]] = {}
    printed: list[str] = []

    def valued(text: str) -> str:
        def value(found: re.Match[str]) -> str:
            names = [name.strip() for name in found[1].split("||")]
            return next((known[name] for name in names if known.get(name)), "")

        return re.sub(r"\$\{\{(.*?)\}\}", value, text)

    for number, step in enumerate(action["runs"]["steps"]):
        if step.get("uses", "").startswith("actions/upload-artifact@"):
            shutil.copytree(valued(step["with"]["path"]), temp / f"artifact-{valued(step['with']['name'])}")
        if "run" not in step or step["name"] == "Install rollout":
            continue
        assert step["shell"] == "bash"
        script = temp / f"step-{number}.sh"
        script.write_text(step["run"], encoding="utf-8")
        given = {name: valued(value) for name, value in step.get("env", {}).items()}
        output, summary = temp / f"output-{number}", temp / "summary.md"
        output.touch()
        done = run(
            *("bash", "--noprofile", "--norc", "-eo", "pipefail", script),
            cwd=workspace,
            GITHUB_ACTIONS="true",
            GITHUB_ACTION_PATH=str(REPOSITORY),
            GITHUB_OUTPUT=str(output),
            GITHUB_STEP_SUMMARY=str(summary),
            GITHUB_WORKSPACE=str(workspace),
            RUNNER_TEMP=str(temp),
            **given,
        )
        printed.append(done.stdout + done.stderr)
        got = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        got["exit"] = str(done.returncode)
        outputs[step["name"]] = got
        known |= {f"steps.{step.get('id')}.outputs.{name}": value for name, value in got.items()}
    return outputs, printed


def obeyed(log: str) -> list[str]:
    """The lines of a job's log that GitHub takes for orders to it."""
    orders, word = [], None
    for line in log.splitlines():
        if word is not None:
            word = None if line == f"::{word}::" else word
        elif line.startswith("::stop-commands::"):
            word = line.removeprefix("::stop-commands::")
        elif line.lstrip().startswith(("::", "##[")):
            orders.append(line)
    assert word is None
    return orders


def test_a_hostile_branch_runs_nothing_and_escapes_from_nothing(main: Path, tmp_path: Path) -> None:
    """Through the action: a template, hooks, modules of our names, a branch's name and a site's are all just data."""
    workspace, temp, ran = tmp_path / "workspace", tmp_path / "temp", tmp_path / "ran"
    git(tmp_path, "clone", "--quiet", str(main), str(workspace))
    git(workspace, "checkout", "--quiet", "-b", "$(touch${IFS}x);`touch${IFS}y`")
    base = git(workspace, "rev-parse", "main")
    name = r'"Oslo\n::error file=a::gone\r##[error]b <!-- rollout-review --> @acme/all \e[31m ]]>"'
    write(workspace / "sites/oslo.yaml", SITE.format(name=name, country="NO"))
    write(
        workspace / "templates/documents/playbook.md.j2",
        "{% for n in range(9999999999) %}{{ nothing.at.all }}{% endfor %}",
    )
    for module in ("jinja2", "rollout", "sitecustomize", "typer", "yaml"):
        write(workspace / f"{module}.py", f"open({str(ran)!r}, 'w')")
    commit(workspace)
    for hook in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction", "fsmonitor"):
        write(workspace / f".git/hooks/{hook}", f"#!/bin/sh\ntouch {ran}\n")
        (workspace / f".git/hooks/{hook}").chmod(0o755)
    git(workspace, "config", "core.fsmonitor", ".git/hooks/fsmonitor")
    (temp / "rollout-venv/bin").mkdir(parents=True)
    (temp / "rollout-venv/bin/rollout").symlink_to(ROLLOUT)

    outputs, printed = steps_of_the_action(workspace, temp, base)

    assert not ran.exists()
    assert not any((workspace / left).exists() for left in ("x", "y"))
    comment = (temp / "artifact-rollout-review/comment.md").read_text(encoding="utf-8")
    assert comment == (temp / "summary.md").read_text(encoding="utf-8")
    assert "- Pages: not looked at, because this branch changes `templates/`" in comment
    assert "<!--" not in comment
    assert "\x1b[31m ]]" not in comment + "".join(printed)
    assert outputs["Verdict"]["exit"] == outputs["Review"]["code"]
    # Annotations of validate are orders meant; no line of a value is one.
    for order in obeyed("\n".join(printed)):
        assert re.match(r"::(error|warning|notice) (file|title)=", order), order
        assert "a::gone" not in order.partition("::")[0]
    assert outputs["Review"]["code"] in ("0", "1")
    assert "::error file=a::gone" not in comment.splitlines()
