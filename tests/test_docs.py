"""What the README says is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from rollout.check import PAGE_RULES, RULES
from rollout.load.overlay import overlay
from rollout.load.validate import build
from rollout.load.yaml import parse
from rollout.model.plan import Plan
from rollout.model.site import Site
from tests.cli.line import REPOSITORY, rollout

PAGES = ("README.md", *sorted(path.relative_to(REPOSITORY).as_posix() for path in REPOSITORY.glob("docs/**/*.md")))
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_run_in_the_readme_is_the_run_of_the_demo(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rollout", "demo", "build/demo"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    run = README.split("```")[1].replace("(shortened)", "")
    said = [" ".join(line.split()) for line in shown.splitlines()]
    for line in filter(None, (" ".join(line.split()) for line in run.splitlines())):
        if "files in commit" in line:
            assert re.sub("commit [0-9a-f]+", "commit X", line) in [
                re.sub("commit [0-9a-f]+", "commit X", s) for s in said
            ]
        else:
            assert line in " ".join(said), line  # a terminal breaks long sentences


@pytest.mark.parametrize(("model", "snippet"), [(Site, "# sites/emea/lyon.yaml"), (Plan, "# waves/vision/plan.yaml")])
def test_the_snippets_are_valid(model: type, snippet: str) -> None:
    text = next(part for part in README.split("```yaml\n") if part.startswith(snippet)).split("```")[0]
    raw, problems = parse(text, "README.md")
    assert not problems
    built, wrong = build(model, overlay([raw]), [("README.md", raw)], {"id": "x", "paths": ("README.md",)})
    assert not wrong
    assert built is not None


@pytest.mark.parametrize("page", PAGES)
def test_every_row_of_a_table_has_the_cells_of_its_head(page: str) -> None:
    lines = (REPOSITORY / page).read_text(encoding="utf-8").split("\n")
    wide = 0
    for number, line in enumerate(lines, 1):
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert cells in (0, wide) or not wide, f"{page}:{number}: {line}"
        wide = cells


def test_every_command_and_exit_code_is_named() -> None:
    said = rollout("--help").stdout
    commands = set(re.findall(r"^  ([a-z]+) ", said, re.MULTILINE))
    assert commands >= {"import", "validate", "plan", "publish", "render", "show", "init", "demo"}
    assert all(f"`{name}" in README or f" {name} " in README for name in commands)


def test_every_rule_explains_itself_with_a_bad_and_a_good_example() -> None:
    for rule in (*RULES, *PAGE_RULES):
        module = sys.modules[rule.__module__]
        assert module.__doc__
        assert module.__doc__.index("Bad:") < module.__doc__.index("Good:")
        assert re.fullmatch(r"[a-z-]+", module.CODE)


def test_every_page_is_in_the_index_under_its_own_title() -> None:
    docs = REPOSITORY / "docs"
    index = dict(
        re.findall(r"^- \[(.*)\]\(([^)]*\.md)\)$", (docs / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    pages = {path.relative_to(docs).as_posix(): path for path in docs.rglob("*.md") if path != docs / "README.md"}
    assert sorted(index.values()) == sorted(pages)
    for title, path in index.items():
        assert pages[path].read_text(encoding="utf-8").startswith(f"# {title}\n"), path


def test_every_link_between_pages_leads_somewhere() -> None:
    for page in (*(REPOSITORY / "docs").rglob("*.md"), REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page, link)
