"""`rollout record` as a programme manager types it: every kind by its own example, and what it refuses."""

from __future__ import annotations

import json
import shlex
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.commit.lock import locked
from rollout.load.recording import built
from rollout.load.words import overview, read_words
from rollout.model.imported import ImportOptions
from rollout.model.record import KINDS
from rollout.problem import RolloutError
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import TODAY, Write, git

FILES = {
    "sites/_systems.yaml": "systems:\n  wms-rex: {kind: wms}\n",
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: Marc Petit}\nworkflows: [visual-inspection]\n",
    "waves/v/plan.yaml": """
        name: V
        work_from: 2026-10-05
        lighthouse: lyon
        activities:
          security-review: {title: Have it reviewed, starts: T-60, takes: 20d}
          works-council: {title: Ask them, starts: T-60, takes: 20d}
        gates:
          wave-1: {on: T-28, needs: [{evidence: security-review}]}
          go-live: {needs: [{evidence: security-review}]}
        """,
    "waves/v/records/lyon.yaml": "# what happened\n- {status: preparing, on: 2026-10-05, by: A}\n"
    "- {status: ready, on: 2026-10-06, by: A}\n",
    "waves/v/records/_plan.yaml": "- {halt: recall, because: x, on: 2026-09-01, by: A}\n",
}


AFTER_THE_EXAMPLES = date(2027, 6, 1)


def typed(root: Path, line: str, as_of: date = TODAY) -> list[str]:
    words = shlex.split(line)
    if words[0] == "--plan-level":
        words[0] = "_plan"
    given = {key: words.pop(at + 1) for key in ("on", "by", "because") if (at := _at(words, f"--{key}")) >= 0}
    words = [word for word in words if word not in ("--on", "--by", "--because")]
    done = pipeline.record(root, words, given, as_of, user="Claire Dubois")
    return [record.line for record in done.records]


def _at(words: list[str], option: str) -> int:
    return words.index(option) if option in words else -1


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_every_kind_is_right(programme_folder: Write, kind: str) -> None:
    root = programme_folder(FILES)
    if kind == "status":
        (root / "waves/v/records/lyon.yaml").write_text("# what happened\n")
    (line,) = typed(root, KINDS[kind].EXAMPLE, AFTER_THE_EXAMPLES)
    assert line.startswith(f"{{{kind}: ")
    file = "_plan" if KINDS[kind].SCOPE == "plan" else "lyon"
    assert f"- {line}\n" in (root / f"waves/v/records/{file}.yaml").read_text()
    assert pipeline.validate(root, TODAY).errors == 0
    assert kind in overview()


