"""Answers that go into files: workbooks with a sheet for each table, and any other format with -o."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import python_calamine
from typer.testing import CliRunner

from rollout.cli.app import app
from tests.cli.test_cli import REPOSITORY
from tests.conftest import LIVED

BASE = ("-C", str(REPOSITORY))
DAY = ("--as-of", str(LIVED))
LOOKS = ("status", "due", "people", "lighthouse", "systems", "capacity", "gate wave-1", "explain oslo",
         "whatif --delay lyon=3w", "plan --dry-run", "forecast --runs 50", "budget", "portfolio", "audit", "lessons",
         "proof", "show lyon", "doctor", "validate", "diff HEAD")  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_is_a_workbook_of_its_tables(look: str, tmp_path: Path) -> None:
    words = [*look.split(), *BASE, *(DAY if look.split(maxsplit=1)[0] not in ("show", "doctor") else ())]
    done = CliRunner().invoke(app, [*words, "--format", "xlsx", "-o", str(tmp_path / "x.xlsx")])
    assert done.exit_code in (0, 1), done.output
    assert done.stdout == ""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "x.xlsx").read_bytes()))
    tables = [name for name in book.sheet_names if name != "Notes"]
    assert tables
    assert all(book.get_sheet_by_name(name).height for name in tables)


def test_other_formats_go_there_too(tmp_path: Path) -> None:
    words = ["capacity", *BASE, *DAY, "--format"]
    for how in ("csv", "json", "markdown", "text"):
        said = CliRunner().invoke(app, [*words, how]).stdout
        done = CliRunner().invoke(app, [*words, how, "-o", str(tmp_path / "x")])
        assert (tmp_path / "x").read_text(encoding="utf-8") == said != ""
        assert done.stdout == ""


def test_a_refusal_writes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    words = ["status", *BASE, "--plan", "nope", "--format", "xlsx", "-o", str(file)]
    assert CliRunner().invoke(app, words).exit_code == 1
    assert not file.exists()
    assert list(tmp_path.iterdir()) == []


def test_findings_are_a_table_too() -> None:
    said = CliRunner().invoke(app, ["validate", *BASE, *DAY, "--format", "csv"])
    assert said.exit_code == 0
    assert said.stdout.startswith("severity,code,file,line,what,what to do\nwarning,")
