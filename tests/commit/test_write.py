"""Writing: old or new, never half, and nothing outside."""

import fcntl
import os
import signal
import subprocess
import sys
import weakref
from pathlib import Path

import pytest

from rollout.commit.lock import locked
from rollout.commit.write import write, write_file
from rollout.model.change import Change
from rollout.problem import RolloutError


def new(path, text="new\n"):
    return Change(path, None, text)


def refused(code, path=None):
    return pytest.raises(
        RolloutError,
        check=lambda error: (
            (error.exit_code, error.problems[0].code) == (3, code) and path in (None, error.problems[0].path)
        ),
    )


def files(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir())


def test_files_are_made_replaced_and_removed(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "gone.md").write_text("x")
    (tmp_path / "kept.md").write_text("x")
    changes = [
        new("playbooks/leeds/one two.md", "Zürich\r\n\n東京"),
        Change("kept.md", "x", "y"),
        Change("same.md", "x", "x"),
        Change("old/gone.md", "x", None),
        Change("never/was.md", "x", None),
        new("-x.md", ""),
    ]
    paths = write(tmp_path, iter(changes))
    assert paths == ("-x.md", "kept.md", "never/was.md", "old/gone.md", "playbooks/leeds/one two.md")
    assert files(tmp_path) == ["-x.md", "kept.md", "playbooks/leeds/one two.md"]
    assert (tmp_path / "playbooks/leeds/one two.md").read_bytes() == "Zürich\r\n\n東京".encode()
    assert (tmp_path / "kept.md").read_bytes() == b"y"
    assert not (tmp_path / "old").exists()


def test_nothing_to_write_makes_nothing(tmp_path):
    assert write(tmp_path, [Change("a/b.md", "x", "x"), Change("a/c.md", None, None)]) == ()
    assert list(tmp_path.iterdir()) == []


def test_changes_are_not_kept(tmp_path):
    class Text(str):
        __slots__ = ("__weakref__",)

    alive = weakref.WeakSet()

    def stream():
        for number in range(50):
            text = Text(f"{number}")
            alive.add(text)
            yield new(f"{number}.md", text)
            del text
            assert len(alive) <= 2

    assert len(write(tmp_path, stream())) == 50


@pytest.mark.parametrize("broken", [ValueError, KeyboardInterrupt])
def test_what_breaks_while_changes_are_taken_leaves_the_disk_as_it_was(tmp_path, broken):
    (tmp_path / "there").mkdir()
    (tmp_path / "there/old.md").write_text("old")
    (tmp_path / "there/gone.md").write_text("still here")

    def stream():
        yield Change("there/old.md", "old", "new")
        yield Change("there/gone.md", "still here", None)
        yield new("made/below/a.md")
        raise broken

    with pytest.raises(broken):
        write(tmp_path, stream())
    assert files(tmp_path) == ["there/gone.md", "there/old.md"]
    assert (tmp_path / "there/old.md").read_text() == "old"
    assert not (tmp_path / "made").exists()


def test_permissions_follow_the_umask_and_are_kept(tmp_path):
    script = tmp_path / "run.sh"
    script.write_text("old")
    script.chmod(0o750)
    mask = os.umask(0o027)
    try:
        write(tmp_path, [new("a.md"), Change("run.sh", "old", "new")])
    finally:
        os.umask(mask)
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640
    assert script.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(
    "path",
    [
        "../out.md",
        "/etc/out.md",
        "a/../../out.md",
        "",
        "a//b.md",
        "a/",
        "./a.md",
        ".git/hooks/pre-commit",
        "a/.GIT/x",
        "a\0b",
    ],
)
@pytest.mark.parametrize("after", ["text", None])
def test_paths_outside(tmp_path, path, after):
    root = tmp_path / "root"
    root.mkdir()
    with refused("path-outside", path):
        write(root, [Change(path, "before", after)])
    assert files(tmp_path) == []


@pytest.mark.parametrize("after", ["text", None])
def test_links_that_leave(tmp_path, after):
    root, away = tmp_path / "root", tmp_path / "root and away"
    for folder in (root, away):
        folder.mkdir()
    (away / "secret.md").write_text("secret")
    (root / "link").symlink_to(away)
    (root / "file.md").symlink_to(away / "secret.md")
    with refused("path-outside", "link/secret.md"):
        write(root, [Change("link/secret.md", "secret", after)])
    with refused("path-outside", "file.md"):
        write(root, [Change("file.md", "secret", "text")])
    write(root, [Change("file.md", "secret", None)])
    assert (away / "secret.md").read_text() == "secret"
    assert not (root / "file.md").is_symlink()


