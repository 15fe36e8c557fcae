"""`rollout whatif` on the example, as a person and as a program meet it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.whatif import Scenario
from tests.cli.line import rollout
from tests.conftest import TODAY, git

DAY = ("--as-of", "2026-10-01")


def test_two_scenarios_side_by_side() -> None:
    words = ("--scenario", "slip: --delay linz=3w", "--scenario", "fewer people: --cap integration=4")
    said = rollout("whatif", *DAY, *words)
    assert said.returncode == 0
    assert not said.stderr
    head, _, *rows = map(str.rstrip, said.stdout.splitlines())
    assert head.split() == ["site", "published", "(wave)", "slip", "days", "fewer", "people", "days"]
    linz = next(row.split() for row in rows if row.startswith("linz"))
    assert linz[1:5] == ["13", "Apr", "2027", "(1)"]
    assert linz[-1] == "same"
    assert "slip (--delay linz=3w): last go-live stays 13 Jul 2027; 4 waves as before; 1" in rows


@pytest.mark.parametrize("columns", ["80", "160"])
def test_no_row_overruns_the_terminal(columns: str) -> None:
    words = [word for n in range(3) for word in ("--scenario", f"{n}: --cap {n + 2} --add lodz=linz")]
    lines = rollout("whatif", *DAY, *words, COLUMNS=columns).stdout.splitlines()
    assert max(map(len, lines)) <= int(columns)
    assert lines[0].split()[0] == ("scenario" if columns == "80" else "site")


def test_for_programs() -> None:
    words = ("whatif", *DAY, "--drop", "porto", "--pin", "oslo=3")
    answer = json.loads(rollout(*words, "--format", "json").stdout)
    assert list(answer) == ["version", "plan", "as_of", "base", "scenarios"]
    assert answer["base"] == {
        "published": True,
        "outcome": "optimal",
        "last_go_live": "2027-07-13",
        "waves": 4,
        "sites": 14,
    }
    (scenario,) = answer["scenarios"]
    assert (scenario["name"], scenario["options"]) == ("what if", ["--drop porto", "--pin oslo=3"])
    moved = {move["site"]: move for move in scenario["moved"]}
    assert moved["porto"] == {"site": "porto", "from": {"wave": 4, "go_live": "2027-07-07"}, "to": None, "days": None}
    assert moved["oslo"]["to"]["wave"] == 3
    assert moved["oslo"]["days"] > 0
    assert scenario["unplaced"] == [{"site": "porto", "reason": "dropped since 1 Oct 2026"}]
    rows = list(csv.DictReader(rollout(*words, "--format", "csv").stdout.splitlines()))
    assert {row["site"]: row["days"] for row in rows}["oslo"] == f"+{moved['oslo']['days']}"


def test_exit_codes_and_words() -> None:
    for words, code, says in (
        ((), 2, "nothing is tried; say what, for example --delay SITE=3w"),
        (("--delay", "lion=3w"), 1, 'did you mean "lyon"?'),
        (("--lighthouse", "joinville"), 1, "what if (--lighthouse joinville): cannot be planned."),
        (("--blackout", "2026-10-01..2027-06-30:id=monterrey"), 1, "1 site without a day"),
    ):
        done = rollout("whatif", *DAY, *words, COLUMNS="200")
        assert done.returncode == code, (words, done.stderr)
        assert says in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_nothing_is_written(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    pipeline.init(root, TODAY, with_example=True)
    git(root, "add", ".")
    git(root, "commit", "--quiet", "-m", "Start")
    wishes = [("delay", "lyon=3w"), ("drop", "porto"), ("add", "lodz=linz"), ("cap", "3"), ("pin", "oslo=3")]
    answer = pipeline.whatif(root, TODAY, None, [Scenario("all", tuple(wishes))], afresh=True)
    assert answer.outcomes[0].moves(answer.base)
    assert git(root, "status", "--porcelain") == ""


def test_the_help_shows_what_each_option_means() -> None:
    said = rollout("whatif", "--help").stdout
    assert all(f"--{kind}" in said for kind in ("delay", "drop", "add", "cap", "blackout", "pin", "lighthouse"))
