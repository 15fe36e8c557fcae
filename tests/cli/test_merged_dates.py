"""Two branches that both moved sites: their dates are merged by planning again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.line import rollout
from tests.conftest import git

DAY = ("--as-of", "2026-10-01")
PLAN = "waves/v/plan.yaml"
DATES = "waves/v/schedule.yaml"


def branch(root: Path, name: str, line: str) -> None:
    git(root, "checkout", "-q", "-b", name, "main")
    text = (root / PLAN).read_text()
    (root / PLAN).write_text(text.replace("constraints:\n", f"constraints:\n{line}", 1))
    assert rollout("plan", *DAY, cwd=root).returncode == 0
    git(root, "commit", "-qam", name)


@pytest.fixture(scope="module")
def merging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A merge that git could not finish, in the dates alone."""
    root = tmp_path_factory.mktemp("merging")
    (root / "sites").mkdir()
    (root / "waves/v").mkdir(parents=True)
    for number in range(6):
        (root / f"sites/s{number}.yaml").write_text(
            f"name: Site {number}\ncountry: FR\nlanguages: [en]\nsponsor: {{name: Ada Berg, title: VP}}\n"
        )
    (root / PLAN).write_text(
        "name: V\nwork_from: 2026-10-05\nlighthouse: s0\nwaves: {size: 3}\nconstraints:\n"
        "  s1: {not_before: 2027-03-01}\n  s3: {not_before: 2027-03-01}\n  s5: {not_before: 2027-03-01}\n"
    )
    git(root, "init", "-q", "-b", "main")
    assert rollout("plan", *DAY, cwd=root).returncode == 0
    git(root, "add", ".")
    git(root, "commit", "-qm", "start")
    branch(root, "ours", "  s2: {not_before: 2027-09-01}\n")
    branch(root, "theirs", "  s4: {not_before: 2027-10-01}\n")
    git(root, "checkout", "-q", "ours")
    merge = ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", "merge", "-q", "theirs"]
    assert subprocess.run(merge, cwd=root, check=False, capture_output=True).returncode == 1
    text = (root / PLAN).read_text()  # both lines are to hold
    (root / PLAN).write_text(
        "".join(row for row in text.splitlines(True) if row[:7] not in ("<" * 7, "=" * 7, ">" * 7))
    )
    assert "<<<<<<<" in (root / DATES).read_text()
    return root


def test_others_say_what_to_do(merging: Path) -> None:
    before = (merging / DATES).read_text()
    for words in (("status",), ("render",), ("plan", "--check"), ("explain", "s1")):
        said = rollout(*words, *DAY, cwd=merging)
        assert said.returncode == 1
        assert f"{DATES}:" in said.stderr
        assert "`rollout plan` goes on from our side" in said.stderr
    assert (merging / DATES).read_text() == before


def test_plan_goes_on_from_our_side(merging: Path) -> None:
    shown = rollout("plan", "--dry-run", *DAY, cwd=merging)
    assert (shown.returncode, "<<<<<<<" in (merging / DATES).read_text()) == (0, True)
    done = rollout("plan", *DAY, cwd=merging)
    assert done.returncode == 0, done.stderr
    assert "a merge was not finished here; our side was taken" in done.stderr
    dates = (merging / DATES).read_text()
    assert "<<<<<<<" not in dates
    assert rollout("plan", "--check", *DAY, cwd=merging).returncode == 0
    again = rollout("plan", *DAY, cwd=merging)
    assert (again.returncode, (merging / DATES).read_text()) == (0, dates)
    days = {line.split(":")[0].strip(): line for line in dates.splitlines() if "go_live" in line}
    assert days["s2"].partition("go_live: ")[2] >= "2027-09-01"
    assert days["s4"].partition("go_live: ")[2] >= "2027-10-01"


def test_what_git_left_of_lawful_dates_is_written_clean(merging: Path) -> None:
    dates = (merging / DATES).read_text()
    first, *rest = dates.splitlines(keepends=True)
    (merging / DATES).write_text(
        "".join([first, "<<<<<<< ours\n", rest[0], "=======\n", rest[0], ">>>>>>> b\n", *rest[1:]])
    )
    done = rollout("plan", *DAY, cwd=merging)
    assert (done.returncode, (merging / DATES).read_text()) == (0, dates)
    assert "the published dates are lawful and were left alone" in done.stdout.replace("\n", " ")


def test_marks_that_are_not_whole_are_for_people(merging: Path) -> None:
    dates = (merging / DATES).read_text()
    broken = dates.replace("sites:\n", "sites:\n<<<<<<< ours\n", 1)
    (merging / DATES).write_text(broken)
    done = rollout("plan", *DAY, cwd=merging)
    assert (done.returncode, (merging / DATES).read_text()) == (1, broken)
    assert "delete the lines with <<<<<<<, ======= and >>>>>>>" in done.stderr
    (merging / DATES).write_text(dates)


def test_pages_of_two_branches_that_both_published_need_nobody(tmp_path: Path) -> None:
    """git merged some lines of a block and left others: of 12 places in 4 pages, none was anybody's words."""
    root = tmp_path / "one"
    for name in ("sites", "waves/v"):
        (root / name).mkdir(parents=True)
    for number in range(4):
        (root / f"sites/s{number}.yaml").write_text(f"name: Site {number}\ncountry: FR\nlanguages: [en]\n")
    (root / "sites/s0.yaml").write_text("name: Site 0\ncountry: FR\nsponsor: {name: Ada Berg}\n")
    (root / PLAN).write_text("name: V\nwork_from: 2026-10-05\nlighthouse: s0\nwaves: {size: 1-2}\nconstraints:\n")
    with (root / PLAN).open("a") as plan:
        plan.write("  s1: {not_before: 2027-06-01}\n\n\n  s3: {not_before: 2027-06-01}\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Ada Berg")
    git(root, "config", "user.email", "ada@example.com")
    commit(root, "start")
    for name, site in (("ours", "s1"), ("theirs", "s3")):
        git(root, "checkout", "-q", "-b", name, "main")
        text = (root / PLAN).read_text()
        (root / PLAN).write_text(text.replace(f"{site}: {{not_before: 2027-06", f"{site}: {{not_before: 2027-09"))
        page = root / f"playbooks/v/{site}/checklist.md"
        page.write_text(page.read_text().replace("- [ ]", "- [x]", 1))
        commit(root, name)
    assert subprocess.run(["git", "merge", "-q", "ours"], cwd=root, check=False, capture_output=True).returncode == 1
    assert rollout("plan", *DAY, cwd=root).returncode == 0
    done = rollout("render", *DAY, cwd=root)
    assert (done.returncode, done.stderr) == (0, "")
    assert not [page for page in root.rglob("playbooks/**/*.*") if "<<<<<<<" in page.read_text()]
    assert all("- [x]" in (root / f"playbooks/v/{site}/checklist.md").read_text() for site in ("s1", "s3"))
    assert rollout("render", "--check", *DAY, cwd=root).returncode == 0


def commit(root: Path, message: str) -> None:
    for words in (("plan",), ("render",)):
        assert rollout(*words, *DAY, cwd=root).returncode == 0
    git(root, "add", ".")
    git(root, "commit", "-qm", message)
