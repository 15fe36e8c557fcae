"""Publishing: one commit of exactly what was written, or a disk as it was."""

import errno
import os
import subprocess
import sys

import pytest

from rollout.commit.publish import Receipt, publish, refuse_uncommitted
from rollout.model.change import Change
from rollout.problem import RolloutError
from rollout.repository import Repository
from tests.conftest import git


@pytest.fixture
def repository(tmp_path):
    """A repository with one commit, and work of the user in every state."""
    repository = Repository.create(tmp_path / "work")
    for name in ("playbooks/leeds.md", "playbooks/york.md", "old/hull.md", "mine.md"):
        target = repository.root / name
        target.parent.mkdir(exist_ok=True)
        target.write_text("old\n")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-qm", "start")
    (repository.root / "mine.md").write_text("staged\n")
    git(repository.root, "add", "mine.md")
    (repository.root / "mine.md").write_text("changed\n")
    (repository.root / "untracked.md").write_text("mine\n")
    return repository


CHANGES = (
    Change("playbooks/leeds.md", "old\n", "new\n"),
    Change("playbooks/york.md", "old\n", "old\n"),
    Change("old/hull.md", "old\n", None),
    Change("playbooks/new site/training.md", None, "new\n"),
)
WRITTEN = ("old/hull.md", "playbooks/leeds.md", "playbooks/new site/training.md")


def disk(root):
    seen = {}
    for path in sorted(root.rglob("*")):
        if ".git" not in path.relative_to(root).parts:
            stat = path.lstat()
            seen[path.relative_to(root).as_posix()] = path.is_dir() or (
                path.read_bytes(),
                stat.st_mode,
                stat.st_mtime_ns,
            )
    return seen


def left_behind(repository):
    return [path.name for path in repository.git_dir.iterdir() if path.name.startswith("rollout")]


def refuse(repository, script="echo no >&2; exit 1"):
    hook = repository.git_dir / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def refused(*codes):
    return pytest.raises(
        RolloutError,
        check=lambda error: error.exit_code == 3 and tuple(problem.code for problem in error.problems) == codes,
    )


def test_one_commit_of_what_was_written(repository):
    before = git(repository.root, "status", "--porcelain")
    receipt = publish(repository, repository.root, iter(CHANGES), "Publish\n\nWave: one\n")
    assert receipt == Receipt(repository.head(), "main", 3, WRITTEN)
    shown = git(repository.root, "show", "--no-renames", "--format=%B", "--name-status").split("\n")
    assert shown[:3] == ["Publish", "", "Wave: one"]
    assert [line.split("\t")[-1] for line in shown if "\t" in line] == list(WRITTEN)
    assert (git(repository.root, "status", "--porcelain"), left_behind(repository)) == (before, [])
    git(repository.root, "fsck", "--strict")


def test_no_changes_no_commit(repository):
    head, (same,) = repository.head(), CHANGES[1:2]
    assert publish(repository, repository.root, [], "x") == Receipt(None, "main", 0, ())
    assert publish(repository, repository.root, [same], "x") == Receipt(None, "main", 0, ())
    assert (repository.head(), left_behind(repository)) == (head, [])


def test_in_a_subfolder(repository):
    folder = repository.root / "programme"
    folder.mkdir()
    receipt = publish(Repository.find(folder), folder, [Change("a.md", None, "a\n")], "x")
    assert (receipt.paths, git(repository.root, "show", "--format=", "--name-only")) == (("a.md",), "programme/a.md\n")


def test_a_refused_commit_puts_everything_back(repository):
    refuse(repository)
    (repository.root / "playbooks/leeds.md").chmod(0o755)
    (repository.root / "playbooks/leeds.md").write_bytes(b"edited by hand,\r\nnot committed")
    before, head, status = disk(repository.root), repository.head(), git(repository.root, "status", "--porcelain")
    changes = (Change("playbooks/leeds.md", "edited by hand,\r\nnot committed", "new\n"), *CHANGES[1:])
    with refused("hook-failed"):
        publish(repository, repository.root, changes, "x")
    with refused("changed-meanwhile"):  # from a text that is not there any more
        publish(repository, repository.root, CHANGES, "x")
    assert disk(repository.root) == before
    assert (repository.head(), git(repository.root, "status", "--porcelain")) == (head, status)
    assert left_behind(repository) == []


