"""A day on which finished work would be too old is closed until the work could be repeated."""

from __future__ import annotations

from datetime import date

from rollout.check.schedule import check_schedule
from rollout.sequence.plan import instance_of, sequence
from tests.conftest import TODAY, Write, loaded

FILES = {
    "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: B}\n",
    "templates/presets/standard@1.yaml": """
        activities:
          training: {title: Train, starts: T-28, takes: 23d, valid_for: 28d, source: s}
        """,
    "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\nlighthouse: a\n",
    "waves/v/records/a.yaml": "- {item: training, state: done, on: 2026-09-28, by: A}\n",
}


def test_go_live_is_before_the_training_is_too_old_or_after_its_repeat(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    programme = loaded(root)
    made = sequence(programme, programme.plans["v"], TODAY)
    assert made.schedule.sites["a"].go_live == date(2026, 10, 5)
    day = made.schedule.sites["a"]
    later = made.schedule
    (root / "waves/v/records/a.yaml").write_text(FILES["waves/v/records/a.yaml"].replace("09-28", "09-10"))
    programme = loaded(root)
    # Good until 8 October.
    for on, lawful in ((5, True), (8, True), (12, False), (27, False), (28, True)):
        month_day = date(2026, 10, on)
        tried = later.model_copy(update={"sites": {"a": day.model_copy(update={"go_live": month_day})}})
        wrong = check_schedule(instance_of(programme, programme.plans["v"], tried), tried, "s")
        assert (not wrong) == lawful, (on, wrong)
        if wrong:
            assert "Train (8 Oct 2026)" in wrong[0].message


def test_a_slip_past_the_gap_is_planned_after_the_repeat(programme_folder: Write) -> None:
    files = FILES | {"waves/v/records/a.yaml": FILES["waves/v/records/a.yaml"].replace("09-28", "09-10")}
    files["waves/v/plan.yaml"] += "constraints: {a: {not_before: 2026-10-09}}\n"
    programme = loaded(programme_folder(files))
    made = sequence(programme, programme.plans["v"], TODAY)
    assert made.schedule.sites["a"].go_live == date(2026, 10, 28)
    assert check_schedule(made.instance, made.schedule, "s") == []
