"""The same result whatever became of the history: a page carries all that merging needs."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rollout import pipeline
from tests.conftest import TODAY, as_begun, git

LYON = "playbooks/vision/lyon"
OTHER = "playbooks/vision/turin/checklist.md"
PLAN = "waves/vision/plan.yaml"


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


@pytest.fixture(scope="module")
def worked_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published programme in which people ticked, wrote and deleted, in several commits, and then changed the plan."""
    root = tmp_path_factory.mktemp("history") / "acme"
    pipeline.init(root, TODAY, with_example=True)
    as_begun(root)
    edit(root / "waves/vision/plan.yaml", "sites: all\n", "sites: all\nwritten_in: en\n")
    commit(root, "Start")
    pipeline.render(root, TODAY)
    commit(root, "Pages")
    page = root / LYON / "checklist.md"
    edit(page, "- [ ] Survey the line", "- [x] Survey the line")
    edit(page, "- [ ] Choose the champions", "  - ask Marie first\n- [ ] Choose the champions")
    commit(root, "Tick and note")
    lines = [line for line in page.read_text().split("\n") if "rollout:baseline " not in line]
    page.write_text("\n".join(lines))
    (root / LYON / "go-no-go.md").unlink()
    edit(root / "playbooks/vision/graz/checklist.md", "Survey the line, by", "Survey both lines, by")
    commit(root, "Delete a block and a page")
    own = root / PLAN
    edit(own, "activities:\n", "activities:\n  line-survey: {title: Survey the whole line}\n")
    commit(root, "Reword the survey")
    return root


def full(root: Path, target: Path) -> None:
    git(target.parent, "clone", "--quiet", str(root), str(target))


def shallow(root: Path, target: Path) -> None:
    git(target.parent, "clone", "--quiet", "--depth", "1", root.as_uri(), str(target))


def squashed(root: Path, target: Path) -> None:
    full(root, target)
    git(target, "checkout", "--quiet", "--orphan", "one")
    commit(target, "All of it")
    git(target, "branch", "--quiet", "-D", "main")
    assert git(target, "rev-list", "--count", "HEAD").strip() == "1"


def rebased(root: Path, target: Path) -> None:
    full(root, target)
    git(target, "reset", "--quiet", "--hard", "HEAD~2")
    (target / "other.md").write_text("something else\n")
    commit(target, "Something else")
    git(target, "fetch", "--quiet", str(root), "main")
    git(target, "cherry-pick", "HEAD..FETCH_HEAD")


def exported(root: Path, target: Path) -> None:
    full(root, target)
    subprocess.run(["rm", "-rf", str(target / ".git")], check=True)


def pages_of(root: Path) -> dict[str, bytes]:
    folder = root / "playbooks"
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.md"))}


