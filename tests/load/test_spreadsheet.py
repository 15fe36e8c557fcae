"""Rows of sheets that nobody here wrote: every one a site or a reported row, and nothing of a site file lost."""

from __future__ import annotations

import csv
import io
import random
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout.load.cells import slug
from rollout.load.columns import choose_columns
from rollout.load.ids import assign
from rollout.load.programme import load_programme
from rollout.load.spreadsheet import import_sheet
from rollout.load.workspace import Workspace
from rollout.model.fields import is_id
from rollout.model.imported import Imported, ImportOptions, Rejected
from rollout.problem import RolloutError

AS_OF = date(2026, 11, 23)
PLAN = {"waves/vision/plan.yaml": "name: Vision\nwork_from: 2026-10-05   # ours\n"}

NETBOX = """\
name,slug,status,region,site_group,tenant,time_zone,latitude,longitude
DM-NYC,dm-nyc,active,North America / United States / New York,Headquarters,"Dunder-Mifflin, Inc.",,,
MDF,ncsu-065,active,North America / United States / North Carolina,,NC State University,,,
D. S. Weaver Labs,ncsu-117,active,North America / United States / North Carolina,,NC State University,,,
"""
WALMART = """\
storenum,OPENDATE,date_super,conversion,st,county,STREETADDR,STRCITY,STRSTATE,ZIPCODE,type_store,LAT,LON,MONTH,DAY,YEAR
1,7/1/62,3/1/97,1,5,7,2110 WEST WALNUT,Rogers,AR,72756,Supercenter,36.342235,-94.07141,7,1,1962
4,8/1/65,,,5,7,2901 HWY 412 EAST,Siloam Springs,AR,72761,Supercenter,36.179905,-94.50208,8,1,1965
5,8/1/65,,,5,7,1 MAIN,Rogers,AR,72761,Wal-Mart,36.1,-94.5,8,1,1965
"""
POWER = '''\
country,name,gppd_idnr,capacity_mw,latitude,longitude,primary_fuel,commissioning_year,owner
AFG,Kajaki Hydroelectric Power Plant Afghanistan,GEODB0040538,33.0,32.3220,65.1190,Hydro,,
AUS,Daydream Solar Farm ,AUS0000531,50.0,-20.4947,147.7707,Solar,,Edify Energy
FRA,Haut Cabardès  Wind Farm France,WRI1,20.8,43.4,2.4,Wind,2006.0,
ISL,,GEODB0045254,16.0,64.0943,-21.0105,Hydro,,
KOS,Kosova B,KOS0000001,,,,Coal,1983,"KEK, sh.a. ""Korporata"""
'''


