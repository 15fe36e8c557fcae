"""`rollout explain` as a person and as a program meet it, on the example."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.cli.explained import text
from rollout.problem import RolloutError
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import plan_file, sites

ASKED = ("--as-of", "2026-10-01")


def test_json_keeps_its_promise() -> None:
    answer = json.loads(rollout("explain", "graz", *ASKED, "--format", "json").stdout)
    assert list(answer)[:5] == ["version", "site", "wave", "go_live", "because"]
    assert (answer["version"], answer["site"]) == (1, "graz")
    row = next(row for row in answer["because"] if row["constraint"] == "after linz")
    assert {"wave", "constraint", "message", "path", "line", "free_on"} <= row.keys()
    assert "shares Linz's key users" in row["message"]
    line = (REPOSITORY / row["path"]).read_text(encoding="utf-8").splitlines()[row["line"] - 1]
    assert line.strip().startswith("graz: {after: linz")
    assert all(row["line"] > 0 for row in answer["because"])
    assert answer["cost"] is None


def test_people_read_why_wave_by_wave() -> None:
    said = rollout("explain", "graz", *ASKED).stdout
    assert said.startswith("graz goes live on ")
    assert " [waves/vision/plan.yaml:" in " ".join(said.split())
    at = [said.index(part) for part in ("What it waits for", "Why in no earlier wave", "  lighthouse, ", "  wave 1, ")]
    assert at == sorted(at)


@pytest.mark.parametrize("site", ["graz", "lyon", "joinville"])
def test_no_line_is_wider_than_the_terminal(site: str) -> None:
    explained = pipeline.explain(REPOSITORY, TODAY, site, wave=2)
    for width in (60, 80, 160):
        assert max(map(len, text(explained, width))) <= width


def test_a_wave_has_its_price_and_one_that_cannot_be_ends_with_1() -> None:
    priced = rollout("explain", "graz", "--wave", "2", *ASKED)
    assert priced.returncode == 0
    assert "With graz in wave 2, " in priced.stdout
    assert "\n  graz: " in priced.stdout
    refused = rollout("explain", "joinville", "--wave", "1", *ASKED)
    assert refused.returncode == 1
    assert "joinville goes live on 13 Jul 2027 or later" in " ".join(refused.stdout.split())


@pytest.mark.parametrize("how", ["markdown", "csv"])
def test_elsewhere_it_is_a_table(how: str) -> None:
    lines = rollout("explain", "oslo", *ASKED, "--format", how).stdout.splitlines()
    assert "frees on" in lines[0]
    assert any("lighthouse" in line and "waves/vision/plan.yaml:" in line for line in lines)


def test_who_is_asked_about_must_be_a_site_of_the_plan(programme_folder: Write) -> None:
    missing = rollout("explain", "gratz", *ASKED)
    assert missing.returncode == 1
    assert 'did you mean "graz"?' in missing.stderr
    files = {**sites("a", "b"), **plan_file("sites: {id: a}\n")}
    root = programme_folder(files)
    pipeline.plan(root, TODAY)
    with pytest.raises(RolloutError) as caught:
        pipeline.explain(root, TODAY, "b")
    assert [p.code for p in caught.value.problems] == ["not-in-plan"]
    assert caught.value.problems[0].line > 0


def test_without_dates_there_is_nothing_to_explain(programme_folder: Write) -> None:
    with pytest.raises(RolloutError) as caught:
        pipeline.explain(programme_folder({**sites("a", "b"), **plan_file()}), TODAY, "b")
    assert [p.code for p in caught.value.problems] == ["no-schedule"]


def test_shipped_presets_are_places_too_and_edited_plans_are_noted(programme_folder: Write) -> None:
    files = {**sites("a", "b"), **plan_file()}
    del files["templates/presets/standard@1.yaml"]
    root = programme_folder(files)
    pipeline.plan(root, TODAY)
    explained = pipeline.explain(root, TODAY, "a")
    places = {named.place.rpartition(":")[0] for row in explained.earlier for named in row.blocked_by}
    assert "rollout:presets/standard@1.yaml" in places
    assert explained.notes == ()
    plan = root / "waves/v/plan.yaml"
    plan.write_text(plan.read_text() + "constraints: {b: {not_before: 2028-01-01}}\n")
    (note,) = pipeline.explain(root, TODAY, "a").notes
    assert "not lawful any more" in note
    assert "run `rollout plan` first" in note


def test_it_writes_nothing(programme_folder: Write) -> None:
    root: Path = programme_folder({**sites("a", "b", "c"), **plan_file()})
    pipeline.plan(root, TODAY)
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    pipeline.explain(root, TODAY, "b", wave=2)
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file()} == before


def test_a_long_row_of_waves_is_told_once(programme_folder: Write) -> None:
    rest = "constraints: {b: {not_before: 2028-06-01, because: the hall is built}}\n"
    root = programme_folder({**sites("a", "b", "c"), **plan_file(rest)})
    pipeline.plan(root, TODAY)
    said = "\n".join(text(pipeline.explain(root, TODAY, "b"), 80))
    assert said.count("    not_before:") == 1
    assert "each of them" in said
