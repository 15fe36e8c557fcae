"""`rollout budget`, `people` and `portfolio` as a person and as a program meet them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_cli import REPOSITORY, rollout

DAY = ("--as-of", "2026-10-01")


@pytest.mark.parametrize("command", ["budget", "people", "portfolio"])
def test_the_example_is_answered_in_every_format(command: str) -> None:
    text = rollout(command, *DAY)
    assert text.returncode == 0, text.stderr
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
    assert json.loads(rollout(command, *DAY, "--format", "json").stdout)["version"] == 1


def test_spreadsheets_and_pages_have_everything() -> None:
    money = rollout("budget", *DAY, "--format", "csv").stdout.splitlines()
    assert money[0] == "line,site,budget,committed,actual,forecast,expected,variance %,rate"
    assert len(money) == 1 + 6 * 15
    assert rollout("people", *DAY, "--format", "csv").stdout.count("\n") == 15
    assert "| Find surface defects by camera |" in rollout("portfolio", *DAY, "--format", "markdown").stdout


def test_money_over_the_limit_is_a_no_until_somebody_says_why(tmp_path: Path) -> None:
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    day, who = ("--on", "2026-10-01"), ("--by", "Claire Dubois")
    spent = rollout("record", "lyon", "cost", "integration", "58000", *day, *who, cwd=tmp_path)
    assert spent.returncode == 0, spent.stderr
    over = rollout("budget", *DAY, cwd=tmp_path)
    assert over.returncode == 1
    assert "a share costs 1.56 times its budget, learned from lyon" in over.stdout.replace("\n", " ")
    assert rollout("budget", "lyon", *DAY, cwd=tmp_path).returncode == 1
    assert rollout("validate", "--strict", *DAY, cwd=tmp_path).stdout.count("over-budget") == 1
    words = ("record", "--plan-level", "reforecast", "integration", "812000", *day, *who)
    assert "needs `because`" in rollout(*words, cwd=tmp_path).stderr
    assert rollout(*words, "--because", "two gateways a plant", cwd=tmp_path).returncode == 0
    cleared = rollout("budget", *DAY, "--format", "json", cwd=tmp_path)
    assert cleared.returncode == 0
    (line,) = (one for one in json.loads(cleared.stdout)["lines"] if one["line"] == "integration")
    assert (line["expected"], line["over"], line["reforecast"]["because"]) == (812000, False, "two gateways a plant")


def test_an_unknown_site_is_named_with_what_was_meant() -> None:
    for command in ("budget", "audit"):
        answer = rollout(command, "lyno")
        assert answer.returncode == 1
        assert 'no site "lyno"; did you mean "lyon"?' in answer.stderr
