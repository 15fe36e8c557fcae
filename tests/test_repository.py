"""The repository as git sees it: every test makes a real one."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.committing import commit, ready


@pytest.fixture
def repository(tmp_path):
    return Repository.create(tmp_path / "work")


@pytest.fixture
def started(repository):
    """A repository with one commit of three files."""
    for name in ("a.md", "b.md", "mine.md"):
        put(repository.root, name, f"{name} as it was\n")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-qm", "start")
    return repository


def git(folder, *words, check=True):
    done = subprocess.run(["git", *words], cwd=folder, check=check, capture_output=True, text=True)
    return done.stdout


def put(root, path, text):
    target = Path(root) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, newline="")


def status(repository):
    return git(repository.root, "status", "--porcelain")


def committed(repository, revision="HEAD"):
    return git(repository.root, "-c", "core.quotePath=off", "show", "--format=", "--name-only", revision).split("\n")[
        :-1
    ]


def refused(code):
    return pytest.raises(
        RolloutError, check=lambda error: (error.exit_code, error.problems[0].code, len(error.problems)) == (3, code, 1)
    )


def hook(repository, name, text):
    script = Path(git(repository.root, "rev-parse", "--git-path", "hooks").strip())
    script = repository.root / script / name
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("#!/bin/sh\n" + text)
    script.chmod(0o755)


def left_behind(repository):
    return [path.name for path in repository.git_dir.iterdir() if path.name.startswith("rollout")]


# Finding one


def test_a_subfolder_finds_its_repository(started):
    folder = started.root / "programme" / "north"
    folder.mkdir(parents=True)
    found = Repository.find(folder)
    assert (found.root, found.prefix) == (started.root, "programme/north")
    assert Repository.find(started.root).prefix == ""


def test_a_folder_without_repository(tmp_path):
    with refused("no-repository"):
        Repository.find(tmp_path)
    with refused("no-folder"):
        Repository.find(tmp_path / "nowhere")


def test_a_bare_repository(tmp_path):
    git(tmp_path, "init", "-q", "--bare", "bare")
    with refused("bare-repository"):
        Repository.find(tmp_path / "bare")


def test_a_repository_of_someone_else(repository, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own switch, for its own tests
    with refused("dubious-ownership") as caught:
        Repository.find(repository.root)
    hint = f"git config --global --add safe.directory {repository.root}"
    assert hint in caught.value.problems[0].hint


def test_no_git(tmp_path):
    script = "import sys; from pathlib import Path; from rollout.repository import Repository\n"
    script += "from rollout.problem import RolloutError\n"
    script += "try: Repository.find(Path(sys.argv[1]))\n"
    script += "except RolloutError as error: print(error.problems[0].code, error.exit_code)"
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env={"PATH": str(tmp_path)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "no-git 3\n", done.stderr


def test_a_hook_that_runs_rollout_does_not_confuse_it(started, tmp_path, monkeypatch):
    other = Repository.create(tmp_path / "other")
    monkeypatch.setenv("GIT_DIR", str(other.git_dir))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.git_dir / "index"))
    assert Repository.find(started.root) == started
    assert os.environ["GIT_DIR"] == str(other.git_dir)


def test_head_and_branch(repository):
    assert (repository.head(), repository.branch()) == (None, "main")
    put(repository.root, "a.md", "a\n")
    made = commit(repository, ["a.md"], "first")
    assert repository.head() == made == git(repository.root, "rev-parse", "HEAD").strip()
    git(repository.root, "switch", "-qc", "wave/one")
    assert repository.branch() == "wave/one"
    git(repository.root, "switch", "-q", "--detach")
    assert repository.branch() is None


# In the middle of something


def conflict(repository, *words):
    git(repository.root, "switch", "-qc", "side")
    put(repository.root, "a.md", "side\n")
    git(repository.root, "commit", "-qam", "side")
    git(repository.root, "switch", "-q", "main")
    put(repository.root, "a.md", "main\n")
    git(repository.root, "commit", "-qam", "main")
    git(repository.root, *words, check=False)


@pytest.mark.parametrize("words", [("merge", "side"), ("rebase", "side"), ("cherry-pick", "side")], ids=lambda w: w[0])
def test_in_progress(started, words):
    conflict(started, *words)
    before = status(started)
    assert started.in_progress() == words[0]
    with refused("git-in-progress"):
        commit(started, ["b.md"], "no")
    assert status(started) == before


def test_revert_and_bisect_in_progress(started):
    assert started.in_progress() is None
    put(started.root, "a.md", "two\n")
    git(started.root, "commit", "-qam", "two")
    put(started.root, "a.md", "three\n")
    git(started.root, "commit", "-qam", "three")
    git(started.root, "revert", "HEAD~1", check=False)
    assert started.in_progress() == "revert"
    git(started.root, "revert", "--abort")
    git(started.root, "bisect", "start")
    assert started.in_progress() == "bisect"


def test_a_series_of_picks_between_two_steps(started):
    conflict(started, "status")
    git(started.root, "switch", "-q", "side")
    put(started.root, "b.md", "more\n")
    git(started.root, "commit", "-qam", "more")
    git(started.root, "switch", "-q", "main")
    git(started.root, "cherry-pick", "side~1", "side", check=False)
    git(started.root, "commit", "-qam", "by hand")
    assert not (started.git_dir / "CHERRY_PICK_HEAD").exists()
    assert started.in_progress() == "series of cherry-picks or reverts"


# What is not committed


def test_uncommitted_paths(started):
    root = started.root
    put(root, "sites/leeds site.yaml", "name: Leeds\n")
    put(root, "sites/-x.yaml", "")
    put(root, "sites/zürich.yaml", "")
    put(root, "sites/tab\tline\n.yaml", "")
    put(root, "other/no.md", "")
    put(root, "sites/ignored.log", "")
    put(root, ".gitignore", "*.log\n")
    git(root, "mv", "a.md", "sites/moved to.md")
    put(root, "b.md", "changed\n")
    sites = (
        "sites/-x.yaml",
        "sites/leeds site.yaml",
        "sites/moved to.md",
        "sites/tab\tline\n.yaml",
        "sites/zürich.yaml",
    )
    assert started.uncommitted(["sites"]) == sites
    assert started.uncommitted(["sites/", "b.md"]) == ("b.md", *sites)
    assert started.uncommitted(["missing", "*", ":(top)b.md"]) == ()
    assert started.uncommitted([]) == ()
    assert "a.md" in started.uncommitted(["."])
    assert not (started.git_dir / "index.lock").exists()


def test_uncommitted_in_a_subfolder_and_in_a_conflict(started):
    put(started.root, "programme/sites/x.yaml", "")
    put(started.root, "sites/y.yaml", "")
    programme = Repository.find(started.root / "programme")
    assert programme.uncommitted(["sites"]) == programme.uncommitted([""]) == ("sites/x.yaml",)
    conflict(started, "merge", "side")
    assert started.uncommitted(["a.md"]) == ("a.md",)


# Committing


def test_the_users_work_stays_as_it_is(started):
    root = started.root
    put(root, "mine.md", "staged\n")
    put(root, "staged new.md", "new\n")
    git(root, "add", "mine.md", "staged new.md")
    git(root, "rm", "-q", "--cached", "b.md")
    put(root, "mine.md", "staged, then changed\n")
    put(root, "untracked.md", "mine\n")
    put(root, "intended.md", "soon\n")
    git(root, "add", "-N", "intended.md")
    before, index = status(started), git(root, "ls-files", "-s", "--", "mine.md", "staged new.md", "b.md")

    put(root, "a.md", "ours\n")
    put(root, "playbooks/leeds.md", "ours\n")
    made = commit(started, ["playbooks/leeds.md", "a.md"], "publish")

    assert committed(started, made) == ["a.md", "playbooks/leeds.md"]
    assert status(started) == before
    assert git(root, "ls-files", "-s", "--", "mine.md", "staged new.md", "b.md") == index
    assert (root / "mine.md").read_text() == "staged, then changed\n"
    assert left_behind(started) == []
    git(root, "fsck", "--strict")


def test_only_an_intended_file_and_an_unstaged_change(started):
    put(started.root, "intended.md", "soon\n")
    git(started.root, "add", "-N", "intended.md")
    put(started.root, "mine.md", "changed\n")
    before = status(started)
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert (status(started), committed(started)) == (before, ["a.md"])


def test_our_own_path_was_staged_otherwise(started):
    put(started.root, "a.md", "staged\n")
    put(started.root, "mine.md", "staged\n")
    git(started.root, "add", "-A")
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert git(started.root, "show", "HEAD:a.md") == "ours\n"
    assert status(started) == "M  mine.md\n"


def test_the_first_commit_of_a_repository(repository):
    put(repository.root, "a.md", "a\n")
    put(repository.root, "mine.md", "staged\n")
    git(repository.root, "add", "mine.md")
    put(repository.root, "new.md", "untracked\n")
    made = commit(repository, ["a.md"], "first")
    assert made == repository.head()
    assert committed(repository) == ["a.md"]
    assert status(repository) == "A  mine.md\n?? new.md\n"


def test_the_first_commit_with_nothing_staged(repository):
    put(repository.root, "a.md", "a\n")
    assert commit(repository, ["gone.md"], "nothing") is None
    commit(repository, ["a.md"], "first")
    assert status(repository) == ""


def test_detached_head(started):
    git(started.root, "switch", "-q", "--detach")
    put(started.root, "a.md", "ours\n")
    made = commit(started, ["a.md"], "publish")
    assert (made, started.branch(), status(started)) == (started.head(), None, "")
    assert git(started.root, "rev-parse", "main").strip() != made


def test_removal(started):
    (started.root / "a.md").unlink()
    commit(started, ["a.md", "never was.md"], "publish")
    assert git(started.root, "ls-files").split() == ["b.md", "mine.md"]
    assert status(started) == ""


@pytest.mark.parametrize("staged", [False, True])
def test_a_file_becomes_a_folder_and_back(started, staged):
    if staged:
        put(started.root, "mine.md", "staged\n")
        git(started.root, "add", "mine.md")
    before = status(started)
    (started.root / "a.md").unlink()
    put(started.root, "a.md/part.md", "part\n")
    commit(started, ["a.md", "a.md/part.md"], "folder")
    assert (committed(started), status(started)) == (["a.md", "a.md/part.md"], before)
    shutil.rmtree(started.root / "a.md")
    put(started.root, "a.md", "file\n")
    commit(started, ["a.md", "a.md/part.md"], "file")
    assert (committed(started), status(started)) == (["a.md", "a.md/part.md"], before)


def test_nothing_to_commit(started):
    head = started.head()
    hook(started, "pre-commit", "exit 1\n")
    assert commit(started, ["a.md", "b.md"], "nothing") is None
    assert commit(started, [], "nothing") is None
    assert started.head() == head


@pytest.mark.parametrize(
    "name", ["-rf.md", "--all", "two words.md", "zürich 東京.md", '"quoted".md', "a\nb.md", ":x", "*"]
)
def test_odd_names(started, name):
    put(started.root, name, "ours\n")
    commit(started, [name], "-F is a message, not an option")
    assert git(started.root, "ls-files", "-z").split("\0").count(name) == 1
    assert status(started) == ""
    assert git(started.root, "log", "-1", "--format=%s").strip() == "-F is a message, not an option"


@pytest.mark.parametrize("path", ["../out.md", "/etc/passwd", "", "a/../../out.md", "a\0b"])
def test_paths_that_leave_the_programme(started, path):
    with refused("path-outside"):
        commit(started, [path], "no")


def test_a_programme_in_a_subfolder(started):
    put(started.root, "programme/sites/x.yaml", "x\n")
    programme = Repository.find(started.root / "programme")
    put(started.root, "sites/x.yaml", "not ours\n")
    commit(programme, ["sites/x.yaml"], "publish")
    assert committed(started) == ["programme/sites/x.yaml"]
    assert status(started) == "?? sites/\n"


def test_a_linked_worktree(started, tmp_path):
    git(started.root, "worktree", "add", "-q", "-b", "linked", str(tmp_path / "linked"))
    linked = Repository.find(tmp_path / "linked")
    put(started.root, "mine.md", "staged\n")
    git(started.root, "add", "mine.md")
    put(linked.root, "a.md", "ours\n")
    made = commit(linked, ["a.md"], "publish")
    assert git(started.root, "rev-parse", "linked").strip() == made
    assert (status(linked), status(started)) == ("", "M  mine.md\n")


def test_a_submodule_next_door(started, tmp_path):
    other = Repository.create(tmp_path / "other")
    put(other.root, "x.md", "x\n")
    commit(other, ["x.md"], "x")
    git(started.root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "sub")
    git(started.root, "commit", "-qm", "submodule")
    put(started.root, "sub/x.md", "changed inside\n")
    before = status(started)
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert (status(started), committed(started)) == (before, ["a.md"])
    with refused("commit-failed"):
        commit(started, ["sub/x.md"], "into the submodule")
    assert (status(started), left_behind(started)) == (before, [])


def test_automatic_line_ends(started):
    git(started.root, "config", "core.autocrlf", "true")
    put(started.root, "a.md", "lf\n")
    put(started.root, "b.md", "crlf\r\n")
    commit(started, ["a.md", "b.md"], "publish")
    assert status(started) == ""
    assert git(started.root, "show", "HEAD:b.md") == "crlf\n"


def test_marked_as_unchanged_or_not_checked_out(started):
    git(started.root, "update-index", "--assume-unchanged", "a.md")
    git(started.root, "update-index", "--skip-worktree", "b.md", "mine.md")
    put(started.root, "a.md", "ours\n")
    put(started.root, "b.md", "ours\n")
    commit(started, ["a.md", "b.md"], "publish")
    assert committed(started) == ["a.md", "b.md"]
    assert git(started.root, "show", "HEAD:b.md") == "ours\n"
    assert status(started) == ""
    assert "S mine.md" in git(started.root, "ls-files", "-v")


def test_sparse_checkout(started):
    put(started.root, "away/x.md", "x\n")
    git(started.root, "add", "-A")
    git(started.root, "commit", "-qm", "away")
    git(started.root, "sparse-checkout", "set", "playbooks")
    put(started.root, "playbooks/leeds.md", "ours\n")
    put(started.root, "away/y.md", "outside of what is checked out\n")
    commit(started, ["playbooks/leeds.md", "away/y.md"], "publish")
    assert committed(started) == ["away/y.md", "playbooks/leeds.md"]
    assert status(started) == ""
    assert git(started.root, "ls-files", "away").split() == ["away/x.md", "away/y.md"]


def test_a_shallow_clone_and_a_split_index(started, tmp_path):
    put(started.root, "a.md", "second\n")
    commit(started, ["a.md"], "second")
    git(tmp_path, "clone", "-q", "--depth=1", started.root.as_uri(), "shallow")
    shallow = Repository.find(tmp_path / "shallow")
    git(shallow.root, "update-index", "--split-index")
    git(shallow.root, "config", "core.splitIndex", "true")
    put(shallow.root, "mine.md", "staged\n")
    git(shallow.root, "add", "mine.md")
    put(shallow.root, "a.md", "ours\n")
    commit(shallow, ["a.md"], "publish")
    assert (status(shallow), committed(shallow)) == ("M  mine.md\n", ["a.md"])


@pytest.mark.parametrize("zone", [UTC, timezone(-timedelta(hours=3, minutes=30))])
def test_a_commit_with_a_date_is_the_same_commit(tmp_path, zone):
    when, ids = datetime(2027, 1, 4, 9, tzinfo=zone), []
    for name in ("one", "two"):
        repository = Repository.create(tmp_path / name)
        put(repository.root, "a.md", "a\n")
        ids.append(commit(repository, ["a.md"], "Demo\n\n# kept\n\nWave: north", when=when))
        assert datetime.fromisoformat(git(repository.root, "log", "-1", "--format=%aI").strip()) == when
        assert git(repository.root, "log", "-1", "--format=%B").strip() == "Demo\n\n# kept\n\nWave: north"
    assert ids[0] == ids[1]
    with pytest.raises(ValueError, match="time zone"):
        commit(repository, ["b.md"], "x", when=datetime(2027, 1, 4))
    with pytest.raises(ValueError, match="message"):
        commit(repository, ["b.md"], " \n")


# Hooks, signing, identity, locks


def test_a_hook_sees_exactly_our_paths(started):
    seen = started.git_dir.parent.parent / "seen"
    hook(started, "pre-commit", f"git diff --cached --name-only > '{seen}'\n")
    put(started.root, "mine.md", "staged\n")
    git(started.root, "add", "mine.md")
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert seen.read_text() == "a.md\n"
    assert status(started) == "M  mine.md\n"


@pytest.mark.parametrize("name", ["pre-commit", "commit-msg"])
def test_a_hook_refuses(started, name):
    hook(started, name, "printf '\\033[31mno go-live on a Friday\\033[0m\\a\\n' >&2; exit 1\n")
    put(started.root, "mine.md", "staged\n")
    git(started.root, "add", "mine.md")
    put(started.root, "a.md", "ours\n")
    put(started.root, "new.md", "ours\n")
    head, before, index = started.head(), status(started), (started.git_dir / "index").read_bytes()
    with refused("hook-failed") as caught:
        commit(started, ["a.md", "new.md"], "publish")
    assert caught.value.problems[0].message.endswith(": no go-live on a Friday")
    assert (started.head(), (started.git_dir / "index").read_bytes()) == (head, index)
    assert (status(started), left_behind(started)) == (before, [])


@pytest.mark.parametrize("staged", [False, True])
def test_a_hook_that_adds_and_mends(started, staged):
    hook(started, "pre-commit", "echo mended >> a.md; echo list > list.md; git add a.md list.md\n")
    if staged:
        put(started.root, "mine.md", "staged\n")
        git(started.root, "add", "mine.md")
    before = status(started)
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert git(started.root, "show", "HEAD:a.md") == "ours\nmended\n"
    assert (committed(started), status(started)) == (["a.md", "list.md"], before)


def test_signing(started, tmp_path):
    program = tmp_path / "gpg"
    program.write_text(
        '#!/bin/sh\ncat > /dev/null\necho "[GNUPG:] SIG_CREATED " >&2\n'
        "printf -- '-----BEGIN PGP SIGNATURE-----\\nfake\\n-----END PGP SIGNATURE-----\\n'\n"
    )
    program.chmod(0o755)
    git(started.root, "config", "gpg.program", str(program))
    git(started.root, "config", "commit.gpgSign", "true")
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert "BEGIN PGP SIGNATURE" in git(started.root, "cat-file", "commit", "HEAD")
    program.write_text("#!/bin/sh\necho 'no secret key' >&2\nexit 2\n")
    put(started.root, "a.md", "again\n")
    head = started.head()
    with refused("commit-failed") as caught:
        commit(started, ["a.md"], "publish")
    assert "gpg failed to sign" in str(caught.value)
    assert (started.head(), status(started), left_behind(started)) == (head, " M a.md\n", [])


def test_nobody_is_named(started, monkeypatch):
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{role}_NAME")
        monkeypatch.delenv(f"GIT_{role}_EMAIL")
    git(started.root, "config", "user.useConfigOnly", "true")
    put(started.root, "a.md", "ours\n")
    with refused("no-identity") as caught:
        commit(started, ["a.md"], "publish")
    assert "git config user.email" in caught.value.problems[0].hint
    assert status(started) == " M a.md\n"


@pytest.mark.parametrize("lock", ["index.lock", "refs/heads/main.lock"])
def test_git_is_busy(started, lock):
    held = started.git_dir / lock
    held.write_text("")
    put(started.root, "a.md", "ours\n")
    with refused("git-busy") as caught:
        commit(started, ["a.md"], "publish")
    assert caught.value.problems[0].path == str(held)
    assert held.exists()
    held.unlink()
    commit(started, ["a.md"], "publish")
    assert status(started) == ""


def test_files_in_the_way_of_the_private_index(started):
    put(started.root, "a.md", "ours\n")
    for name in ("rollout-index", "rollout-index.lock"):
        (started.git_dir / name).write_text("left by a run that was killed")
    assert commit(started, ["a.md"], "publish")
    assert (status(started), left_behind(started)) == ("", [])


def test_gits_lock_is_held_while_hooks_run(started):
    """As `git commit -- PATH` does, so that nothing can change the index between its copy and its replacement."""
    hook(started, "pre-commit", "env -u GIT_INDEX_FILE git add mine.md 2> ../said; true\n")
    put(started.root, "mine.md", "changed\n")
    put(started.root, "a.md", "ours\n")
    commit(started, ["a.md"], "publish")
    assert "index.lock" in (started.root / "../said").read_text()
    assert (committed(started), status(started)) == (["a.md"], " M mine.md\n")


def test_gits_lock_is_ours_from_its_first_moment(started, monkeypatch):
    """Were we killed with an empty lock there, it would look like somebody else's for ever."""
    seen = []

    def link(source, target):
        seen.append((target.exists(), Path(source).read_text()))
        raise OSError(95, "Operation not supported")

    put(started.root, "a.md", "ours\n")
    monkeypatch.setattr("rollout.repository.committing.os.link", link)
    head = started.head()
    assert commit(started, ["a.md"], "publish")  # on a disk without links too
    assert seen == [(False, f"rollout commits on top of {head}\n")]
    assert (status(started), left_behind(started)) == ("", [])


