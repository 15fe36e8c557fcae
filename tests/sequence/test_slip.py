"""A site that expects to be late keeps its published day as long as all others hold; else the plan is mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.model.schedule import Placement
from rollout.pipeline import check_dates, explain, plan, validate
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import plan_file, sites

LIVE = {"a": "2026-11-04", "b": "2026-12-16", "c": "2026-12-16", "d": "2026-12-16"}
"""Of wave 1's days in December the first: nothing ties the sites to each other."""
AFTER = "constraints: {c: {after: b, lag: 4w, because: shares its key users}}\n"


def published(write: Write, rest: str = "", size: str = "9", hold: str = "0d") -> Path:
    files = {**sites(*"abcd"), **plan_file(f"replan: {{hold: {hold}}}\n{rest}", size), "waves/_teams.yaml": ""}
    root = write(files)
    plan(root, TODAY)
    return root


def tell(root: Path, site: str, *told: tuple[str, str]) -> None:
    """Forecasts of a site: the day each was made, and the day it is of."""
    file = root / f"waves/v/records/{site}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"- {{forecast: {day}, because: cameras, on: {on}, by: A}}\n" for on, day in told))


def found(root: Path) -> list[str]:
    return [str(problem) for problem in check_dates(root, TODAY)[1] if problem.severity == "error"]


def live(placed: Mapping[str, Placement]) -> dict[str, str]:
    return {site: placement.go_live.isoformat() for site, placement in sorted(placed.items())}


def test_a_slip_that_nobody_waits_for_is_a_finding_only(programme_folder: Write) -> None:
    root = published(programme_folder)
    tell(root, "b", ("2026-10-01", "2027-01-20"))
    assert found(root) == []
    said = "b expects to go live on 20 Jan 2027 (cameras), published is 2026-12-16, and all others hold with it"
    assert [problem.message for problem in check_dates(root, TODAY)[1]] == [said]
    kept = plan(root, TODAY)
    assert kept.kept
    assert [problem.message for problem in kept.because] == [said]
    assert live(kept.schedule.sites) == LIVE
    assert [p.code for p in validate(root, TODAY).problems if p.path == "waves/v/records/b.yaml"] == ["slip"]
    # Who asks for a new plan gets one that believes the site.
    again = plan(root, TODAY, replan=True)
    assert live(again.schedule.sites) == LIVE | {"b": "2027-01-20"}


def test_who_waits_for_it_moves_and_nobody_else(programme_folder: Write) -> None:
    root = published(programme_folder, AFTER)
    # An earlier record does not count any more, and neither does where it stands in the file.
    tell(root, "b", ("2026-09-29", "2026-12-18"), ("2026-09-30", "2026-12-24"), ("2026-09-20", "2027-05-01"))
    said = "waves/v/records/b.yaml:2:14: unlawful: b expects to go live on 24 Dec 2026 (cameras), and c on 2027-01-13 "
    said += "breaks after b then: c goes live 28 days after b (shares its key users) (free on 2027-01-26); "
    assert found(root) == [said + "run `rollout plan`, or record another forecast"]
    mended = plan(root, TODAY)
    assert live(mended.schedule.sites) == LIVE | {"b": "2026-12-29", "c": "2027-01-26"}
    assert mended.revision is not None
    assert mended.revision.moved == ("b", "c")
    assert found(root) == []
    assert plan(root, TODAY).kept


def test_a_site_that_will_be_earlier_changes_nothing(programme_folder: Write) -> None:
    root = published(programme_folder, AFTER)
    tell(root, "c", ("2026-10-01", "2026-12-22"))
    assert found(root) == []
    assert plan(root, TODAY).kept
    # Its day is still the first after four weeks of b: a forecast never opens one.
    assert plan(root, TODAY, replan=True).kept


