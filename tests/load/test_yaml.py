"""Text stays text, places are right, and nothing hangs."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
import yaml as stock
from hypothesis import given
from hypothesis import strategies as st

from rollout.load.locate import Places
from rollout.load.programme import load_programme
from rollout.load.revision import Revision
from rollout.load.workspace import Workspace
from rollout.load.yaml import DEPTH_LIMIT, Marked, decode, parse


def problem(text: str) -> tuple[str, int, int]:
    value, problems = parse(text, "a.yaml")
    assert problems, value
    return problems[0].code, problems[0].line, problems[0].column


@pytest.mark.parametrize("word", ["NO", "12:30", "1_000", "1.10", "0777", "yes", "1e3", "2027-02-09", ".inf", "0x1F"])
def test_every_scalar_stays_text(word: str) -> None:
    assert parse(f"a: {word}", "a.yaml") == ({"a": word}, [])


@pytest.mark.parametrize("word", ["", "~", "null"])
def test_only_plain_nothing_is_nothing(word: str) -> None:
    assert parse(f"a: {word}", "a.yaml")[0] == {"a": None}
    assert parse(f'a: "{word}"', "a.yaml")[0] == {"a": word}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ("duplicate-key", 3, 1)),
        ("a: {b: 1, b: 2}\n", ("duplicate-key", 1, 11)),
        ("[" * 900, ("too-deep", 1, DEPTH_LIMIT + 1)),
        ("- " * 100_000 + "a", ("too-deep", 1, 2 * DEPTH_LIMIT + 1)),
        ("{" * 900, ("key-not-text", 1, 2)),
        ("a: !!python/object:os.system x\n", ("tag", 1, 4)),
        ("a: !own {b: 1}\n", ("tag", 1, 4)),
        ("<<: {a: 1}\n", ("merge-key", 1, 1)),
        ("a: *b\n", ("unknown-alias", 1, 4)),
        ("a: &a [*a]\n", ("unknown-alias", 1, 8)),
        ("? [a, b]\n: c\n", ("key-not-text", 1, 3)),
        ("a: 1\n---\nb: 2\n", ("second-document", 2, 1)),
        ("a: b: c\n", ("yaml", 1, 5)),
        ("a: 'b\n", ("yaml", 1, 4)),
        ("a:\n\t- b\n", ("yaml", 2, 1)),
        ("a: [1, 2\nb: 3\n", ("yaml", 2, 2)),
        ("a: 1 # to be seen\u2028b: 2\n", ("unseen-character", 1, 18)),
        ("a: \u2029- 1\n", ("unseen-character", 1, 4)),
        ("a: 'x\x85y'\nb: [\n", ("unseen-character", 1, 6)),
        ("# read on\ra: 1\nb: 2\n", ("unseen-character", 1, 10)),
        ("a: x\u200b\n", ("unseen-character", 1, 5)),
        ("a: x\U000e0041\n", ("unseen-character", 1, 5)),
    ],
)
def test_what_is_refused_is_refused_where_it_stands(text: str, expected: tuple[str, int, int]) -> None:
    code, line, column = problem(text)
    assert (code, line) == expected[:2]
    assert column == expected[2] or code == "yaml"


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000 + "a"])
def test_no_depth_is_too_much_for_the_reader(text: str) -> None:
    assert problem(text)[:2] == ("too-deep", 1)


def test_aliases_are_bounded_however_they_are_nested() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12))
    assert problem(bomb)[0] == "alias-expansion"
    assert parse("a: &x {b: 1}\nc: *x\n", "a.yaml") == ({"a": {"b": "1"}, "c": {"b": "1"}}, [])


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        (b"name: Troms\xf8\n", "not-utf8", 1, 12),
        ("a: 1\nb: x\u202ey\n".encode(), "unseen-character", 2, 5),
        (b"a: x\x00y\n", "unseen-character", 1, 5),
        (b"a" * 6_000_000, "too-large", 1, 1),
    ],
)
def test_bytes_that_are_no_honest_text(data: bytes, code: str, line: int, column: int) -> None:
    text, problems = decode(data, "a.yaml")
    assert text == ""
    assert [(p.code, p.line, p.column) for p in problems] == [(code, line, column)]


def test_a_byte_order_mark_is_not_part_of_the_first_key() -> None:
    assert parse(decode(b"\xef\xbb\xbfname: Lyon\r\n", "a.yaml")[0], "a.yaml")[0] == {"name": "Lyon"}


TEXT = """\
name: Lyon
systems: [sap, apriso]
blackouts:
  - {id: stock-take, from: 12-14}
  - id: audit
    from: 05-01
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("name",), (1, 7, True)),
        (("systems", 1), (2, 16, True)),
        (("systems",), (2, 1, True)),
        (("blackouts", "audit", "from"), (6, 11, True)),
        (("blackouts", "stock-take", "from"), (4, 28, True)),
        (("blackouts", 1, "from"), (6, 11, True)),
        (("blackouts", "audit", "to"), (5, 5, False)),
        (("country",), (1, 1, False)),
    ],
)
def test_locate(keys: tuple[str | int, ...], place: tuple[int, int, bool]) -> None:
    assert Marked(TEXT).locate(keys) == place


