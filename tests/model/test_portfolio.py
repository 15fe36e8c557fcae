"""Opportunities ranked by hand, and whatever the figures are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout import pipeline
from rollout.model.portfolio import Opportunity, Portfolio, rank
from rollout.problem import RolloutError
from tests.conftest import TODAY, Write

OWNED = "title: T, owner: Bernd Aigner"


def programme(write: Write, portfolio: str, plan: str = "") -> Path:
    return write(
        {
            "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: A}\nworkflows: [packaging]\n",
            "sites/graz.yaml": "name: Graz\ncountry: AT\nsponsor: {name: A}\n",
            "waves/_portfolio.yaml": portfolio,
            "waves/v/plan.yaml": f"name: V\nwork_from: 2026-01-05\nlighthouse: lyon\n{plan}",
            "waves/v/records/lyon.yaml": "- {milestone: go-live, on: 2026-06-02, by: A}\n",
        }
    )


def one(name: str, value: int, effort: int, **reuse: int) -> Opportunity:
    return Opportunity.model_validate({"id": name, "title": "T", "value": value, "effort": effort, "reuse": reuse})


def order(*opportunities: Opportunity, carried: dict[str, tuple[str, ...]] | None = None) -> list[tuple[str, float]]:
    return [(r.opportunity.id, r.ratio) for r in rank(Portfolio(opportunities=opportunities), carried or {})]


def test_by_value_for_effort_then_by_id() -> None:
    assert order(one("b", 10, 5), one("a", 4, 2), one("c", 30, 10)) == [("c", 3), ("a", 2), ("b", 2)]


def test_what_comes_first_saves_effort_elsewhere() -> None:
    # c alone is worth 1 for 1; once a is there, half of it is saved, and it passes b
    assert order(one("a", 40, 10), one("b", 15, 10), one("c", 10, 10, a=50)) == [("a", 4), ("c", 2), ("b", 1.5)]


def test_what_a_plan_carries_is_built_for_the_others_and_not_for_itself() -> None:
    carried = {"a": ("v",)}
    assert order(one("a", 10, 10, b=50), one("b", 12, 10, a=50), carried=carried) == [("b", 2.4), ("a", 2)]
    assert order(one("a", 10, 10), one("b", 6, 10, a=50), carried=carried) == [("b", 1.2), ("a", 1)]


amounts = st.integers(1, 1000)


@given(st.lists(st.tuples(amounts, amounts, st.integers(0, 9), st.integers(1, 99)), min_size=1, max_size=10))
def test_everything_is_ranked_once_and_nothing_waits_for_a_worse_one(rows: list[tuple[int, int, int, int]]) -> None:
    found = []
    for number, (value, effort, other, percent) in enumerate(rows):
        reuse = {f"o{other}": percent} if other != number and other < len(rows) else {}
        found.append(one(f"o{number}", value, effort, **reuse))
    ranked = rank(Portfolio(opportunities=tuple(found)), {})
    assert sorted(r.opportunity.id for r in ranked) == sorted(o.id for o in found)
    for place, first in enumerate(ranked):
        built = {r.opportunity.id for r in ranked[:place]}
        for later in ranked[place:]:
            saved = sum(percent for name, percent in later.opportunity.reuse.items() if name in built)
            assert first.ratio >= later.opportunity.value / (later.opportunity.effort * (100 - saved) / 100) - 1e-9


def test_the_answer_names_sites_owner_plan_and_what_is_reused(programme_folder: Write) -> None:
    portfolio = f"""\
value_in: EUR a year
opportunities:
  vision: {{{OWNED}, value: 100, effort: 10}}
  packing: {{{OWNED}, value: 40, effort: 10, sites: {{workflows: packaging}}, reuse: {{vision: 60%}}}}
"""
    root = programme(programme_folder, portfolio, "opportunity: vision\n")
    assert pipeline.validate(root, TODAY).errors == 0
    found = pipeline.portfolio(root, TODAY).json()
    assert [(o["opportunity"], o["ratio"], o["sites"], o["live"], o["plans"]) for o in found["opportunities"]] == [
        ("packing", 10, ["lyon"], 0, []),
        ("vision", 10, ["graz", "lyon"], 1, ["v"]),
    ]
    assert "packing reuses 60 % from vision." in pipeline.portfolio(root, TODAY).table().notes


@pytest.mark.parametrize(
    ("portfolio", "plan", "expected"),
    [
        (f"a: {{{OWNED}, value: 1, effort: 1}}", "opportunity: b\n", "waves/v/plan.yaml:4:14: unknown-opportunity"),
        (f"a: {{{OWNED}, value: 1, effort: 1, plan: w}}", "", "there is no plan"),
        (f"a: {{{OWNED}, value: 1, effort: 1, reuse: {{b: 10}}}}", "", 'a reuses "b", which is no opportunity'),
        (f"a: {{{OWNED}, value: 1, effort: 1, reuse: {{a: 10}}}}", "", "it cannot reuse what itself has built"),
        (f"a: {{{OWNED}, value: 1, effort: 1, reuse: {{b: 60, c: 50}}}}", "", "others save 110 % of its effort"),
        (f"a: {{{OWNED}, value: 1, effort: 0}}", "", "wrong-value"),
        ("a: {title: T, value: 1, effort: 1}", "opportunity: a\n", "a has no owner, and v carries it to sites"),
        ("a: {title: T, value: 1, effort: 1, plan: v}", "", "a has no owner, and v carries it to sites"),
        (f"a: {{{OWNED}, value: 1, effort: 1, sites: {{systems: sap}}}}", "", "unknown-system"),
        (
            f"a: {{{OWNED}, value: 1, effort: 1}}\n  b: {{{OWNED}, value: 1, effort: 1, plan: v}}",
            "opportunity: a\n",
            "contradiction: b is carried by v here, and that plan says it carries a",
        ),
    ],
)
def test_what_cannot_be_is_refused(programme_folder: Write, portfolio: str, plan: str, expected: str) -> None:
    root = programme(programme_folder, f"opportunities:\n  {portfolio}\n", plan)
    errors = [p for p in pipeline.validate(root, TODAY).problems if p.severity == "error"]
    assert any(expected in str(problem) for problem in errors), errors
    assert all(problem.line and problem.column for problem in errors)


def test_a_plan_without_an_opportunity_is_warned_about_where_there_are_some(programme_folder: Write) -> None:
    root = programme(programme_folder, f"opportunities:\n  a: {{{OWNED}, value: 1, effort: 1}}\n")
    assert "no-opportunity" in [p.code for p in pipeline.validate(root, TODAY).problems]
    assert pipeline.portfolio(root, TODAY).without == ("v",)
    (root / "waves/_portfolio.yaml").unlink()
    assert "no-opportunity" not in [p.code for p in pipeline.validate(root, TODAY).problems]
    with pytest.raises(RolloutError, match="there are no opportunities yet"):
        pipeline.portfolio(root, TODAY)
