"""A checklist goes out as a workbook and comes back: what a person changed becomes records, nothing else does."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout import pipeline
from rollout.load.workbook import read_workbook, records_of
from rollout.model.record import NOTHING_HAPPENED, Record, fold
from rollout.model.workbook import COLUMNS, Checklist, ItemRow, Progress, progress_of
from rollout.problem import RolloutError
from rollout.render.workbook import workbook
from tests.conftest import Write

TODAY = date(2026, 12, 1)
SITE = {
    "sites/lyon.yaml": "name: =HYPERLINK(\"https://x\")\ncountry: FR\nsponsor: {name: '@Marc'}\n",
    "waves/v/plan.yaml": """
        name: V
        preset: bare@1
        work_from: 2026-10-05
        activities:
          review: {title: "=1+1", starts: T-60, takes: 20d, two_step: true}
          cabling: {title: "+cable", starts: T-30, takes: 5d}
          training: {title: -train, starts: T-14, takes: 5d}
        """,
    "templates/presets/bare@1.yaml": "replan: {hold: 6w}\n",
    "waves/v/schedule.yaml": "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: optimal, proved: []}\n"
    "sites:\n  lyon: {wave: 1, go_live: 2027-02-09}\n",
}


def edited(file: Path, cells: Mapping[tuple[int, str], object]) -> Path:
    """The workbook as a spreadsheet program would save it, with other values in some cells (row as shown, column)."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    new = file.with_name("back.xlsx")
    with xlsxwriter.Workbook(str(new), {"strings_to_formulas": False}) as out:
        day = out.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = out.add_worksheet(name)
            for number, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    wanted = cells.get((number, COLUMNS[column]), value) if name == "Checklist" else value
                    if isinstance(wanted, date):
                        sheet.write_datetime(number - 1, column, wanted, day)
                    elif wanted not in ("", None):
                        sheet.write(number - 1, column, wanted)
    return new


def sent(root: Path, name: str = "lyon.xlsx") -> Path:
    assert pipeline.export_workbook(root, TODAY, "lyon", root / name, force=True) == 3
    return root / name


def back(root: Path, file: Path, on: date = TODAY) -> list[str]:
    done = pipeline.import_workbook(root, file, on, by="Hub")
    assert done is not None
    return [record.line for record in done.records if record.is_new]


def test_changed_rows_become_records_once(programme_folder: Write) -> None:
    root = programme_folder(SITE)
    (root / "waves/v/records").mkdir()
    records = root / "waves/v/records/lyon.yaml"
    records.write_text("# ours\n- {item: review, state: requested, on: 2026-10-08, by: Ines}\n")
    file = sent(root)
    assert back(root, file) == []
    changed = edited(
        file,
        {
            (2, "state"): "Done",
            (2, "done on"): date(2026, 11, 20),
            (2, "by"): "Ines Wolff",
            (2, "evidence"): "docs/security.pdf",
            (3, "state"): "requested",
            (3, "note"): "=ordered",
            (4, "note"): "rooms are booked",
        },
    )
    assert back(root, changed) == [
        "{item: review, state: done, evidence: docs/security.pdf, on: 2026-11-20, by: Ines Wolff}",
        "{item: cabling, state: requested, on: 2026-12-01, by: Hub}",
        "{note: cabling, says: =ordered, on: 2026-12-01, by: Hub}",
        "{note: training, says: rooms are booked, on: 2026-12-01, by: Hub}",
    ]
    assert records.read_text().startswith("# ours\n")
    assert back(root, changed) == []
    assert back(root, changed, date(2027, 1, 15)) == [], "another day changes nothing"
    assert pipeline.validate(root, TODAY).errors == 0
    assert back(root, sent(root, "again.xlsx")) == []


def test_an_old_workbook_takes_nothing_back(programme_folder: Write) -> None:
    root = programme_folder(SITE)
    file = sent(root)
    pipeline.record(root, ["lyon", "review", "done"], {"on": "2026-11-20"}, TODAY, user="A")
    assert back(root, file) == []
    assert back(root, edited(file, {(2, "state"): "requested", (2, "done on"): date(2026, 11, 30)})) == []
    assert back(root, edited(file, {(3, "state"): "done"})) == ["{item: cabling, state: done, on: 2026-12-01, by: Hub}"]


def test_what_is_not_taken_over_is_said(programme_folder: Write) -> None:
    root = programme_folder(SITE)
    words = ["lyon", "review", "done", "--evidence", "a.pdf"]
    pipeline.record(root, words, {"on": "2026-11-20"}, TODAY, user="A")
    done = pipeline.import_workbook(root, edited(sent(root), {(2, "by"): "B", (2, "evidence"): ""}), TODAY, by="Hub")
    assert done is not None
    assert done.added == 0
    assert done.notes == (
        "row 2 (review): evidence was taken out, and stays recorded",
        "row 2 (review): the records say A, and B is not taken over: correct the line by hand",
    )


