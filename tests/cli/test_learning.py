"""`rollout lessons`, `proof` and `systems` as a person and as a program meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.problem import RolloutError
from tests.cli.line import rollout
from tests.cli.test_cli import LIVED
from tests.conftest import TODAY, Write

FILES = {
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: A}\n",
    "sites/graz.yaml": "name: Graz\ncountry: AT\nsponsor: {name: A}\n",
    "templates/presets/standard@1.yaml": "activities: {}\ngates: {}\n",
    "waves/v/plan.yaml": "name: V\nwork_from: 2026-08-03\nlighthouse: lyon\nwaves: {size: 9}\n",
    "waves/v/records/lyon.yaml": "- {proof: escape-rate, before: 820, target: 250, unit: ppm, on: 2026-08-20, by: B}\n"
    "- {milestone: go-live, on: 2026-09-01, by: A}\n"
    "- {proof: escape-rate, after: 1210000.5, on: 2026-09-10, by: B}\n",
}


def test_a_pack_from_before_to_met_and_into_later_playbooks(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    early = rollout("proof", "--as-of", "2026-09-21", cwd=root)
    assert early.returncode == 0
    said = " ".join(early.stdout.split())
    assert "measured 9 days after go-live" in said
    assert all(len(line) <= 80 for line in early.stdout.splitlines())
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    page = root / "playbooks/v/graz/playbook.md"
    assert (
        "| Escape rate (ppm) | 820 | 250 | 1210000.5 | Thu 10 Sep 2026 (T+9) | inconclusive so far |"
        in page.read_text()
    )

    done = rollout(
        "record", "lyon", "proof", "escape-rate", "--after", "210", "--on", "2026-09-22", "--by", "B", cwd=root
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(
        rollout("proof", "--at", "lighthouse", "--as-of", "2026-09-25", "--format", "json", cwd=root).stdout
    )
    assert answer["proved"] is True
    (row,) = answer["proofs"]
    assert (row["verdict"], row["share"], row["quoted"]) == ("met", 107.0, True)
    assert row["due"] == {"days": 30, "on": "2026-10-01"} and row["overdue"] is False
    assert [figure["age"] for figure in row["after"]] == [9, 21]
    assert row["before"] == {"value": 820.0, "unit": "ppm", "on": "2026-08-20", "by": "B", "age": -12}
    pipeline.render(root, TODAY)
    text = page.read_text()
    assert "Lyon went live on Tue 1 Sep 2026. This was measured there, before and since:" in text
    assert "| Escape rate (ppm) | 820 | 250 | 210 | Tue 22 Sep 2026 (T+21) | met |" in text
    assert "What the lighthouse measured" not in (root / "playbooks/v/lyon/playbook.md").read_text()
    table = rollout("proof", "--as-of", "2026-10-05", "--format", "markdown", cwd=root).stdout
    assert "was due on 1 Oct 2026" in table
    assert "Later playbooks quote lyon: escape-rate 820 → 210 ppm (met)." in table.replace("\\", "")
    assert "Still without a figure from before go-live: graz, goes live on" in table


def test_a_baseline_of_after_go_live_is_refused(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    before = (root / "waves/v/records/lyon.yaml").read_text()
    with pytest.raises(
        RolloutError, match="late-baseline: `before` is of 1 Sep 2026, and lyon went live on 1 Sep 2026"
    ):
        pipeline.record(root, ["lyon", "proof", "scrap", "--before", "3"], {"on": "2026-09-01"}, TODAY, user="B")
    assert (root / "waves/v/records/lyon.yaml").read_text() == before
    pipeline.record(root, ["lyon", "proof", "scrap", "--before", "3"], {"on": "2026-08-31"}, TODAY, user="B")
    rows = pipeline.proof(root, TODAY).rows
    assert [(row.site, row.proof.metric, row.proof.reason) for row in rows][1:] == [("lyon", "scrap", "no target")]


def test_a_live_site_owes_what_others_measured(programme_folder: Write) -> None:
    live = "- {status: live, on: 2026-09-08, by: import}\n"
    root = programme_folder({**FILES, "waves/v/records/graz.yaml": live})
    found = pipeline.proof(root, TODAY)
    assert [(row.site, row.proof.verdict, row.is_quoted) for row in found.rows] == [
        ("lyon", "inconclusive", True),
        ("graz", "inconclusive", False),
    ]
    assert found.rows[1].proof.reason == "no figure from before go-live"
    assert not found.is_proved


def test_lessons_for_people_and_for_programs(programme_folder: Write) -> None:
    lesson = '- {lesson: glare, says: "Hood | it", blocking: true, on: 2026-09-12, by: Ana}\n'
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": lesson})
    text = rollout("lessons", cwd=root)
    assert text.returncode == 0
    assert "1 lesson, 1 open, 1 of them blocking." in text.stdout
    assert "waves/v/records/lyon.yaml:1" in text.stdout
    assert json.loads(rollout("lessons", "--open", "--format", "json", cwd=root).stdout)["blocking"] == 1
    assert "Hood \\| it" in rollout("lessons", "--format", "markdown", cwd=root).stdout
    assert rollout("lessons", "--format", "csv", cwd=root).stdout.startswith("lesson,what to do,learned,blocking,sites")
    wrong = rollout("lessons", "--affects", "grza", cwd=root)
    assert (wrong.returncode, 'did you mean "graz"' in wrong.stderr) == (1, True)


def test_a_plan_without_lighthouse_has_no_pack_of_one(programme_folder: Write) -> None:
    plan = FILES["waves/v/plan.yaml"].replace("lighthouse: lyon\n", "")
    root: Path = programme_folder({**FILES, "waves/v/plan.yaml": plan})
    wrong = rollout("proof", "--at", "lighthouse", cwd=root)
    assert wrong.returncode == 1
    assert "the plan names no lighthouse" in wrong.stderr


def test_systems_of_the_example() -> None:
    text = rollout("systems", *LIVED)
    assert text.returncode == 0
    assert text.stdout.startswith(
        "Believed 1 ERP, found 8.\n12 connectors to the hub (3 live), against 66 links from each to each.\n"
    )
    assert "Complete at 13 of 14 sites." in text.stdout
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
    answer = json.loads(rollout("systems", *LIVED, "--format", "json").stdout)
    assert answer["connectors"] == {"count": 12, "live": 3, "pairs": 66}
    assert {row["site"]: row["unconfirmed"] for row in answer["incomplete"]} == {"graz": ["sap-ecc-eu"]}
    assert "by plan since 26" in text.stdout and "say `live_since` in" in text.stdout
    assert rollout("systems", "--format", "csv").stdout.splitlines()[0] == "system,kind,declared at,found,connector"


def test_a_system_found_late_in_the_example() -> None:
    words = ("systems", "--as-of", "2026-10-01", "--found", "wms-rex", "--at", "lyon")
    late = rollout(*words)
    assert late.returncode == 0
    assert late.stdout.splitlines()[0] == "Lyon Coatings + connector wms-rex: earliest go-live stays 9 Feb 2027."
    assert "nothing was written" in late.stderr
    answer = json.loads(rollout(*words, "--format", "json").stdout)
    assert (answer["ready"], answer["go_live"]) == ("2026-11-16", ["2027-02-09", "2027-02-09"])
    csv = rollout(*words, "--format", "csv").stdout.splitlines()
    assert csv[0].startswith("site,system,earliest before") and csv[1].startswith("lyon,wms-rex,2027-02-09")
    assert rollout("systems", "--found", "wms-rex").returncode == 2
    assert rollout("systems", "--found", "wms-rex", "--at", "lyno").returncode == 1


def test_a_link_past_the_hub_stops_the_programme_until_it_is_waived(programme_folder: Write) -> None:
    register = "systems: {a: {kind: erp}, b: {kind: mes}}\nlinks: {orders: {between: [a, b]}}\n"
    root = programme_folder({**FILES, "sites/_systems.yaml": register})
    wrong = rollout("validate", "--as-of", "2026-10-01", cwd=root)
    assert wrong.returncode == 1
    assert "sites/_systems.yaml:2:9: linked-systems: a and b are connected past the hub" in wrong.stdout
    waived = register.replace("[a, b]", "[a, b], waived: {owner: Kim, because: old, until: 2026-12-31}")
    (root / "sites/_systems.yaml").write_text(waived)
    assert rollout("validate", "--as-of", "2026-10-01", cwd=root).returncode == 0
    assert "until 31 Dec 2026 by Kim: old" in " ".join(rollout("systems", cwd=root).stdout.split())
    assert rollout("validate", "--as-of", "2027-01-01", cwd=root).returncode == 1