def test_a_hook_that_changes_head_and_then_fails_the_commit(started):
    hook(started, "pre-commit", "git reset -q --soft HEAD; exit 1\n")
    put(started.root, "a.md", "ours\n")
    with refused("hook-failed"):
        commit(started, ["a.md"], "publish")
    assert (status(started), left_behind(started)) == (" M a.md\n", [])


def test_a_run_killed_in_a_hook_is_waited_for(started):
    """The commit of a killed run goes on by itself, with all of its message; the next run ends its work."""
    put(started.root, "a.md", "ours\n")
    put(started.root, "new.md", "ours\n")
    hook(started, "pre-commit", "touch ../begun; sleep 1\n")
    script = "import sys; from pathlib import Path; from rollout.repository import Repository\n"
    script += "from rollout.repository.committing import commit\n"
    script += "commit(Repository.find(Path(sys.argv[1])), ['a.md', 'new.md'], 'publish\\n\\n' + 30_000 * 'line\\n')"
    run = subprocess.Popen([sys.executable, "-c", script, str(started.root)])
    begun = started.root.parent / "begun"
    while not begun.exists():
        assert run.poll() is None
    run.kill()
    run.wait()
    ready(started)
    assert committed(started) == ["a.md", "new.md"]
    assert git(started.root, "log", "-1", "--format=%B").count("line") == 30_000
    assert (status(started), left_behind(started)) == ("", [])