def test_every_cell_that_is_wrong_is_named_and_nothing_is_written(programme_folder: Write) -> None:
    root = programme_folder(SITE)
    pipeline.record(root, ["lyon", "training", "done"], {"on": "2026-11-20"}, TODAY, user="A")
    before = (root / "waves/v/records/lyon.yaml").read_bytes()
    file = sent(root)
    wrong = edited(
        file,
        {
            (2, "state"): "donee",
            (3, "state"): "done",
            (3, "done on"): "2026-02-30",
            (4, "state"): "open",
        },
    )
    with pytest.raises(RolloutError) as raised:
        back(root, wrong)
    assert [str(problem).replace(str(root), "") for problem in raised.value.problems] == [
        '/back.xlsx:2:7: wrong-value: "donee" is none of open, requested, done; did you mean "done"?',
        "/back.xlsx:3:8: wrong-value: 2026-02-30 is not a day of the calendar",
        '/back.xlsx:4:7: taken-back: it was "done" and cannot become "open" again: what is recorded stays; '
        "if the record is wrong, correct its line by hand",
    ]
    for cells, said in (
        ({(2, "id"): "reviw"}, 'no item "reviw"; did you mean "review"'),
        ({(2, "id"): ""}, "no id"),
        ({(2, "id"): "cabling"}, "stands in row 2"),
        ({(2, "done on"): date(2026, 11, 1)}, "without a state"),
        ({(2, "state"): "done", (2, "evidence"): "../x"}, "inside the repository"),
        ({(4, "done on"): date(2026, 11, 1)}, "which is later"),
        ({(1, "state"): "status"}, "no state"),
    ):
        with pytest.raises(RolloutError, match=said):
            back(root, edited(file, cells))
    assert (root / "waves/v/records/lyon.yaml").read_bytes() == before


def test_other_files_are_no_workbooks_of_ours(programme_folder: Write, tmp_path: Path) -> None:
    root = programme_folder(SITE)
    for name, data in (("a.csv", b"name\n"), ("a.xlsx", b"PK\x03\x04 broken"), ("b.xlsx", b"")):
        (tmp_path / name).write_bytes(data)
        assert pipeline.import_workbook(root, tmp_path / name, TODAY, by="A", dry_run=True) is None
    with xlsxwriter.Workbook(str(tmp_path / "c.xlsx")) as book:
        book.add_worksheet("Sites").write(0, 0, "name")
    assert pipeline.import_workbook(root, tmp_path / "c.xlsx", TODAY, by="A", dry_run=True) is None


def test_same_input_same_bytes_no_formula_and_a_list_to_choose_from(programme_folder: Write) -> None:
    import zipfile

    root = programme_folder(SITE)
    file = sent(root)
    assert file.read_bytes() == sent(root, "twice.xlsx").read_bytes()
    with zipfile.ZipFile(file) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert ">=1+1<" in texts
    assert 'type="list"' in sheet
    assert "open,requested,done" in sheet
    assert 'state="frozen"' in sheet
    assert 'name="rollout" sheetId="3" state="hidden"' in names
    file.write_bytes(b"worked in")
    with pytest.raises(RolloutError, match="worked in it"):
        pipeline.export_workbook(root, TODAY, "lyon", file)


TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())
)
NAMES = TEXTS.filter(bool)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
STATED = st.builds(
    Progress,
    st.sampled_from(["requested", "done"]),
    DAYS,
    NAMES,
    st.sampled_from(["", "docs/a.pdf"]),
    st.just("") | NAMES,
)
PROGRESS = st.builds(Progress, st.just("open"), note=st.just("") | NAMES) | STATED
IDS = ["a", "b", "c"]


def rows(states: list[Progress]) -> Checklist:
    return Checklist(
        "v",
        "lyon",
        tuple(
            ItemRow(id=i, what="=x", phase="p", starts=None, due=None, owner="o", progress=p)
            for i, p in zip(IDS, states, strict=True)
        ),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PROGRESS, min_size=3, max_size=3))
def test_out_and_in_unchanged_is_nothing_and_states_come_back_as_facts(tmp_path: Path, states: list[Progress]) -> None:
    from rollout.load.recording import built

    file = tmp_path / "w.xlsx"
    file.write_bytes(workbook(rows(states)))
    book = read_workbook(file)
    assert book is not None
    same = records_of(book, NOTHING_HAPPENED, IDS, TODAY, "Hub", "iso")
    assert (same.entries, same.problems, same.changed) == ([], [], 0)

    file.write_bytes(workbook(rows([Progress()] * 3)))
    cells = {
        (number, column): value
        for number, said in enumerate(states, 2)
        for column, value in zip(COLUMNS[6:], (said.state, said.on, said.by, said.evidence, said.note), strict=True)
        if value
    }
    changed = read_workbook(edited(file, cells))
    assert changed is not None
    found = records_of(changed, NOTHING_HAPPENED, IDS, TODAY, "Hub", "iso")
    assert found.problems == []
    records: list[Record] = [built(kind, entry) for kind, entry in found.entries]
    facts = fold(records)
    assert [progress_of(facts, item) for item in IDS] == states
    assert records_of(changed, facts, IDS, date(2028, 1, 1), "Other", "iso").entries == []


def test_texts_are_made_harmless_as_in_every_workbook_and_a_long_one_is_cut() -> None:
    said = Progress(by="A\u202eda", note="::error::" + "n" * 40_000)
    row = ItemRow(id="a", what="w", phase="p", starts=None, due=None, owner="o", progress=said)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook(Checklist("v", "lyon", (row,)))))
    shown, kept = (book.get_sheet_by_name(name).to_python()[1] for name in ("Checklist", "rollout"))
    assert (shown[8], shown[10][:8], len(shown[10])) == ("A\N{REPLACEMENT CHARACTER}da", ": :error", 32_767)
    assert kept[1:6] == shown[6:]
