"""A commit on a new branch beside the user's work, and its way to a remote: real repositories, one over HTTP."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rollout.commit.branch import publish_on_branch
from rollout.commit.publish import Receipt
from rollout.model.change import Change
from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.branches import aside, begun, check_name, tip
from rollout.repository.pushing import push, remote_of, url_of
from tests.conftest import git

NAME = "plan/later"
CHANGES = (
    Change("playbooks/leeds.md", "old\n", "new\n"),
    Change("playbooks/york.md", "old\n", "old\n"),
    Change("old/hull.md", "old\n", None),
    Change("playbooks/new site/training.md", None, "new\n"),
)
PATHS = ("old/hull.md", "playbooks/leeds.md", "playbooks/new site/training.md")


@pytest.fixture
def mine(tmp_path: Path) -> Repository:
    """A repository with one commit, and work of the user in every state."""
    repository = Repository.create(tmp_path / "work")
    for name in ("playbooks/leeds.md", "playbooks/york.md", "old/hull.md", "mine.md", "sites/a.yaml"):
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


def state(repository: Repository) -> tuple[object, ...]:
    """Everything that must be as it was: status, index, HEAD, files, branches, worktrees, what we keep beside git."""
    root = repository.root
    index = (repository.git_dir / "index").read_bytes()
    said = git(root, "status", "--porcelain=v2", "--branch", "--untracked-files=all")
    files = {p: p.read_bytes() for p in sorted(root.rglob("*")) if ".git" not in p.parts and p.is_file()}
    left = sorted(p.name for p in repository.git_dir.iterdir() if p.name.startswith("rollout"))
    temporary = sorted(p.name for p in Path(os.environ["TMPDIR"]).iterdir())
    worktrees = git(root, "worktree", "list", "--porcelain").count("worktree ")
    return said, index, (repository.git_dir / "HEAD").read_text(), files, left, temporary, worktrees


@pytest.fixture(autouse=True)
def _own_temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("temporary")))
    monkeypatch.setattr(tempfile, "tempdir", None)


def published(repository: Repository, name: str = NAME, inputs: tuple[str, ...] = ()) -> Receipt:
    check_name(repository, name)
    before, branches = state(repository), git(repository.root, "branch")
    try:
        return publish_on_branch(
            repository, repository.root / repository.prefix, CHANGES, "Publish", name, inputs=inputs
        )
    except RolloutError:
        assert git(repository.root, "branch") == branches
        raise
    finally:
        assert state(repository) == before


def refused(run: object, code: str, exit_code: int) -> str:
    with pytest.raises(RolloutError) as caught:
        run()  # type: ignore[operator]  # it is a function
    assert ([p.code for p in caught.value.problems], caught.value.exit_code) == ([code], exit_code)
    return str(caught.value)


def hook(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)


# ---- the commit


def test_one_commit_on_a_new_branch_and_nothing_else_changes(mine: Repository) -> None:
    (mine.root / "sites/a.yaml").write_text("edited\n")
    (mine.root / "sites/b.yaml").write_text("new\n")
    receipt = published(mine, inputs=("sites/a.yaml", "sites/b.yaml"))
    paths = ("old/hull.md", *PATHS[1:], "sites/a.yaml", "sites/b.yaml")
    assert receipt == Receipt(tip(mine, NAME), NAME, 5, paths)
    assert git(mine.root, "show", "--name-only", "--format=%P %s", NAME).split("\n\n") == [
        f"{mine.head()} Publish", "".join(f"{path}\n" for path in paths),
    ]  # fmt: skip
    assert git(mine.root, "show", f"{NAME}:sites/a.yaml") == "edited\n"
    assert git(mine.root, "show", f"{NAME}:mine.md") == "old\n"


def test_an_input_removed_or_turned_into_a_folder(mine: Repository) -> None:
    (mine.root / "sites/a.yaml").unlink()
    (mine.root / "sites/a.yaml").mkdir()
    (mine.root / "sites/a.yaml/b.yaml").write_text("new\n")
    published(mine, inputs=("sites/a.yaml", "sites/a.yaml/b.yaml"))
    assert git(mine.root, "ls-tree", "-r", "--name-only", NAME, "sites") == "sites/a.yaml/b.yaml\n"


def test_a_folder_turned_into_an_input(mine: Repository) -> None:
    (mine.root / "sites/b").mkdir()
    (mine.root / "sites/b/c.yaml").write_text("old\n")
    git(mine.root, "add", "sites/b")
    git(mine.root, "commit", "-qm", "folder", "--", "sites/b")
    (mine.root / "sites/b/c.yaml").unlink()
    (mine.root / "sites/b").rmdir()
    (mine.root / "sites/b").write_text("new\n")
    hook(mine.git_dir / "hooks", "pre-commit", "exit 0")  # for hooks the files of HEAD are laid out
    published(mine, inputs=("sites/b", "sites/b/c.yaml"))
    assert git(mine.root, "ls-tree", "-r", "--name-only", NAME, "sites/b") == "sites/b\n"


def test_line_ends_are_as_the_attributes_of_head_say(mine: Repository) -> None:
    (mine.root / ".gitattributes").write_text("*.yaml text eol=lf\n")
    git(mine.root, "add", ".gitattributes")
    git(mine.root, "commit", "-qm", "attributes", ".gitattributes")
    (mine.root / "sites/a.yaml").write_bytes(b"edited\r\n")
    published(mine, inputs=("sites/a.yaml",))
    assert git(mine.root, "cat-file", "-s", f"{NAME}:sites/a.yaml") == "7\n"


def test_a_page_the_user_deleted_is_written_again(mine: Repository) -> None:
    (mine.root / "playbooks/leeds.md").unlink()
    before = state(mine)
    publish_on_branch(mine, mine.root, [Change("playbooks/leeds.md", None, "new\n")], "Publish", NAME)
    assert state(mine) == before
    assert git(mine.root, "show", f"{NAME}:playbooks/leeds.md") == "new\n"


def test_a_detached_head_and_a_linked_worktree(mine: Repository) -> None:
    git(mine.root, "switch", "-q", "--detach")
    published(mine)
    git(mine.root, "worktree", "add", "-q", "-b", "other", "../linked")
    linked = Repository.find(mine.root.parent / "linked")
    assert published(linked, "from/linked").branch == "from/linked"
    assert mine.branch() is None


def test_a_programme_in_a_subfolder(mine: Repository) -> None:
    (mine.root / "programme").mkdir()
    below = Repository.find(mine.root / "programme")
    assert published(below).files == 3
    names = git(mine.root, "show", "--format=", "--name-only", NAME).split("\n")[:-1]
    assert names == [f"programme/{path}" for path in PATHS[1:]]


def test_the_same_again_is_found_and_something_else_refused(mine: Repository) -> None:
    first = published(mine)
    assert (again := published(mine)).commit == first.commit
    assert (first.is_new, again.is_new) == (True, False)
    (mine.root / "sites/a.yaml").write_text("edited\n")
    said = refused(lambda: published(mine, inputs=("sites/a.yaml",)), "branch-exists", 1)
    assert first.commit and first.commit[:10] in said and f"git branch -D {NAME}" in said
    assert tip(mine, NAME) == first.commit


def test_nothing_to_publish_makes_no_branch(mine: Repository) -> None:
    assert publish_on_branch(mine, mine.root, CHANGES[1:2], "Publish", NAME) == Receipt(None, None, 0, ())
    same = publish_on_branch(mine, mine.root, (), "Publish", NAME, inputs=["sites/a.yaml"])
    assert same == Receipt(None, None, 0, ())
    assert tip(mine, NAME) is None


@pytest.mark.parametrize("name", ["-d", "--upload-pack=x", "a b", "a..b", "x.lock", "@{-1}", "HEAD", "", "a\0b", "a:b"])
def test_names_git_does_not_allow(mine: Repository, name: str) -> None:
    refused(lambda: check_name(mine, name), "branch-name", 2)


def test_the_branch_one_is_on_and_one_in_the_way(mine: Repository) -> None:
    refused(lambda: check_name(mine, "main"), "branch-exists", 2)
    assert "cannot" in refused(lambda: published(mine, "main/later"), "branch-failed", 3)


def test_no_commit_to_begin_from(tmp_path: Path) -> None:
    refused(lambda: check_name(Repository.create(tmp_path / "new"), NAME), "no-commit", 3)


def test_in_the_middle_of_a_merge(mine: Repository) -> None:
    (mine.git_dir / "MERGE_HEAD").write_text(f"{mine.head()}\n")
    refused(lambda: published(mine), "git-in-progress", 3)


def test_hooks_see_the_new_files_on_the_new_branch(mine: Repository) -> None:
    hook(
        mine.git_dir / "hooks",
        "pre-commit",
        "cat playbooks/leeds.md mine.md > /dev/stderr; git branch --show-current >&2; exit 1",
    )
    hook(mine.git_dir / "hooks", "post-checkout", "echo checked out >> .git-was-here; exit 1")
    assert "refused it: new\nold\nplan/later;" in refused(lambda: published(mine), "hook-failed", 3)
    hook(mine.git_dir / "hooks", "pre-commit", "echo formatted >> playbooks/leeds.md; git add playbooks/leeds.md")
    published(mine)
    assert git(mine.root, "show", f"{NAME}:playbooks/leeds.md") == "new\nformatted\n"
    assert git(mine.root, "diff", "--name-only", "HEAD", NAME).split("\n")[:-1] == list(PATHS)


def test_hooks_kept_in_the_tree_and_not_committed_run_too(mine: Repository) -> None:
    git(mine.root, "config", "core.hooksPath", ".hooks/_")
    hook(mine.root / ".hooks/_", "pre-commit", "echo lent >&2; exit 1")
    assert "lent" in refused(lambda: published(mine), "hook-failed", 3)


def test_a_signature_that_cannot_be_made(mine: Repository) -> None:
    git(mine.root, "config", "commit.gpgSign", "true")
    git(mine.root, "config", "gpg.program", "false")
    assert "gpg failed to sign" in refused(lambda: published(mine), "commit-failed", 3)


def test_what_a_killed_run_left_is_gone_with_the_next(mine: Repository, tmp_path: Path) -> None:
    script = """
