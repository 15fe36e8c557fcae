"""A site with another id is the same site: it neither joins nor leaves; and what makes no approval void."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from tests.compare.test_review import FILES, Story, record
from tests.conftest import TODAY

Begin = Callable[..., Story]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    def begin(files: Mapping[str, str] | None = None) -> Story:
        made = Story(tmp_path)
        made.write({**FILES, **(files or {})})
        made.git("init", "--quiet", "--initial-branch=main")
        pipeline.plan(made.root, TODAY)
        made.commit("base")
        return made

    return begin


def rename(story: Story, old: str, new: str) -> None:
    site, records = story.root / f"sites/{old}.yaml", story.root / f"waves/v/records/{old}.yaml"
    story.write({f"sites/{new}.yaml": f"{site.read_text()}formerly: {old}\n"})
    site.unlink()
    if records.exists():
        records.rename(records.with_name(f"{new}.yaml"))
    plan = story.root / "waves/v/plan.yaml"
    plan.write_text(re.sub(rf"\b{old}\b", new, plan.read_text()))


def approve(story: Story, gate: str, site: str, on: str = "2026-12-01", by: str = "Eva Lind") -> None:
    record(story, "_plan", "approval", gate, "go", "--role", "sponsor", "--sites", site, on=on, by=by)


def test_one_without_a_day_is_no_news(begin: Begin) -> None:
    gone = "- {status: dropped, on: 2026-09-20, by: Eva Lind, because: sold}\n"
    story = begin({"waves/v/records/d.yaml": gone})
    rename(story, "d", "dijon")
    assert story.diff().plans[0].moved == ()


def test_what_was_too_old_before_is_not_to_be_repeated_because_of_the_edit(begin: Begin) -> None:
    story = begin()
    record(story, "b", "training", "done", on="2026-10-02", by="Nora")
    story.commit("trained")
    rename(story, "b", "bristol")
    story.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  bristol: {not_before: 2027-03-02}")
    [plan] = story.diff().plans
    assert [move.site for move in plan.moved] == ["bristol", "c"]
    assert plan.repeated == ()


def test_an_id_in_use_again_is_nobodys_former_one(begin: Begin) -> None:
    story = begin()
    story.write({"sites/dd.yaml": "name: DD\ncountry: FR\nformerly: d\n"})
    [move] = story.diff().plans[0].moved
    assert (move.site, move.before) == ("dd", None)


def test_dates_that_are_kept_for_a_halt_are_under_the_former_id(begin: Begin) -> None:
    story = begin()
    rename(story, "d", "dijon")
    halt = f"- {{halt: recall, because: cameras, on: {date(2026, 10, 20)}, by: Eva Lind}}\n"
    story.write({"waves/v/records/_plan.yaml": halt})
    [plan] = story.diff().plans
    assert plan.halted
    assert plan.moved == ()


def test_what_an_approval_binds_has_changed_under_another_id_too(begin: Begin) -> None:
    """`validate` and `diff` agree; and once it is given again, whoever wrote the name how, it counts."""
    story = begin()
    approve(story, "wave-1", "b")
    story.commit("approved")
    rename(story, "b", "bristol")
    story.replace("sites/bristol.yaml", "operators: 40", "operators: 55")
    day = date(2026, 12, 1)
    [stale] = [p for p in pipeline.validate(story.root, day).problems if p.code == "stale-approval"]
    assert stale.message.endswith("by Eva Lind no longer counts for bristol: what it is for has changed")
    assert [(void.site, void.says) for void in story.diff().plans[0].stale] == [("bristol", "headcount changed")]
    pipeline.plan(story.root, day)
    approve(story, "wave-1", "bristol", by="eva lind")
    assert "stale-approval" not in {problem.code for problem in pipeline.validate(story.root, day).problems}
    assert story.diff().plans[0].stale == ()


def test_an_approval_is_not_void_because_its_site_never_had_a_day(begin: Begin) -> None:
    plan = FILES["waves/v/plan.yaml"].replace("gates:", "gates:\n      go-live: {approvals: {sponsor: 1}}")
    paused = "- {status: paused, on: 2026-09-20, by: Eva Lind}\n"
    story = begin({"waves/v/plan.yaml": plan, "waves/v/records/d.yaml": paused})
    approve(story, "go-live", "d")
    story.commit("approved")
    assert story.diff().summary == "no plan change"


def test_an_approval_is_not_void_because_its_site_went_live(begin: Begin) -> None:
    story = begin()
    approve(story, "wave-1", "b", on="2026-10-30")
    story.commit("approved")
    story.write({"waves/v/records/b.yaml": f"- {{status: live, on: {story.day('b')}, by: Eva Lind}}\n"})
    assert story.diff().plans[0].stale == ()
