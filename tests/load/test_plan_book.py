"""A plan goes out as a workbook and comes back: what a person changed is taken over, nothing else is."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from rollout import pipeline
from rollout.model.book import KEPT, SITES, book_of
from rollout.model.imported import Imported, ImportOptions
from rollout.model.table import Table
from rollout.problem import RolloutError
from tests.conftest import LIVED, Write

REPOSITORY = Path(__file__).parents[2]
TODAY = date(2026, 12, 1)
SITE = "name: {}\ncountry: FR\nsponsor: {{name: Marc Petit}}\nlabels: {{Line: wet}}\n"
FILES = {
    "sites/lyon.yaml": SITE.format('=HYPERLINK("https://x")') + "headcount: {operators: 140}   # of June\n",
    "sites/linz.yaml": SITE.format("Linz") + "systems: [mes]\n",
    "sites/graz.yaml": SITE.format("Graz"),
    "sites/_systems.yaml": "systems:\n  mes: {kind: mes, connector: {live_since: 2026-01-01}}\n",
    "waves/v/plan.yaml": """
        name: V
        preset: bare@1
        work_from: 2026-10-05
        constraints:
          graz: {after: linz, because: shares its key users}
        """,
    "templates/presets/bare@1.yaml": "replan: {hold: 6w}\n",
    "waves/v/schedule.yaml": "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: optimal, proved: []}\n"
    "sites:\n  graz: {wave: 2, go_live: 2027-03-02}\n  linz: {wave: 1, go_live: 2027-02-03}\n"
    "  lyon: {wave: 1, go_live: 2027-02-02}\n",
}
"""Rows: graz 2, linz 3, lyon 4."""


def sent(root: Path, as_of: date = TODAY) -> Path:
    file = root / "plan.xlsx"
    file.write_bytes(pipeline.plan_workbook(root, as_of))
    return file


def sheets(file: Path) -> dict[str, list[list[object]]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def edited(file: Path, cells: Mapping[tuple[int, str], object]) -> Path:
    """The workbook as a spreadsheet program would save it, with other values in some cells of its sites."""
    with xlsxwriter.Workbook(str(file.with_name("back.xlsx")), {"strings_to_formulas": False}) as out:
        day = out.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets(file).items():
            sheet = out.add_worksheet(name)
            grid = {(r, c): value for r, row in enumerate(rows) for c, value in enumerate(row)}
            if name == SITES:
                grid |= {(number - 1, rows[0].index(title)): value for (number, title), value in cells.items()}
            for (r, c), value in grid.items():
                if isinstance(value, date):
                    sheet.write_datetime(r, c, value, day)
                elif value not in ("", None):
                    sheet.write(r, c, value)
    return file.with_name("back.xlsx")


def back(root: Path, file: Path, as_of: date = TODAY, *, write: bool = True) -> Imported:
    return pipeline.import_sites(root, file, ImportOptions(as_of=as_of), dry_run=not write)


def new_lines(imported: Imported) -> list[str]:
    """Lines that an import adds, by file."""
    return [
        f"{change.path}: {line}"
        for change in imported.changes
        for line in (change.after or "").splitlines()
        if line not in (change.before or "").splitlines()
    ]


def test_the_example_goes_out_and_comes_back_unchanged(tmp_path: Path) -> None:
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    file = sent(tmp_path, LIVED)
    assert file.read_bytes() == pipeline.plan_workbook(tmp_path, LIVED)
    found = sheets(file)
    assert list(found) == ["Sites", "Waves", "Due", "Capacity", "How to", KEPT]
    assert [len(found[name]) - 1 for name in ("Sites", "Waves")] == [14, 5]
    lyon = dict(zip(found["Sites"][0], next(row for row in found["Sites"] if row[0] == "lyon"), strict=True))
    assert (lyon["go-live"], lyon["wave"], lyon["lighthouse"]) == (date(2027, 2, 9), 0.0, "yes")
    imported = back(tmp_path, file, LIVED)
    assert (imported.changes, imported.unchanged, imported.gone, imported.notes) == ((), 14, (), ())


def test_a_spreadsheet_program_finds_lists_filters_and_no_formula(programme_folder: Write) -> None:
    with zipfile.ZipFile(sent(programme_folder(FILES))) as book:
        text = {name: book.read(name).decode() for name in book.namelist()}
    sites = text["xl/worksheets/sheet1.xml"]
    assert "<f>" not in "".join(text.values())
    assert '"planned,paused,preparing,ready,live,stable,rolled_back,dropped"' in sites.replace("&quot;", '"')
    assert '"yes,no"' in sites.replace("&quot;", '"')
    assert 'state="frozen"' in sites
    assert "<autoFilter" in sites
    assert 'state="hidden"' in text["xl/workbook.xml"]


def test_changes_become_pins_records_and_values(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    changes = {
        (2, "go-live"): date(2027, 4, 6),
        (3, "wave"): 2,
        (3, "systems"): "mes; erp",
        (4, "status"): "preparing",
        (4, "operators"): 150,
        (4, "label Line"): "dry",
    }
    file = edited(sent(root), changes)
    imported = back(root, file)
    because = "back.xlsx row"
    assert new_lines(imported) == [
        "sites/_systems.yaml:   erp: {kind: unknown}",
        "sites/linz.yaml: systems: [mes, erp]",
        "sites/lyon.yaml: labels: {Line: dry}",
        "sites/lyon.yaml: headcount: {operators: 150}   # of June",
        "waves/v/plan.yaml:   graz: {after: linz, because: shares its key users, go_live: 2027-04-06}",
        f"waves/v/plan.yaml:   linz: {{wave: 2, because: {because} 3}}",
        f"waves/v/records/lyon.yaml: - {{status: preparing, on: 2026-12-01, by: import, because: {because} 4}}",
    ]
    assert back(root, file).changes == ()


def test_a_label_whose_name_is_cleaned_for_people_is_still_known(programme_folder: Write) -> None:
    files = {**FILES, "sites/graz.yaml": SITE.format("Graz").replace("Line", '"Li\\u202ene"')}
    root = programme_folder(files)
    file = edited(sent(root), {(2, "label Li\N{REPLACEMENT CHARACTER}ne"): "dry"})
    assert new_lines(back(root, file)) == ['sites/graz.yaml: labels: {"Li\\u202ene": dry}']


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({(4, "status"): "live"}, ["{status: live, on: 2027-02-02"]),
        ({(4, "go-live"): date(2027, 2, 9)}, ["{status: live, on: 2027-02-09"]),
        ({(4, "status"): "stable"}, ["{status: live, on: 2027-02-02", "{status: stable, on: 2027-03-10"]),
        ({(2, "status"): "live"}, ["{status: live, on: 2027-03-02"]),
        ({(2, "status"): "dropped"}, ["{status: dropped, on: 2027-03-10"]),
    ],
)
def test_what_has_happened_is_recorded_with_its_day(
    programme_folder: Write, cells: Mapping[tuple[int, str], object], lines: list[str]
) -> None:
    root = programme_folder(FILES)
    found = new_lines(back(root, edited(sent(root), cells), date(2027, 3, 10), write=False))
    assert [line.partition("- ")[2].partition(", by")[0] for line in found] == lines


def test_a_status_goes_back_only_where_that_is_legal(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    (root / "waves/v/records").mkdir()
    for site, status in {"lyon": "paused", "linz": "ready"}.items():
        record = f"- {{status: {status}, on: 2026-11-02, by: Hub}}\n"
        (root / f"waves/v/records/{site}.yaml").write_text(record)
    imported = back(root, edited(sent(root), {(3, "status"): "planned", (4, "status"): "planned"}))
    assert [line.partition(", by")[0] for line in new_lines(imported)] == [
        "waves/v/records/lyon.yaml: - {status: planned, on: 2026-12-01"
    ]
    assert 'row 3 (linz): the sheet says "planned", its records "ready": the records stay' in imported.notes


def test_an_old_workbook_takes_nothing_back(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    file = edited(sent(root), {(4, "operators"): 150})
    (root / "sites/linz.yaml").write_text(SITE.format("Linz Films").replace("Marc", "Maria"))
    schedule = root / "waves/v/schedule.yaml"
    schedule.write_text(schedule.read_text().replace("2027-02-03", "2027-02-17"))
    assert [line.partition(":")[0] for line in new_lines(back(root, file))] == ["sites/lyon.yaml"]


def test_rows_that_came_in_or_went(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    cells = {(5, "name"): "Wels", (5, "country"): "AT", (5, "go-live"): date(2027, 5, 4), (2, "id"): "", (3, "id"): "x"}
    imported = back(root, edited(sent(root), {**cells, (3, "status"): "livid", (4, "status"): "livid"}), write=False)
    assert imported.added == ("wels",)
    assert "waves/v/plan.yaml:   wels: {go_live: 2027-05-04, because: back.xlsx row 5}" in new_lines(imported)
    assert imported.gone == ("linz",)
    assert not any("graz" in line for line in new_lines(imported))
    assert [(one.row, one.reason.partition(";")[0]) for one in imported.rejected] == [
        (2, "a site called Graz was sent out as graz"),
        (3, "x was not sent out"),
        (4, '"livid" is no status'),
    ]


def test_a_workbook_without_its_sites_is_refused(programme_folder: Write, tmp_path: Path) -> None:
    root = programme_folder(FILES)
    found = sheets(sent(root))
    broken = tmp_path / "broken.xlsx"
    with xlsxwriter.Workbook(str(broken)) as out:
        for name in ("Waves", KEPT):
            for r, row in enumerate(found[name]):
                (out.get_worksheet_by_name(name) or out.add_worksheet(name)).write_row(r, 0, row)
    with pytest.raises(RolloutError, match='the sheet "Sites" is gone'):
        back(root, broken)


def test_a_table_is_a_workbook_with_days_and_numbers(tmp_path: Path) -> None:
    rows = (("=1+1", "2027-02-09", "7", "007"), ("+x", "", "", "1e5"))
    file = tmp_path / "t.xlsx"
    file.write_bytes(
        pipeline.tables_workbook(
            [Table("Load: [by] week?", ("who", "day", "n", "id"), rows, ("a note",)), Table("", ("a",), ())]
        )
    )
    assert sheets(file) == {
        "Load   by  week": [["who", "day", "n", "id"], ["=1+1", date(2027, 2, 9), 7.0, "007"], ["+x", "", "", "1e5"]],
        "Table": [["a"]],
        "Notes": [["a note"]],
    }
    names = [
        sheet.name for sheet in book_of([Table(title, ("a",), ()) for title in ("x" * 40, "X" * 40, "x" * 31)]).sheets
    ]
    assert names == ["x" * 31, "X" * 29 + " 2", "x" * 29 + " 3"]


def test_two_columns_of_one_title_stay_two(programme_folder: Write) -> None:
    """Labels that are cleaned to the same, and a role that is called like a field, fell on the first column."""
    labels = '{"a\\u202e": wet, "a\\u202d": dry, wave: x}'
    site = f"name: Graz\ncountry: FR\nlabels: {labels}\nheadcount: {{value: 7, shifts: 8}}\nvalue: 9\n"
    root = programme_folder({**FILES, "sites/graz.yaml": site})
    (header, graz, *_) = sheets(sent(root))["Sites"]
    bad = "label a\N{REPLACEMENT CHARACTER}"
    shown = {title: value for title, value in zip(header, graz, strict=True) if value not in ("", None)}
    assert len(set(header)) == len(header)
    assert {shown[title] for title in (bad, f"{bad} 2")} == {"wet", "dry"}
    assert (shown["value"], shown["value 2"], shown["shifts 2"]) == (9, 7, 8)
    file = edited(sent(root), {(2, f"{bad} 2"): "new", (2, "value 2"): 70})
    (line_of_labels, line_of_people) = new_lines(back(root, file))
    assert "new" in line_of_labels
    assert str(shown[bad]) in line_of_labels
    assert line_of_people == "sites/graz.yaml: headcount: {value: 70, shifts: 8}"
    assert back(root, edited(sent(root), {})).changes == ()
