"""Verdicts by hand: what was measured before, promised and measured since, and when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.measured import ProofRecord
from rollout.model.proof import Proof, proofs

LIVE = date(2027, 2, 9)
Said = tuple[str | int, dict[str, object]]


def pack(*lines: tuple[int, dict[str, object]], live: date | None = LIVE) -> tuple[Proof, ...]:
    """Lines of one metric, each with its days from go-live."""
    made = [
        ProofRecord.model_validate({"proof": "escapes", "on": LIVE + timedelta(days=days), "by": "B", **said})
        for days, said in lines
    ]
    return proofs(made, live)


BEFORE = (-25, {"before": 820, "target": 250, "unit": "ppm"})


@pytest.mark.parametrize(
    ("after", "days", "verdict", "reason"),
    [
        (210, 21, "met", "107 % of what was promised"),
        (250, 21, "met", "100 % of what was promised"),
        (210, 20, "inconclusive", "measured 20 days after go-live; it counts from 21 on"),
        (535, 30, "inconclusive", "50 % of what was promised, 30 days after go-live; measure again"),
        (251, 89, "inconclusive", "99 % of what was promised, 89 days after go-live; measure again"),
        (251, 90, "not met", "99 % of what was promised, 90 days after go-live"),
        (820, 21, "not met", "no better than before"),
        (900, 30, "not met", "no better than before"),
    ],
)
def test_less_is_better_where_the_target_is_lower(after: float, days: int, verdict: str, reason: str) -> None:
    (proof,) = pack(BEFORE, (days, {"after": after}))
    assert (proof.verdict, proof.reason) == (verdict, reason)
    assert proof.age(proof.afters[0]) == days


def test_more_is_better_where_the_target_is_higher() -> None:
    (proof,) = pack((-1, {"before": 60, "target": 80}), (30, {"after": 85}))
    assert (proof.verdict, proof.share) == ("met", 125)
    (proof,) = pack((-1, {"before": 60, "target": 80}), (30, {"after": 55}))
    assert proof.verdict == "not met"


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([(30, {"after": 210})], "no figure from before go-live"),
        (
            [(0, {"before": 820}), (30, {"after": 210})],
            "no figure from before go-live (that of 2027-02-09 came too late)",
        ),
        ([(-9, {"before": 820}), (30, {"after": 210})], "no target"),
        ([BEFORE], "nothing measured since go-live"),
        ([BEFORE, (30, {"after": 2, "unit": "%"})], "counted in % and in ppm"),
        ([BEFORE, (-2, {"after": 210})], "nothing measured since go-live"),
        (
            [(-9, {"before": 5, "target": 5}), (30, {"after": 6})],
            "the target is the figure from before: better is open",
        ),
    ],
)
def test_what_is_missing_leaves_it_open(lines: list[tuple[int, dict[str, object]]], reason: str) -> None:
    (proof,) = pack(*lines)
    assert (proof.verdict, proof.reason) == ("inconclusive", reason)


def test_not_live_and_held() -> None:
    (proof,) = pack(BEFORE, live=None)
    assert (proof.verdict, proof.reason, proof.next_checkpoint()) == ("inconclusive", "not live yet", None)
    (proof,) = pack((-9, {"before": 5, "target": 5}), (30, {"after": 5}))
    assert (proof.verdict, proof.reason) == ("met", "held")


def test_the_latest_of_each_counts_and_a_late_baseline_never_does() -> None:
    (proof,) = pack(
        (90, {"after": 240}),
        (-40, {"before": 900}),
        BEFORE,
        (21, {"after": 400}),
        (5, {"before": 300}),
        (6, {"target": 245}),
    )
    assert proof.before is not None and proof.target is not None and proof.late is not None
    assert (proof.before.value, proof.target.value, proof.late.value) == (820, 245, 300)
    assert [figure.value for figure in proof.afters] == [400, 240]
    assert (proof.verdict, proof.next_checkpoint()) == ("met", None)


def test_the_next_checkpoint_follows_the_last_figure() -> None:
    days = {after: pack(BEFORE, (after, {"after": 1}))[0].next_checkpoint() for after in (0, 20, 21, 45, 89)}
    assert days == {
        0: (21, date(2027, 3, 2)),
        20: (21, date(2027, 3, 2)),
        21: (30, date(2027, 3, 11)),
        45: (60, date(2027, 4, 10)),
        89: (90, date(2027, 5, 10)),
    }


FIGURES = st.integers(-1000, 1000)


@given(before=FIGURES, target=FIGURES, after=FIGURES, days=st.integers(0, 400))
def test_a_verdict_does_not_depend_on_which_way_is_up(before: int, target: int, after: int, days: int) -> None:
    (proof,) = pack((-1, {"before": before, "target": target}), (days, {"after": after}))
    (mirrored,) = pack((-1, {"before": -before, "target": -target}), (days, {"after": -after}))
    assert proof.verdict == mirrored.verdict
    if proof.verdict == "met":
        assert days >= 21 and (after >= target if target > before else after <= target)
    if proof.verdict == "not met":
        assert days >= 21 and (after < target if target > before else after > target)
