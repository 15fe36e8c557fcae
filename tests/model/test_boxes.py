"""Boxes are read from the raw text that people edit, and a ticked one is done."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rollout import pipeline
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.boxes import Box, boxes, ticks
from rollout.model.record import Facts, fold
from tests.conftest import TODAY, Write, loaded

PAGE = """# Checklist <!-- rollout:page:title 1a2b3c4d -->

- [x] Book the crane <!-- rollout:crane 1a2b3c4d --> by Ana
* [ X ] Review: request sent <!-- rollout:review:requested 1a2b3c4d -->
  1. [ ] Review: approved <!-- rollout:review:approved 1a2b3c4d -->
- [x](https://example.com) a link <!-- rollout:survey 1a2b3c4d -->
- [x] my own
- [ ] Book the crane <!-- rollout:crane 1a2b3c4d -->
"""


def test_every_box_with_an_id_and_where_it_stands() -> None:
    assert list(boxes(PAGE)) == [
        Box("crane", is_ticked=True, line=3, column=27),
        Box("review:requested", is_ticked=True, line=4, column=35),
        Box("review:approved", is_ticked=False, line=5, column=32),
        Box("crane", is_ticked=False, line=8, column=27),
    ]
    assert ticks(PAGE) == {"crane", "review:requested"}
    assert ticks(PAGE.replace("[x] Book", "[ ] Book")) == {"review:requested"}


def test_done_is_what_a_box_or_the_latest_record_says() -> None:
    facts = Facts(ticked=frozenset({"crane", "review:requested"}))
    assert facts.is_done("crane")
    assert facts.is_requested("review")
    assert not facts.is_done("review")
    assert Facts(ticked=frozenset({"review:approved"})).is_done("review")
    assert facts.is_started
    assert not Facts(ticked=frozenset({"review:requested"})).is_started
    assert not fold([]).has_items


PLAN = {
    "sites/graz.yaml": "name: Graz\ncountry: AT\nsponsor: {name: Eva Huber}\n",
    "waves/v/plan.yaml": """
        name: Vision
        work_from: 2026-10-05
        lighthouse: graz
        activities:
          machine: {title: Order the machine, starts: T-420, takes: 400d}
        """,
}


def tick(root: Path, item: str, box: str = "[x]") -> None:
    page = root / "playbooks/v/graz/checklist.md"
    lines = page.read_text().split("\n")
    at = next(n for n, line in enumerate(lines) if f"rollout:{item} " in line)
    lines[at] = lines[at].replace("[ ]", box)
    page.write_text("\n".join(lines))


def test_a_tick_frees_work_and_changes_neither_dates_nor_pages_by_itself(programme_folder: Write) -> None:
    root = programme_folder(PLAN)
    before = pipeline.plan(root, TODAY).schedule.sites["graz"].go_live
    assert before > date(2027, 11, 1)
    pipeline.render(root, TODAY)
    tick(root, "machine")
    assert loaded(root).plans["v"].facts["graz"].is_done("machine")
    kept = pipeline.plan(root, TODAY)
    assert (kept.kept, kept.schedule.sites["graz"].go_live) == (True, before), "published dates do not flicker"
    assert pipeline.render(root, TODAY, check=True).stale == (), "whoever ticks makes nothing stale"
    assert pipeline.plan(root, TODAY, afresh=True, dry_run=True).schedule.sites["graz"].go_live < before
    tick(root, "machine", "[ ]")


def test_ticks_are_read_under_the_name_a_site_had_before(programme_folder: Write) -> None:
    root = programme_folder(PLAN)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    tick(root, "machine", "[ x]")
    (root / "sites/graz.yaml").rename(root / "sites/graz-sued.yaml")
    (root / "sites/graz-sued.yaml").write_text(PLAN["sites/graz.yaml"] + "formerly: [graz]\n")
    programme, _ = load_programme(Workspace(root))
    assert programme.plans["v"].facts["graz-sued"].is_done("machine")


def test_ticks_on_the_page_of_a_site_are_none_of_one_that_had_its_id_before(programme_folder: Write) -> None:
    root = programme_folder(PLAN)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    tick(root, "machine")
    (root / "sites/wels.yaml").write_text(PLAN["sites/graz.yaml"] + "formerly: [graz]\n")
    facts = loaded(root).plans["v"].facts
    assert facts["graz"].is_done("machine")
    assert "wels" not in facts


def test_a_page_that_is_not_utf8_does_not_keep_the_programme_from_loading(programme_folder: Write) -> None:
    root = programme_folder(PLAN)
    page = root / "playbooks/v/graz/checklist.md"
    page.parent.mkdir(parents=True)
    page.write_bytes(b"caf\xe9\n- [x] Machine <!-- rollout:machine 1a2b3c4d -->\r\n")
    assert loaded(root).plans["v"].facts["graz"].ticked == {"machine"}
