"""`rollout report` as a person and as a program meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rollout.cli.app import app
from rollout.problem import RolloutError
from tests.cli.test_cli import LIVED, REPOSITORY

RUN = CliRunner(env={"COLUMNS": "80"})


def test_a_page_is_written_and_its_size_said(tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    found = RUN.invoke(app, ["report", "-C", str(REPOSITORY), *LIVED, "-o", str(out)])
    assert found.exit_code == 0, found.output
    assert found.output == f"{out.as_posix()}: 14 sites, {out.stat().st_size / 1000:,.0f} kB\n"
    assert out.stat().st_size < 250_000


def test_for_programs_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = RUN.invoke(app, ["report", "-C", str(REPOSITORY), *LIVED, "--format", "json"])
    answer = json.loads(found.stdout)
    assert next(iter(answer)) == "version"
    assert answer["facts"]["next go-live"] == "Lyon Coatings, 9 Feb 2027"
    assert answer["facts"]["last go-live"] == "13 Jul 2027"
    assert answer["status"]["colour"] == "amber"
    assert answer["diff"] is None
    assert list(tmp_path.iterdir()) == []


def test_without_dates_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "waves/v").mkdir(parents=True)
    (tmp_path / "sites/a.yaml").write_text("name: A\ncountry: FR\n")
    (tmp_path / "waves/v/plan.yaml").write_text("name: V\npreset: standard@1\nwork_from: 2026-10-05\n")
    found = RUN.invoke(app, ["report", "-C", str(tmp_path), *LIVED])
    assert isinstance(found.exception, RolloutError)
    assert found.exception.problems[0].code in ("no-schedule", "no-lighthouse")