@pytest.mark.parametrize(
    ("rest", "size", "site", "day", "what"),
    [
        ("", "9", "a", "2026-11-20", "d on 2026-12-16 is too early then: the gate wave-1 needs 14 days of a live"),
        ("", "1", "b", "2027-01-12", "it breaks wave size then: at most 1 site a wave (2 of 1 in wave 2)"),
        ("together: [[b, c]]\n", "9", "b", "2027-01-03", "it breaks together then"),
        ("apart: [[b, d]]\nconstraints: {d: {wave: 2}}\n", "9", "b", "2027-01-03", "breaks apart then"),
        ("hypercare: {at_once: 3, lasts: 7d}\nconstraints: {d: {go_live: 2027-01-12}}\n", "9", "b", "2027-01-06", ""),
        ("limits: [{id: x, same: country, max: 2}]\n", "9", "b", "2027-01-01", ""),
        ("limits: [{id: x, same: country, max: 1}]\n", "9", "b", "2027-01-01", "breaks limit x then"),
        ("constraints: {b: {deadline: 2026-12-20}}\n", "9", "b", "2026-12-28", "left for it from then on: b goes live"),
        ("constraints: {b: {wave: 1}}\n", "9", "b", "2026-12-28", ""),
        ("constraints: {b: {wave: 1}}\n", "9", "b", "2027-01-01", "left for it from then on: b is pinned to wave 1"),
        ("constraints: {b: {prefer_after: a}}\n", "9", "b", "2199-12-31", "there is no day left for it from then on"),
    ],
)
def test_whatever_does_not_hold_with_it_is_said_at_the_record(
    programme_folder: Write, rest: str, size: str, site: str, day: str, what: str
) -> None:
    root = published(programme_folder, rest, size)
    tell(root, site, ("2026-10-01", day))
    said = found(root)
    assert all(line.startswith(f"waves/v/records/{site}.yaml:1:14: unlawful: {site} expects") for line in said)
    assert any(what in line for line in said) if what else said == []
    assert plan(root, TODAY).kept == (not what)
    assert found(root) == []


def test_a_mended_site_goes_live_when_it_says_even_inside_the_hold(programme_folder: Write) -> None:
    root = published(programme_folder, AFTER, hold="120d")
    tell(root, "b", ("2026-10-01", "2026-12-22"))
    mended = plan(root, TODAY)
    assert live(mended.schedule.sites)["b"] == "2026-12-22"
    assert mended.revision is not None
    assert "b expects to go live on 22 Dec 2026" in mended.revision.held["b"]


def test_a_forecast_in_a_blackout_is_looked_at_and_judged_on_the_first_day_after_it(programme_folder: Write) -> None:
    blackout = "blackouts: [{id: freeze, from: 2026-12-18, to: 2027-01-05, where: {id: b}}]\n"
    root = published(programme_folder, blackout + "limits: [{id: x, same: country, max: 3}]\n")
    tell(root, "b", ("2026-10-01", "2026-12-22"))
    assert found(root) == []
    said = [p.message for p in validate(root, TODAY).problems if p.code == "fact-in-blackout"]
    assert said == ["the go-live is expected on 2026-12-22, in the blackout freeze"]
    why = explain(root, TODAY, "b").chain[0]
    assert (why.because.name, why.not_before) == ("re-forecast", date(2026, 12, 22))


EXPECTED = st.dates(date(2026, 11, 1), date(2027, 4, 30)).map(date.isoformat)


@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.dictionaries(st.sampled_from("abcd"), EXPECTED, min_size=1),
    st.sampled_from(["", AFTER, "together: [[b, c]]\n", "apart: [[b, d]]\n", "hypercare: {at_once: 2, lasts: 14d}\n"]),
    st.sampled_from(["1", "2", "9"]),
    st.booleans(),
)
def test_whatever_sites_expect_dates_stay_or_are_mended_and_replanning_believes_them(
    tmp_path_factory: pytest.TempPathFactory, told: dict[str, str], rest: str, size: str, replan: bool
) -> None:
    root = tmp_path_factory.mktemp("p")

    def write(files: Mapping[str, str]) -> Path:
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    published(write, rest, size if "together" not in rest else "9")
    for site, day in told.items():
        tell(root, site, ("2026-10-01", day))
    is_lawful = not found(root)
    made = plan(root, TODAY, replan=replan)
    assert found(root) == []
    assert set(made.schedule.sites) == set("abcd")
    if is_lawful and not replan:
        assert made.kept
    else:
        assert all(made.schedule.sites[site].go_live.isoformat() >= day for site, day in told.items())
