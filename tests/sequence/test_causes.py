"""Why the days of two solutions differ is said of each job in the words that fit it."""

from __future__ import annotations

from datetime import date

from rollout.model.instance import Instance, days_of
from rollout.sequence.causes import causes
from rollout.sequence.plan import sequence
from tests.conftest import TODAY, Write, loaded
from tests.sequence.test_plan import plan_file, sites

REVIEW = "prerequisites: [{id: review, title: Review, takes: %s, where: {id: [b, c]}}]\n"
BEGUN = date(2026, 10, 20)


def test_work_that_has_begun_and_takes_longer_is_no_go_live(programme_folder: Write) -> None:
    files = {**sites("a", "b", "c"), **plan_file(REVIEW % "4w"), "waves/_teams.yaml": ""}
    programme = loaded(programme_folder(files))
    files["waves/v/schedule.yaml"] = sequence(programme, programme.plans["v"], TODAY).schedule.text()

    def side(takes: str) -> tuple[Instance, dict[str, int]]:
        programme = loaded(programme_folder({**files, **plan_file(REVIEW % takes)}))
        folder = programme.plans["v"]
        made = sequence(programme, folder, BEGUN, folder.schedule)
        return made.instance, days_of(made.schedule)

    place = programme.plans["v"].plan.source
    first, last = causes(side("4w"), side("20w"), ["b"], place)["b"]
    assert (first.constraint, first.via) == ("prerequisite review", "review")
    assert last.message == "review is ready on 22 Feb 2027 instead of 2 Nov 2026"
    assert last.job == "review"
