"""Tables that fit their terminal, and letters for terminals that do not have them."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from rollout.cli import app as command_line
from rollout.cli.fitted import fitted, wrapped
from rollout.cli.report import write_table
from rollout.cli.spelled import spelled
from rollout.model.table import Table
from tests.conftest import LIVED

REPOSITORY = Path(__file__).parents[2]
ROWS = [("lyon", "9 Feb 2027", "Survey the line and write down what is there"), ("東京", "-", "検査の仕事を書き留める")]
LOOKS = ["validate", "plan --dry-run", "diff", "due", "due --messages", "status", "status lyon", "lighthouse", "systems",
         "capacity --by week", "people", "portfolio", "audit", "explain oslo", "gate wave-1", "whatif --delay lyon=3w",
         "forecast --runs 50", "lessons", "proof", "budget", "show pune", "doctor", "record --kinds"]  # fmt: skip


def test_the_widest_column_gives_way_first() -> None:
    assert list(fitted(("site", "go-live", "what"), ROWS[:1], 44)) == [
        "site   go-live      what",
        "────────────────────────────────────────────",
        "lyon   9 Feb 2027   Survey the line and",
        "                    write down what is there",
    ]
    assert list(fitted(("site", "what"), [("東京", ROWS[1][2])], 20)) == [
        "site   what",
        "────────────────────",
        "東京   検査の仕事を",
        "       書き留める",
    ]


def test_too_narrow_for_columns() -> None:
    assert list(fitted(("site", "go-live", "what"), ROWS[:1], 20)) == [
        "site     lyon",
        "go-live  9 Feb 2027",
        "what     Survey the",
        "         line and",
        "         write down",
        "         what is",
        "         there",
    ]


@given(
    rows=st.lists(st.tuples(*[st.text(st.sampled_from("ab 1é検\n-"), max_size=30)] * 4), max_size=4),
    width=st.integers(24, 130),
)
@example(rows=[("a" * 200, "", "b", "1")], width=24)
def test_nothing_is_cut_and_nothing_is_wider(rows: list[tuple[str, ...]], width: int) -> None:
    lines = list(fitted(("one", "two", "three", "four"), rows, width))
    assert max(map(cell_len, lines)) <= width
    shown = sorted("".join(lines).replace(" ", ""))
    for letter in "検1é":  # letters of no title
        assert shown.count(letter) == sum(cell.count(letter) for row in rows for cell in row)


def test_a_text_is_broken_between_words() -> None:
    assert wrapped("one two-three four", 9) == ["one", "two-three", "four"]
    assert wrapped("検査の仕事", 4) == ["検査", "の仕", "事"]


def test_letters_that_an_output_does_not_have() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    latin = io.TextIOWrapper(io.BytesIO(), encoding="iso-8859-1")
    assert spelled("Žďár → Lyon…, 東京 “é” ½", ascii_only) == 'Zdar -> Lyon..., ?? "e" ?'
    assert spelled("Žďár → é", latin) == "Zdár -> é"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("how", ["text", "help"])
def test_every_command_can_be_written_anywhere(look: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words = look.split()
    dated = words[0] not in ("show", "doctor", "record")
    words = (
        ["rollout", words[0], "--help"] if how == "help" else ["rollout", *words, *(["--as-of", str(LIVED)] * dated)]
    )
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("COLUMNS", "60")
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True) for _ in range(2))
    for name, value in {"argv": words, "stdout": out, "stderr": err}.items():
        monkeypatch.setattr(sys, name, value)
    assert command_line.run() in (0, 1)
    said = out.buffer.getvalue().decode()  # type: ignore[attr-defined]  # a BytesIO
    assert said.isascii()
    if look not in ("validate", "due --messages"):  # lines that programs and mail programs take whole
        assert max(map(len, said.splitlines())) <= 60


def test_what_programs_read_keeps_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", out)
    write_table(Table("t", ("name",), (("Žďár",),)), "csv")
    assert out.buffer.getvalue().decode() == "name\nŽďár\n"  # type: ignore[attr-defined]  # a BytesIO