def test_a_disk_that_refuses_puts_everything_back(repository):
    (repository.root / "zzz").write_text("in the way\n")
    before = disk(repository.root)
    with refused("in-the-way"):
        publish(repository, repository.root, [*CHANGES, Change("zzz/a.md", None, "x")], "x")
    assert (disk(repository.root), left_behind(repository)) == (before, [])


def test_an_interruption_puts_everything_back(repository):
    def stream():
        yield from CHANGES
        raise KeyboardInterrupt

    before = disk(repository.root)
    with pytest.raises(KeyboardInterrupt):
        publish(repository, repository.root, stream(), "x")
    assert (disk(repository.root), left_behind(repository)) == (before, [])


def test_without_hard_links(repository, monkeypatch):
    def no_links(*_, **__):
        raise OSError(95, "Operation not supported")

    refuse(repository)
    before = disk(repository.root)
    monkeypatch.setattr("rollout.commit.publish.os.link", no_links)
    with refused("hook-failed"):
        publish(repository, repository.root, CHANGES, "x")
    assert disk(repository.root) == before


def test_what_cannot_be_put_back_is_named_and_kept(repository):
    refuse(repository, "rm -r playbooks; echo x > playbooks; exit 1")
    with refused("hook-failed", "not-restored") as caught:
        publish(repository, repository.root, CHANGES, "x")
    assert caught.value.problems[1].path.endswith("leeds.md")
    kept = repository.git_dir / "rollout-kept-1"
    assert [path.read_text() for path in kept.glob("[0-9]*")] == ["old\n"]
    with refused("hook-failed"):
        publish(repository, repository.root, [Change("other/new.md", None, "new\n")], "x")
    assert [path.read_text() for path in kept.glob("[0-9]*")] == ["old\n"]


def test_nothing_is_written_when_git_cannot_commit(repository, monkeypatch):
    git(repository.root, "config", "user.useConfigOnly", "true")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")

    def stream():
        yield CHANGES[0]
        pytest.fail("asked for more than the first change")

    with refused("no-identity"):
        publish(repository, repository.root, stream(), "x")
    assert (repository.root / "playbooks/leeds.md").read_text() == "old\n"


def test_the_next_run_commits_what_a_killed_one_wrote(repository):
    before = git(repository.root, "status", "--porcelain")
    script = """
import os, signal, sys
from pathlib import Path
from rollout.commit.publish import publish
from rollout.model.change import Change
from rollout.repository import Repository
def stream():
    yield Change("playbooks/leeds.md", "old\\n", "new\\n")
    yield Change("playbooks/a.md", None, "new\\n")
root = Path(sys.argv[1])
publish(Repository.find(root), root, stream(), "x", also=lambda: os.kill(os.getpid(), signal.SIGKILL))
"""
    subprocess.run([sys.executable, "-c", script, str(repository.root)], check=False)
    assert (repository.root / "playbooks/a.md").read_text() == "new\n"

    refuse(repository)
    with refused("hook-failed"):
        publish(repository, repository.root, [Change("playbooks/b.md", None, "new\n")], "x")
    assert not (repository.root / "playbooks/b.md").exists()
    refuse(repository, "exit 0")
    receipt = publish(repository, repository.root, [Change("playbooks/c.md", None, "new\n")], "x")
    assert receipt.paths == ("playbooks/a.md", "playbooks/c.md", "playbooks/leeds.md")
    assert git(repository.root, "show", "--format=", "--name-only").split() == list(receipt.paths)
    assert (git(repository.root, "status", "--porcelain"), left_behind(repository)) == (before, [])

    # What somebody has worked in since is theirs, whoever wrote it first. Of a list that was cut off the end counts not.
    (repository.git_dir / "rollout-publish").mkdir()
    (repository.git_dir / "rollout-publish/paths").write_bytes(b"playbooks/torn.md\0")
    subprocess.run([sys.executable, "-c", script.replace("a.md", "d.md"), str(repository.root)], check=False)
    (repository.root / "playbooks/d.md").write_text("mine\n")
    receipt = publish(repository, repository.root, [Change("playbooks/e.md", None, "new\n")], "x")
    assert receipt.paths == ("playbooks/e.md", "playbooks/leeds.md")
    assert "?? playbooks/d.md" in git(repository.root, "status", "--porcelain").splitlines()


