"""Money counted by hand: shares, what is learned from sites that are live, re-forecasts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout import pipeline
from rollout.model.budget import BudgetLine
from rollout.model.money import Line, is_over, lines
from rollout.problem import RolloutError
from tests.conftest import TODAY, Write, loaded

SITES = {
    f"sites/{name}.yaml": f"name: {name.title()}\ncountry: FR\nsponsor: {{name: A}}\n"
    for name in ("lyon", "graz", "linz", "oslo")
}
BEGUN = "- {status: preparing, on: 2026-01-05, by: A}\n- {status: ready, on: 2026-02-05, by: A}\n"
LIVE = BEGUN + "- {status: live, on: 2026-03-01, by: A}\n"
STABLE = LIVE + "- {status: stable, on: 2026-04-01, by: A}\n"


def cost(line: str, actual: float, on: str = "2026-05-01") -> str:
    return f"- {{cost: {line}, actual: {actual:g}, on: {on}, by: A}}\n"


def programme(write: Write, budget: str, records: dict[str, str] | None = None) -> Path:
    plan = f"name: V\nwork_from: 2026-01-05\nlighthouse: lyon\ncurrency: EUR\nbudget: {budget}\n"
    files = {**SITES, "waves/v/plan.yaml": plan}
    files |= {f"waves/v/records/{name}.yaml": text for name, text in (records or {}).items()}
    return write(files)


def line(root: Path, name: str = "integration") -> Line:
    found = loaded(root)
    every = lines(found.plans["v"], found.sites_of(found.plans["v"].plan))
    return next(one for one in every if one.id == name)


def at(one: Line) -> dict[str, float]:
    return {site: round(money.forecast, 2) for site, money in one.sites.items()}


def test_without_anything_spent_the_forecast_is_the_budget(programme_folder: Write) -> None:
    one = line(programme(programme_folder, "{integration: 400}"))
    assert (one.total.budget, one.total.forecast, one.rate, one.teachers) == (400, 400, 1, ())
    assert at(one) == {"graz": 100, "linz": 100, "lyon": 100, "oslo": 100}


def test_a_lighthouse_18_percent_over_its_share_makes_every_later_site_dearer(programme_folder: Write) -> None:
    root = programme(programme_folder, "{integration: 400}", {"lyon": STABLE + cost("integration", 118)})
    one = line(root)
    assert one.rate == pytest.approx(1.18)
    assert one.teachers == ("lyon",)
    assert at(one) == {"graz": 118, "linz": 118, "lyon": 118, "oslo": 118}
    assert one.total.variance == pytest.approx(18)
    assert one.total.is_over


@pytest.mark.parametrize(
    ("records", "rate", "graz"),
    [
        ({"lyon": STABLE + cost("integration", 80)}, 0.8, 80),
        ({"lyon": LIVE + cost("integration", 80)}, 1, 100),  # hypercare goes on: its share is still to come
        ({"lyon": cost("integration", 80)}, 1, 100),  # not live: nothing is known yet
        ({"lyon": cost("integration", 130)}, 1.3, 130),  # not live and over already: it can only become more
        ({"lyon": STABLE}, 1, 100),  # nobody has recorded what it cost
        ({"lyon": STABLE + cost("integration", 80), "oslo": LIVE + cost("integration", 90)}, 0.9, 90),
        ({"lyon": STABLE + cost("integration", 90) + cost("integration", 120, "2026-06-01")}, 1.2, 120),
    ],
)
def test_what_a_site_teaches(programme_folder: Write, records: dict[str, str], rate: float, graz: float) -> None:
    one = line(programme(programme_folder, "{integration: 400}", records))
    assert one.rate == pytest.approx(rate)
    assert at(one)["graz"] == pytest.approx(graz)


def test_what_is_ordered_counts_before_it_is_paid(programme_folder: Write) -> None:
    ordered = "- {committed: integration, amount: 150, on: 2026-05-01, by: A}\n"
    one = line(programme(programme_folder, "{integration: 400}", {"graz": cost("integration", 20) + ordered}))
    assert (one.sites["graz"].actual, one.sites["graz"].committed, at(one)["graz"]) == (20, 150, 150)
    assert one.rate == pytest.approx(1.5)


def test_what_the_whole_plan_spends_comes_out_of_the_line(programme_folder: Write) -> None:
    one = line(programme(programme_folder, "{integration: 400}", {"_plan": cost("integration", 100)}))
    assert (one.shared.budget, at(one)["lyon"], one.total.forecast) == (100, 75, 400)
    budget = "{integration: {amount: 400, shared: 40, sites: {lyon: 180}}}"
    one = line(programme(programme_folder, budget, {"_plan": cost("integration", 100)}))
    assert at(one) == {"graz": 60, "linz": 60, "lyon": 180, "oslo": 60}
    assert (one.shared.budget, one.shared.forecast, one.total.forecast) == (40, 100, 460)


def test_a_dropped_site_keeps_what_it_cost_and_frees_its_share(programme_folder: Write) -> None:
    dropped = "- {status: dropped, on: 2026-02-01, by: A}\n" + cost("integration", 10)
    one = line(programme(programme_folder, "{integration: 300}", {"oslo": dropped}))
    assert at(one) == {"graz": 100, "linz": 100, "lyon": 100, "oslo": 10}


def test_a_reforecast_with_a_reason_clears_the_line_until_it_rises_again(programme_folder: Write) -> None:
    again = "- {reforecast: integration, at_completion: 460, on: 2026-05-02, by: B, because: two gateways a plant}\n"
    records = {"lyon": STABLE + cost("integration", 118), "_plan": again}
    root = programme(programme_folder, "{integration: 400, data: 0, change: 0, run: 0}", records)
    one = line(root)
    assert (one.total.expected, one.total.budget, one.total.is_over) == (460, 400, False)
    assert one.total.variance == pytest.approx(472 / 4.6 - 100)
    assert not pipeline.budget(root, TODAY).is_over
    assert [p.code for p in pipeline.validate(root, TODAY).problems] == []
    records["lyon"] += cost("integration", 130, "2026-06-01")
    root = programme(programme_folder, "{integration: 400, data: 0, change: 0, run: 0}", records)
    (problem,) = pipeline.validate(root, TODAY).problems
    assert (problem.code, problem.severity, problem.path, problem.line) == ("over-budget", "warning", PLAN, 5)
    assert problem.message.startswith("integration is forecast to end at 520, 13 % above the re-forecast of 2026-05-02")


PLAN = "waves/v/plan.yaml"


def test_a_site_may_be_reforecast_alone(programme_folder: Write) -> None:
    again = "- {reforecast: integration, at_completion: 160, on: 2026-05-02, by: B, because: the old hall}\n"
    one = line(programme(programme_folder, "{integration: 400}", {"graz": again}))
    assert at(one) == {"graz": 160, "linz": 100, "lyon": 100, "oslo": 100}
    assert (one.total.forecast, one.total.expected, one.total.is_over) == (460, 460, False)


def test_a_line_the_budget_lacks_is_shown_and_closes_nothing(programme_folder: Write) -> None:
    root = programme(programme_folder, "{integration: 400}", {"lyon": cost("travel", 30)})
    one = line(root, "travel")
    assert (one.is_budgeted, one.total.forecast, one.total.variance, one.total.is_over) == (False, 30, None, False)
    assert "Not in the budget: travel." in pipeline.budget(root, TODAY).table().notes


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        (
            "{integration: 400000 USD}",
            "waves/v/plan.yaml:5:23: wrong-value: `integration`: an amount is a plain number",
        ),
        ("{integration: -4}", "an amount of at least 0 is wanted"),
        ("{integration: {amount: 10, shared: 11}}", "its parts come to 11, which is more than its `amount` of 10"),
        ("{run: {amount: 10, shared: 10.25}}", "its parts come to 10.25, which is more than its `amount` of 10"),
        ("{integration: {amount: 10, covers: travel}}", "this must be data, integration, change or run"),
    ],
)
def test_a_budget_that_is_none_is_refused(programme_folder: Write, budget: str, said: str) -> None:
    found = pipeline.validate(programme(programme_folder, budget), TODAY).problems
    assert said in str(found[0])


def test_parts_in_cents_may_come_to_all_of_a_line() -> None:
    line = BudgetLine.model_validate({"amount": "3.30", "sites": {"lyon": "1.10", "graz": "2.20"}})
    assert sum(line.sites.values()) > line.amount, "as floating point has it"


def test_money_in_another_currency_is_a_finding_with_its_place(programme_folder: Write) -> None:
    foreign = "- {cost: integration, actual: 5, currency: USD, on: 2026-05-01, by: A}\n"
    root = programme(programme_folder, "{integration: 400}", {"lyon": foreign})
    found = [str(p) for p in pipeline.validate(root, TODAY).problems if p.severity == "error"]
    assert found == [
        "waves/v/records/lyon.yaml:1:44: other-currency: this is in USD, and the plan's money is in EUR; "
        "convert it to EUR and say at which rate in `because`"
    ]
    with pytest.raises(RolloutError, match="other-currency"):
        pipeline.budget(root, TODAY)
    with pytest.raises(RolloutError, match="other-currency"):
        words = ["lyon", "cost", "integration", "7", "--currency", "USD"]
        pipeline.record(root, words, {}, TODAY, user="A")


def test_a_reforecast_needs_a_reason(programme_folder: Write) -> None:
    root = programme(programme_folder, "{integration: 400}")
    with pytest.raises(RolloutError, match="a re-forecast needs `because`"):
        pipeline.record(root, ["_plan", "reforecast", "integration", "7"], {}, TODAY, user="A")


@pytest.mark.parametrize(
    ("budget", "missing"),
    [
        ("{data: 1, integration: 1, change: 0, run: 1}", ()),
        ("{integration: 1, training: {amount: 1, covers: change}}", ("data", "run")),
        ("{equipment: {amount: 1, covers: [data, run, integration, change]}}", ()),
        ("{equipment: 1}", ("data", "integration", "change", "run")),
    ],
)
def test_costs_that_a_budget_forgets(programme_folder: Write, budget: str, missing: tuple[str, ...]) -> None:
    root = programme(programme_folder, budget)
    assert pipeline.budget(root, TODAY).missing == missing
    said = [p.message for p in pipeline.validate(root, TODAY).problems if p.code == "hidden-cost"]
    assert said == (
        [f"the budget says nothing of {', '.join(missing)}: costs that are forgotten most"] if missing else []
    )


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_over_is_more_than_ten_percent(forecast: int, expected: int) -> None:
    assert is_over(forecast, expected) == (forecast * 10 > expected * 11)
