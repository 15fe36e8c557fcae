"""`rollout budget`, `people` and `portfolio` as a person and as a program meet them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.cli.report import write_table
from rollout.problem import RolloutError
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import TODAY, as_begun

DAY = ("--as-of", "2026-10-01")


@pytest.mark.parametrize("command", ["budget", "people", "portfolio"])
def test_the_example_fits_a_terminal(command: str) -> None:
    text = rollout(command, *DAY)
    assert text.returncode == 0, text.stderr
    assert all(len(line) <= 80 for line in text.stdout.splitlines())


def test_programs_get_everything() -> None:
    budget, people = pipeline.budget(REPOSITORY, TODAY), pipeline.people(REPOSITORY, TODAY)
    portfolio = pipeline.portfolio(REPOSITORY, TODAY)
    for found in (budget, people, portfolio):
        answer = json.loads(json.dumps(found.json()))
        assert next(iter(answer.items())) == ("version", 1)
    assert budget.rows().columns[:3] == ("line", "site", "budget")
    assert len(budget.rows().rows) == 6 * 15
    assert len(people.table().rows) == 14
    assert "Find surface defects by camera" in {row[2] for row in portfolio.rows().rows}


def test_a_page_is_written_harmlessly(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(pipeline.budget(REPOSITORY, TODAY, by="site").table(), "markdown")
    assert "| lyon |" in capsys.readouterr().out


def test_money_over_the_limit_is_a_no_until_somebody_says_why(tmp_path: Path) -> None:
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    as_begun(tmp_path)

    def record(*words: str, **said: str) -> None:
        pipeline.record(tmp_path, words, {"on": "2026-10-01", **said}, TODAY, user="Claire Dubois")

    record("lyon", "cost", "integration", "58000")
    over = rollout("budget", *DAY, cwd=tmp_path)
    assert over.returncode == 1
    assert "a share costs 1.56 times its budget, learned from lyon" in over.stdout.replace("\n", " ")
    assert pipeline.budget(tmp_path, TODAY, site_id="lyon").is_over
    assert [p.code for p in pipeline.validate(tmp_path, TODAY).problems].count("over-budget") == 1
    words = ("_plan", "reforecast", "integration", "812000")
    with pytest.raises(RolloutError, match="needs `because`"):
        record(*words)
    record(*words, because="two gateways a plant")
    (line,) = (one for one in pipeline.budget(tmp_path, TODAY).json()["lines"] if one["line"] == "integration")
    assert (line["expected"], line["over"], line["reforecast"]["because"]) == (812000, False, "two gateways a plant")
    assert not pipeline.budget(tmp_path, TODAY, site_id="lyon").is_over


def test_programs_get_of_one_site_its_own_amounts() -> None:
    own, whole = pipeline.budget(REPOSITORY, TODAY, site_id="lyon").json(), pipeline.budget(REPOSITORY, TODAY).json()
    for line, of_plan in zip(own["lines"], whole["lines"], strict=True):
        (at_lyon,) = line["sites"]
        assert at_lyon.items() <= {**line, "site": "lyon"}.items()
        assert line["budget"] < of_plan["budget"]
    assert own["total"]["budget"] == pytest.approx(sum(line["budget"] for line in own["lines"]), abs=6)


def test_an_unknown_site_is_named_with_what_was_meant() -> None:
    for ask in (
        lambda: pipeline.budget(REPOSITORY, TODAY, site_id="lyno"),
        lambda: pipeline.audit(REPOSITORY, site_id="lyno"),
    ):
        with pytest.raises(RolloutError, match='no site "lyno"; did you mean "lyon"'):
            ask()
