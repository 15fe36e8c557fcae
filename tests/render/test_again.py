"""Work that is done again has a box of its own, and no tick of a person's is lost or taken for another's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.model.schedule import Made, Placement, Schedule
from rollout.render.merge import merge
from rollout.render.render import render
from rollout.track.standing import stand
from tests.conftest import TODAY, Write, loaded

PAGE = "playbooks/v/lyon/checklist.md"
FILES = {
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "waves/v/plan.yaml": "name: Vision\nwork_from: 2026-10-05\nlighthouse: lyon\n",
}
TRAINED = "- {item: training, state: done, on: 2027-02-05, by: Nora}\n"
REVIEWED = "- {item: security-review, state: approved, on: 2026-03-01, by: Ines}\n"
FIRST, SLIPPED = date(2027, 2, 9), date(2027, 4, 6)


def checklist(root: Path, go_live: date, page: str | None = None) -> str:
    programme = loaded(root)
    day = Placement(wave=0, go_live=go_live)
    dates = Schedule(made=Made(as_of=TODAY, outcome="feasible"), sites={"lyon": day})
    standing = stand(programme, programme.plans["v"], dates)
    made = next(
        r.change.after
        for r in render(standing, load_templates(Workspace(root)), lambda _: None)
        if r.change.path == PAGE
    )
    assert made is not None
    return merge(page, made).text


def boxes(page: str, item: str) -> list[str]:
    return [line.partition(" <!--")[0] for line in page.splitlines() if f"rollout:{item} " in line]


def test_a_slip_reopens_the_training_with_a_new_box(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": TRAINED})
    before = checklist(root, FIRST)
    assert "training:again" not in before
    after = checklist(root, SLIPPED, before)
    title = "Train the users and check what they can do"
    assert boxes(after, "training") == [f"- [x] {title}, done on Fri 5 Feb 2027"]
    assert boxes(after, "training:again:2027-02-05") == [f"- [ ] {title}, again, by Wed 31 Mar 2027 (trainer)"]
    assert "**Too old for go-live on Tue 6 Apr 2027:** it was good until Fri 5 Mar 2027." in after
    assert "1 piece of work is to be done again" in " ".join(after.replace("**", "").split())


def test_moving_back_takes_the_new_box_away_unless_somebody_ticked_it(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": TRAINED})
    slipped = checklist(root, SLIPPED, checklist(root, FIRST))
    assert "training:again" not in checklist(root, FIRST, slipped)
    ticked = slipped.replace(boxes(slipped, "training:again:2027-02-05")[0], "- [x] Trained again, I promise")
    kept = checklist(root, FIRST, ticked)
    assert boxes(kept, "training:again:2027-02-05") == ["- [x] Trained again, I promise"]


def test_a_second_repeat_never_inherits_the_tick_of_the_first(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": TRAINED})
    page = checklist(root, SLIPPED)
    line = boxes(page, "training:again:2027-02-05")[0]
    page = page.replace(line, line.replace("[ ]", "[x]"))
    (root / "waves/v/records/lyon.yaml").write_text(TRAINED + TRAINED.replace("2027-02-05", "2027-03-31"))
    page = checklist(root, date(2027, 6, 15), page)
    assert boxes(page, "training:again:2027-02-05")[0].startswith("- [x]"), "the tick stays"
    assert boxes(page, "training:again:2027-03-31")[0].startswith("- [ ]"), "and the new box is empty"


def test_a_review_that_is_asked_for_again_is_ticked_as_requested(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": REVIEWED})
    page = checklist(root, SLIPPED)
    assert boxes(page, "security-review:approved") == [
        "- [x] Have the security review done: approved or delivered on Sun 1 Mar 2026"
    ]
    key = "security-review:again:2026-03-01"
    assert boxes(page, f"{key}:requested")[0].startswith("- [ ] Have the security review done, again: request sent")
    asked = "- {item: security-review, state: requested, on: 2026-11-02, by: Ines}\n"
    (root / "waves/v/records/lyon.yaml").write_text(REVIEWED + asked)
    page = checklist(root, SLIPPED, page)
    assert boxes(page, f"{key}:requested")[0].startswith("- [x]")
    assert boxes(page, f"{key}:approved")[0].startswith("- [ ]")
    assert boxes(page, "security-review:approved")[0].startswith("- [x]")
