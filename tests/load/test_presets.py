"""The shipped presets: what the field asks for is in them, with its lead times, and every default names its source.

ROLLOUT_UPDATE_GOLDEN=1 writes `presets/*.txt` anew. A line there changes for every plan that uses the preset: once a
version is released, a change belongs in a new one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.activity import Activity
from rollout.model.plan import Plan
from tests.conftest import Write, golden, loaded

GOLDEN = Path(__file__).parent / "presets"
PRESETS = ("standard", "manufacturing", "clinical", "retail")

NORMS = {
    "sponsor-commitment": ("T-180", "14d"),
    "works-council": ("T-180", "90d"),
    "network-circuit": ("T-180", "90d"),
    "long-lead-equipment": ("T-175", "140d"),
    "system-discovery": ("T-150", "45d"),
    "champions": ("T-150", "30d"),
    "workflow-as-is": ("T-145", "21d"),
    "workflow-to-be": ("T-120", "24d"),
    "deviations": ("T-96", "14d"),
    "security-review": ("T-90", "42d"),
    "privacy-review": ("T-90", "42d"),
    "legal-review": ("T-90", "42d"),
    "procurement-review": ("T-90", "42d"),
    "data-quality": ("T-90", "60d"),
    "connector-test": ("T-75", "21d"),
    "communications": ("T-60", "1d"),
    "uat": ("T-56", "21d"),
    "model-handover": ("T-45", "10d"),
    "rehearsal-1": ("T-35", "3d"),
    "readiness-review": ("T-28", "1d"),
    "training": ("T-28", "23d"),
    "rehearsal-2": ("T-14", "3d"),
    "rollback-rehearsal": ("T-14", "1d"),
    "hypercare-rota": ("T-14", "5d"),
    "go-no-go": ("T-7", "1d"),
    "change-freeze": ("T-7", "10d"),
    "cutover": ("T-2", "2d"),
    "triage": ("T+1", "14d"),
    "lessons-review": ("T+14", "7d"),
    "hypercare-exit": ("T+28", "1d"),
    "benefit-30": ("T+30", "1d"),
    "benefit-60": ("T+60", "1d"),
    "benefit-90": ("T+90", "1d"),
}
"""What the field does before and after every go-live: start and length in `standard`."""
OTHERWISE = {
    "manufacturing": {"long-lead-equipment": "equipment-order"},
    "clinical": {"hypercare-rota": "command-centre"},
    "retail": {},
}
"""Where a preset has its own piece of work in place of the standard one."""
LONGER = {"clinical": {"training": "T-42", "hypercare-exit": "T+42"}}
"""Norms that a trade has set apart. A store's are shorter, and are told by its golden file alone."""
TWO_STEP = (
    "works-council",
    "network-circuit",
    "long-lead-equipment",
    "security-review",
    "privacy-review",
    "legal-review",
    "procurement-review",
)


@cache
def shipped(name: str, folder: Path) -> Plan:
    for part in ("sites", "waves/v"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "waves/v/plan.yaml").write_text(f"name: V\nwork_from: 2026-10-05\npreset: {name}@1\n", encoding="utf-8")
    programme, problems = load_programme(Workspace(folder))
    assert not problems
    return programme.plans["v"].plan


@pytest.fixture(params=PRESETS)
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    name: str = request.param
    return shipped(name, tmp_path_factory.getbasetemp() / "presets" / name)


def name_of(plan: Plan) -> str:
    return plan.preset.removesuffix("@1")


def by_id(plan: Plan) -> dict[str, Activity]:
    return {activity.id: activity for activity in plan.activities}


def test_ids_and_times_are_the_ones_published(plan: Plan) -> None:
    lines = [
        " ".join(
            [a.id, a.phase, str(a.starts), str(a.takes), f"valid {a.valid_for}" if a.valid_for else "", a.owner]
        ).replace("  ", " ")
        for a in plan.activities
    ]
    lines += [f"{gate.id}/{criterion.id}" for gate in plan.gates for criterion in gate.needs]
    text = "\n".join(lines) + "\n"
    file = GOLDEN / f"{plan.preset}.txt"
    golden(file, text)