import os, sys
from pathlib import Path
from rollout.repository import Repository
from rollout.repository.branches import aside, begun
repository = Repository.find(Path(sys.argv[1]))
with aside(repository) as there, begun(there, sys.argv[2]):
    os._exit(9)
"""
    before = state(mine)
    import sys

    for name in (NAME, "another"):
        assert subprocess.run([sys.executable, "-c", script, mine.root, name], check=False).returncode == 9
    assert state(mine) != before and tip(mine, "another") == mine.head()
    publish_on_branch(mine, mine.root, CHANGES, "Publish", NAME)
    assert state(mine) == before
    assert tip(mine, "another") is None


def test_a_note_that_is_not_whole_takes_nothing_away(mine: Repository) -> None:
    """Of an empty one, as a loss of power leaves it, the path is "here", and here is the user's own worktree."""
    git(mine.root, "worktree", "add", "-q", "-b", "other", "../linked")
    linked = Repository.find(mine.root.parent / "linked")
    (linked.root / "work.md").write_text("mine\n")
    for half in ("", "\n", "rollout-1/x\n", f"{linked.root}\n"):
        (linked.git_dir / "rollout-branch").write_text(half)
        publish_on_branch(linked, linked.root, CHANGES, "Publish", "from/linked")
        assert (linked.root / "work.md").read_text() == "mine\n"
        git(linked.root, "branch", "-qD", "from/linked")


