"""What counts as an edit: values, not the form they are written in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from rollout.load.edited import edits
from rollout.load.revision import Revision
from rollout.load.workspace import Workspace

PLAN = "waves/v/plan.yaml"


def told(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    sides = [
        Revision(Workspace(Path()), {path: text.encode() for path, text in files.items()}) for files in (before, after)
    ]
    return [edit.spoken() for edit in edits(*sides)]


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        ("sites/a.yaml", "name: A\ncountry: FR\n", "# moved\ncountry: FR\nname: 'A'\n", []),
        ("sites/a.yaml", "name: A\n", "name: A\r\n", []),
        ("sites/a.yaml", "name: A\n", "name: B\n", ["a: name A → B"]),
        ("sites/old-schedule.yaml", "name: A\n", "name: B\n", ["old-schedule: name A → B"]),
        ("sites/records/a.yaml", "name: A\n", "name: B\n", ["a: name A → B"]),
        ("waves/v/records/old-schedule.yaml", "[]\n", "- {status: live}\n", ["old-schedule: record added: status live"]),
        ("sites/x/a.yaml", "shifts: 2\n", "shifts: 2\nvalue: 8\n", ["a: value added: 8"]),
        ("sites/a.yaml", "headcount: {o: 1, p: 2}\n", "headcount: {o: 1}\n", ["a: headcount p removed: 2"]),
        ("sites/x/_defaults.yaml", "region: x\n", "region: y\n", ["defaults of sites/x: region x → y"]),
        (PLAN, "limits: [{id: a, max: 1}]\n", "limits: {a: {max: 1}}\n", []),
        (PLAN, "limits: [{id: a, max: 1}, {id: b}]\n", "limits: [{id: b}, {id: a, max: 2}]\n",
         ["plan v: limits a max 1 → 2"]),
        (PLAN, "limits: [{id: a, max: 1}, {id: a, max: 2}]\n", "limits: [{id: a, max: 2}]\n",
         ["plan v: limits [{id: a, max: 1}, {id: a, max: 2}] → [{id: a, max: 2}]"]),
        (PLAN, "apart: [[a, b]]\n", "apart: [[a, b], [c, d]]\n", ["plan v: apart [[a, b]] → [[a, b], [c, d]]"]),
        (PLAN, "activities: {a: ~}\n", "activities: {a: {takes: 3d}}\n", ["plan v: activities a ~ → {takes: 3d}"]),
        (PLAN, "name: V\n", "name: V\nname: W\n", ["plan v changed"]),
        (PLAN, f"name: {'x' * 200_000}\n", "name: V\n", [f"plan v: name {'x' * 59}… → V"]),
        ("waves/v/content/en/why.md", "Because.\n", "Therefore.\n", ["waves/v/content/en/why.md changed"]),
        ("waves/v/schedule.yaml", "sites: {}\n", "sites: {a: 1}\n", []),
        ("waves/_holidays.yaml", "a: 1\n", "a: 2\n", []),
    ],
)  # fmt: skip
def test_an_edit_is_a_value_that_is_otherwise(path: str, before: str, after: str, said: list[str]) -> None:
    assert told({path: before}, {path: after}) == said


def test_lines_of_records_come_and_go_whatever_their_order() -> None:
    one, two = "- {status: ready, on: 2027-01-01, by: A}\n", "- {status: live, on: 2027-02-02, by: A}\n"
    path = "waves/v/records/a.yaml"
    assert told({path: one + two}, {path: two + one}) == []
    assert told({path: one}, {path: two + one + two}) == ["a: record added: status live, on 2027-02-02, by A"] * 2
    assert told({path: one + one}, {path: one}) == ["a: record removed: status ready, on 2027-01-01, by A"]


def test_files_that_come_and_go_are_one_edit_each() -> None:
    assert told({}, {"sites/b.yaml": "name: Bari\ncountry: IT\n"}) == ["b added: Bari"]
    assert told({"sites/b.yaml": "name: Bari\ncountry: IT\n"}, {}) == ["b removed: Bari"]
    assert told({}, {"templates/documents/playbook.md.j2": "x"}) == ["templates/documents/playbook.md.j2 added"]


def test_an_edit_stands_where_the_side_that_has_it_holds_it() -> None:
    before, after = ({PLAN: b"limits: {a: {max: 1}}\n"}, {PLAN: b"name: V\nlimits:\n  - {id: a, max: 2}\n"})
    found = edits(*(Revision(Workspace(Path()), files) for files in (before, after)))
    assert [edit.source.keys for edit in found] == [("limits", 0, "max"), ("name",)]