def test_one_line_is_inserted_and_everything_else_stays(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    file = root / "waves/v/records/lyon.yaml"
    before = file.read_text().replace("\n", "\r\n")
    file.write_bytes(before.encode())
    assert typed(root, "lyon works-council requested --on 2026-09-28") == [
        "{item: works-council, state: requested, on: 2026-09-28, by: Claire Dubois}"
    ]
    after = file.read_bytes().decode()
    assert after == before + "- {item: works-council, state: requested, on: 2026-09-28, by: Claire Dubois}\r\n"
    typed(root, "lyon works-council requested --on 2026-09-28")
    assert file.read_bytes().decode() == after
    typed(root, 'lyon item works-council done --by "Petra: Novak" --because "#1"')
    assert '- {item: works-council, state: done, on: 2026-10-01, by: "Petra: Novak", because: "#1"}' in file.read_text()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("lyno status ready", 'unknown-site: there is no site "lyno"; did you mean "lyon"'),
        ("lyon secuity-review done", 'no activity "secuity-review"; did you mean "security-review"'),
        ("lyon lession x y", 'neither an item of the checklist nor a kind of record; did you mean "lesson"'),
        ("lyon status liev", 'did you mean "live"'),
        ("lyon status stable --on 2026-10-07", "lyon.yaml:3:12: illegal-status"),
        ("lyon status preparing --on 2026-10-07", "may not follow"),
        ("lyon readiness leadership=6", "`leadership`: this must be at most 5"),
        ("lyon readiness leaderhip=5", 'did you mean "leadership"'),
        ("lyon lesson x Do --affects systems=wms-rx", 'did you mean "wms-rex"'),
        ("lyon found x", "`kind` is missing"),
        ("lyon cost", "`cost` is missing"),
        ("lyon cost a 1 2", '"2" is one word too many'),
        ("lyon found x --knd wms", 'did you mean "--kind"'),
        ("lyon security-review done --evidence ../x", "inside the repository"),
        ("lyon go-live 2027-02-30", "not a day of the calendar"),
        ("lyon halt x", "misplaced-record"),
        ("--plan-level status live", "misplaced-record"),
        ("--plan-level resume recal", 'did you mean "recall"'),
        ("--plan-level halt x --except lyn --because y", 'did you mean "lyon"'),
        ("lyon", "say what to record"),
        ("lyon lesson x --says", "--says wants a value"),
        ("lyon lesson x y --affects workflows", "is not KEY=VALUE"),
        ("lyon lesson x y --affects id=lyn", 'did you mean "lyon"'),
        ("lyon go-live 2026-09-01 --on 2026-09-02", "`on` is given twice"),
        ("lyon go-live 2027-02-09", "future-record: go-live on 2027-02-09 is still to come on 2026-10-01"),
        ("lyon kick-off --on 2026-10-02", "is `rollout record SITE forecast DAY`"),
        ("lyon cost integration 18.000", '`actual`: "18.000" can be read in two ways; write 18000 or 18.0'),
        ("lyon cost integration 18,500", "write 18500 or 18.5"),
        ("lyon reforecast integration 1.250 --because x", "write 1250 or 1.25"),
        ("lyon security-review finished", 'this must be requested, submitted, approved or done, not "finished"'),
        ("lyon status liev", 'or dropped, not "liev"; did you mean "live"?'),
        ("lyon lesson ports", 'say it behind its name: rollout record SITE lesson NAME "WHAT TO DO"'),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(programme_folder: Write, line: str, said: str) -> None:
    root = programme_folder(FILES)
    before = {path: path.read_bytes() for path in root.rglob("*.yaml")}
    with pytest.raises(RolloutError) as raised:
        typed(root, line)
    assert said in str(raised.value)
    assert raised.value.exit_code == 1
    assert {path: path.read_bytes() for path in root.rglob("*.yaml")} == before


def test_the_first_status_is_a_legal_step_from_planned(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": "[]\n"})
    with pytest.raises(RolloutError, match="what led there is missing"):
        typed(root, "lyon status live")
    typed(root, "lyon status preparing")


def test_a_blackout_is_a_warning_and_the_fact_is_written(programme_folder: Write) -> None:
    closed = (
        FILES["waves/v/plan.yaml"].rstrip(" ") + "        blackouts: [{id: freeze, from: 2026-09-01, to: 2026-10-31}]\n"
    )
    root = programme_folder({**FILES, "waves/v/plan.yaml": closed})
    done = pipeline.record(root, ["lyon", "go-live", "2026-10-07"], {}, date(2026, 10, 8), user="A")
    assert {(p.code, p.severity) for p in done.warnings} == {("fact-in-blackout", "warning")}
    assert "milestone: go-live" in (root / "waves/v/records/lyon.yaml").read_text()


def test_a_slip_is_a_finding(programme_folder: Write) -> None:
    schedule = "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: optimal, proved: []}\nsites:\n  lyon: {wave: 0, go_live: 2027-02-09}\n"
    root = programme_folder({**FILES, "waves/v/schedule.yaml": schedule})
    done = pipeline.record(root, ["lyon", "forecast", "2027-03-02"], {"because": "late"}, TODAY, user="A")
    assert [p.message for p in done.warnings] == [
        "lyon expects to go live on 2027-03-02 (late), 21 days after its published day 2027-02-09"
    ]
    pipeline.record(root, ["lyon", "go-live", "2026-10-07"], {}, date(2026, 10, 8), user="A")
    assert "slip" not in {p.code for p in pipeline.validate(root, TODAY).problems}


def test_who_approved_and_who_wrote_it_down(programme_folder: Write) -> None:
    assert "by: Marc Petit" in (line := typed(programme_folder(FILES), KINDS["approval"].EXAMPLE)[0])
    assert "recorded_by: Claire Dubois" in line


def test_nobody_else_writes_between_reading_and_writing(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    with locked(root), pytest.raises(RolloutError, match="another rollout"):
        typed(root, "lyon works-council done")
    with locked(root):
        pipeline.record(root, ["lyon", "works-council", "done"], {}, TODAY, user="A", dry_run=True)


def test_a_plan_that_is_wrong_says_so_itself(programme_folder: Write) -> None:
    root = programme_folder({**FILES, "waves/v/plan.yaml": "name: V\nwork_frm: 2026-10-05\n"})
    with pytest.raises(RolloutError, match="work_frm"):
        typed(root, "lyon works-council done")


def test_files_with_a_byte_order_mark_are_changed_and_keep_it(programme_folder: Write) -> None:
    marked = {
        "sites/_systems.yaml": "# nothing yet\n",
        "sites/lyon.yaml": "country: FR\nname: Lyon\nsponsor: {name: Marc Petit}\n",
        "waves/v/records/lyon.yaml": "- {status: preparing, on: 2026-10-05, by: A}\n",
    }
    root = programme_folder({**FILES, **{path: "\ufeff" + text for path, text in marked.items()}})
    (root / "sites.csv").write_text("name,country,region,systems\nLyon,FR,emea,SAP\n")
    pipeline.import_sites(root, root / "sites.csv", ImportOptions(as_of=TODAY))
    pipeline.record(root, ["lyon", "works-council", "done"], {}, TODAY, user="A")
    assert [change.path for change in pipeline.fmt(root).changes] == ["sites/lyon.yaml"]
    for path, text in marked.items():
        written = (root / path).read_text(encoding="utf-8")
        assert written.startswith("\ufeff"), path
        assert written != "\ufeff" + text, path


def test_fmt_leaves_other_files_alone(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    done = pipeline.fmt(root, ("waves/v/schedule.yaml", "templates/presets/x@1.yaml", "waves/../records/x.yaml"))
    assert [problem.code for problem in done.problems] == ["not-ours"] * 3
    assert done.changes == ()


def test_the_command_line(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    git(root, "init", "-q", ".")
    line = ("record", "lyon", "lesson", "hoods", "Hood them", "--affects", "workflows=visual-inspection", "--blocking")
    shown = rollout(*line, "--on", "2026-10-01", "--dry-run", cwd=root)
    new = "{lesson: hoods, says: Hood them, affects: {workflows: visual-inspection}, blocking: true, on: 2026-10-01, by: Test}"
    assert f"+- {new}" in shown.stdout.splitlines()
    assert "nothing was written" in shown.stderr
    assert new not in (root / "waves/v/records/lyon.yaml").read_text()
    done = rollout(*line, "--on", "2026-10-01", "--format", "json", cwd=root)
    assert json.loads(done.stdout)["records"] == [
        {"site": "lyon", "record": new, "path": "waves/v/records/lyon.yaml", "new": True}
    ]
    halted = rollout(
        "record", "--plan-level", "halt", "fire", "--because", "smoke", "--except", "lyon", "--by", "Ines", cwd=root
    )
    assert halted.returncode == 0, halted.stderr
    assert "except: [lyon]" in (root / "waves/v/records/_plan.yaml").read_text()


def test_without_a_name_it_asks_for_one(programme_folder: Write) -> None:
    done = rollout("record", "lyon", "status", "paused", cwd=programme_folder(FILES))
    assert done.returncode == 2
    assert "--by NAME" in done.stderr


def test_kinds_are_listed_with_their_words_and_options() -> None:
    _, usage = pipeline.record_kinds().kinds["lesson"]
    assert usage == "lesson <lesson> <says> [--affects KEY=VALUE] [--blocking] [--state STATE]"
    assert pipeline.record_kinds().kinds["readiness"][1] == "readiness KEY=VALUE…"


def test_fmt_mends_a_merge(programme_folder: Write) -> None:
    both = "<<<<<<< HEAD\n- {note: works-council, says: w, on: 2026-10-09, by: A}\n=======\n- {note: works-council, says: x, on: 2026-10-09, by: B}\n>>>>>>> o\n"
    root = programme_folder({**FILES, "waves/v/records/lyon.yaml": FILES["waves/v/records/lyon.yaml"] + both})
    assert "`rollout fmt` keeps both" in str(pipeline.validate(root, TODAY).problems[-1])
    assert [change.path for change in pipeline.fmt(root, check=True).changes] == ["waves/v/records/lyon.yaml"]
    assert rollout("fmt", cwd=root).stdout == "waves/v/records/lyon.yaml: put in order\n"
    assert pipeline.validate(root, TODAY).errors == 0
    assert (pipeline.fmt(root).changes, pipeline.fmt(root).unchanged) == ((), 5)
    (root / "waves/v/records/lyon.yaml").write_text("<<<<<<< HEAD\n- {a: b}\n")
    assert "not complete" in pipeline.fmt(root).problems[0].message


def test_a_site_without_a_day_has_no_workbook(programme_folder: Write, tmp_path: Path) -> None:
    schedule = "made: {as_of: 2026-10-01, outcome: unknown}\nsites: {}\nunplaced: {lyon: no day is free}\n"
    root = programme_folder({**FILES, "waves/v/schedule.yaml": schedule})
    with pytest.raises(RolloutError) as caught:
        pipeline.export_workbook(root, TODAY, "lyon", tmp_path / "l.xlsx")
    assert [problem.code for problem in caught.value.problems] == ["no-schedule"]
    assert not (tmp_path / "l.xlsx").exists()
    with pytest.raises(RolloutError) as caught:
        pipeline.export_workbook(root, TODAY, "_plan", tmp_path / "l.xlsx")
    assert [problem.code for problem in caught.value.problems] == ["unknown-site"], (
        "records have that, and no checklist"
    )


def test_a_workbook_goes_out_and_comes_back(programme_folder: Write, tmp_path: Path) -> None:
    schedule = "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: optimal, proved: []}\nsites:\n  lyon: {wave: 0, go_live: 2027-02-09}\n"
    root = programme_folder({**FILES, "waves/v/schedule.yaml": schedule})
    pipeline.export_workbook(root, TODAY, "lyon", tmp_path / "l.xlsx")
    back = rollout("import", str(tmp_path / "l.xlsx"), "--by", "A", "--format", "json", cwd=root)
    assert json.loads(back.stdout)["added"] == 0


def test_every_line_of_the_guide_is_one_that_rollout_reads() -> None:
    guide = (REPOSITORY / "docs/how-to/record.md").read_text(encoding="utf-8")
    lines = [
        line.strip() for line in guide.splitlines() if line.startswith("    rollout record ") and "SITE" not in line
    ]
    assert len(lines) >= 13
    for line in lines:
        words = shlex.split(line)[3:]
        common = {key: words.pop(at + 1) for key in ("on", "by", "because") if (at := _at(words, f"--{key}")) >= 0}
        words = [word for word in words if word not in ("--on", "--by", "--because")]
        kind, entry = read_words(words, ["security-review"])
        assert built(kind, {"on": "2027-01-01", "by": "A", **entry, **common})


def test_fmt_puts_keys_in_order_and_names_what_it_leaves(programme_folder: Write) -> None:
    root = programme_folder(
        {
            **FILES,
            "sites/lyon.yaml": "country: FR\n# who\nname: Lyon\n",
            "sites/oslo.yaml": "value: &v 3\nlabels: {x: *v}\n",
            "sites/pune.yaml": "name: A\n<<<<<<< HEAD\ncountry: IN\n=======\ncountry: FR\n>>>>>>> other\n",
        }
    )
    left = [(p.code, p.severity, p.line) for p in pipeline.fmt(root, check=True).problems]
    assert left == [("left-as-it-is", "warning", 0), ("merge-markers", "error", 2)]
    assert rollout("fmt", "--check", cwd=root).returncode == 1
    (root / "sites/pune.yaml").unlink()
    assert rollout("fmt", cwd=root).stdout == "sites/lyon.yaml: put in order\n"
    assert (root / "sites/lyon.yaml").read_text() == "# who\nname: Lyon\ncountry: FR\n"
    assert rollout("fmt", "--check", cwd=root).returncode == 0, "a warning is no reason to fail"
