"""A render that found nothing to do is remembered, and forgotten as soon as anything is different."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from rollout.commit.lock import memory_of
from rollout.load import untouched
from rollout.load.untouched import recall, signature
from rollout.model.result import RenderedPages
from rollout.pipeline import plan, publishing
from tests.conftest import TODAY, Write

FILES = {
    "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\nlighthouse: a\nweb: https://git.example.com/x\n",
    "sites/a.yaml": "name: Aa\ncountry: FR\nsponsor: {name: A}\n",
    "sites/b.yaml": "name: Bb\ncountry: FR\nsponsor: {name: A}\n",
}
PAGE = "playbooks/v/a/checklist.md"
MEMORY = ".git/rollout-v.rendered"


@pytest.fixture
def settled(programme_folder: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A programme whose pages were rendered a while ago, twice."""
    root = programme_folder(FILES)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    plan(root, TODAY)
    publishing.render(root, TODAY)
    monkeypatch.setattr(untouched, "_TICK", -(10**15))
    publishing.render(root, TODAY)
    return root


def _work(root: Path, monkeypatch: pytest.MonkeyPatch, *, check: bool = False) -> tuple[int, RenderedPages]:
    """How often pages were made, and what rendering says."""
    made: list[int] = []
    pages = publishing.pages
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "pages", lambda *given: made.append(1) or pages(*given))
        said = publishing.render(root, TODAY, check=check)
    return len(made), said


def test_nothing_is_rendered_again_and_the_answer_is_the_same(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (settled / MEMORY).rename(settled / ".git/kept")
    made, whole = _work(settled, monkeypatch, check=True)
    (settled / ".git/kept").rename(settled / MEMORY)
    assert (made, whole.unchanged > 0) == (1, True)
    for check in (False, True):
        assert _work(settled, monkeypatch, check=check) == (0, whole)


def _same_size_and_time(root: Path) -> None:
    page = root / PAGE
    before = page.stat()
    page.write_bytes(page.read_bytes().replace(b"- [ ]", b"- [x]", 1))
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(root: Path) -> None:
    (root / PAGE).rename(root / "was")
    (root / PAGE).write_bytes((root / "was").read_bytes())


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a box ticked": _same_size_and_time,
    "a page replaced": _replaced,
    "a page gone": lambda root: (root / PAGE).unlink(),
    "a page nobody asked for": lambda root: _write(root / "playbooks/v/wave-07.md", "x\n"),
    "a name": lambda root: _write(root / "sites/b.yaml", "name: Cc\ncountry: FR\nsponsor: {name: A}\n"),
    "a touch": lambda root: (root / "sites/a.yaml").touch(),
    "a template": lambda root: _write(root / "templates/documents/go-no-go.md.j2", "# X <!-- rollout:page:title -->\n"),
    "a text": lambda root: _write(root / "waves/v/content/en/why.md", "Because.\n"),
    "a record": lambda root: _write(
        root / "waves/v/records/a.yaml", "- {status: preparing, on: 2026-09-30, by: A}\n"
    ),
    "a damaged memory": lambda root: (root / MEMORY).write_bytes(b"\xff x"),
    "no memory": lambda root: (root / MEMORY).unlink(),
}  # fmt: skip


def test_any_change_is_seen(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, change in CHANGES.items():
        change(settled)
        assert (name, _work(settled, monkeypatch)[0]) == (name, 1)
        publishing.render(settled, TODAY)
        (settled / "playbooks/v/wave-07.md").unlink(missing_ok=True)
        publishing.render(settled, TODAY)


def test_what_changed_a_moment_ago_may_change_again_unseen(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (settled / PAGE).touch()
    assert signature(settled, ("playbooks",)) is not None
    monkeypatch.setattr(untouched, "_TICK", 10**15)
    assert signature(settled, ("playbooks",)) is None


def test_a_file_that_was_made_to_look_old_is_as_young_as_its_last_change(settled: Path) -> None:
    os.utime(settled / PAGE, ns=(0, 0))
    found = (settled / PAGE).stat()
    assert untouched._line("a", found, False)[1] == found.st_ctime_ns


def test_links_are_not_trusted(settled: Path) -> None:
    assert signature(settled, ("sites",)) is not None
    (settled / "sites/c.yaml").symlink_to("a.yaml")
    assert signature(settled, ("sites",)) is None


def test_what_a_person_deleted_is_said_every_time(settled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = settled / PAGE
    lines = page.read_text().splitlines(keepends=True)
    del lines[next(at for at, line in enumerate(lines) if line.startswith("- [ ]"))]
    page.write_text("".join(lines))
    for _ in range(3):
        made, said = _work(settled, monkeypatch)
        assert (made, len(said.deleted)) == (1, 1)


def test_without_git_nothing_is_remembered(programme_folder: Write) -> None:
    assert memory_of(programme_folder({}), "v.rendered") is None
    assert recall(None) is None
