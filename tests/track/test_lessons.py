"""A lesson is open until the pages of the sites it selects hold the work it became, and they say who learned it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rollout import pipeline
from rollout.model.agenda import activities_at
from rollout.model.learned import LessonRow, Lessons
from rollout.model.lesson import learned
from rollout.track.lessons import open_lessons
from tests.conftest import TODAY, Write, loaded

PLAN = """\
name: V
work_from: 2026-10-05
lighthouse: lyon
waves: {size: 9}
activities: {}
"""
HOODS = "  hoods: {from_lesson: glare, title: Hood the cameras, starts: T-20, takes: 5d}\n"
GLARE = (
    "- {lesson: glare, says: Hood the cameras first, affects: {workflows: [looking]}, blocking: true,"
    " on: 2026-09-12, by: Ana Ruiz, because: sun}\n"
)


def site(name: str, more: str = "") -> str:
    return f"name: {name}\ncountry: FR\nsponsor: {{name: A}}\n{more}"


FILES = {
    "sites/lyon.yaml": site("Lyon", "workflows: [looking]\n"),
    "sites/graz.yaml": site("Graz", "workflows: [looking, packing]\n"),
    "sites/linz.yaml": site("Linz", "workflows: [packing]\n"),
    "sites/oslo.yaml": site("Oslo", "workflows: [looking]\n"),
    "sites/wels.yaml": site("Wels", "workflows: [looking]\n"),
    "templates/presets/standard@1.yaml": "activities: {install: {title: Install, starts: T-14, takes: 5d}}\ngates: {}\n",
    "waves/v/plan.yaml": PLAN,
    "waves/v/records/lyon.yaml": "- {status: live, on: 2026-09-01, by: import}\n" + GLARE,
    "waves/v/records/oslo.yaml": "- {status: live, on: 2026-09-10, by: import}\n",
}


def with_hoods(root: Path) -> None:
    """The plan takes the lesson up."""
    (root / "waves/v/plan.yaml").write_text(PLAN.replace("activities: {}\n", "activities:\n" + HOODS))


def asked(root: Path, affects: str | None = None, *, only_open: bool = False) -> Lessons:
    return pipeline.lessons(root, TODAY, affects=affects, only_open=only_open)


def only(root: Path) -> LessonRow:
    (row,) = asked(root).rows
    return row


def test_a_lesson_is_adopted_once_every_page_it_has_to_reach_holds_the_item(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    row = only(root)
    assert (row.state, row.items, row.missing, row.sites) == ("open", (), (), ("graz", "lyon", "oslo", "wels"))
    assert (row.path, row.line, row.by, row.on) == ("waves/v/records/lyon.yaml", 2, "Ana Ruiz", date(2026, 9, 12))
    assert asked(root).blocking == 1

    with_hoods(root)
    row = only(root)
    assert (row.state, row.items, row.missing, row.reaches) == ("open", ("hoods",), ("graz", "wels"), 2)
    assert row.spoken() == "open: 2 of 2 pages do not hold hoods yet (graz, wels)"

    pipeline.render(root, TODAY)
    row = only(root)
    assert (row.state, row.missing, row.spoken()) == ("adopted", (), "adopted as hoods")
    assert asked(root, only_open=True).rows == ()

    page = root / "playbooks/v/graz/checklist.md"
    page.write_text("\n".join(line for line in page.read_text().split("\n") if "rollout:hoods" not in line))
    assert (only(root).state, only(root).missing) == ("open", ("graz",))
    assert asked(root).open == 1


def test_an_item_reaches_those_the_lesson_selects_and_says_who_learned_it(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    with_hoods(root)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    programme = loaded(root)
    plan = programme.plans["v"].plan
    holders = {s.id for s in programme.sites.values() if "hoods" in {a.id for a in activities_at(plan, s)}}
    # Lyon learned it, Oslo was live by then, Linz does not look.
    assert holders == {"graz", "wels"}
    assert {p.parent.name for p in root.glob("playbooks/v/*/checklist.md") if "Hood the cameras" in p.read_text()} == {
        "graz",
        "wels",
    }
    said = "Learned at Lyon by Ana Ruiz, Sat 12 Sep 2026."
    assert said in (root / "playbooks/v/graz/checklist.md").read_text()
    playbook = (root / "playbooks/v/graz/playbook.md").read_text()
    assert "**Hood the cameras first** Lyon (Ana Ruiz, Sat 12 Sep 2026). sun. In the checklist: Hood the cameras." in (
        playbook
    )
    assert "No go-live while this is open" not in playbook
    assert pipeline.render(root, TODAY, check=True).stale == ()


def test_an_item_with_its_own_where_goes_where_that_says(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    where = HOODS.replace("starts", "where: {id: [graz, lyon]}, starts")
    (root / "waves/v/plan.yaml").write_text(PLAN.replace("activities: {}\n", "activities:\n" + where))
    programme = loaded(root)
    plan = programme.plans["v"].plan
    assert {s.id for s in programme.sites.values() if len(activities_at(plan, s)) == 2} == {"graz", "lyon"}
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    assert only(root).missing == ("wels",)


def test_a_later_line_decides_and_keeps_what_the_first_one_said(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.record(
        root, ["lyon", "lesson", "glare", "--state", "deferred"], {"because": "new cameras"}, TODAY, user="Kim"
    )
    (one,) = learned(loaded(root).plans["v"].records)
    assert (one.now.says, one.now.affects.workflows, one.now.blocking) == ("Hood the cameras first", ("looking",), True)
    assert (one.first.by, one.first.on) == ("Ana Ruiz", date(2026, 9, 12))
    row = only(root)
    assert (row.state, row.is_open) == ("deferred", False)
    assert row.spoken() == "deferred by Kim, 1 Oct 2026: new cameras"
    assert loaded(root).plans["v"].facts["lyon"].lessons == (one.now,)
    pipeline.record(root, ["lyon", "lesson", "glare", "--state", "open"], {"on": "2026-10-02"}, TODAY, user="Kim")
    assert only(root).is_open


def test_lessons_for_a_site_are_those_whose_selector_matches(programme_folder: Write) -> None:
    more = "- {lesson: early, says: Come early, on: 2026-09-11, by: B}\n"
    packing = "- {lesson: tape, says: Bring tape, affects: {workflows: packing, country: FR}, on: 2026-09-13, by: B}\n"
    root = programme_folder({**FILES, "waves/v/records/wels.yaml": more + packing})
    assert {site: [row.lesson for row in asked(root, site).rows] for site in ("graz", "linz", "lyon")} == {
        "graz": ["glare", "early", "tape"],  # blocking first, then by day
        "linz": ["early", "tape"],
        "lyon": ["glare", "early"],
    }
    answer = asked(root, "linz").json()
    assert (answer["version"], answer["affects"], answer["open"]) == (1, "linz", 2)
    assert [(row["lesson"], row["all_sites"], row["sites"]) for row in answer["lessons"]] == [
        ("early", True, []),
        ("tape", False, ["graz", "linz"]),
    ]


def test_one_name_at_two_sites_is_two_lessons_and_only_the_first_is_taken_up(programme_folder: Write) -> None:
    other = "- {lesson: glare, says: Paint it, on: 2026-09-13, by: B}\n"
    root = programme_folder({**FILES, "waves/v/records/wels.yaml": other})
    with_hoods(root)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    assert [(row.site, row.state, row.items) for row in asked(root).rows] == [
        ("wels", "open", ()),
        ("lyon", "adopted", ("hoods",)),
    ]


def test_who_learned_it_need_not_hold_it(programme_folder: Write) -> None:
    lyon = FILES["waves/v/records/lyon.yaml"].replace(GLARE, "")
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": lyon, "waves/v/records/wels.yaml": GLARE})
    with_hoods(root)
    pipeline.plan(root, TODAY)
    assert only(root).missing == ("graz",)


def test_a_plan_without_checklists_adopts_by_itself(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    plan = PLAN.replace("activities: {}\n", "documents: [playbook]\nactivities:\n" + HOODS)
    (root / "waves/v/plan.yaml").write_text(plan)
    assert only(root).state == "adopted"


def test_open_lessons_are_those_that_a_gate_asks_about(programme_folder: Write) -> None:
    more = "- {lesson: early, says: Come early, on: 2026-09-11, by: B}\n"
    root = programme_folder({**FILES, "waves/v/records/wels.yaml": more})
    with_hoods(root)
    pipeline.plan(root, TODAY)
    programme = loaded(root)
    assert [one.id for one in open_lessons(programme, programme.plans["v"])] == ["glare", "early"]
    pipeline.render(root, TODAY)
    programme = loaded(root)
    assert [one.id for one in open_lessons(programme, programme.plans["v"])] == ["early"]
