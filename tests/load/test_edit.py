"""Editing a text that a person wrote: the data changes as asked, and nothing else does."""

from __future__ import annotations

import copy
from difflib import SequenceMatcher
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from rollout.load.dump import block, inline, scalar
from rollout.load.edit import CannotEdit, append_entries, append_entry, set_values
from rollout.load.yaml import decode, parse

LYON = """\
# Lyon, the first one   \n\
name: Lyon Coatings    # as people say
country: FR
languages:             # most spoken first
  - fr  # everybody
  - en

location: {lat: 45.75, lon: 4.85}
labels:
  line: wet
  # a label of our own
  lease_ends: 2028

# the end
"""


@pytest.mark.parametrize(
    ("before", "keys", "value", "after"),
    [
        # scalars
        ("name: A # c\n", ["name"], "B", "name: B # c\n"),
        ("name: A", ["name"], "B", "name: B"),
        ("name:   'A'   \r\nx: 1\r\n", ["name"], "B", "name:   B   \r\nx: 1\r\n"),
        ("name:\nx: 1\n", ["name"], "B", "name: B\nx: 1\n"),
        ("name: # none yet\n", ["name"], "B", "name: B # none yet\n"),
        ("name: ~\n", ["name"], "B", "name: B\n"),
        ("name: A\n", ["name"], None, "name: ~\n"),
        ("name: |\n  A\n  B\n\n# c\nx: 1\n", ["name"], "C", "name: C\n\n# c\nx: 1\n"),
        ("name: A\n  and B # c\nx: 1\n", ["name"], "C", "name: C # c\nx: 1\n"),
        ("country: NO\n", ["country"], "NO", "country: NO\n"),
        ("a: &x foo\nb: *x\n", ["b"], "bar", "a: &x foo\nb: bar\n"),
        # missing keys
        ("", ["name"], "B", "name: B\n"),
        ("# only words", ["name"], "B", "# only words\nname: B\n"),
        ("---\n", ["name"], "B", "---\nname: B\n"),
        ("~\n", ["name"], "B", "name: B\n"),
        ("a: 1 # c\n\n# end\n", ["b"], "2", "a: 1 # c\nb: 2\n\n# end\n"),
        ("a: 1", ["b"], "2", "a: 1\nb: 2"),
        ("a: 1\r\n", ["b"], "2", "a: 1\r\nb: 2\r\n"),
        ("a: 1\r\nc: 3", ["b"], "2", "a: 1\r\nc: 3\r\nb: 2"),
        ("a: |+\n  x\n\n", ["b"], "2", "a: |+\n  x\n\nb: 2\n"),
        ("a: |\n  x\n\n", ["b"], "2", "a: |\n  x\nb: 2\n\n"),
        ("a:\n    b: 1\n# c\nd: 2\n", ["a", "c"], "3", "a:\n    b: 1\n    c: 3\n# c\nd: 2\n"),
        ("- x\n", ["a"], "1", None),
        # flow
        ("a: {b: 1} # c\n", ["a", "b"], "2", "a: {b: 2} # c\n"),
        ("a: {b: 1} # c\n", ["a", "c"], "x, y", 'a: {b: 1, c: "x, y"} # c\n'),
        ("a: {}\n", ["a", "c"], "3", "a: {c: 3}\n"),
        ("a: {b: 1,}\n", ["a", "c"], "3", "a: {b: 1, c: 3,}\n"),
        ("a: {b}\n", ["a", "b"], "3", "a: {b: 3}\n"),
        ("a: {\n  b: 1, # one\n  c: 2 # two\n}\n", ["a", "d"], "3", "a: {\n  b: 1, # one\n  c: 2, d: 3 # two\n}\n"),
        ("{a: 1}\n", ["b"], "2", "{a: 1, b: 2}\n"),
        ("a: ~\nb: 1\n", ["a", "c"], "3", "a: {c: 3}\nb: 1\n"),
        ("a:\nb: 1\n", ["a", "c"], "3", "a: {c: 3}\nb: 1\n"),
        ("b: 1\n", ["a", "c", "d"], "3", "b: 1\na:\n  c: {d: 3}\n"),
        ("a: &m {x: 1}\nb: *m\n", ["b", "y"], "2", "a: &m {x: 1}\nb: {x: 1, y: 2}\n"),
        ("a: &m {x: 1}\nb: *m\n", ["a", "x"], "2", None),
        # lists
        ("l: [a, b] # c\n", ["l"], ["a", "c"], "l: [a, c] # c\n"),
        ("l: [a, b]\n", ["l"], ["a", "b", "c"], "l: [a, b, c]\n"),
        ("l: [a, b]\n", ["l"], ["b"], "l: [b]\n"),
        ("l: [a, b]\n", ["l"], ["z", "a", "b"], "l: [z, a, b]\n"),
        ("l: []\n", ["l"], ["b"], "l: [b]\n"),
        ("l: a\n", ["l"], ["b", "c"], "l: [b, c]\n"),
        ("l:\n  - a # one\n  - b # two\nx: 1\n", ["l"], ["a", "c"], "l:\n  - a # one\n  - c # two\nx: 1\n"),
        ("l:\n- a # one\n- b # two\n", ["l"], ["b"], "l:\n- b # two\n"),
        ("l:\n- a # one\r\n- b", ["l"], ["a", "b", "c"], "l:\n- a # one\r\n- b\n- c"),
        ("l:\n  - b\n", ["l"], ["a", "b"], "l:\n  - a\n  - b\n"),
        ("l: # why\n- a\n- b\nx: 1\n", ["l"], [], "l: [] # why\nx: 1\n"),
        ("l:\n  - a\n", ["l"], "b", "l: b\n"),
        ("l: a\n", ["l"], {"x": "1"}, "l: {x: 1}\n"),
    ],
)
def test_one_value(before: str, keys: list[str], value: Any, after: str | None) -> None:
    if after is None:
        with pytest.raises(CannotEdit):
            set_values(before, {tuple(keys): value})
        return
    assert set_values(before, {tuple(keys): value}) == after
    assert set_values(after, {tuple(keys): value}) == after