def test_work_staged_after_a_killed_run_is_not_touched(started):
    put(started.root, "a.md", "ours\n")
    old, index = started.head(), (started.git_dir / "index").read_bytes()
    commit(started, ["a.md"], "publish")
    (started.git_dir / "index").write_bytes(index)
    put(started.root, "b.md", "staged\n")
    git(started.root, "add", "b.md")
    (started.git_dir / "index.lock").write_text(f"rollout commits on top of {old}\n")
    ready(started)
    assert status(started) == "M  b.md\n"
    assert not (started.git_dir / "index.lock").exists()


def test_a_run_killed_before_its_commit(started):
    put(started.root, "a.md", "ours\n")
    index = (started.git_dir / "index").read_bytes()
    (started.git_dir / "index.lock").write_text(f"rollout commits on top of {started.head()}\n")
    (started.git_dir / "rollout-index").write_bytes(index)
    ready(started)
    assert (started.git_dir / "index").read_bytes() == index
    assert (status(started), left_behind(started)) == (" M a.md\n", [])


def test_the_very_first_commit_of_a_killed_run(repository):
    put(repository.root, "a.md", "ours\n")
    commit(repository, ["a.md"], "publish")
    (repository.git_dir / "index").unlink()
    (repository.git_dir / "index.lock").write_text("rollout commits on top of None\n")
    ready(repository)
    assert status(repository) == ""
