"""Files become a programme, or problems that name file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from rollout.load.locate import Places
from rollout.load.programme import load_programme
from rollout.load.show import show_site
from rollout.load.workspace import Workspace, find_root
from rollout.problem import Problem, RolloutError
from tests.conftest import Write, loaded


def said(root: Path) -> list[str]:
    workspace = Workspace(root)
    return [str(problem) for problem in Places(workspace).resolve(load_programme(workspace)[1])]


def test_defaults_are_inherited_nearest_folder_first(programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/_defaults.yaml": "languages: [en]\nregion: world\nlabels: {a: 1, b: 1}\n",
            "sites/emea/_defaults.yaml": "region: emea\nlabels: {b: 2}\n",
            "sites/emea/oslo.yaml": "name: Oslo\ncountry: NO\nlabels: {c: 3}\n",
        }
    )
    site = loaded(root).sites["oslo"]
    assert (site.country, site.region, site.languages) == ("NO", "emea", ("en",))
    assert site.labels == {"a": "1", "b": "2", "c": "3"}
    assert site.paths == ("sites/emea/oslo.yaml", "sites/emea/_defaults.yaml", "sites/_defaults.yaml")


def test_show_names_the_line_each_value_came_from(programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/_defaults.yaml": "# shared\nregion: emea\nblackouts:\n  - {id: freeze, from: 12-18, to: 01-03, every: year}\n",
            "sites/oslo.yaml": "name: Oslo\ncountry: NO\nsystems: [m3, wms]\n",
        }
    )
    shown = {value.key: (value.value, value.path, value.line) for value in show_site(Workspace(root), "oslo").values}
    assert shown["country"] == ("NO", "sites/oslo.yaml", 2)
    assert shown["systems"] == ("m3, wms", "sites/oslo.yaml", 3)
    assert shown["region"] == ("emea", "sites/_defaults.yaml", 2)
    assert shown["blackouts.freeze.from"] == ("12-18", "sites/_defaults.yaml", 4)
    with pytest.raises(RolloutError, match='did you mean "oslo"'):
        show_site(Workspace(root), "osl")


def test_show_takes_the_file_that_counts_where_a_site_has_two(programme_folder: Write) -> None:
    root = programme_folder({f"sites/{name}/a.yaml": f"name: {name}\ncountry: FR\n" for name in ("x", "y")})
    assert load_programme(Workspace(root))[0].sites["a"].name == "x"
    assert show_site(Workspace(root), "a").values[0].value == "x"


def test_problems_of_one_place_keep_their_order(programme_folder: Write) -> None:
    found = [Problem(path="sites/a.yaml", line=1, column=1, code="x", message="m", hint=str(n)) for n in range(8)]
    assert Places(Workspace(programme_folder({}))).resolve([*found, *found]) == found


def test_the_line_that_is_shown_is_the_one_that_is_named(programme_folder: Write) -> None:
    root = programme_folder({"sites/a.yaml": 'name: "A\u2028B"\r\ncountry: XX\r\n', "sites/b.yaml": "\nname: B\n"})
    places = Places(Workspace(root))
    assert [places.line("sites/a.yaml", n) for n in (0, 1, 2, 3)] == ["", 'name: "A\u2028B"', "country: XX", ""]
    assert places.line("rollout:presets/standard@1.yaml", 1).startswith("#")


def test_all_problems_of_all_files_in_one_run(programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/_defaults.yaml": "blackouts:\n  - {id: freeze, frm: 12-18, to: 01-03, every: year}\n",
            "sites/lyon.yaml": "name: Lyon\ncountry: FR\nheadcount: {operators: many}\n",
            "sites/oslo.yaml": "name: Oslo\ncountry: Norway\n",
            "sites/Graz.yaml": "name: Graz\ncountry: AT\n",
            "sites/linz.yml": "name: Linz\ncountry: AT\n",
            "sites/wels.yaml": "name: Wels\nname: Wels\n",
            "waves/v/plan.yaml": "name: V\nwork_from: 2026-02-31\nwaves: {size: 4-3}\n",
        }
    )
    assert said(root) == [
        "sites/Graz.yaml:1:1: bad-id: the file's name is the site's id: up to 64 of a-z, 0-9 and dashes inside, no device name of Windows; rename the file",
        "sites/_defaults.yaml:2:5: missing-key: `from` is missing; add a line `from: …`",
        'sites/_defaults.yaml:2:18: unknown-key: "frm" is not a key here; did you mean "from"?',
        "sites/linz.yml:1:1: wrong-extension: rollout reads .yaml files; rename it to linz.yaml",
        'sites/lyon.yaml:3:24: wrong-value: `operators`: a whole number such as 12 is wanted, not "many"',
        'sites/oslo.yaml:2:10: wrong-value: `country`: a country is its ISO 3166 code such as FR or FRA, not "Norway"',
        'sites/wels.yaml:2:1: duplicate-key: the key "name" is given twice',
        "waves/v/plan.yaml:2:12: wrong-value: `work_from`: 2026-02-31 is not a day of the calendar",
        'waves/v/plan.yaml:3:15: wrong-value: `size`: a wave size is 4, 3-4 (wished minimum and hard maximum), 10% or 5%-10% of the sites, or a list of them, not "4-3"',
    ]


def test_no_file_is_passed_over_for_its_extension(programme_folder: Write) -> None:
    others = {"waves/v/plan.yml": "name: V\n", "waves/v/schedule.yml": "sites: {}\n", "waves/v/records/a.yml": "[]\n"}
    root = programme_folder({"waves/v/plan.yaml": "name: V\nwork_from: 2026-01-05\n", **others})
    assert [line.partition(";")[0] for line in said(root)] == [
        f"{path}:1:1: wrong-extension: rollout reads .yaml files" for path in sorted(others)
    ]


def test_a_slip_in_defaults_is_one_problem_however_many_inherit_it(programme_folder: Write) -> None:
    files = {f"sites/s{n}.yaml": f"name: S{n}\ncountry: FR\n" for n in range(30)}
    root = programme_folder({"sites/_defaults.yaml": "shfits: 2\n", **files})
    assert said(root) == ['sites/_defaults.yaml:1:1: unknown-key: "shfits" is not a key here; did you mean "shifts"?']


def test_the_same_id_in_two_folders(programme_folder: Write) -> None:
    site = "name: Lyon\ncountry: FR\n"
    root = programme_folder({"sites/a/lyon.yaml": site, "sites/b/lyon.yaml": site})
    assert said(root) == [
        'sites/b/lyon.yaml:1:1: duplicate-site: the site "lyon" is also written in sites/a/lyon.yaml; rename one of the two files'
    ]


def test_records_are_told_apart_by_their_key(programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/lyon.yaml": "name: Lyon\ncountry: FR\n",
            "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\n",
            "waves/v/records/lyon.yaml": """
                - {status: preparing, on: 2026-10-06, by: A}
                - {status: live, on: 2027-02-09, by: A}
                - {staus: stable, on: 2027-03-09, by: A}
                - {status: lively, on: 2027-03-09, by: A}
                """,
        }
    )
    assert said(root) == [
        'waves/v/records/lyon.yaml:3:3: unknown-record: a record says what it is about: status, milestone, forecast, readiness, item, governance, evidence, note, found, cost, committed, reforecast, users, incident, lesson, proof, approval, waiver, halt, resume, scale; did you mean "status"?',
        'waves/v/records/lyon.yaml:4:12: wrong-value: `status`: this must be planned, preparing, ready, live, stable, paused, rolled_back or dropped; did you mean "live"?',
    ]


def test_a_preset_is_the_base_of_a_plan_and_a_plan_removes_by_id(programme_folder: Write) -> None:
    plan = "name: V\nwork_from: 2026-10-05\npreset: manufacturing@1\nactivities: {training: ~, go-no-go: {title: Decide}}\n"
    activities = {a.id: a for a in loaded(programme_folder({"waves/v/plan.yaml": plan})).plans["v"].plan.activities}
    assert "training" not in activities
    assert activities["go-no-go"].title == "Decide"
    assert activities["go-no-go"].starts.days == -7


def test_an_unknown_preset_names_the_shipped_ones(programme_folder: Write) -> None:
    root = programme_folder({"waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\npreset: manufacturng@1\n"})
    assert said(root) == [
        'waves/v/plan.yaml:3:9: unknown-preset: there is no preset "manufacturng@1"; did you mean "manufacturing@1"?'
    ]


def test_links_out_of_the_programme_are_not_followed(programme_folder: Write, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("name: X\ncountry: FR\n")
    root = programme_folder({})
    (root / "sites/x.yaml").symlink_to(tmp_path / "secret.yaml")
    assert [line.split(": ")[1] for line in said(root)] == ["link-outside"]


def test_the_root_is_found_upward(programme_folder: Write, tmp_path: Path) -> None:
    root = programme_folder({"sites/emea/lyon.yaml": "name: Lyon\ncountry: FR\n"})
    assert find_root(root / "sites" / "emea") == root
    with pytest.raises(RolloutError, match="rollout init"):
        find_root(tmp_path)
    with pytest.raises(RolloutError, match="is not a folder"):
        find_root(tmp_path / "nowhere")


@pytest.mark.parametrize("preset", ["standard@1", "manufacturing@1", "clinical@1", "retail@1"])
def test_every_shipped_preset_is_sound(programme_folder: Write, preset: str) -> None:
    root = programme_folder({"waves/v/plan.yaml": f"name: V\nwork_from: 2026-10-05\npreset: {preset}\n"})
    activities = loaded(root).plans["v"].plan.activities
    known = {activity.id for activity in activities}
    assert all(set(activity.depends_on) <= known for activity in activities)
    assert all(activity.source for activity in activities)
    before = [activity for activity in activities if activity.starts.days < 0]
    assert sum(activity.workflow_change for activity in before) * 2 >= len(before)