def test_a_whole_file_keeps_what_is_not_asked_for() -> None:
    text = set_values(
        LYON,
        {
            ("name",): "Lyon: new",
            ("languages",): ["fr", "de"],
            ("location", "lon"): "4.9",
            ("labels", "line"): "dry",
            ("labels", "fuel"): "gas",
            ("region",): "emea",
            ("value",): "8",
        },
        order=["name", "country", "languages", "location", "region", "labels", "value"],
    )
    assert text == (
        LYON.replace("Lyon Coatings", '"Lyon: new"')
        .replace("- en", "- de")
        .replace("4.85}", "4.9}\nregion: emea")
        .replace("wet", "dry")
        .replace("2028", "2028\n  fuel: gas\nvalue: 8")
    )
    crlf = LYON.replace("\n", "\r\n")
    assert "\n" not in set_values(crlf, {("region",): "emea"}).replace("\r\n", "")


def test_pins_stand_one_a_line() -> None:
    pins = {("constraints", f"s{n}"): {"go_live": "2027-02-09", "because": f"a.csv row {n}"} for n in (1, 2)}
    text = set_values("name: V\n", pins)
    assert text == (
        "name: V\nconstraints:\n"
        "  s1: {go_live: 2027-02-09, because: a.csv row 1}\n"
        "  s2: {go_live: 2027-02-09, because: a.csv row 2}\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "- {a: 1}\n"),
        ("# records\n", "# records\n- {a: 1}\n"),
        ("- {b: 2} # c\n# end\n", "- {b: 2} # c\n- {a: 1}\n# end\n"),
        ("- {b: 2}", "- {b: 2}\n- {a: 1}"),
        ("- b: 2\n  c: 3\r\n", "- b: 2\n  c: 3\r\n- {a: 1}\r\n"),
        ("  - {b: 2}\n", "  - {b: 2}\n  - {a: 1}\n"),
        ("[]\n", "[{a: 1}]\n"),
        ("[{b: 2}]\n", "[{b: 2}, {a: 1}]\n"),
    ],
)
def test_append_an_entry(before: str, after: str) -> None:
    assert append_entry(before, {"a": "1"}) == after


def test_append_to_what_is_no_list() -> None:
    with pytest.raises(CannotEdit):
        append_entry("a: 1\n", {"a": "1"})
    with pytest.raises(CannotEdit):
        append_entry("a: [\n", {"a": "1"})


@pytest.mark.parametrize(
    "text", ["NO", "1.10", "0777", "12:30", "1_000", "-94.07", "a:b", "a#b", "x - y", "O'Brien", "=1"]
)
def test_types_play_no_part_and_stay_plain(text: str) -> None:
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        ("~", '"~"'),
        ("null", '"null"'),
        (" a", '" a"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("@a", '"@a"'),
        ('say "x": y', "'say \"x\": y'"),
        ("a\nb", '"a\\nb"'),
        ("\u202eevil", '"\\u202eevil"'),
        ("\u200bnobody", '"\\u200bnobody"'),
        ("\U000e0041", '"\\U000e0041"'),
        ("\x00", '"\\x00"'),
    ],
)
def test_quotes_where_needed(text: str, written: str) -> None:
    assert scalar(text) == written


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
PRINTABLE = (
    "~ null NO 1.10 a:b :a - ?x a?b x: {a ] ' \" \\ !x &x *x ? #x | > %x @x `x --- ... << ø 名前 😀 http://x.y/?z=1#f"
)
TRICKY = st.sampled_from(
    [
        *PRINTABLE.split(" "),
        "",
        "a: b",
        "a #b",
        "- x",
        "a, b",
        " x",
        "x ",
        "\t",
        "a\nb",
        "a\r\nb",
        "x\t#y",
        "x:\ty",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\U000e0041",
        "\0",
        "\ufffe",
        "\x7f",
    ]
)
TEXTS = st.one_of(TRICKY, ANY_TEXT)