def test_every_default_names_its_source(plan: Plan) -> None:
    assert [a.id for a in plan.activities if a.source is None] == []
    assert [f"{g.id}/{c.id}" for g in plan.gates for c in g.needs if c.source is None] == []
    assert [a.id for a in plan.activities if a.valid_for and "valid " not in (a.source or "")] == []


def test_what_the_field_does_is_in_it_with_its_lead_times(plan: Plan) -> None:
    found, name = by_id(plan), name_of(plan)
    for activity_id, (starts, takes) in NORMS.items():
        own = OTHERWISE.get(name, {}).get(activity_id, activity_id)
        assert own in found, activity_id
        if name == "standard":
            assert (str(found[own].starts), str(found[own].takes)) == (starts, takes), activity_id
        elif name != "retail" and own == activity_id:
            assert str(found[own].starts) == LONGER.get(name, {}).get(activity_id, starts), activity_id


def test_reviews_start_together_and_their_clock_starts_with_the_request(plan: Plan) -> None:
    found = by_id(plan)
    reviews = [found[f"{kind}-review"] for kind in ("security", "privacy", "legal", "procurement")]
    assert {(str(r.starts), str(r.takes)) for r in reviews} == {("T-90", "42d")}
    assert all(found[name].two_step for name in TWO_STEP if name in found)
    assert "FR" in (found["works-council"].where.country or ())
    assert "GB" not in (found["works-council"].where.country or ())


def test_no_norm_begins_before_what_it_waits_for_would_be_over(plan: Plan) -> None:
    found = by_id(plan)
    for activity in plan.activities:
        for name in activity.depends_on:
            other = found[name]
            assert other.starts.days + other.takes.days <= activity.starts.days, (name, activity.id)


def test_gates_and_activities_agree_how_old_evidence_may_be(plan: Plan) -> None:
    found = by_id(plan)
    checked = 0
    for gate in plan.gates:
        for criterion in gate.needs:
            if criterion.evidence in found and criterion.max_age is not None and criterion.at is None:
                assert found[criterion.evidence].valid_for == criterion.max_age, criterion.id
                checked += 1
    assert checked >= 6


def test_what_a_slip_makes_old_is_done_again(plan: Plan) -> None:
    found = by_id(plan)
    for name in ("training", "champion-training", "rehearsal-1", "rehearsal-2", "rollback-rehearsal", "data-quality"):
        assert found[name].valid_for is not None, name
    assert all(a.valid_for is not None for a in plan.activities if "review" in a.id and a.before_go_live)


def test_work_that_go_live_waits_for_says_who_is_asked_and_told(plan: Plan) -> None:
    for activity in plan.activities:
        if activity.blocking:
            assert activity.raci.consulted, activity.id
            assert activity.raci.informed, activity.id
        others = {*activity.raci.consulted, *activity.raci.informed}
        assert not others & {activity.accountable, *activity.responsible}, activity.id


def test_the_model_is_handed_over_with_what_keeps_it_honest(plan: Plan) -> None:
    how = by_id(plan)["model-handover"].how or ""
    assert all(part in how for part in ("model version", "monitoring owner", "retraining trigger"))


def test_hypercare_ends_by_criteria(plan: Plan) -> None:
    gate = plan.gate("exit")
    assert gate is not None
    assert len(gate.needs) >= 5


def test_a_plan_changes_adds_and_removes_by_id(programme_folder: Write) -> None:
    root = programme_folder(
        {
            "waves/v/plan.yaml": """
                name: V
                work_from: 2026-10-05
                activities:
                  training: {takes: 16d, valid_for: 42d, raci: {informed: [hr]}}
                  crane: {title: Book the crane, starts: T-30, takes: 5wd}
                  workflow-trial: ~
                """
        }
    )
    found = by_id(loaded(root).plans["v"].plan)
    training = found["training"]
    assert (str(training.takes), str(training.valid_for), str(training.starts)) == ("16d", "42d", "T-28")
    assert (training.raci.consulted, training.raci.informed) == (("process_owner",), ("hr",))
    assert (found["crane"].accountable, found["crane"].responsible) == ("site_lead", ("site_lead",))
    assert "workflow-trial" not in found
