"""The work as issues, and the plan as Mermaid text: keys that stay, columns as importers know them, texts that are no markup."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from rollout.model.issues import Issues
from tests.conftest import Write

TODAY = date(2026, 12, 1)
SCHEDULE = "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: optimal, proved: []}\nsites:\n"
FILES = {
    "sites/lyon.yaml": "name: 'section: A;\"B\"#1'\ncountry: FR\nsite_lead: {name: =cmd(), email: c@example.com}\n",
    "sites/linz.yaml": "name: Linz\ncountry: AT\n",
    "waves/v/plan.yaml": """
        name: V
        preset: bare@1
        work_from: 2026-10-05
        web: https://git.example.com/acme/rollout
        constraints:
          linz: {after: lyon, lag: 2w}
        prerequisites:
          cloud: {title: The cloud, takes: 5d}
        activities:
          review: {title: "Review [it](javascript:x) | *now*", how: "/close @ann says {done}", starts: T-60, takes: 20d, two_step: true}
          crane: {title: Crane, starts: T-30, takes: 5d, owner: buyer, depends_on: review, blocking: true, evidence: an order}
        """,
    "templates/presets/bare@1.yaml": "replan: {hold: 6w}\n",
    "waves/v/schedule.yaml": SCHEDULE
    + "  linz: {wave: 2, go_live: 2027-03-09}\n  lyon: {wave: 1, go_live: 2027-02-02}\n"
    "prerequisites:\n  cloud: {starts: 2026-10-05, ready: 2026-10-10}\n",
    "waves/v/records/lyon.yaml": "- {item: review, state: requested, on: 2026-11-20, by: Ann}\n",
    "waves/v/records/linz.yaml": "- {item: crane, state: done, on: 2026-11-20, by: Ann}\n",
}


def rows(found: Issues, tracker: str) -> list[list[str]]:
    table = found.table(tracker)  # type: ignore[arg-type]  # one of three
    return [list(table.columns), *map(list, table.rows)]


@pytest.fixture
def root(programme_folder: Write) -> Path:
    return programme_folder(FILES)


def test_keys_stay_and_what_is_done_goes(root: Path) -> None:
    found = pipeline.issues(root, TODAY)
    assert [(one.key, one.state) for one in found.issues] == [
        ("rollout:v/linz/review", "open"),
        ("rollout:v/lyon/review", "requested"),
        ("rollout:v/lyon/crane", "open"),
    ]
    assert "rollout:v/linz/crane" in {one.key for one in pipeline.issues(root, TODAY, everything=True).issues}
    assert {one.site for one in pipeline.issues(root, TODAY, site="lyon").issues} == {"lyon"}


def test_each_tracker_finds_its_columns(root: Path) -> None:
    found = pipeline.issues(root, TODAY, site="lyon")
    assert rows(found, "gitlab")[0] == ["title", "description", "due_date"]
    head, _, crane = rows(found, "jira")
    assert head == [
        "Summary",
        "Issue Type",
        "Description",
        "Due Date",
        "Assignee",
        "External issue ID",
        *["Labels"] * 5,
    ]
    assert (crane[0], crane[3], crane[5]) == ("lyon: Crane", crane[3], "rollout:v/lyon/crane")
    assert crane[6:] == ["plan:v", "site:lyon", "wave:1", "phase:prepare", "blocking"]
    assert rows(found, "jira")[1][-1] == ""
    assert rows(found, "github")[0] == ["key", "title", "body", "labels", "due", "owner", "email", "state"]


def test_what_people_wrote_is_neither_markup_nor_command(root: Path) -> None:
    found = pipeline.issues(root, TODAY, site="lyon")
    review = rows(found, "gitlab")[1]
    assert review[0] == "lyon: Review [it](javascript:x) | *now*"
    assert review[1].startswith("\\/close @\N{WORD JOINER}ann says {done}\n\n- Site: section: A;")
    assert [line for line in review[1].splitlines() if line.startswith("/")] == [
        '/label ~"plan:v" ~"site:lyon" ~"wave:1" ~"phase:prepare"'
    ]
    assert rows(found, "jira")[1][2].startswith("/close @ann says \\{done\\}\n\n* Site: section: A;")
    assert rows(found, "github")[1][5] == "'=cmd()"
    crane = found.issues[1]
    assert "- After: Review \\[it\\](javascript:x) \\| \\*now\\*" in crane.description("github")
    assert "- Owner: buyer\n- Evidence: an order" in crane.description("github")


def test_files(root: Path) -> None:
    words = ["-C", str(root), "--as-of", str(TODAY)]
    assert CliRunner().invoke(app, ["export", "issues", str(root / "i.json"), *words]).exit_code == 0
    answer = json.loads((root / "i.json").read_text())
    assert (answer["version"], answer["plan"], len(answer["issues"])) == (1, "v", 3)
    shown = CliRunner().invoke(app, ["export", "issues", "-", "--tracker", "jira", *words]).stdout
    assert [row[0] for row in csv.reader(io.StringIO(shown))][1:] == [one["title"] for one in answer["issues"]]
    assert CliRunner().invoke(app, ["export", "mermaid", str(root / "p.md"), *words]).exit_code == 0
    assert (root / "p.md").read_text().startswith("```mermaid\ngantt\n")


def test_bars_and_graph(root: Path) -> None:
    assert pipeline.diagram(root, TODAY, "gantt") == (
        "gantt\n  title V\n  dateFormat YYYY-MM-DD\n  axisFormat %b %Y\n"
        "  section Wave 1\n  Site section#58; A#59;#34;B#34;#35;1 :2027-02-02, 2027-03-03\n"
        "  section Wave 2\n  Linz :2027-03-09, 2027-04-07\n",
        True,
    )
    assert pipeline.diagram(root, TODAY, "graph") == (
        "flowchart LR\n"
        '  n0("The cloud<br>2026-10-10")\n  n1["Linz<br>2027-03-09"]\n'
        '  n2["section#58; A#59;#34;B#34;#35;1<br>2027-02-02"]\n'
        "  n2 -->|lag 14 days| n1\n  n0 --> n1\n  n0 --> n2\n",
        True,
    )


def test_too_many_sites_for_a_diagram(programme_folder: Write) -> None:
    files = {f"sites/s{n}.yaml": f"name: {'x' * 50} {n}\ncountry: FR\n" for n in range(900)}
    days = "".join(
        f"  s{n}: {{wave: {n // 9}, go_live: {date.fromordinal(739800 + n // 9 * 7)}}}\n" for n in range(900)
    )
    root = programme_folder({**FILES, **files, "waves/v/schedule.yaml": SCHEDULE + days})
    for what in ("gantt", "graph"):
        text, is_whole = pipeline.diagram(root, TODAY, what)  # type: ignore[arg-type]  # one of two
        assert not is_whole
        assert len(text) <= 50_000
        assert text.count("-->") <= 500
        assert "Wave 99" in text