@pytest.fixture(scope="module")
def expected(worked_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    target = tmp_path_factory.mktemp("expected") / "full"
    full(worked_in, target)
    done = pipeline.render(target, TODAY)
    assert {conflict.path for conflict in done.conflicts} == {"playbooks/vision/graz/checklist.md"}
    return pages_of(target)


def test_what_became_of_the_work(expected: dict[str, bytes]) -> None:
    lyon = expected["vision/lyon/checklist.md"].decode()
    assert "- [x] Survey the whole line" in lyon
    assert "\n  - ask Marie first\n" in lyon
    assert "rollout:baseline " not in lyon.replace("<!-- rollout: ", "").rpartition("\n<!--")[0], (
        "deleted stays deleted"
    )
    assert "vision/lyon/go-no-go.md" in expected, "a page that is missing is written again"
    graz = expected["vision/graz/checklist.md"].decode()
    assert graz.index("<<<<<<< yours (") < graz.index("Survey both lines") < graz.index("Survey the whole line")


@pytest.mark.parametrize("how", [shallow, squashed, rebased, exported])
def test_the_same_bytes_on_any_history(
    how: Callable[[Path, Path], None], worked_in: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    target = tmp_path / "copy"
    how(worked_in, target)
    pipeline.render(target, TODAY)
    assert pages_of(target) == expected
    again = pipeline.render(target, TODAY)
    assert (again.written, len(again.conflicts)) == ((), 1)
    assert pages_of(target) == expected


def test_the_same_after_formerly(worked_in: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    target = tmp_path / "copy"
    shallow(worked_in, target)
    (target / "sites/emea/lyon.yaml").rename(target / "sites/emea/lyon-sud.yaml")
    site = target / "sites/emea/lyon-sud.yaml"
    site.write_text(site.read_text() + "formerly: [lyon]\n")
    for file in (target / PLAN, target / "waves/vision/schedule.yaml"):
        file.write_text(re.sub(r"\blyon\b", "lyon-sud", file.read_text()))
    records = target / "waves/vision/records/lyon.yaml"
    if records.exists():
        records.rename(records.with_name("lyon-sud.yaml"))
    pipeline.render(target, TODAY)
    assert not (target / LYON).exists()
    moved = target / "playbooks/vision/lyon-sud/checklist.md"
    # A branch that knew nothing of the new name ticks a box in the old folder.
    text = moved.read_text()
    (target / LYON).mkdir()
    (target / LYON / "checklist.md").write_text(text.replace("- [ ] Choose", "- [x] Choose"))
    edit(moved, "- [ ] Count", "- [x] Count")
    pipeline.render(target, TODAY)
    assert not (target / LYON).exists()
    both = moved.read_text()
    assert both.count("- [x]") == text.count("- [x]") + 2
    edit(moved, "- [x] Count", "- [ ] Count")
    edit(moved, "- [x] Choose", "- [ ] Choose")
    assert moved.read_text() == text
    words = [line.partition(" <!-- ")[0] for line in text.replace("lyon-sud", "lyon").split("\n")]
    lyon = expected["vision/lyon/checklist.md"].decode().split("\n")
    is_intro = "<!-- rollout:page:intro"
    assert [line for line in words if is_intro not in line] == [
        line.partition(" <!-- ")[0] for line in lyon if is_intro not in line
    ]


def test_an_emptied_page_stays_empty_and_is_named(worked_in: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    shallow(worked_in, target)
    page = target / LYON / "go-no-go.md"
    page.write_text("")
    done = pipeline.render(target, TODAY)
    assert page.read_text() == ""
    assert f"{LYON}/go-no-go.md#page" in done.deleted


def test_two_branches_that_both_rendered(worked_in: Path, tmp_path: Path) -> None:
    """git leaves markers where both wrote a block anew; rollout takes them away where people do not disagree."""
    target = tmp_path / "copy"
    full(worked_in, target)
    page = target / LYON / "checklist.md"
    for branch, title in (("one", "Survey it today"), ("two", "Survey it tomorrow")):
        git(target, "checkout", "--quiet", "-B", branch, "main")
        edit(target / PLAN, "Survey the whole line", title)
        pipeline.render(target, TODAY)
        edit(page, "- [ ] Choose the champions", f"  - {branch} was here\n- [ ] Choose the champions")
        edit(page, "- [ ] Count the systems" if branch == "one" else "- [ ] Agree how", "- [x] " + branch)
        edit(target / OTHER, "- [ ] Choose the champions", f"- [ ] Choose {branch} champions")
        commit(target, branch)
    merged = subprocess.run(["git", "merge", "one"], cwd=target, check=False, capture_output=True, text=True)
    assert merged.returncode == 1
    edit(target / PLAN, "<<<<<<< HEAD\n", "")
    text = (target / PLAN).read_text()
    (target / PLAN).write_text(text[: text.index("=======\n")] + text[text.index(">>>>>>> one\n") + 12 :])
    before = (target / OTHER).read_bytes()
    assert all("<<<<<<< HEAD" in (target / path).read_text() for path in (f"{LYON}/checklist.md", OTHER))
    done = pipeline.render(target, TODAY)
    lines = page.read_text().split("\n")
    assert {"  - one was here", "  - two was here"} <= set(lines)
    assert sum(line.startswith(("- [x] one", "- [x] two", "- [x] Survey it tomorrow")) for line in lines) == 3
    assert not any(line.startswith("<<<<<<<") for line in lines)
    assert (target / OTHER).read_bytes() == before, "people said different things there: somebody has to choose"
    there = [conflict.line for conflict in done.conflicts if conflict.path == OTHER]
    assert there == [n for n, line in enumerate(before.decode().split("\n"), 1) if line == "<<<<<<< HEAD"]
    state = pages_of(target)
    pipeline.render(target, TODAY)
    assert pages_of(target) == state