def test_links_inside(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("old")
    (tmp_path / "playbooks").symlink_to("docs")
    (tmp_path / "file.md").symlink_to("docs/a.md")
    write(tmp_path, [Change("playbooks/a.md", "old", "new")])
    assert (tmp_path / "docs" / "a.md").read_text() == "new"
    with refused("is-link", "file.md"):
        write(tmp_path, [Change("file.md", "new", "newer")])
    root = tmp_path / "link to root"
    root.symlink_to(tmp_path / "docs")
    write(root, [Change("a.md", "new", "newest")])
    assert (tmp_path / "docs" / "a.md").read_text() == "newest"


def test_what_is_in_the_way(tmp_path):
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "sub" / ".git").mkdir(parents=True)
    for change, code in (
        (new("folder.md"), "in-the-way"),
        (Change("folder.md", "x", None), "in-the-way"),
        (new("file/a.md"), "in-the-way"),
        (new("file"), "changed-meanwhile"),
        (new("sub/a.md"), "other-repository"),
        (new("x" * 300 + ".md"), "name-too-long"),
        (new("half.md", "\ud800"), "not-unicode"),
    ):
        with refused(code, change.path):
            write(tmp_path, [change])
    assert files(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "x"


def test_a_file_size_limit(tmp_path):
    (tmp_path / "old.md").write_text("old")
    script = """
import resource, sys
from pathlib import Path
from rollout.commit.write import write
from rollout.model.change import Change
from rollout.problem import RolloutError
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    write(Path(sys.argv[1]), [Change("small.md", None, "x"), Change("old.md", "old", "x" * 9000)])
except RolloutError as error:
    print(error.exit_code, error.problems[0].code, error.problems[0].path)
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(tmp_path)], check=False, capture_output=True, text=True
    )
    assert done.stdout == "3 file-too-large old.md\n", done.stderr
    assert files(tmp_path) == ["old.md"]
    assert (tmp_path / "old.md").read_text() == "old"


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux")
def test_a_full_disk(tmp_path, monkeypatch):
    real = os.write

    def full(descriptor, data):
        with Path("/dev/full").open("wb", buffering=0) as device:
            return real(device.fileno(), data)

    monkeypatch.setattr("rollout.commit.write.os.write", full)
    with refused("disk-full", "a.md"):
        write(tmp_path, [new("a.md")])
    assert files(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder(tmp_path):
    (tmp_path / "a").mkdir(mode=0o555)
    with refused("not-writable", "a/b.md"):
        write(tmp_path, [new("a/b.md")])


def test_left_over_temporary_files_are_swept(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for name in ("a/.rollout-123-4.tmp", "b/.rollout-123-5.tmp", "a/.rollout-notes", "a/x.tmp"):
        (tmp_path / name).write_text("half")
    write(tmp_path, [new("a/one.md"), new("a/two.md")])
    assert files(tmp_path) == ["a/.rollout-notes", "a/one.md", "a/two.md", "a/x.tmp", "b/.rollout-123-5.tmp"]


def test_the_next_writer_clears_up_behind_one_that_was_killed(tmp_path):
    """Wherever its files are: the next run may have nothing to write there."""
    for name in (
        "a/b/.rollout-123-4.tmp",
        ".rollout/schema/.rollout-123-5.tmp",
        "a/mine.tmp",
        ".venv/.rollout-1-1.tmp",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("half")
    with locked(tmp_path):
        pass
    assert len(files(tmp_path)) == 4
    (tmp_path / ".rollout.lock").write_text("123 /nowhere\n")  # its name is still in it
    with locked(tmp_path):
        assert files(tmp_path) == [".rollout.lock", ".venv/.rollout-1-1.tmp", "a/mine.tmp"]
    assert files(tmp_path) == [".venv/.rollout-1-1.tmp", "a/mine.tmp"]


def test_of_what_a_lock_names_only_programmes_of_its_own_repository_are_cleared_up(tmp_path):
    here, other, away = tmp_path / "here/one", tmp_path / "here/other", tmp_path / "away"
    for folder in (here, other, away):
        folder.mkdir(parents=True)
        (folder / ".rollout-1-1.tmp").write_text("half")
    subprocess.run(["git", "init", "-q", str(here.parent)], check=True)
    for named in (other, away):
        (here.parent / ".git/rollout.lock").write_text(f"123 {named}\n")
        with locked(here):
            pass
    assert [files(folder) for folder in (here, other, away)] == [[], [], [".rollout-1-1.tmp"]]


def test_an_export_clears_up_behind_one_that_was_killed(tmp_path):
    (tmp_path / ".rollout-export-1").write_text("half")
    with (tmp_path / ".rollout-export-2").open("w") as living:
        fcntl.flock(living, fcntl.LOCK_EX)
        write_file(tmp_path / "a.xlsx", b"whole")
        assert files(tmp_path) == [".rollout-export-2", "a.xlsx"]


def test_a_killed_run_leaves_old_or_new(tmp_path):
    old, fresh = "old\n" * 5000, "new\n" * 5000
    for number in range(40):
        (tmp_path / f"{number}.md").write_text(old)
    script = """
import itertools, sys
from pathlib import Path
from rollout.commit.write import write
from rollout.model.change import Change
texts = ("old\\n" * 5000, "new\\n" * 5000)
print("begun", flush=True)
for turn in itertools.count():
    write(Path(sys.argv[1]), (Change(f"{n}.md", texts[turn % 2], texts[(turn + 1) % 2]) for n in range(40)))
"""
    for _ in range(5):
        run = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE)
        assert run.stdout.readline() == b"begun\n"
        run.stdout.close()
        with pytest.raises(subprocess.TimeoutExpired):
            run.wait(0.03)
        run.kill()
        run.wait()
        assert all((tmp_path / f"{number}.md").read_text() in (old, fresh) for number in range(40))
    write(tmp_path, [Change("0.md", (tmp_path / "0.md").read_text(), "x")])
    assert files(tmp_path) == sorted(f"{number}.md" for number in range(40))


LOCKER = """
import sys
from pathlib import Path
from rollout.commit.lock import locked
with locked(Path(sys.argv[1])):
    print("have it", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("kind", ["plain", "repository", "subfolder", "linked"])
def test_one_writer_at_a_time(tmp_path, kind):
    root = tmp_path / "root"
    root.mkdir()
    if kind != "plain":
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run([*git, "init", "-q", "."], cwd=root, check=True)
    if kind == "linked":
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], cwd=root, check=True)
        subprocess.run([*git, "worktree", "add", "-q", "../linked"], cwd=root, check=True)
        root = tmp_path / "linked"
    other = root
    if kind == "subfolder":
        other = root / "programme"
        other.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-c", LOCKER, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert run.stdout.readline() == "have it\n"
    with refused("locked") as caught, locked(other):
        pass
    assert f"process {run.pid})" in str(caught.value)
    run.kill()
    run.communicate()
    with locked(other):
        shown = {path.name for path in root.iterdir()} - {".git", "programme"}
        assert shown == ({".rollout.lock"} if kind == "plain" else set())
    assert {path.name for path in root.iterdir()} - {".git", "programme"} == set()
    assert not list((tmp_path / "root").rglob("rollout.lock"))