@settings(max_examples=200)
@given(TEXTS)
def test_scalars_read_back_exactly(text: str) -> None:
    for written in (
        f"k: {scalar(text)}\n",
        f"k: {scalar(text)} # c",
        f"- k: {scalar(text)}\r\n",
        f"{{k: {scalar(text, True)}}}",
    ):
        data, problems = decode(written.encode(), "")
        assert not problems
        value, problems = parse(data, "")
        assert not problems
        assert (value[0] if isinstance(value, list) else value)["k"] == text


KEYS = st.sampled_from(["name", "country", "labels", "location", "a", "b c", "null", "<<", "x:y", "ключ"])
VALUES = st.recursive(
    st.one_of(st.none(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=5)


@settings(max_examples=100)
@given(MAPPINGS)
def test_what_is_written_is_read(data: dict[str, Any]) -> None:
    assert parse("\n".join(block(data)) + "\n", "") == (data or None, [])
    assert parse(inline(data), "") == (data, [])


@st.composite
def written(draw: st.DrawFn) -> str:
    """A file as different hands would write it."""
    data = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
    lines: list[str] = []
    for key, value in data.items():
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["# words", "", "   ", "# a: 1"])))
        comment = draw(st.sampled_from(["", "", "  # why: because", "   "]))
        name = scalar(key) if key != "<<" else '"<<"'
        if isinstance(value, dict) and value and draw(st.booleans()):
            indent = draw(st.sampled_from(["  ", "    "]))
            lines.append(f"{name}:{comment}")
            for sub, item in value.items():
                sub_name = scalar(sub, True) if sub != "<<" else '"<<"'
                lines.append(f"{indent}{sub_name}: {inline(item)}{comment}")
        elif isinstance(value, list) and value and draw(st.booleans()):
            indent = draw(st.sampled_from(["", "  "]))
            lines.append(f"{name}:{comment}")
            lines += [f"{indent}- {inline(item)}{comment}" for item in value]
        elif value is None and draw(st.booleans()):
            lines.append(f"{name}:{comment}")
        else:
            lines.append(f"{name}: {inline(value)}{comment}")
    lines += draw(st.sampled_from([[], ["# end"], ["", ""]]))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(lines) + draw(st.sampled_from(["", end]))


def applied(data: Any, keys: tuple[str, ...], value: Any) -> Any:
    result = copy.deepcopy(data) if isinstance(data, dict) else {}
    result[keys[0]] = value if len(keys) == 1 else applied(result.get(keys[0]), keys[1:], value)
    return result


@settings(max_examples=150, deadline=None)
@given(
    written(),
    st.dictionaries(st.lists(KEYS, min_size=1, max_size=3).map(tuple), VALUES, min_size=1, max_size=4),
    st.sampled_from([(), ("name", "country", "a", "labels")]),
)
@example("a: |\r\n  x\r\nb: 1", {("b",): "2", ("c",): "3"}, ())
def test_an_edit_changes_the_data_as_asked_and_nothing_else(
    text: str, values: dict[tuple[str, ...], Any], order: tuple[str, ...]
) -> None:
    assume(not any(a != b and b[: len(a)] == a for a in values for b in values))
    old, problems = parse(text, "")
    assert not problems
    wanted = old
    for keys, value in values.items():
        wanted = applied(wanted, keys, value)
    new = set_values(text, values, order)
    assert parse(new, "") == (wanted, [])
    assert set_values(new, values, order) == new
    for comment in ("# words", "# end", "# a: 1"):
        assert new.count(comment) >= text.count(comment)
    if "\r\n" in text:
        assert "\n" not in new.replace("\r\n", "")
    touched = {keys[0] for keys in values}
    lines = new.splitlines(keepends=True)
    for line in text.splitlines(keepends=True)[:-1]:
        if not line.startswith((" ", "-")) and not any(line.startswith((scalar(key), f'"{key}"')) for key in touched):
            assert line in lines


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=3), max_size=3),
    st.dictionaries(KEYS, VALUES, min_size=1),
)
def test_appending_keeps_all_lines(entries: list[dict[str, Any]], new: dict[str, Any]) -> None:
    text = "# records\n" + "".join(f"- {inline(entry)}  # c\n" for entry in entries)
    result = append_entries(text, [new, new])
    assert result.startswith(text)
    assert parse(result, "") == ([*entries, new, new], [])
    matcher = SequenceMatcher(None, text.splitlines(), result.splitlines(), autojunk=False)
    assert {tag for tag, *_ in matcher.get_opcodes()} <= {"equal", "insert"}
