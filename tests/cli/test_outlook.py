"""`rollout forecast` and `rollout capacity` as a person and as a program meet them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.line import REPOSITORY, rollout


def test_forecast_for_people_and_for_programs() -> None:
    text = rollout("forecast", "--as-of", "2026-10-01", "--runs", "200")
    assert text.returncode == 0
    assert "The plan's end, 13 Jul 2027, is kept in" in text.stdout
    assert "not levelled again" in text.stdout.replace("\n", " ")
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
    words = ("forecast", "--as-of", "2026-10-01", "--runs", "200", "--format", "json")
    answer = json.loads(rollout(*words).stdout)
    assert answer["version"] == 1
    assert answer["end"].keys() == {"id", "planned", "p50", "p80", "slip", "kept", "critical"}
    assert len(answer["sites"]) == 14
    assert rollout(*words, PYTHONHASHSEED="5").stdout == rollout(*words, PYTHONHASHSEED="6").stdout


def test_a_spread_that_is_none_is_wrong_usage() -> None:
    assert rollout("forecast", "--spread", "wide").returncode == 2
    assert rollout("forecast", "--runs", "0").returncode == 2


def test_capacity_says_no_when_somebody_is_over(tmp_path: Path) -> None:
    fine = rollout("capacity", "--as-of", "2026-10-01")
    assert fine.returncode == 0
    assert "Nobody is over" in fine.stdout
    assert all(len(line) <= 80 for line in fine.stdout.splitlines())
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    teams = tmp_path / "waves/_teams.yaml"
    teams.write_text(teams.read_text().replace("support: {hub: true, people: 6", "support: {hub: true, people: 5"))
    over = rollout("capacity", "--as-of", "2026-10-01", "--format", "json", cwd=tmp_path)
    assert over.returncode == 1
    answer = json.loads(over.stdout)
    assert answer["over"]
    assert {team["team"] for team in answer["teams"] if team["over"]} == {"support"}
    lines = rollout(
        "capacity", "--by", "week", "--team", "support", "--format", "csv", cwd=tmp_path
    ).stdout.splitlines()
    assert lines[0] == "team,week,load,capacity,over,who"
    assert any(",yes," in line for line in lines)
