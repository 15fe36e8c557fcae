"""Progress on a terminal, and --quiet."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.cli.progress import Progress, arranged, be_quiet, line, note
from rollout.model.watched import counted, watched_by
from tests.cli.test_cli import rollout


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(out: io.StringIO, seconds: float) -> None:
    """Ten steps that take so long each."""
    times = iter(range(100))
    progress = Progress(out, lambda: next(times) * seconds)
    with watched_by(progress):
        assert list(counted("writing pages", range(10))) == list(range(10))
    progress.clear()


def test_only_what_takes_longer_than_a_second_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TERM", raising=False)
    out = Terminal()
    watched(out, 0.05)
    assert out.getvalue() == ""
    watched(out, 1)
    shown = out.getvalue().split("\r\x1b[2K")
    assert shown[1] == "writing pages: 10 %, 9 s left"
    assert shown[-2:] == ["writing pages: 90 %, 1 s left", ""]


@pytest.mark.parametrize("how", ["no terminal", "dumb", "quiet"])
def test_nothing_is_said(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb" if how == "dumb" else "xterm")
    be_quiet(how == "quiet")
    out = io.StringIO() if how == "no terminal" else Terminal()
    try:
        watched(out, 1)
    finally:
        be_quiet(False)
    assert out.getvalue() == ""


def test_what_is_left() -> None:
    assert line("x", 0, 10, 5) == "x ..."
    assert line("x", 1, 100, 10) == "x: 1 %, 16 min left"
    assert line("x", 12, 10, 5) == "x: 100 %, 1 s left"


def test_quiet_stands_anywhere() -> None:
    assert arranged(["plan", "--quiet", "--dry-run"]) == ["--quiet", "plan", "--dry-run"]
    assert arranged(["record", "x", "--", "--quiet"]) == ["record", "x", "--", "--quiet"]
    words = ("capacity", "--as-of", "2026-11-16", "--format", "csv")
    said = rollout("plan", "--check", "--as-of", "2026-11-16", "--quiet")
    assert (said.stdout, said.stderr, said.returncode) == ("", "", 0)
    assert rollout(*words, "--quiet").stdout == rollout(*words).stdout != ""


def test_errors_are_no_notes(capsys: pytest.CaptureFixture[str]) -> None:
    be_quiet(True)
    try:
        note("wrote a file")
        note("a.md:1:1: conflict: choose", always=True)
    finally:
        be_quiet(False)
    assert capsys.readouterr().err == "a.md:1:1: conflict: choose\n"


def test_pages_are_counted(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    pipeline.begin_demo(tmp_path / "demo")
    with watched_by(lambda *said: told.append(said)):
        pipeline.plan(tmp_path / "demo", date(2026, 10, 1), afresh=True)
        pipeline.render(tmp_path / "demo", date(2026, 10, 1), check=True)
    assert ("writing pages", 13, 14) in told
    assert {"improving the plan", "writing pages"} <= {what for what, _, _ in told}


def test_a_terminal_that_has_gone_does_not_end_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(Terminal):
        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.delenv("TERM", raising=False)
    watched(Gone(), 1)
    with watched_by(Progress(None)):
        assert list(counted("writing pages", range(3))) == [0, 1, 2]
