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


def test_a_site_with_another_id_now_moves_as_itself_and_moves_others(programme_folder: Write) -> None:
    rest = "constraints: {c: {after: b}}\n"
    files = {**sites("a", "b", "c"), **plan_file(rest), "waves/_teams.yaml": ""}
    root = programme_folder(files)
    programme = loaded(root)
    old = sequence(programme, programme.plans["v"], TODAY)
    (root / "sites/b.yaml").unlink()
    files["sites/bonn.yaml"] = files.pop("sites/b.yaml") + "formerly: b\n"
    files |= plan_file("constraints: {c: {after: bonn}, bonn: {not_before: 2027-03-01}}\n")
    programme = loaded(programme_folder(files))
    new = sequence(programme, programme.plans["v"], TODAY, old.schedule)
    before = old.instance.under(programme.renamed), days_of(old.schedule.under(programme.renamed))
    after = new.instance.under(programme.renamed), days_of(new.schedule)
    assert after[0] is new.instance
    found = causes(before, after, ["bonn", "c"], programme.plans["v"].plan.source)
    assert [(cause.job, cause.constraint, cause.is_new) for cause in found["bonn"]] == [("bonn", "not_before", True)]
    assert [(cause.job, cause.via) for cause in found["c"]] == [("c", "bonn"), ("bonn", None)]