@pytest.mark.parametrize("after", ["new", None])
@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_a_person_saved_meanwhile_is_left_alone(tmp_path, after, late):
    page = tmp_path / "a.md"
    page.write_text("saved" if not late else "read")

    def stream():
        yield Change("a.md", "read", after)
        if late:
            page.write_text("saved")

    with refused("changed-meanwhile", "a.md"):
        write(tmp_path, stream())
    assert (files(tmp_path), page.read_text()) == (["a.md"], "saved")


def test_what_another_run_has_written_already_is_fine(tmp_path):
    (tmp_path / "a.md").write_text("new")
    (tmp_path / "b.md").write_bytes(b"\xef\xbb\xbfold")  # read without its mark
    (tmp_path / "c.yaml").write_bytes(b"\xef\xbb\xbfold")  # and with it
    changes = [new("a.md", "new"), Change("b.md", "old", "new"), Change("c.yaml", "\ufeffold", "\ufeffnew")]
    assert write(tmp_path, changes) == ("a.md", "b.md", "c.yaml")
    assert (tmp_path / "c.yaml").read_bytes() == b"\xef\xbb\xbfnew"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_a_failed_run_is_undone_waits(tmp_path, monkeypatch, number):
    class Ended(BaseException):
        pass

    def end(*_):
        raise Ended

    def stream():
        yield from (new("a.md"), new("b.md"))
        raise ValueError

    before, real = signal.signal(number, end), os.unlink

    def unlink(path):
        signal.raise_signal(number)
        real(path)

    try:
        monkeypatch.setattr("rollout.commit.write.os.unlink", unlink)
        with pytest.raises(Ended):
            write(tmp_path, stream())
        assert files(tmp_path) == []
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)
