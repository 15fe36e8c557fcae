"""Pages that change, told without making any: never fewer than those whose text is otherwise, and rarely more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from rollout.load.programme import load_programme
from rollout.load.templates import load_templates, shipped_templates
from rollout.load.workspace import Workspace
from rollout.model.schedule import Schedule
from rollout.model.standing import Standing
from rollout.render.compared import changed_pages
from rollout.render.render import render
from rollout.track.standing import stand

ROOT = Path(__file__).parents[2]
PLAN, LINZ = "waves/vision/plan.yaml", "sites/emea/linz.yaml"


class Edited(Workspace):
    """The example with some files written otherwise."""

    def __init__(self, edits: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(ROOT)
        self._edits = edits

    def read(self, path: str) -> bytes | None:
        data = super().read(path)
        if path in self._edits and data is not None:
            old, new = (text.encode() for text in self._edits[path])
            assert old in data
            data = data.replace(old, new)
        return data


def standing(edits: Mapping[str, tuple[str, str]]) -> Standing:
    programme, problems = load_programme(Edited(edits))
    assert [p for p in problems if p.severity == "error"] == []
    folder = programme.plans["vision"]
    assert isinstance(folder.schedule, Schedule)
    return stand(programme, folder, folder.schedule)


def made(of: Standing) -> dict[str, str | None]:
    templates = load_templates(Workspace(ROOT))
    return {page.change.path: page.change.after for page in render(of, templates, lambda _: None)}


@pytest.fixture(scope="module")
def before() -> tuple[Standing, dict[str, str | None]]:
    as_is = standing({})
    return as_is, made(as_is)


SCHEDULE = "waves/vision/schedule.yaml"
EDITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "a comment": {LINZ: ("name: Linz", "# here\nname: Linz")},
    "a site's head-count": {LINZ: ("operators: ", "operators: 1")},
    "a day": {SCHEDULE: ("linz: {wave: 1, go_live: 2027-04-13}", "linz: {wave: 1, go_live: 2027-04-14}")},
    "another wave": {SCHEDULE: ("linz: {wave: 1, go_live: 2027-04-13}", "linz: {wave: 2, go_live: 2027-05-12}")},
    "the lighthouse": {SCHEDULE: ("lyon: {wave: 0, go_live: 2027-02-09}", "lyon: {wave: 0, go_live: 2027-02-10}")},
    "a connector": {SCHEDULE: ("ready: 2026-10-26", "ready: 2026-10-27")},
    "a cap": {PLAN: ("size: 3-4", "size: 3-5")},
    "the periods of waves": {PLAN: ("every: month", "every: quarter")},
    "the day its dates were made": {SCHEDULE: ("as_of: 2026-10-01", "as_of: 2026-10-02")},
    "a reason": {PLAN: ("shares Linz's key users", "shares people with Linz")},
    "who goes together": {PLAN: ("apart: [[turin, leipzig]]", "apart: [[turin, pune]]")},
    "what everybody does": {PLAN: ("Mount the hoods against stray light", "Hang the hoods")},
    "a class": {PLAN: ("class_size: 10", "class_size: 12")},
    "a person": {PLAN: ("name: Ravi Menon", "name: Ravi Menon-Iyer")},
}


@pytest.mark.parametrize("what", EDITS)
def test_the_pages_told_are_those_whose_text_is_otherwise(
    before: tuple[Standing, dict[str, str | None]], what: str
) -> None:
    as_is, pages = before
    after = standing(EDITS[what])
    otherwise = {path for path, text in made(after).items() if pages.get(path) != text}
    told = set(changed_pages(as_is, after, shipped_templates()))
    assert told == otherwise


def without_linz(as_is: Standing, reason: str) -> Standing:
    sites = {site: place for site, place in as_is.schedule.sites.items() if site != "linz"}
    schedule = as_is.schedule.model_copy(update={"sites": sites, "unplaced": {"linz": reason}})
    return stand(as_is.programme, replace(as_is.folder, schedule=schedule), schedule)


def test_a_site_without_a_day_has_no_pages_to_change(before: tuple[Standing, dict[str, str | None]]) -> None:
    as_is, _ = before
    told = changed_pages(as_is, without_linz(as_is, "no room"))
    assert told
    assert not any("/linz/" in path for path in told)


def test_another_reason_for_having_no_day_changes_the_index(before: tuple[Standing, dict[str, str | None]]) -> None:
    as_is, _ = before
    told = changed_pages(without_linz(as_is, "no room"), without_linz(as_is, "no trainers"), shipped_templates())
    assert told == ("playbooks/vision/README.md",)