def test_a_branch_that_somebody_else_makes_meanwhile_stays(mine: Repository) -> None:
    git(mine.root, "branch", NAME)
    with aside(mine) as there:
        refused(lambda: begun(there, NAME).__enter__(), "branch-failed", 3)
    assert tip(mine, NAME) == mine.head()


# ---- to a remote


@pytest.fixture
def remote(mine: Repository, tmp_path: Path) -> Path:
    """An empty bare repository, origin of ours."""
    bare = tmp_path / "remote.git"
    git(tmp_path, "init", "-q", "--bare", str(bare))
    git(mine.root, "remote", "add", "origin", bare.as_uri())
    return bare


def pushed(repository: Repository, name: str = NAME) -> None:
    before = state(repository)
    try:
        push(repository, name, remote_of(repository))
    finally:
        assert state(repository) == before


def test_a_push_and_again(mine: Repository, remote: Path) -> None:
    made = published(mine).commit
    git(mine.root, "tag", "-am", "not asked for", "v1", NAME)
    git(mine.root, "config", "push.followTags", "true")
    for _ in range(2):
        pushed(mine)
    assert git(remote, "for-each-ref", "--format=%(refname) %(objectname)") == f"refs/heads/{NAME} {made}\n"
    assert git(mine.root, "rev-parse", "--symbolic-full-name", f"{NAME}@{{u}}") == f"refs/remotes/origin/{NAME}\n"


def test_never_by_force(mine: Repository, remote: Path) -> None:
    git(mine.root, "push", "-q", "origin", f"main:{NAME}")
    git(mine.root, "branch", NAME, git(mine.root, "commit-tree", "-m", "x", "HEAD^{tree}").strip())
    git(mine.root, "config", "remote.origin.push", "+refs/heads/*:refs/heads/*")
    said = refused(lambda: pushed(mine), "push-rejected", 3)
    assert f"the branch {NAME} is committed here but did not reach origin: the remote has a branch of this name" in said
    assert git(remote, "rev-parse", NAME) == git(mine.root, "rev-parse", "main")


def test_the_remote_declines(mine: Repository, remote: Path) -> None:
    hook(remote / "hooks", "pre-receive", "echo branches begin with a ticket; exit 1")
    made = published(mine).commit
    said = refused(lambda: pushed(mine), "push-rejected", 3)
    assert "refused it (pre-receive hook declined): branches begin with a ticket" in said
    assert f"`git push -u origin {NAME}`" in said
    assert tip(mine, NAME) == made
    (remote / "hooks/pre-receive").unlink()
    pushed(mine)


