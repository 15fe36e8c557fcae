"""Minimums gate, means rank: willingness and what a site stands for decide which is first, not technical polish."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.fit import LighthouseFit
from rollout.model.lighthouse import SWING, TECHNICAL, Ranking, rank
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder
from rollout.model.ranked import Ranked
from rollout.model.record import Readiness, ReadinessRecord, Record, StatusRecord
from rollout.model.site import Site
from tests.conftest import TODAY

SCORES = tuple(Readiness.model_fields)
FULL = dict.fromkeys(SCORES, 5)


def site(name: str, **more: Any) -> Site:
    said = {
        "id": name,
        "name": name.title(),
        "country": "FR",
        "sponsor": {"name": "A"},
        "paths": (f"sites/{name}.yaml",),
    }
    return Site.model_validate({**said, **more})


def assessed(on: date = TODAY, **scores: int) -> ReadinessRecord:
    return ReadinessRecord.model_validate({"readiness": {**FULL, **scores}, "on": on, "by": "A", "path": "r.yaml"})


def status(name: str) -> StatusRecord:
    return StatusRecord.model_validate({"status": name, "on": TODAY, "by": "A", "path": "r.yaml", "index": 1})


def folder(records: dict[str, tuple[Record, ...]], **plan: Any) -> PlanFolder:
    said = {"id": "v", "name": "V", "work_from": "2026-10-05", "paths": ("waves/v/plan.yaml",)}
    return PlanFolder(plan=Plan.model_validate({**said, **plan}), records=records)


def ranked(sites: list[Site], records: dict[str, tuple[Record, ...]], **plan: Any) -> Ranking:
    return rank(folder(records, **plan), tuple(sites), TODAY)


def reasons(ranking: Ranking, name: str) -> list[str]:
    return [r.code for c in (*ranking.eligible, *ranking.out) if c.site.id == name for r in c.reasons]


ONLY_WORKFLOWS = {"readiness": dict.fromkeys(SCORES, 0), "represents": {"systems": 0, "shifts": 0, "languages": 0}}


def test_a_site_stands_for_the_share_of_the_others_work_that_it_has_too() -> None:
    sites = [site("a", workflows=["x", "y"]), site("b", workflows=["x"]), site("c", workflows=["z"]), site("d")]
    ranking = ranked(sites, {s.id: (assessed(),) for s in sites}, lighthouse_fit=ONLY_WORKFLOWS)
    # Of a: all of a and of b, nothing of c; d lists none and does not count: 2 of 3.
    # Of b: half of a, all of b: 1.5 of 3. Of c: itself.
    assert [(c.site.id, Fraction(c.total, ranking.full)) for c in ranking.eligible] == [
        ("a", Fraction(2, 3)),
        ("b", Fraction(1, 2)),
        ("c", Fraction(1, 3)),
        ("d", 0),
    ]


def test_three_shifts_stand_for_two_and_not_the_other_way_round() -> None:
    fit = {"readiness": dict.fromkeys(SCORES, 0), "represents": {"workflows": 0, "systems": 0, "languages": 0}}
    sites = [site("a", shifts=3), site("b", shifts=2)]
    ranking = ranked(sites, {s.id: (assessed(),) for s in sites}, lighthouse_fit=fit)
    assert [Fraction(c.total, ranking.full) for c in ranking.eligible] == [1, Fraction(5, 6)]


def test_what_nobody_says_does_not_count() -> None:
    ranking = ranked([site("a"), site("b")], {})
    assert ranking.unknown == ("workflows", "systems", "shifts", "languages")
    assert {d.kind for d in ranking.dimensions} == {"readiness"}


def test_dropped_sites_are_not_among_those_to_stand_for() -> None:
    sites = [site("a", workflows=["x"]), site("b", workflows=["y"]), site("c", workflows=["y"])]
    records = {"a": (assessed(),), "b": (assessed(), status("dropped")), "c": (assessed(), status("dropped"))}
    ranking = ranked(sites, records, lighthouse_fit=ONLY_WORKFLOWS)
    assert [(c.site.id, c.total == ranking.full) for c in ranking.eligible] == [("a", True)]


@pytest.mark.parametrize(
    ("more", "records", "plan", "expected"),
    [
        ({"sponsor": None}, (assessed(),), {}, ["no-sponsor"]),
        ({}, (), {}, ["not-assessed"]),
        ({}, (assessed(TODAY - timedelta(90)),), {}, []),
        ({}, (assessed(TODAY - timedelta(91)),), {}, ["stale-assessment"]),
        ({}, (assessed(TODAY - timedelta(31)),), {"lighthouse_fit": {"max_age": "30d"}}, ["stale-assessment"]),
        ({}, (assessed(leadership=3),), {}, []),
        ({}, (assessed(leadership=2),), {}, ["below-minimum"]),
        ({}, (assessed(leadership=4),), {"lighthouse_fit": {"least": {"leadership": 5}}}, ["below-minimum"]),
        ({}, (assessed(people=1),), {"lighthouse_fit": {"least": {"people": 2}}}, ["below-minimum"]),
        ({}, (assessed(), status("paused")), {}, ["paused"]),
        ({}, (assessed(), status("dropped")), {}, ["dropped"]),
        ({}, (assessed(), status("live")), {}, ["live"]),
        ({}, (assessed(),), {"constraints": {"a": {"after": "b"}}}, ["goes-later"]),
        ({}, (assessed(),), {"constraints": {"a": {"after_exit": "b"}}}, ["goes-later"]),
        ({}, (assessed(),), {"constraints": {"a": {"after": "b"}}, "lighthouse": "b"}, []),
        ({}, (assessed(),), {"constraints": {"a": {"wave": 2}}}, ["goes-later"]),
        ({}, (assessed(),), {"constraints": {"a": {"wave": 0}}}, []),
        ({}, (assessed(),), {"together": [["a", "b"]]}, ["not-alone"]),
        (
            {"labels": {"launch": "x40"}},
            (assessed(),),
            {"lighthouse_fit": {"never": {"x40": {"where": {"labels": {"launch": "x40"}}, "because": "the launch"}}}},
            ["ruled-out"],
        ),
    ],
)
def test_who_may_not_be_the_first_is_out_before_any_score_counts(
    more: dict[str, Any], records: tuple[Record, ...], plan: dict[str, Any], expected: list[str]
) -> None:
    ranking = ranked([site("a", **more), site("b")], {"a": records, "b": (assessed(),)}, **plan)
    assert reasons(ranking, "a") == expected
    assert all(r.path and r.message for c in ranking.out for r in c.reasons)
    assert ("a" in ranking.ranks) == (not expected)


def test_a_plan_changes_single_weights_and_keeps_the_others() -> None:
    fit = LighthouseFit.model_validate({"readiness": {"leadership": "50"}, "represents": {"labels.line": "4"}})
    assert (fit.readiness.leadership, fit.readiness.people) == (50, 8)
    assert fit.represents == {"workflows": 20, "systems": 8, "shifts": 6, "languages": 6, "labels.line": 4}


def test_by_default_all_technical_scores_together_are_worth_one_step_of_leadership() -> None:
    weights = LighthouseFit().readiness
    assert 5 * sum(getattr(weights, name) for name in TECHNICAL) <= weights.leadership


def test_equal_sites_stand_in_the_order_of_their_ids_and_the_answer_says_so() -> None:
    sites = [site("b"), site("a")]
    ranking = ranked(sites, {s.id: (assessed(),) for s in sites}, lighthouse="a")
    assert [c.site.id for c in ranking.eligible] == ["a", "b"]
    assert "b follows with 100.0 too, and comes after it by its id only" in Ranked(ranking).answer[0]


def test_without_any_weight_there_is_still_an_answer() -> None:
    fit = {
        "readiness": dict.fromkeys(SCORES, 0),
        "represents": dict.fromkeys(("workflows", "systems", "shifts", "languages"), 0),
    }
    answer = Ranked(ranked([site("a"), site("b")], {"b": (assessed(),)}, lighthouse_fit=fit))
    assert "No dimension has a weight" in answer.answer[1]
    assert [row[3] for row in answer.tables()[0].rows] == ["0.0"]
    assert answer.json()["sites"][0]["score"] == 0


def test_one_site_alone_and_a_plan_without_lighthouse() -> None:
    answer = Ranked(ranked([site("a")], {"a": (assessed(),)}))
    assert answer.answer[:2] == (
        "a ranks first of 1 site that can be, with 100.0 of 100 points; the plan names no lighthouse of its sites.",
        "No weight changes that: it is the only one.",
    )


def test_nobody_assessed_gets_an_order_to_assess_in() -> None:
    sites = [site("a", workflows=["x"]), site("b", workflows=["x", "y"]), site("c", sponsor=None)]
    answer = Ranked(ranked(sites, {}))
    assert answer.answer[0] == "No site of 3 can be the lighthouse yet: 3 not assessed and 1 without a sponsor."
    assert "assess from the top" in answer.answer[1]
    assert [row[0] for row in answer.tables()[0].rows] == ["b", "a", "c"]
    assert answer.json()["winner"] is None


def test_where_nothing_tells_sites_apart_the_answer_names_what_could() -> None:
    sites = [site(f"s{n}", country="FR" if n < 3 else "DE", labels={"line": str(n)}) for n in range(5)]
    assert "represents: {country: 10}" in Ranked(ranked(sites, {})).answer[1]


def test_a_live_lighthouse_leaves_nothing_to_choose() -> None:
    sites = [site("a"), site("b")]
    ranking = ranked(sites, {"a": (assessed(), status("live")), "b": (assessed(),)}, lighthouse="a")
    assert Ranked(ranking).answer[0].startswith("a is the lighthouse and live since 1 Oct 2026")


def test_long_lists_are_cut_for_people_and_whole_for_programs() -> None:
    sites = [site(f"s{n:02}") for n in range(25)]
    answer = Ranked(ranked(sites, {s.id: (assessed(),) for s in sites[:23]}))
    eligible, _, out = answer.tables()
    assert (len(eligible.rows), eligible.notes) == (20, ("and 3 more; --format csv or json has all",))
    assert len(out.rows) == 2
    assert len(answer.table().rows) == len(answer.json()["sites"]) == 25


score = st.fixed_dictionaries({name: st.integers(0, 5) for name in SCORES})
some = st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=3)
weights = st.fixed_dictionaries(
    {
        "readiness": st.fixed_dictionaries({name: st.integers(0, 30) for name in SCORES}),
        "represents": st.fixed_dictionaries(
            {name: st.integers(0, 30) for name in ("workflows", "systems", "shifts", "languages")}
        ),
    }
)


@st.composite
def fleets(draw: st.DrawFn) -> tuple[list[Site], dict[str, tuple[Record, ...]], dict[str, Any]]:
    sites, records = [], {}
    for name in "abcde"[: draw(st.integers(1, 5))]:
        more = {"workflows": draw(some), "systems": draw(some), "shifts": draw(st.integers(1, 3))}
        sites.append(site(name, sponsor=draw(st.sampled_from([{"name": "A"}] * 4 + [None])), **more))
        if draw(st.integers(0, 5)):
            records[name] = (assessed(**draw(score)),)
    return sites, records, draw(weights)


def scaled(fit: dict[str, Any], factor: int, but: str = "", swing: int = 0) -> dict[str, Any]:
    return {
        kind: {name: weight * (factor + (swing if f"{kind}.{name}" == but else 0)) for name, weight in own.items()}
        for kind, own in fit.items()
    }


def shares(ranking: Ranking) -> dict[str, Fraction]:
    return {c.site.id: Fraction(c.total, ranking.full or 1) for c in (*ranking.eligible, *ranking.out)}


@given(fleets())
def test_contributions_add_up_to_the_score(fleet: tuple[Any, Any, Any]) -> None:
    sites, records, fit = fleet
    ranking = ranked(sites, records, lighthouse_fit=fit)
    for candidate in (*ranking.eligible, *ranking.out):
        for parts in (10, 1000):
            points = ranking.points(candidate, parts)
            exact = Fraction(candidate.total * 100 * parts, ranking.full or 1)
            assert sum(points) == ranking.score(candidate, parts)
            assert abs(ranking.score(candidate, parts) - exact) <= Fraction(1, 2)
            for point, part in zip(points, candidate.parts, strict=True):
                assert abs(point - Fraction(part * 100 * parts, ranking.full or 1)) < 1
        assert sum(ranking.by_group(candidate).values()) == ranking.score(candidate)
        assert 0 <= candidate.total <= ranking.full


@given(fleets(), st.integers(2, 9))
def test_only_the_proportions_of_weights_matter(fleet: tuple[Any, Any, Any], factor: int) -> None:
    sites, records, fit = fleet
    one = ranked(sites, records, lighthouse_fit=fit)
    many = ranked(sites, records, lighthouse_fit=scaled(fit, factor))
    assert shares(one) == shares(many)
    assert one.ranks == many.ranks
    assert [(s.dimension.id, s.percent, s.winner) for s in one.swings] == [
        (s.dimension.id, s.percent, s.winner) for s in many.swings
    ]


@given(fleets())
def test_survival_is_what_ranking_again_with_that_weight_says(fleet: tuple[Any, Any, Any]) -> None:
    sites, records, fit = fleet
    ranking = ranked(sites, records, lighthouse_fit=fit)
    if ranking.winner is None:
        return
    lost = {(s.dimension.id, s.percent): s.winner for s in ranking.swings}
    for dimension in ranking.dimensions:
        for percent in (-SWING, SWING):
            again = ranked(sites, records, lighthouse_fit=scaled(fit, 100, dimension.id, percent)).winner
            assert again is not None
            assert lost.get((dimension.id, percent), ranking.winner.site.id) == again.site.id


@given(fleets(), st.integers(0, 2))
def test_polish_never_makes_an_unwilling_site_the_lighthouse(fleet: tuple[Any, Any, Any], leadership: int) -> None:
    sites, records, fit = fleet
    plain = dict.fromkeys(TECHNICAL, 2)
    polished = dict.fromkeys(TECHNICAL, 4)
    for scores in (plain, polished):
        now = {**records, "a": (assessed(leadership=leadership, **scores),)}
        assert "a" not in ranked(sites, now, lighthouse_fit=fit).ranks


@given(st.integers(3, 4), score, score)
def test_a_step_of_leadership_weighs_as_much_as_all_polish(leadership: int, one: Any, other: Any) -> None:
    """With the default weights, of two sites that differ in nothing else the more willing one goes first."""
    people = {name: one[name] for name in SCORES if name not in TECHNICAL}
    polished = {**people, **dict.fromkeys(TECHNICAL, 5), "leadership": leadership}
    willing = {**people, **{name: other[name] for name in TECHNICAL}, "leadership": leadership + 1}
    sites = [site("a", workflows=["x"], systems=["s"], shifts=2), site("b", workflows=["x"], systems=["s"], shifts=2)]
    ranking = ranked(sites, {"a": (assessed(**willing),), "b": (assessed(**polished),)})
    assert ranking.winner is not None
    assert ranking.winner.site.id == "a"


def test_a_first_place_that_hangs_on_a_weight_says_on_which_and_who_would_be_first() -> None:
    fit = {
        "readiness": {**dict.fromkeys(SCORES, 0), "leadership": 10, "people": 9},
        "represents": ONLY_WORKFLOWS["represents"],
    }
    records = {"a": (assessed(leadership=5, people=3),), "b": (assessed(leadership=3, people=5),)}
    answer = Ranked(ranked([site("a"), site("b")], records, lighthouse="a", lighthouse_fit=fit))
    # a: 50 + 27, b: 30 + 45; leadership 8: 67 to 69; people 10.8: 82.4 to 84.
    assert answer.answer[1] == (
        "a is not first under every weight: b would be if readiness.leadership counted 20 % less or "
        "readiness.people counted 20 % more."
    )
    assert [lost["percent"] for lost in answer.json()["survives"]["lost"]] == [-20, 20]