def programme(root: Path, files: dict[str, str] | None = None) -> Workspace:
    for folder in ("sites", "waves"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for path, text in (files or {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    return Workspace(root)


def run(
    workspace: Workspace, content: str | bytes, /, *, write: bool = True, name: str = "s.csv", **options: Any
) -> Imported:
    path = workspace.root / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    imported = import_sheet(workspace, path, ImportOptions(**{"as_of": AS_OF, **options}))
    done = len(imported.added) + len(imported.updated) + imported.unchanged + len(imported.rejected)
    assert done == imported.rows
    for change in imported.changes if write else ():
        target = workspace.root / change.path
        assert change.before == (target.read_bytes().decode() if target.exists() else None)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((change.after or "").encode())
    return imported


def written(workspace: Workspace, path: str) -> str:
    return (workspace.root / path).read_bytes().decode()


def refused(workspace: Workspace, content: str | bytes, /, **options: Any) -> RolloutError:
    with pytest.raises(RolloutError) as raised:
        run(workspace, content, **options)
    return raised.value


# ---- the real sheets in miniature


@pytest.mark.parametrize(
    ("sheet", "options", "sites", "rejected", "sample"),
    [
        (
            NETBOX,
            {"set": {"country": "US"}},
            {"dm-nyc": "DM-NYC", "ncsu-065": "MDF", "ncsu-117": "D. S. Weaver Labs"},
            [],
            (
                "dm-nyc",
                "name: DM-NYC\ncountry: US\nregion: North America / United States / New York\n"
                "labels: {status: active}\n",
            ),
        ),
        (
            WALMART,
            {"map": {"name": "STRCITY"}, "id_from": "storenum", "set": {"country": "US"}, "rest": True},
            {"1": "Rogers", "4": "Siloam Springs", "5": "Rogers"},
            [],
            (
                "4",
                "name: Siloam Springs\ncountry: US\nlocation: {lat: 36.179905, lon: -94.50208}\nlabels:\n"
                "  storenum: 4\n  opendate: 8/1/65\n  st: 5\n  county: 7\n  streetaddr: 2901 HWY 412 EAST\n"
                "  strstate: AR\n  zipcode: 72761\n  type_store: Supercenter\n  month: 8\n  day: 1\n  year: 1965\n",
            ),
        ),
        (
            POWER,
            {"map": {"value": "capacity_mw"}, "id_from": "gppd_idnr", "rest": True},
            {
                "geodb0040538": "Kajaki Hydroelectric Power Plant Afghanistan",
                "aus0000531": "Daydream Solar Farm",
                "wri1": "Haut Cabardès  Wind Farm France",
                "kos0000001": "Kosova B",
            },
            [5],
            (
                "kos0000001",
                "name: Kosova B\ncountry: XK\nlabels:\n  gppd_idnr: KOS0000001\n  primary_fuel: Coal\n"
                '  commissioning_year: 1983\n  owner: KEK, sh.a. "Korporata"\n',
            ),
        ),
    ],
    ids=["netbox", "walmart", "power plants"],
)
def test_real_sheets(
    tmp_path: Path, sheet: str, options: Any, sites: dict[str, str], rejected: list[int], sample: tuple[str, str]
) -> None:
    workspace = programme(tmp_path)
    first = run(workspace, sheet, **options)
    loaded, problems = load_programme(workspace)
    assert {site.id: site.name for site in loaded.sites.values()} == sites
    assert not problems
    assert [row.row for row in first.rejected] == rejected
    assert written(workspace, f"sites/{sample[0]}.yaml") == sample[1]
    second = run(workspace, sheet, **options)
    assert second.changes == ()
    assert second.unchanged == len(sites)


# ---- reading


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfName;Country\r\nK\xc3\xb6ln;DE\r\n",
        "Name;Country\nKöln;DE\n".encode("cp1252"),
        "Name\tCountry\nKöln\tDE\n".encode("utf-16"),
        "sep=;\r\nName;Country\r\nKöln;DE".encode(),
        "\n\nName|Country\nKöln|DE\n".encode(),
        'Name, Country\n"Köln", "DE"\n'.encode(),
        '"Name";"Country, as ISO";"Country"\n"Köln";"";"DE"\n'.encode(),
        "Name;Country;;\r\nKöln;DE;;\r\n;;;\r\n".encode(),
        "Name,Country\rKöln,DE\r".encode(),
    ],
    ids=["bom", "latin-1", "utf-16", "sep=", "blank lines", "space after comma", "comma in a name", "blank end", "cr"],
)
def test_csv_as_it_comes(tmp_path: Path, data: bytes) -> None:
    workspace = programme(tmp_path)
    imported = run(workspace, data)
    assert imported.added == ("koln",)
    assert written(workspace, "sites/koln.yaml") == "name: Köln\ncountry: DE\n"


def test_latin_1_is_said(tmp_path: Path) -> None:
    notes = run(programme(tmp_path), "name,country\nA,FR\nKöln,DE\n".encode("latin-1")).notes
    assert notes[0] == "not UTF-8 (line 3), read as Windows-1252 (Latin-1): check the accents"


def test_rows_that_are_broken_have_numbers(tmp_path: Path) -> None:
    rows = ["Short,FR", "", '"Two\nlines",FR,', "Long,FR,x,y,z", "Nul\0,FR,", "End,FR,", '"open,FR,', "lost,FR,"]
    sheet = "\n".join(("name,country,region", *rows, ""))
    imported = run(programme(tmp_path), sheet)
    assert imported.added == ("short", "end")
    assert imported.notes[0].endswith("taken as blank: 2, 8")
    assert [(row.row, row.reason.partition(":")[0]) for row in imported.rejected] == [
        (4, "`name`"),
        (5, "it has 5 cells and the header has 3"),
        (6, "the cell in column 1 has a control character (U+0000)"),
        (8, "a quote that opens in this row is never closed"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("s.csv", b"", "empty-sheet"),
        ("s.csv", b";;\n;;\n", "empty-sheet"),
        ("s.csv", b"a,b\n1,2\n", "no-name"),
        ("s.csv", b"PK\x03\x04junk", "not-text"),
        ("s.csv", "name,country\n".encode("utf-16-le"), "not-text"),
        ("s.csv", b'name,country\n"' + b"x" * 200_000 + b'",FR\n', "csv"),
        ("s.numbers", b"PK", "unknown-sheet"),
        ("s.xlsx", b"junk", "broken-sheet"),
    ],
)
def test_a_sheet_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    error = refused(programme(tmp_path), data, name=name)
    assert (error.problems[0].code, error.exit_code) == (code, 1)


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    workspace = programme(tmp_path, {"sites.csv": "name\n", "folder.csv/x": ""})
    for name, code in (("site.csv", "no-sheet"), ("folder.csv", "not-a-file")):
        with pytest.raises(RolloutError) as raised:
            import_sheet(workspace, tmp_path / name, ImportOptions(as_of=AS_OF))
        assert raised.value.problems[0].code == code
        assert raised.value.problems[0].hint in ('did you mean "sites.csv"?', "name the file in it")


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> bytes:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path.read_bytes()


def test_a_workbook(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    rows = [
        ["Site Name", "Country", "Operators", "Lat", "Lon", "Go live"],
        ["Lyon", "France", 140, 45.75, 4.0, datetime(2027, 2, 9)],
        [None, None],
        [104, "US", 12.5, None, None, None],
    ]
    data = workbook(tmp_path / "s.xlsx", {"Empty": [], "Plants": rows, "Old": [["x"]]})
    workspace = programme(tmp_path, PLAN)
    imported = run(workspace, data, name="s.xlsx")
    assert imported.notes[0] == 'read sheet "Plants"; --sheet NAME reads another: Empty, Old'
    assert written(workspace, "sites/lyon.yaml") == (
        "name: Lyon\ncountry: FR\nlocation: {lat: 45.75, lon: 4}\nheadcount: {operators: 140}\n"
    )
    assert "  lyon: {go_live: 2027-02-09, because: s.xlsx row 2}\n" in written(workspace, "waves/vision/plan.yaml")
    assert [(row.row, row.reason) for row in imported.rejected] == [
        (4, 'Operators: a whole number such as 12 is wanted, not "12.5"')
    ]
    assert refused(workspace, data, name="s.xlsx", sheet="Plant").problems[0].hint == 'did you mean "Plants"?'
    behind = workbook(tmp_path / "t.xlsx", {"Read me": [["as of October"]], "Plants": rows})
    hint = refused(workspace, behind, name="t.xlsx").problems[0].hint
    assert hint.startswith("--sheet NAME, one of Plants, or --map name=COLUMN")


def test_a_workbook_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    error = refused(programme(tmp_path), b"PK", name="s.xlsx")
    assert error.exit_code == 3
    assert "rollout[excel]" in error.problems[0].hint


# ---- columns


def test_columns_by_name(tmp_path: Path) -> None:
    workspace = programme(tmp_path)
    header = (
        "Site_Name,Country Code,State,Time Zone,Languages,LATITUDE,Lng,Region,BU,Value,Site Lead,Site lead e-mail,"
        "Sponsor,Sponsor Title,Operators,Headcount engineers,headcount.welders,Shifts,Systems,Workflows"
    )
    row = (
        'Lyon,fra,,Europe/Paris,French; en_GB,"45,75",4.85,emea,coatings,8,Claire Dubois,mailto:c@example.com,'
        'Marc Petit,VP,"1,200",6.0,3,3,SAP ECC|apriso,visual-inspection; Packaging'
    )
    imported = run(workspace, f"{header}\n{row}\n")
    assert imported.ignored == ()
    assert written(workspace, "sites/lyon.yaml") == (
        "name: Lyon\ncountry: FR\ntimezone: Europe/Paris\nlanguages: [fr, en-GB]\nlocation: {lat: 45.75, lon: 4.85}\n"
        "region: emea\nbusiness_unit: coatings\nvalue: 8\nsite_lead: {name: Claire Dubois, email: c@example.com}\n"
        "sponsor: {name: Marc Petit, title: VP}\nheadcount: {engineers: 6, operators: 1200, welders: 3}\nshifts: 3\n"
        "systems: [sap-ecc, apriso]\nworkflows: [visual-inspection, packaging]\n"
    )
    assert written(workspace, "sites/_systems.yaml") == (
        "systems:\n  apriso: {kind: unknown}\n  sap-ecc: {title: SAP ECC, kind: unknown}\n"
    )
    assert not load_programme(workspace)[1]


def test_the_register_keeps_what_it_says(tmp_path: Path) -> None:
    systems = {"sites/_systems.yaml": "# register\nsystems:\n  - {id: mes, kind: mes} # ours\n"}
    workspace = programme(tmp_path, systems)
    run(workspace, "name,country,systems\nLyon,FR,mes;SAP\n")
    assert written(workspace, "sites/_systems.yaml") == (
        systems["sites/_systems.yaml"] + "  - {id: sap, title: SAP, kind: unknown}\n"
    )
    assert not load_programme(workspace)[1]


def test_map_set_and_rest(tmp_path: Path) -> None:
    workspace = programme(tmp_path)
    sheet = "Werk,Ort,Kraftstoff,Land,Note,note\nLyon,45.75,gas,,,b\nGraz,,,AT,a,\n"
    imported = run(
        workspace,
        sheet,
        map={"name": "werk", "labels.fuel": "Kraftstoff", "country": "Land", "latitude": ""},
        set={"country": "FRA", "region": "emea"},
        rest=True,
    )
    assert imported.added == ("lyon", "graz")
    assert written(workspace, "sites/lyon.yaml") == (
        "name: Lyon\ncountry: FR\nregion: emea\nlabels: {fuel: gas, ort: 45.75, note_2: b}\n"
    )
    assert written(workspace, "sites/graz.yaml") == "name: Graz\ncountry: AT\nregion: emea\nlabels: {note: a}\n"


@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        ({"map": {"contry": "b"}}, "unknown-field", 'did you mean "country"?'),
        ({"map": {"country": "Contry"}}, "unknown-column", 'did you mean "country"?'),
        ({"map": {"country": "q"}}, "unknown-column", "columns: name, country"),
        ({"set": {"country": "ZZ"}}, "wrong-value", ""),
        ({"set": {"id": "x"}}, "no-set", "--id-from COLUMN says what ids are made from"),
        ({"id_from": "nam"}, "unknown-column", 'did you mean "name"?'),
        ({"into": "../out"}, "bad-folder", "--into emea, or --into emea/france"),
        ({"into": "_x"}, "bad-folder", "--into emea, or --into emea/france"),
        ({"plan": "vison"}, "unknown-plan", 'did you mean "vision"?'),
        ({"sheet": "x"}, "one-sheet", "leave out --sheet"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, options: Any, code: str, hint: str) -> None:
    problem = refused(programme(tmp_path, PLAN), "name,country\nLyon,FR\n", **options).problems[0]
    assert (problem.code, problem.hint) == (code, hint)


@pytest.mark.parametrize(
    ("header", "row", "reason"),
    [
        ("name,country", " ,FR", "the name is blank"),
        ("name,country", "A,", "the country is blank"),
        ("name,country", "A,Atlantis", 'country: a country is its ISO 3166 code such as FR or FRA, not "Atlantis"'),
        ("name,country,lat,lon", "A,FR,91,2", "lat: 91 is not between -90 and 90 degrees"),
        ("name,country,lat,lon", "A,FR,1,north", 'lon: a number such as 45.75 is wanted, not "north"'),
        ("name,country,lat,lon", "A,FR,1,", "location: `lon` is missing"),
        ("name,country,value", 'A,FR,"1,234"', 'value: "1,234" may be thousands or decimals: write it with a point or '
         'without a comma'),
        ("name,country,value", "A,FR,-1", "`value`: "),
        ("name,country,shifts", "A,FR,9", "`shifts`: "),
        ("name,country", "A" * 201 + ",FR", "`name`: a name has at most 200 characters, this one has 201"),
        ("name,country,site lead email", "A,FR,a@b.co", "site_lead: `name` is missing"),
        ("name,country,languages", "A,FR,Klingon", '`languages`: a language is its BCP 47 tag such as fr or pt-BR, not '
         '"klingon"'),
        ("name,country,systems", "A,FR,***", 'systems: no id can be made of "***"'),
        ("name,country,lat,shifts", "A,FR,x,y", 'lat: a number such as 45.75 is wanted, not "x"; '
         'shifts: a whole number such as 12 is wanted, not "y"'),
    ],
)  # fmt: skip
def test_a_row_that_is_no_site(tmp_path: Path, header: str, row: str, reason: str) -> None:
    workspace = programme(tmp_path)
    imported = run(workspace, f"{header}\n{row}\nGood,FR{',' * (header.count(',') - 1)}\n")
    (rejected,) = imported.rejected
    assert rejected.row == 2
    assert rejected.reason.startswith(reason)
    assert imported.added == ("good",)
    assert not load_programme(workspace)[1]


# ---- ids


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Zürich No. 2", "zurich-no-2"),
        ("Łódź Ørsted Straße", "lodz-orsted-strasse"),
        ("Bois de l’Arche & Wendy's", "bois-de-l-arche-wendys"),
        ("CON", "con-site"),
        ("x" * 70, "x" * 64),
        ("104", "104"),
        ("مصنع 5", ""),
        ("!!!", ""),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


def test_titles_above_the_names_of_columns_and_rows_that_stand_twice(tmp_path: Path) -> None:
    sheet = "Plants, Europe\nas of October 2026;;\n\nSite;Country;Shifts\nLyon;FR;3\nLinz;AT;2\nLyon;FR;3\nLyon;FR;2\n"
    done = run(programme(tmp_path), sheet)
    assert done.added == ("lyon", "linz", "lyon-2")
    assert [(one.row, one.reason) for one in done.rejected] == [(7, "it is row 5 once more")]
    assert 'columns are named in row 4; above it stands "Plants, Europe", "as of October 2026"' in done.notes
    alone = run(programme(tmp_path / "alone"), "Site\nLyon\nLinz\n", set={"country": "FR"})
    assert alone.added == ("lyon", "linz")


def test_collisions_and_names_without_latin_letters(tmp_path: Path) -> None:
    workspace = programme(tmp_path)
    rows = ["Springfield,US", "Springfield,US", "Springfield 2,US", "St. Mary,US", "St Mary,US", "مصنع,EG", "東京,JP"]
    sheet = "name,country\n" + "\n".join(rows) + "\n"
    imported = run(workspace, sheet)
    ids = ("springfield", "springfield-3", "springfield-2", "st-mary", "st-mary-2", "site-7", "site-8")
    assert imported.added == ids
    assert [r.id for r in imported.renamed] == ["springfield-3", "st-mary-2", "site-7", "site-8"]
    assert run(workspace, sheet).changes == ()
    moved = "name,country\nBerlin,DE\n" + "\n".join(reversed(rows)) + "\n"
    again = run(workspace, moved)
    assert (again.added, again.updated, again.gone) == (("berlin",), (), ())


NAMES = st.one_of(st.sampled_from(["A b", "a-B", "A b 2", "東京", "京", "", "con", "!"]), st.text(max_size=8))


@settings(max_examples=100)
@given(st.lists(NAMES, max_size=12))
def test_ids_are_unique_lawful_and_stay(names: list[str]) -> None:
    wishes = [(n, name, name) for n, name in enumerate(names, 2)]
    made = assign(wishes, dict)
    ids = [site for site, _ in made]
    assert all(is_id(site) == bool(name) for site, name in zip(ids, names, strict=True))
    assert len({site for site in ids if site}) == sum(map(bool, names))
    existing = {site: name for site, name in zip(ids, names, strict=True) if site}
    assert assign(wishes, lambda: existing) == made
    shuffled = list(zip(names, ids, strict=True))
    random.Random(1).shuffle(shuffled)
    again = assign([(n, name, name) for n, (name, _) in enumerate(shuffled, 90)], lambda: existing)
    assert sorted(site for site, _ in again) == sorted(ids)
    for (name, site), (new, _) in zip(shuffled, again, strict=True):
        assert existing.get(new, "") == name
        assert names.count(name) > 1 or new == site


# ---- running again

LYON = (
    "# Lyon, the first   \r\nname:   Lyon Coatings # as people say\r\ncountry: FRA\r\n\r\n"
    "location: {lat: 45.750, lon: 4.85}  # the gate\r\nsystems:\r\n  - mes # old\r\n  - sap\r\nlabels:\r\n"
    "  own: yes   # ours\r\n# end"
)
SYSTEMS = {"sites/_systems.yaml": "systems: {mes: {kind: mes}, sap: {kind: erp}, wms: {kind: wms}}\n"}


def test_a_newer_sheet_changes_values_and_nothing_else(tmp_path: Path) -> None:
    workspace = programme(tmp_path, {"sites/emea/fr/lyon.yaml": LYON, **SYSTEMS})
    header = "id,name,country,lat,lon,systems,region,fuel\n"
    same = header + "lyon,Lyon Coatings,FR,45.75,,,,\n"
    assert run(workspace, same).unchanged == 1
    newer = header + "lyon,Lyon Films,FR,45.75,4.86,mes;wms,emea,gas\n"
    imported = run(workspace, newer, rest=True)
    assert imported.updated == ("lyon",)
    assert written(workspace, "sites/emea/fr/lyon.yaml") == (
        LYON.replace("Lyon Coatings", "Lyon Films")
        .replace("lon: 4.85}  # the gate", "lon: 4.86}  # the gate\r\nregion: emea")
        .replace("- sap", "- wms")
        .replace("# ours", "# ours\r\n  fuel: gas")
    )
    assert run(workspace, newer, rest=True).changes == ()
    assert run(workspace, header + "lyon,Lyon Films,,,,,,\n").changes == ()


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    workspace = programme(tmp_path, {"sites/lyon.yaml": "\ufeffname: Lyon\ncountry: FR"})
    run(workspace, "name,country,region\nLyon,FR,emea\n")
    assert written(workspace, "sites/lyon.yaml") == "\ufeffname: Lyon\ncountry: FR\nregion: emea"


def test_what_a_site_inherits_is_not_written(tmp_path: Path) -> None:
    defaults = {
        "sites/_defaults.yaml": "country: FR\nshifts: 2\n",
        "sites/emea/_defaults.yaml": "region: emea\n"
        "site_lead: {name: Area, email: area@example.com}\nlabels: {fuel: gas}\n",
    }
    workspace = programme(tmp_path, defaults)
    sheet = "name,region,shifts,site lead,fuel\nLyon,emea,2,Area,gas\nGraz,emea,3,Claire,oil\n"
    imported = run(workspace, sheet, into="emea", rest=True)
    assert imported.added == ("lyon", "graz")
    assert written(workspace, "sites/emea/lyon.yaml") == "name: Lyon\n"
    assert written(workspace, "sites/emea/graz.yaml") == (
        "name: Graz\nlabels: {fuel: oil}\nsite_lead: {name: Claire, email: ~}\nshifts: 3\n"
    )
    assert run(workspace, sheet, into="emea", rest=True).changes == ()
    lead = load_programme(workspace)[0].sites["graz"].site_lead
    assert lead is not None
    assert lead.email is None


def test_another_site_lead_beside_an_old_address_is_said(tmp_path: Path) -> None:
    site = "name: Lyon\ncountry: FR\nsite_lead: {name: Ann, email: ann@example.com}\n"
    workspace = programme(tmp_path, {"sites/lyon.yaml": site})
    imported = run(workspace, "name,country,site lead\nLyon,FR,Bob\n")
    assert written(workspace, "sites/lyon.yaml") == site.replace("Ann", "Bob")
    assert imported.notes[-1] == "lyon: site_lead is now Bob, with the email that was there: check it"


def test_sites_gone_from_the_sheet_are_named_and_stay(tmp_path: Path) -> None:
    files = {f"sites/{name}.yaml": "name: X\ncountry: FR\n" for name in ("emea/old", "emea/fr/older", "apac/other")}
    workspace = programme(tmp_path, files)
    imported = run(workspace, "name,country\nNew,FR\nOlder,\n", into="sites/emea")
    assert imported.gone == ("old",)
    assert (tmp_path / "sites/emea/old.yaml").exists()
    assert imported.added == ("new",)


def test_a_site_that_is_broken_is_reported_and_left(tmp_path: Path) -> None:
    workspace = programme(
        tmp_path,
        {
            "sites/a.yaml": "name: [A\n",
            "sites/b.yaml": "name: B\ncountry: FR\nshift: 2\n",
            "sites/c.yaml": "name: C\ncountry: FR\n",
            "sites/x/c.yaml": "name: C\ncountry: FR\n",
            "sites/d.yaml": "x: &x {name: q}\nname: D\ncountry: FR\n",
        },
    )
    before = {p: p.read_bytes() for p in (tmp_path / "sites").rglob("*.yaml")}
    imported = run(workspace, "name,country\nA,DE\nB,DE\nC,DE\nD,DE\n")
    assert [r.row for r in imported.rejected] == [2, 3, 4, 5]
    assert imported.rejected[1].reason == '"shift" is not a key here'
    assert before == {p: p.read_bytes() for p in (tmp_path / "sites").rglob("*.yaml")}


def test_broken_defaults_stop_everything(tmp_path: Path) -> None:
    workspace = programme(tmp_path, {"sites/emea/_defaults.yaml": "region: [\n", "sites/emea/a.yaml": "name: A\n"})
    assert refused(workspace, "name,country\nA,DE\n").problems[0].path == "sites/emea/_defaults.yaml"


# ---- a sheet that holds a plan


def test_past_becomes_records_and_future_pins(tmp_path: Path) -> None:
    workspace = programme(tmp_path, PLAN)
    sheet = (
        "name,country,go-live,wave,status\n"
        "A,FR,2026-11-23,1,\n"  # today has happened
        "B,FR,2026-11-24,1,planned\n"
        "C,FR,,Wave 3,\n"
        "D,FR,2026-01-05,,Completed\n"
        "E,FR,,2,in progress\n"
        "F,FR,TBD,,\n"
        "G,FR,2026-01-05,,planned\n"
        "H,FR,2027-01-05,,live\n"
        "I,FR,,2,dropped\n"
        "J,FR,,,exotic\n"
        "K,FR,,x,\n"
    )
    imported = run(workspace, sheet)
    text = written(workspace, "waves/vision/plan.yaml")
    assert text == PLAN["waves/vision/plan.yaml"] + (
        "constraints:\n"
        "  b: {go_live: 2026-11-24, because: s.csv row 3}\n"
        "  c: {wave: 3, because: s.csv row 4}\n"
        "  e: {wave: 2, because: s.csv row 6}\n"
        "  h: {go_live: 2027-01-05, because: s.csv row 9}\n"
    )
    records = {p.stem: p.read_text() for p in (tmp_path / "waves/vision/records").iterdir()}
    line = "- {{status: {}, on: {}, by: import, because: s.csv row {}}}\n".format
    assert records == {
        "a": line("live", "2026-11-23", 2),
        "d": line("live", "2026-01-05", 5) + line("stable", "2026-01-05", 5),
        "e": line("preparing", "2026-11-23", 6),
        "i": line("dropped", "2026-11-23", 10),
    }
    assert [r.row for r in imported.rejected] == [12]
    assert any("row 8 (g): its go-live 2026-01-05 has passed" in note for note in imported.notes)
    assert any('row 9 (h): it is said to be "live" before its go-live' in note for note in imported.notes)
    assert "labels: {status: exotic}" in written(workspace, "sites/j.yaml")
    assert not load_programme(workspace)[1]
    assert run(workspace, sheet.replace("A,FR", "A,FRA")).changes == ()
    assert run(workspace, sheet, as_of=date(2026, 12, 24)).changes == ()


def test_a_newer_plan_moves_pins_and_leaves_reasons_of_people(tmp_path: Path) -> None:
    plan = (
        "name: Vision\nwork_from: 2026-10-05\nconstraints:\n"
        "  a: {wave: 2, because: s.csv row 9}  # sheet\n"
        "  b: {go_live: 2027-01-05, because: the lease ends}\n"
        "  c:\n    not_before: 2027-01-01   # ours\n"
    )
    workspace = programme(tmp_path, {"waves/vision/plan.yaml": plan})
    rows = "name,country,go_live\nA,FR,2027-03-02\nB,FR,2027-04-06\nC,FR,2027-05-04\n"
    run(workspace, rows)
    assert written(workspace, "waves/vision/plan.yaml") == (
        plan.replace("wave: 2, because: s.csv row 9", "wave: ~, because: s.csv row 2, go_live: 2027-03-02")
        .replace("2027-01-05", "2027-04-06")
        .replace("# ours\n", "# ours\n    go_live: 2027-05-04\n    because: s.csv row 4\n")
    )
    assert run(workspace, rows).changes == ()


def test_records_of_people_win_over_the_sheet(tmp_path: Path) -> None:
    own = "# ours\n- {status: live, on: 2026-10-06, by: Ann}\n"
    workspace = programme(tmp_path, {**PLAN, "waves/vision/records/a.yaml": own, "waves/vision/records/b.yaml": own})
    imported = run(workspace, "name,country,go_live,status\nA,FR,2026-11-03,\nB,FR,2026-10-06,stable\n")
    assert written(workspace, "waves/vision/records/a.yaml") == own
    assert written(workspace, "waves/vision/records/b.yaml") == (
        own + "- {status: stable, on: 2026-10-06, by: import, because: s.csv row 3}\n"
    )
    assert "row 2 (a): the sheet says live on 2026-11-03, its records 2026-10-06: the records stay" in imported.notes


@pytest.mark.parametrize(
    ("cell", "dates", "expected"),
    [
        ("2027-02-09", "iso", "2027-02-09"),
        ("2027-02-09 00:00:00", "iso", "2027-02-09"),
        ("2027/02/09", "iso", "2027-02-09"),
        ("9/2/2027", "dmy", "2027-02-09"),
        ("09.02.2027", "dmy", "2027-02-09"),
        ("2/9/2027", "mdy", "2027-02-09"),
        ("2/9/2027", "iso", 'go_live: "2/9/2027" can be read in two ways: add --dates dmy or --dates mdy'),
        ("10/13/2027", "iso", 'go_live: "10/13/2027" names the month first: add --dates mdy'),
        ("13.10.2027", "iso", 'go_live: "13.10.2027" names the day first: add --dates dmy'),
        ("13/13/2027", "iso", 'go_live: "13/13/2027" is not a day of the calendar'),
        ("7/1/62", "mdy", 'go_live: "7/1/62" does not say its century: write the year with four digits'),
        ("31/2/2027", "dmy", 'go_live: "31/2/2027" is not a day of the calendar (read as dmy)'),
        ("2027-02-30", "iso", "go_live: 2027-02-30 is not a day of the calendar"),
        ("soon", "iso", 'go_live: a day is written like 2027-02-09, not "soon"'),
    ],
)
def test_days(tmp_path: Path, cell: str, dates: str, expected: str) -> None:
    workspace = programme(tmp_path, PLAN)
    imported = run(workspace, f"name,country,go_live\nA,FR,{cell}\n", dates=dates)
    if imported.rejected:
        assert imported.rejected[0].reason == expected
    else:
        assert f"go_live: {expected}," in written(workspace, "waves/vision/plan.yaml")


def test_which_plan(tmp_path: Path) -> None:
    sheet = "name,country,wave\nA,FR,2\n"
    workspace = programme(tmp_path)
    problem = refused(workspace, sheet).problems[0]
    assert problem.code == "no-plan"
    assert "rollout init" in problem.hint
    programme(tmp_path, {**PLAN, "waves/erp/plan.yaml": "name: E\nwork_from: 2026-10-05\n"})
    assert refused(workspace, sheet).problems[0].message.endswith("there are several plans: erp, vision")
    assert not list((tmp_path / "sites").iterdir())
    run(workspace, sheet, plan="erp")
    assert "wave: 2" in written(workspace, "waves/erp/plan.yaml")
    assert run(workspace, sheet, map={"wave": ""}).unchanged == 1


def test_no_row_takes_another_site_for_its_own(tmp_path: Path) -> None:
    workspace = programme(tmp_path, {"sites/plant-2.yaml": "name: Plant 2\ncountry: FR\n"})
    assert run(workspace, "name,country\nPlant,DE\nPlant,DE\n東京,JP\n").added == ("plant", "plant-3", "site-4")
    assert run(workspace, "name,country\n\n\n大阪,JP\n").added == ("site-4-2",)
    sites, _ = load_programme(workspace)
    assert [sites.sites[i].name for i in ("plant-2", "site-4", "site-4-2")] == ["Plant 2", "東京", "大阪"]


@pytest.mark.parametrize("bad", ["Plant,DE,x,2", "Plant,DE,91,2", "東京,JP,91,2"])
def test_a_rejected_row_takes_no_id(tmp_path: Path, bad: str) -> None:
    name = bad.partition(",")[0]
    sheet = f"name,country,lat,lon\n{bad}\n{name},DE,1,2\n"
    workspace = programme(tmp_path)
    imported = run(workspace, sheet)
    assert ([r.row for r in imported.rejected], len(imported.added)) == ([2], 1)
    again = run(workspace, sheet)
    assert (again.changes, again.unchanged, again.gone) == ((), 1, ())


def test_a_row_told_apart_by_its_order_alone_never_turns_one_site_into_another(tmp_path: Path) -> None:
    workspace = programme(tmp_path)
    run(workspace, "name,country\nPlant,\nPlant,FR\n")
    repaired = run(workspace, "name,country\nPlant,DE\nPlant,FR\n")
    assert "--id-from" in repaired.rejected[0].reason
    assert written(workspace, "sites/plant.yaml") == "name: Plant\ncountry: FR\n"


def test_set_fills_and_does_not_undo_a_correction(tmp_path: Path) -> None:
    workspace = programme(tmp_path)
    run(workspace, "name\nA\nB\n", set={"country": "US"})
    (tmp_path / "sites/b.yaml").write_text("name: B\ncountry: CA  # since the border moved\n")
    again = run(workspace, "name\nA\nB\n", set={"country": "US", "region": "west"})
    assert written(workspace, "sites/b.yaml") == "name: B\ncountry: CA  # since the border moved\nregion: west\n"
    assert "values that sites have and --set does not overwrite: 1" in again.notes


@pytest.mark.parametrize("into", ["north_america", "Amérique", "emea/con-tainer"])
def test_folders_as_people_name_them(tmp_path: Path, into: str) -> None:
    assert run(programme(tmp_path), "name,country\nA,FR\n", into=into).changes[0].path == f"sites/{into}/a.yaml"


# ---- anything at all

CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["Lyon", "FR", "NO", "45.75", "1e3", " x ", "~", "null", "a: b", "- x", "#", "2027-01-01", "3", "", ""]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, st.sampled_from(["FR", "NO", "KOS"]), CELLS, CELLS), max_size=6))
def test_any_row_is_a_site_or_reported(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    workspace = programme(tmp_path_factory.mktemp("any"), PLAN)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("name", "country", "Région", "lat"), *rows])
    imported = run(workspace, out.getvalue(), rest=True)
    loaded, problems = load_programme(workspace)
    assert not problems
    assert set(loaded.sites) == set(imported.added)
    bad = {row.row for row in imported.rejected}
    # A row whose cells are all blank is no row.
    wanted = [row[0].strip() for number, row in enumerate(rows, 2) if number not in bad and any(c.strip() for c in row)]
    assert sorted(site.name for site in loaded.sites.values()) == sorted(wanted)
    assert run(workspace, out.getvalue(), rest=True).changes == ()


