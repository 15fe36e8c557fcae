"""The example as it has lived: what each command that looks says on the day of its last records."""

from __future__ import annotations

import shlex
from pathlib import Path

from rollout import pipeline
from rollout.model.stated import Colour
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import LIVED, git


def test_its_pages_hold_what_was_recorded() -> None:
    assert pipeline.render(REPOSITORY, LIVED, check=True).stale == ()
    assert not any(problem.code == "unticked-item" for problem in pipeline.validate(REPOSITORY, LIVED).problems)


def test_its_first_steps_are_those_of_its_day_whatever_the_day_is(tmp_path: Path) -> None:
    shown = rollout("init", "acme", "--example", cwd=tmp_path).stdout.partition("Next:")[2]
    steps = [line.partition("#")[0] for line in shown.splitlines() if "rollout " in line]
    assert [step.split()[1] for step in steps] == ["validate", "publish"]
    assert all(f"--as-of {LIVED}" in step for step in steps), "in a year its deadlines are over"
    for words in ("config user.name A", "config user.email a@example.com", "add .", "commit --quiet -m Start"):
        git(tmp_path / "acme", *shlex.split(words))
    for step in steps:
        assert rollout(*step.split()[1:], cwd=tmp_path / "acme").returncode == 0, step


def test_status_and_due_tell_where_it_stands() -> None:
    state = pipeline.status(REPOSITORY, LIVED)
    colours: dict[str, Colour] = {site.site: site.colour for site in state.sites if site.colour != "green"}
    assert colours == {"lyon": "amber", "leipzig": "amber", "linz": "amber"}
    lyon = next(site for site in state.sites if site.site == "lyon")
    assert (lyon.status, lyon.slip, lyon.done, [reason.rule for reason in lyon.reasons]) == (
        "preparing", 0, 7, ["behind", "tight"],
    )  # fmt: skip
    due = pipeline.due(REPOSITORY, LIVED)
    assert [(item.site, item.what) for item in due.items if item.is_overdue] == [
        ("lyon", "Finish: Collect the reference parts (since 12 Oct 2026)")
    ]


def test_gates_are_shut_for_reasons_of_the_day() -> None:
    wave = pipeline.gate(REPOSITORY, LIVED, "wave-1")
    said = {row.id: row for row in wave.criteria}
    assert wave.decision == "no_go"
    assert said["benefit-shown"].message.endswith("is not known; escape-rate: not live yet")
    assert (said["money-held"].met, "6.82 % (equipment: 1,548,950 of 1,450,000)" in said["money-held"].message) == (
        True,
        True,
    )
    own = {row.id: row for row in pipeline.gate(REPOSITORY, LIVED, "go-live", sites=["lyon"]).criteria}
    assert own["security-approved"].message == "security-review is submitted since 2026-11-02, not approved"
    assert "version 2.3 lacks retraining_trigger" in own["model-governed"].message
    assert {name for name, row in own.items() if row.met} >= {
        "champions-on-every-shift",
        "sponsor-present",
        "readiness",
    }


def test_what_was_learned_measured_spent_and_decided_can_be_asked_for() -> None:
    became = {row.lesson: row.state for row in pipeline.lessons(REPOSITORY, LIVED).rows}
    assert became == {"count-with-finance": "adopted", "own-photographs": "rejected", "survey-at-night": "open"}
    proved = pipeline.proof(REPOSITORY, LIVED)
    assert [row.proof.metric for row in proved.rows] == ["escape-rate", "rework-hours", "scrap"]
    (line,) = (one for one in pipeline.budget(REPOSITORY, LIVED).lines if one.id == "equipment")
    assert (line.teachers, round(line.rate, 2)) == (("leipzig", "lyon"), 1.07)
    kinds = [one.kind for one in pipeline.audit(REPOSITORY).decisions if not one.is_removed]
    assert (kinds.count("status"), kinds.count("waiver")) == (3, 1)