def test_locate_shows_a_key_when_it_is_the_key_that_is_wrong() -> None:
    assert Marked("nam: Lyon\n").locate(("nam",), at_key=True) == (1, 1, True)


words = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)
keys = st.text("abcdefghij-", min_size=1, max_size=6)
values = st.recursive(
    words, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)


@given(st.dictionaries(keys, values, max_size=5))
def test_what_a_library_writes_is_read_back_as_text(data: dict[str, object]) -> None:
    written = stock.dump(data, Dumper=stock.CSafeDumper, allow_unicode=True, default_style='"', width=4096)
    assert parse(written, "a.yaml") == (data, [])


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    decoded, problems = decode(text.encode("utf-8", "surrogatepass"), "a.yaml")
    if not problems:
        value, problems = parse(decoded, "a.yaml")
        if not problems and value is not None:
            Marked(decoded).locate(("a", 0, "b"))


def test_the_page_on_limits_is_right() -> None:
    from rollout.load import extent, sheet
    from rollout.load import yaml as own
    from rollout.model import fields, times

    page = (Path(__file__).parents[2] / "docs/reference/limits.md").read_text(encoding="utf-8")
    for number in (
        *(own.FILE_LIMIT, own.WRITTEN_LIMIT, own.VALUE_LIMIT, own.ALIAS_LIMIT, own.DEPTH_LIMIT),
        *(extent.UNFOLDED_LIMIT, extent.CELL_LIMIT, sheet.SIZE_LIMIT, sheet.TEXT_LIMIT, sheet.COLUMN_LIMIT),
        *(fields.ID_LIMIT, fields.NAME_LIMIT),
    ):
        assert f" {number:,} " in page
    assert f"{times.YEARS[0]}-01-01 to {times.YEARS[-1]}-12-31" in page
    assert f"to {times.LONGEST // 366} years" in page


lines = st.lists(
    st.sampled_from(
        ["a: ", "- ", "b: &x ", "*x", "<<: ", "? ", "!t ", "---\n", "...\n", "\t", "  ", "\n", "{", "}", "[", "]", ",", "'", '"', "|\n",
         ">-\n", "#", "%YAML 1.1\n", "\\", "~", "\r", "\ufeff", "\0", "\u2028", "<<<<<<< x\n", "name: Lyon\n", "country: FR\n"]
    ) | st.text(max_size=3),
    max_size=25,
).map("".join)  # fmt: skip


@given(lines)
def test_any_text_as_a_site_is_a_site_or_problems_with_their_places(text: str) -> None:
    files = {"sites/lyon.yaml": text.encode("utf-8", "surrogatepass"), "waves/v/records/lyon.yaml": b"- x"}
    workspace = Revision(Workspace(Path("nowhere")), files)
    programme, problems = load_programme(workspace)
    placed = Places(workspace).resolve(problems)
    assert ("lyon" in programme.sites) != any(problem.path == "sites/lyon.yaml" for problem in placed)
    assert all(problem.line and problem.column and problem.message for problem in placed)


@given(st.binary(max_size=300))
def test_any_bytes_as_any_file_never_raise(data: bytes) -> None:
    paths = (
        "sites/_systems.yaml",
        "sites/lyon.yaml",
        "waves/_teams.yaml",
        "waves/v/plan.yaml",
        "waves/v/schedule.yaml",
        "waves/v/content/en/a.md",
    )
    workspace = Revision(Workspace(Path("nowhere")), dict.fromkeys(paths, data))
    assert all(str(problem) for problem in Places(workspace).resolve(load_programme(workspace)[1]))


def test_places_of_many_entries_are_found_in_one_go_through_them() -> None:
    def seconds(count: int) -> float:
        marked = Marked("".join(f"- {{id: s{number}, a: 1}}\n" for number in range(count)))
        marked.locate(("s0",))
        begun = process_time()
        for number in range(count):
            assert marked.locate((f"s{number}", "a"))[0] == number + 1
        return process_time() - begun

    assert min(seconds(4_000) for _ in range(3)) < 24 * min(seconds(500) for _ in range(3))