def test_files_are_put_back_where_git_cannot_even_be_asked(repository, monkeypatch):
    before, asked = disk(repository.root), []

    def head(self):
        asked.append(self)
        if len(asked) > 1:
            raise OSError(24, "Too many open files")
        return "x"

    monkeypatch.setattr(Repository, "head", head)
    with pytest.raises(OSError, match="Too many open files"):
        publish(repository, repository.root, CHANGES, "x")
    assert (disk(repository.root), left_behind(repository)) == (before, [])


def test_what_is_changed_while_a_hook_runs_is_kept(repository):
    refuse(repository, "echo mine >> playbooks/leeds.md; echo mine > 'playbooks/new site/training.md'; exit 1")
    before = disk(repository.root)
    with refused("hook-failed", "kept-aside", "kept-aside") as caught:
        publish(repository, repository.root, CHANGES, "x")
    paths = [problem.path for problem in caught.value.problems[1:]]
    assert paths == ["playbooks/new site/training.md", "playbooks/leeds.md"]
    assert disk(repository.root) == before
    kept = repository.git_dir / "rollout-kept-1"
    assert sorted(path.read_text() for path in kept.glob("*-changed")) == ["mine\n", "new\nmine\n"]


def test_a_replacement_that_the_disk_refuses_is_nobody_elses_work(repository, monkeypatch):
    before, real = disk(repository.root), os.replace

    def replace(source, target):
        if ".rollout-" in str(source):
            raise OSError(errno.EACCES, "Permission denied")
        real(source, target)

    monkeypatch.setattr("rollout.commit.write.os.replace", replace)
    with refused("not-writable"):
        publish(repository, repository.root, CHANGES, "x")
    assert (disk(repository.root), left_behind(repository)) == (before, [])


def test_ten_files_that_are_not_committed_are_named_and_more_are_counted():
    paths = [f"sites/{number:02}.yaml" for number in range(11)]
    for count, last in ((10, ("sites/09.yaml", "this is not committed")), (11, ("", "and 1 more file"))):
        with pytest.raises(RolloutError) as caught:
            refuse_uncommitted(paths[:count])
        problem = caught.value.problems[-1]
        assert (len(caught.value.problems), problem.path) == (count, last[0])
        assert problem.message.startswith(last[1])


def test_two_programmes_of_a_repository_do_not_end_each_others_work(repository):
    one, other = repository.root / "one", repository.root / "other"
    for root in (one, other):
        (root / "playbooks").mkdir(parents=True)
        for name in ("leeds.md", "york.md"):
            (root / "playbooks" / name).write_text("old\n")
    git(repository.root, "add", "one", "other")
    git(repository.root, "commit", "-qm", "two", "--", "one", "other")
    script = """
import os, signal, sys
from pathlib import Path
from rollout.commit.publish import publish
from rollout.model.change import Change
from rollout.repository import Repository
root = Path(sys.argv[1])
changes = [Change("playbooks/leeds.md", "old\\n", "new\\n"), Change("playbooks/york.md", "old\\n", None)]
publish(Repository.find(root), root, changes, "x", also=lambda: os.kill(os.getpid(), signal.SIGKILL))
"""
    subprocess.run([sys.executable, "-c", script, str(one)], check=False)
    (other / "playbooks/york.md").unlink()  # the user's own, and not committed
    publish(Repository.find(other), other, [Change("playbooks/b.md", None, "new\n")], "x")
    assert git(repository.root, "show", "--format=", "--name-only") == "other/playbooks/b.md\n"
    publish(Repository.find(one), one, [Change("playbooks/b.md", None, "new\n")], "x")
    names = git(repository.root, "show", "--format=", "--name-only").split()
    assert names == [f"one/playbooks/{name}.md" for name in ("b", "leeds", "york")]