def test_a_hook_of_ours_declines(mine: Repository, remote: Path) -> None:
    published(mine)
    hook(mine.git_dir / "hooks", "pre-push", "echo not on Fridays >&2; exit 1")
    assert "not on Fridays" in refused(lambda: pushed(mine), "hook-failed", 3)


def test_a_remote_that_is_not_there(mine: Repository, remote: Path) -> None:
    published(mine)
    remote.rename(remote.with_name("moved.git"))
    assert "git remote -v" in refused(lambda: pushed(mine), "push-failed", 3)
    git(mine.root, "remote", "set-url", "origin", "http://127.0.0.1:1/x.git")
    refused(lambda: pushed(mine), "push-failed", 3)


def test_which_remote(mine: Repository) -> None:
    assert "git remote add" in refused(lambda: remote_of(mine), "no-remote", 3)
    git(mine.root, "remote", "add", "hub", "https://ada:secret@git.example.com/acme.git")
    assert remote_of(mine) == "hub"
    assert url_of(mine, "hub") == "https://git.example.com/acme.git"
    git(mine.root, "remote", "set-url", "hub", "https://ada:se@cret@git.example.com/acme@2.git")
    assert url_of(mine, "hub") == "https://git.example.com/acme@2.git"
    git(mine.root, "remote", "add", "fork", "../fork")
    assert "hub" in refused(lambda: remote_of(mine), "no-remote", 3)
    assert 'mean "hub"' in refused(lambda: remote_of(mine, "hubb"), "no-remote", 3)
    refused(lambda: remote_of(mine, "--upload-pack=x"), "no-remote", 3)
    git(mine.root, "remote", "add", "origin", "../origin")
    assert remote_of(mine) == "origin"
    git(mine.root, "config", "branch.main.remote", "hub")
    assert (remote_of(mine), remote_of(mine, "fork")) == ("hub", "fork")
    git(mine.root, "config", "branch.main.remote", ".")
    assert remote_of(mine) == "origin"
    git(mine.root, "config", "remote.pushDefault", "fork")
    assert remote_of(mine) == "fork"
    git(mine.root, "switch", "-q", "--detach")
    assert remote_of(mine) == "origin"


class _Git(BaseHTTPRequestHandler):
    """git's own server program behind Python's, on this machine only."""

    server: _Server

    def do_GET(self) -> None:
        if self.headers["Authorization"] is None and self.server.wants_login:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="acme"')
            self.end_headers()
            return
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        env = {
            "GIT_PROJECT_ROOT": str(self.server.folder), "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": self.headers["Content-Type"] or "", "REMOTE_USER": "ada", "REMOTE_ADDR": "127.0.0.1",
            "GIT_PROTOCOL": self.headers["Git-Protocol"] or "", "PATH": os.environ["PATH"],
            "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or "", "GIT_CONFIG_NOSYSTEM": "1",
        }  # fmt: skip
        done = subprocess.run(["git", "http-backend"], input=body, env=env, capture_output=True, check=True)
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        fields = [line.partition(": ") for line in head.decode().split("\r\n")]
        self.send_response(next((int(value[:3]) for key, _, value in fields if key == "Status"), 200))
        for key, _, value in fields:
            if key != "Status":
                self.send_header(key, value)
        self.end_headers()
        self.wfile.write(rest)

    do_POST = do_GET

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    folder: Path
    wants_login = False


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    if not Path(git(tmp_path, "--exec-path").strip(), "git-http-backend").exists():
        pytest.skip("git-http-backend is not installed")
    server = _Server(("127.0.0.1", 0), _Git)
    server.folder = tmp_path
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_over_http_a_login_that_is_missing_and_then_the_push(mine: Repository, remote: Path, server: _Server) -> None:
    git(remote, "config", "http.receivepack", "true")
    git(mine.root, "config", "http.proxy", "")
    git(mine.root, "remote", "set-url", "origin", f"http://127.0.0.1:{server.server_port}/remote.git")
    made = published(mine).commit
    server.wants_login = True
    said = refused(lambda: pushed(mine), "push-login", 3)
    assert "the remote wants a login, and git has none stored" in said
    assert tip(mine, NAME) == made
    server.wants_login = False
    pushed(mine)
    assert git(remote, "rev-parse", NAME).strip() == made
    git(mine.root, "remote", "set-url", "origin", f"http://ada:secret@127.0.0.1:{server.server_port}/gone.git")
    assert "secret" not in refused(lambda: pushed(mine), "push-failed", 3)