ROWS = st.text(alphabet='na,;\n\r\t"|FR\0é', max_size=80)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), ROWS.map(lambda rows: f"name,country\n{rows}".encode())))
def test_any_bytes_are_a_sheet_or_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    workspace = programme(tmp_path_factory.getbasetemp() / "bytes")
    try:
        imported = run(workspace, data, write=False)
    except RolloutError as error:
        assert error.exit_code == 1
        assert error.problems[0].message
    else:
        assert imported.table().rows[0][0] == "sheet"
        assert imported.json()["version"] == 1


def test_sixteen_thousand_columns_called_alike_are_told_apart_in_no_time() -> None:
    columns = choose_columns(
        ("name", "country", *["x"] * 16_000), ImportOptions(as_of=date(2026, 10, 1), rest=True), "a.csv"
    )
    assert len({column.field for column in columns.labels}) == 16_000
    assert columns.labels[1].field == "labels.x_2"


@pytest.mark.parametrize("title", ["x" * 1100, "labels." + "x" * 1100])
def test_a_label_has_a_name_that_can_be_read_again(tmp_path: Path, title: str) -> None:
    workspace = programme(tmp_path)
    content = f"name,country,{title},{title}y\nLyon,FR,1,2\n"
    run(workspace, content, rest=True)
    loaded, problems = load_programme(workspace)
    assert not problems
    assert sorted(loaded.sites["lyon"].labels.values()) == ["1", "2"]
    assert run(workspace, content, rest=True).changes == ()


def test_a_reason_that_many_rows_have_is_told_once() -> None:
    """A sheet without a column of countries said so twenty times, and that there were four more."""
    said = {2: "a", 3: "a", 4: "a", 6: "a", 5: "b", 8: "a", 10: "a", 11: "a"}
    rejected = tuple(Rejected(row, reason) for row, reason in said.items())
    table = Imported(sheet="s.csv", rows=20, rejected=rejected).table()
    assert table.rows[1:] == (("rejected", "rows 2-4, 6, 8 and 2 more", "a"), ("rejected", "row 5", "b"))
