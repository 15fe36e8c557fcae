"""Records add up to facts, whatever order their lines stand in."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rollout.model.decision import decide
from rollout.model.record import KINDS, LEGAL, ORDER, Facts, Record, fold, kind_of
from rollout.model.status import bad_steps


def made(*entries: dict[str, Any]) -> list[Record]:
    return [
        KINDS[next(k for k in KINDS if k in entry)].model_validate(
            {"on": "2026-10-01", "by": "A", **entry, "index": number}
        )
        for number, entry in enumerate(entries)
    ]


def facts(*entries: dict[str, Any]) -> Facts:
    records = made(*entries)
    one = fold(records)
    for seed in range(3):
        random.Random(seed).shuffle(records)
        assert fold(records) == one
    return one


def test_the_latest_dated_fact_wins() -> None:
    assert (
        facts({"cost": "a", "actual": "10", "on": "2026-10-09"}, {"cost": "a", "actual": "7"}).costs["a"].actual == 10
    )
    done = facts(
        {"item": "x", "state": "done", "evidence": "a.pdf"},
        {"item": "x", "state": "requested"},
        {"evidence": "x", "at": "https://example.com/b", "on": "2026-10-02"},
    )
    assert done.is_done("x"), "of one day the later state holds"
    assert getattr(done.evidence["x"], "at", None) == "https://example.com/b"
    assert facts({"users": {"onboarded": "9", "active": "3"}}).users is not None


def test_a_milestone_tells_the_status_too() -> None:
    live = facts(
        {"status": "ready"},
        {"milestone": "go-live", "on": "2027-02-09"},
        {"forecast": "2027-03-01", "on": "2027-01-01"},
    )
    assert (live.status, live.went_live, live.forecast) == ("live", date(2027, 2, 9), None)
    out = facts({"milestone": "go-live"}, {"milestone": "exit", "on": "2026-11-01"})
    assert (out.status, out.left_hypercare) == ("stable", date(2026, 11, 1))


def test_scores_come_one_by_one_and_are_as_old_as_the_oldest() -> None:
    dimensions = [
        "leadership",
        "workflow_redesign",
        "data_quality",
        "systems",
        "people",
        "change_capacity",
        "security",
        "infrastructure",
    ]
    first = {"readiness": dict.fromkeys(dimensions[:-1], "3"), "on": "2026-09-01"}
    assert facts(first).readiness is None
    whole = facts(
        first, {"readiness": {"infrastructure": "5", "leadership": "1"}, "on": "2026-10-01", "by": "B"}
    ).readiness
    assert whole is not None
    assert (whole.readiness.leadership, whole.readiness.infrastructure, whole.readiness.people) == (1, 5, 3)
    assert (whole.on, whole.by) == (date(2026, 9, 1), "B")
    # Of one day the last to count gave the latest score, whichever dimension it is of.
    both = [
        {"readiness": dict.fromkeys(dimensions, "3"), "on": "2026-10-01", "by": "A"},
        {"readiness": {"infrastructure": "5"}, "on": "2026-10-01", "by": "B"},
    ]
    for records in (both, both[::-1]):
        whole = facts(*records).readiness
        assert whole is not None
        assert (whole.readiness.infrastructure, whole.by) in {(5, "B"), (3, "A")}


def test_incidents_and_proofs_carry_what_was_said_before() -> None:
    found = facts(
        {"incident": "dark", "says": "Camera 3 is dark", "severity": "2"},
        {"incident": "dark", "closed": "2026-10-05", "on": "2026-10-05"},
        {"proof": "escapes", "before": "820", "target": "250", "unit": "ppm"},
        {"proof": "escapes", "after": "210", "on": "2027-03-01"},
    )
    dark, escapes = found.incidents["dark"], found.proofs["escapes"]
    assert (dark.says, dark.severity, dark.closed) == ("Camera 3 is dark", 2, date(2026, 10, 5))
    assert (escapes.before, escapes.target, escapes.after, escapes.unit) == (820, 250, 210, "ppm")


def test_a_lesson_is_its_latest_line() -> None:
    lessons = facts(
        {"lesson": "a", "says": "Do it"},
        {"lesson": "a", "says": "Do it", "state": "deferred", "because": "no time", "on": "2026-10-02"},
    ).lessons
    assert [lesson.state for lesson in lessons] == ["deferred"]


def test_decisions_of_the_plan() -> None:
    made_ = decide(
        made(
            {"scale": "go", "because": "x"},
            {"scale": "no_go", "because": "y"},
            {"approval": "g", "role": "sponsor", "decision": "go", "sites": {"a": {"binds": "v1:" + "0" * 64}}},
        )
    )
    assert made_.scale is not None
    assert made_.scale.scale == "no_go"
    assert made_.approvals[0].sites["a"].binds


@pytest.mark.parametrize(
    "entry",
    [
        {"evidence": "x", "at": "/etc/passwd"},
        {"evidence": "x", "at": "javascript:alert(1)"},
        {"evidence": "x", "at": "a/../../b"},
        {"approval": "g", "role": "r", "decision": "go", "sites": {"a": {"binds": "v1:abc"}}},
        {"incident": "x", "closed": "2026-12-01"},
        {"proof": "x"},
        {"readiness": {}},
        {"cost": "x", "actual": "-1"},
        {"waiver": "x", "owner": "B", "expires": "2026-09-01", "because": "late"},
    ],
)
def test_what_no_record_may_say(entry: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        made(entry)


def test_a_waiver_takes_the_place_of_earlier_ones_of_its_gate_and_of_no_others() -> None:
    def left(*gates: str | None) -> list[str | None]:
        rows = [
            {"waiver": "x", "owner": "B", "expires": "2027-01-01", "because": "late", "on": f"2026-10-0{day}"}
            | ({"gate": gate} if gate else {})
            for day, gate in enumerate(gates, 1)
        ]
        return [waiver.gate for waiver in facts(*rows).waivers]

    assert left("go-live", "wave-1") == ["go-live", "wave-1"]
    assert left("go-live", "wave-1", "go-live") == ["wave-1", "go-live"]
    assert left("go-live", "wave-1", None) == [None], "it is of every gate"
    assert left(None, "wave-1") == [None, "wave-1"], "the other gates keep theirs"


def test_papers_that_are_in_show_what_they_say_they_show() -> None:
    asked = {"item": "x", "state": "requested", "evidence": "old.pdf"}
    sent = {"item": "x", "state": "submitted", "evidence": "new.pdf", "on": "2026-10-05"}
    found = facts(asked, sent)
    assert (found.items["x"].on, found.submitted["x"].on) == (date(2026, 10, 1), date(2026, 10, 5))
    assert getattr(found.evidence["x"], "evidence", None) == "new.pdf", "the clock runs on from the request"
    linked = {"evidence": "x", "at": "linked.pdf", "on": "2026-10-03"}
    found = facts(asked, linked, {"item": "x", "state": "submitted", "on": "2026-10-05"})
    assert getattr(found.evidence["x"], "at", None) == "linked.pdf", "without papers of its own it shows nothing new"


def test_steps_that_are_not_legal_name_both_lines() -> None:
    ready, live = made({"status": "preparing"}, {"status": "live", "on": "2026-10-02"})
    assert list(bad_steps([ready, live])) == [(ready, live)]
    assert list(bad_steps(made({"status": "preparing"}, {"status": "ready"}, {"status": "live"}))) == []
    assert [before for before, _ in bad_steps(made({"status": "live"}))] == [None]
    assert list(bad_steps(made({"status": "preparing"}, {"milestone": "go-live", "on": "2026-10-02"}))) == []
    twice = made({"status": "preparing"}, {"status": "preparing", "on": "2026-11-01"})
    assert list(bad_steps(twice)) == []
    assert list(bad_steps(made({"status": "preparing"}, {"status": "live", "by": "import", "on": "2026-10-02"}))) == []
    assert len(list(bad_steps(made({"status": "live"}, {"status": "ready", "by": "import", "on": "2026-10-02"})))) == 2
    same_day = made(
        *({"status": s} for s in ("preparing", "ready", "live")),
        {"status": "rolled_back", "on": "2026-10-03"},
        {"status": "preparing", "on": "2026-10-03"},
    )
    assert len(list(bad_steps(same_day))) == 1, "rolled back holds on that day, so nothing was prepared on it"


@given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(1, 28)), max_size=12), st.randoms())
def test_a_legal_walk_has_no_bad_step_and_order_means_nothing(walk: list[tuple[str, int]], luck: random.Random) -> None:
    records = made(*({"status": s, "on": f"2026-10-{day:02}"} for s, day in walk))
    found = {(before and (before.on, kind_of(before)), after.on) for before, after in bad_steps(records)}
    luck.shuffle(records)
    assert {(before and (before.on, kind_of(before)), after.on) for before, after in bad_steps(records)} == found
    now, legal = "planned", []
    for number in range(len(walk)):
        options = LEGAL[now]  # type: ignore[index]  # one of its keys
        if not options:
            break
        now = luck.choice(options)
        legal.append({"status": now, "on": f"2026-10-{number + 1:02}"})
    assert list(bad_steps(made(*legal))) == []


def test_every_kind_has_an_example_and_says_what_it_is() -> None:
    for kind, model in KINDS.items():
        assert model.EXAMPLE
        assert model.__doc__
        assert kind in model.model_fields
        assert all(word in model.model_fields for word in model.WORDS)
