"""git's log as three questions read it: one history with a merge that chose, and one that wrote something itself."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.history import Logged, Reading, log, mapped

DAY = "2026-10-05"


@pytest.fixture
def merged(tmp_path: Path) -> Repository:
    """On `side` Bo writes b and s; on main Al writes a; the merge, by Me, keeps main's a, drops s and adds m."""
    root = tmp_path / "r"
    (root / "p").mkdir(parents=True)

    def git(*words: str, who: str = "Al") -> None:
        env = {
            "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": f"{who}@example.com", "GIT_AUTHOR_DATE": f"{DAY}T12:00:00Z",
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": "c@example.com", "HOME": str(tmp_path),
            "GIT_COMMITTER_DATE": f"{DAY}T12:00:00Z", "GIT_CONFIG_GLOBAL": "/dev/null", "PATH": "/usr/bin:/bin",
        }  # fmt: skip
        subprocess.run(["git", *words], cwd=root, env=env, check=True, capture_output=True)

    def write(text: str) -> None:
        (root / "p" / "été.yaml").write_text(text, encoding="utf-8")
        git("add", "-A")

    git("init", "--quiet", "--initial-branch=main")
    write("1\n2\n3\n4\n5\n6\n7\n")
    git("commit", "-qm", "Begin\n\nCo-authored-by: Cy <cy@example.com>\nCo-authored-by: Di <di@example.com>")
    git("switch", "-qc", "side")
    write("1\nb\n3\n4\n5\n6\n7\ns\n")
    git("commit", "-qm", "Side", who="Bo")
    git("switch", "-q", "main")
    write("1\n2\n3\na\n5\n6\n7\n")
    git("commit", "-qm", "Main")
    git("merge", "-q", "--no-commit", "side")
    write("1\nb\n3\na\n5\n6\nm\n")
    git("commit", "-qm", "Merge", who="Me")
    # What a user may have configured changes nothing.
    for key, value in {
        "diff.noprefix": "true", "diff.external": "false", "log.follow": "true", "diff.context": "9",
        "color.ui": "always", "core.quotePath": "true", "log.diffMerges": "off",
    }.items():  # fmt: skip
        git("config", key, value)
    return Repository.find(root / "p")


def told(commit: Logged) -> tuple[str, str, str]:
    texts = [" ".join(patch.side(is_added=added)) for added in (False, True) for patch in commit.patches]
    assert all(patch.path == "été.yaml" for patch in commit.patches)
    return (commit.name, *texts) if texts else (commit.name, "", "")


def test_what_is_kept_is_told_without_merges(merged: Repository) -> None:
    assert [told(one) for one in log(merged, ["été.yaml"], Reading.KEPT)] == [
        ("Al", "4", "a"), ("Bo", "2", "b s"), ("Al", "", "1 2 3 4 5 6 7"),
    ]  # fmt: skip


def test_of_a_merge_what_it_wrote_itself(merged: Repository) -> None:
    merge, *others = log(merged, ["été.yaml"], Reading.AUTHORED)
    assert told(merge) == ("Me", "7 s", "m")
    assert sorted(map(told, others)) == [("Al", "", "1 2 3 4 5 6 7"), ("Al", "4", "a"), ("Bo", "2", "b s")]
    assert set(merge.parents) == {one.id for one in others if one.parents}, "newest first, with what they follow"
    assert others[-1].co_authors == ("Cy <cy@example.com>", "Di <di@example.com>")
    assert merge.on == date.fromisoformat(DAY)


def test_every_line_with_a_merge_against_each_parent(merged: Repository) -> None:
    first, *_, one, other = log(merged, ["été.yaml"], Reading.EVERY_LINE)
    assert told(first) == ("Al", "", "1 2 3 4 5 6 7")
    assert one.id == other.id
    assert sorted([told(one), told(other)]) == [("Me", "2 7", "b m"), ("Me", "4 7 s", "a m")]


def test_without_commits_or_files_there_is_no_log(tmp_path: Path) -> None:
    begun = Repository.create(tmp_path / "new")
    assert not list(log(begun, ["a"], Reading.KEPT))
    assert not list(log(begun, [], Reading.EVERY_LINE))


def test_the_mailmap_names_a_person_once(merged: Repository) -> None:
    (merged.root / ".mailmap").write_text("Bo Berg <bo@example.com> Bo <Bo@example.com>\n", encoding="utf-8")
    assert mapped(merged, ["Bo <Bo@example.com>"]) == ["Bo Berg <bo@example.com>"]
    names = {one.name: one.mapped_name for one in log(merged, ["été.yaml"], Reading.AUTHORED)}
    assert names == {"Al": "Al", "Bo": "Bo Berg", "Me": "Me"}


def test_a_merge_base_and_names_that_look_like_options(merged: Repository) -> None:
    one, other = merged.commit_of("main"), merged.commit_of("side")
    assert one and other and merged.merge_base(one, other) == other
    assert merged.commit_of("--upload-pack=x") is None
    with pytest.raises(RolloutError, match="no commit in common here"):
        merged.merge_base("--all", one)
