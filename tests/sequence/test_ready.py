"""What evidence says is ready is waited for by nobody, whatever was planned."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rollout.pipeline import check_dates, due, explain, plan, render
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import plan_file, sites
from tests.sequence.test_slip import found

REVIEW = "prerequisites: {review: {title: The security review, takes: 20w, where: {id: b}}}\n"
"""Work from 5 October to 19 February, so that b cannot go live before wave 1 of February or March."""


def published(write: Write) -> Path:
    root = write({**sites(*"ab"), **plan_file(f"replan: {{hold: 0d}}\n{REVIEW}", "9"), "waves/_teams.yaml": ""})
    plan(root, TODAY)
    return root


def record(root: Path, on: str) -> None:
    file = root / "waves/v/records/_plan.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"- {{evidence: review, at: docs/review.pdf, on: {on}, by: A}}\n")


def test_a_review_that_was_quicker_lets_sites_go_earlier(programme_folder: Write) -> None:
    root = published(programme_folder)
    before = plan(root, TODAY).schedule
    assert before.prerequisites["review"].ready == date(2027, 2, 22)
    assert before.sites["b"].go_live >= date(2027, 2, 22)
    later = date(2026, 11, 2)
    record(root, "2026-10-30")
    assert check_dates(root, later)[1] == (), "published days stay lawful"
    assert plan(root, later).kept
    made = plan(root, later, replan=True).schedule
    assert made.prerequisites == before.prerequisites, "what was published of it is no other plan"
    assert made.sites["b"].go_live < date(2027, 2, 1)
    assert check_dates(root, later)[1] == ()
    assert "review" not in str(explain(root, later, "b").json())
    render(root, later)
    page = (root / "playbooks/v/b/playbook.md").read_text(encoding="utf-8")
    assert "The security review" in page and "30 Oct 2026" in page and "22 Feb 2027" not in page


def test_a_review_that_was_late_is_over_when_it_is_over(programme_folder: Write) -> None:
    root = published(programme_folder)
    record(root, "2027-03-15")
    assert found(root) == [], "of what is recorded later nothing is known yet"
    late = date(2027, 3, 16)
    made = plan(root, late, afresh=True).schedule
    assert min(placement.go_live for placement in made.sites.values()) >= late
    assert [item.id for item in due(root, late, 42).items if item.id == "review"] == []


def test_nobody_is_asked_to_begin_what_is_ready(programme_folder: Write) -> None:
    root = published(programme_folder)
    asked = [item.id for item in due(root, TODAY, 91).items]
    assert "review" in asked
    record(root, "2026-10-01")
    assert "review" not in [item.id for item in due(root, TODAY, 91).items]
