"""Files put in order: whole blocks move with their comments, and nothing else changes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rollout.load.blocks import KeptAsIs, in_key_order
from rollout.load.edit import CannotEdit
from rollout.load.kinds import KIND, kind_of, written_fields
from rollout.load.yaml import parse

ORDER = ("name", "country", "labels", "value", "systems")
MODELINE = "# yaml-language-server: $schema=../x.json\n"


def ordered(text: str) -> str:
    return in_key_order(text, ORDER)


def test_comments_move_with_their_key() -> None:
    assert ordered("# worth\nvalue: 8   # points\n# who\nname: X\n") == "# who\nname: X\n# worth\nvalue: 8   # points\n"
    assert ordered("value: 8\n# said of the value\n\nname: X\n") == "name: X\n\nvalue: 8\n# said of the value\n"
    below = "systems:\n  - a\n  # - b\nname: X\n"
    assert ordered(below) == "name: X\nsystems:\n  - a\n  # - b\n", "what is indented belongs inside"


def test_top_and_end_of_a_file_stay() -> None:
    text = "# About this file\n\nvalue: 8\nname: X\n# later: more\n\n# the end\n"
    assert ordered(text) == "# About this file\n\nname: X\nvalue: 8\n# later: more\n\n# the end\n"
    assert ordered(f"{MODELINE}# worth\nvalue: 8\nname: X\n") == f"{MODELINE}name: X\n# worth\nvalue: 8\n"
    assert ordered("# x\n---\nvalue: 8\nname: X\n...\n") == "# x\n---\nname: X\nvalue: 8\n...\n"


def test_blank_lines_part_what_they_parted() -> None:
    assert ordered("value: 8\n\n# alone\n\n# who\nname: X\n\nlabels: {}\n") == (
        "# who\nname: X\n\nlabels: {}\n\n# alone\n\nvalue: 8\n"
    )


def test_text_that_looks_like_keys_or_comments_stays_inside() -> None:
    text = 'value: |\n  name: not a key\n  # not a comment\n\n  end\nlabels: "one\n  name: two"\nname: >-\n  X\n'
    assert ordered(text) == (
        'name: >-\n  X\nlabels: "one\n  name: two"\nvalue: |\n  name: not a key\n  # not a comment\n\n  end\n'
    )
    assert ordered("systems:\n- a\n# in between\n- b\nname: X\n") == "name: X\nsystems:\n- a\n# in between\n- b\n"


def test_line_ends_mark_and_a_missing_last_newline() -> None:
    assert ordered("\ufeffvalue: 8\r\nname: X\r\n") == "\ufeffname: X\r\nvalue: 8\r\n"
    assert ordered("value: 8\nname: X") == "name: X\nvalue: 8\n"
    assert ordered("name: X") == "name: X"


@pytest.mark.parametrize("text", ["{value: 8, name: X}\n", "", "# nothing yet\n", "- a\n", "name: X\nodd: 1\n"])
def test_what_has_no_order_is_left(text: str) -> None:
    assert ordered(text) == text


def test_an_alias_stays_behind_its_anchor() -> None:
    assert ordered("name: &n X\nsystems: [*n]\nlabels: {}\n") == "name: &n X\nlabels: {}\nsystems: [*n]\n"
    with pytest.raises(KeptAsIs, match=r"\*s would stand before &s"):
        ordered("systems: &s [a]\nlabels: *s\n")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("value: 8\nname: X\nvalue: 9\n", "given twice"),
        ("value: [\nname: X\n", "line [0-9]"),
        ("? value\n: 8\nname: X\n", "begin a line"),
        ("labels: &a y\nsystems: &a x\nvalue: *a\n", "safely"),
        ("value: |+\n  kept\n\nname: X\n", "safely"),
    ],
)
def test_what_cannot_be_put_in_order_is_refused(text: str, why: str) -> None:
    with pytest.raises(CannotEdit, match=why):
        ordered(text)


def test_files_are_known_by_their_path() -> None:
    known = {
        "sites/a/b/lyon.yaml": "site",
        "sites/a/_defaults.yaml": "defaults",
        "sites/_systems.yaml": "systems",
        "waves/_teams.yaml": "teams",
        "waves/v/plan.yaml": "plan",
        "waves/v/records/_plan.yaml": "records",
    }
    assert {path: kind.name for path in known if (kind := kind_of(path))} == known
    assert not any(map(kind_of, ("sites/a/_systems.yaml", "waves/v/content/a.yaml", "waves/../plan.yaml", "x.yaml")))
    assert list(written_fields(KIND["site"].model))[:2] == ["name", "country"]


VALUES = st.sampled_from(
    [
        " 8",
        " [a, b]   # why",
        "",
        " ~",
        ' "# not a comment"',
        " |\n  name: x\n  # y\n",
        "\n  a: 1\n  # b: 2",
        " {a:\n  1}",
    ]
)
ABOVE = st.sampled_from(["", "# about {key}\n", "# two lines\n# about {key}\n"])
GAPS = st.sampled_from(["", "\n", "\n# alone before {key}\n\n", "# said of the one above, before {key}\n\n"])


@st.composite
def files(draw: st.DrawFn) -> str:
    keys = draw(st.lists(st.sampled_from([*ORDER, "odd"]), unique=True, min_size=1))
    text = draw(st.sampled_from(["", "---\n", MODELINE, "# the file\n\n"]))
    for number, key in enumerate(keys):
        gap = draw(GAPS) if number else ""
        text += gap.format(key=key) + draw(ABOVE).format(key=key) + f"{key}:{draw(VALUES)}".rstrip("\n") + "\n"
    text += draw(st.sampled_from(["", "\n# the end\n", "# the end"]))
    text = text if draw(st.booleans()) else text.rstrip("\n")
    return text.replace("\n", "\r\n") if draw(st.booleans()) else text


@given(files())
@example("value: |\n  a\nname: X")
def test_order_moves_lines_and_changes_nothing(text: str) -> None:
    try:
        after = ordered(text)
    except CannotEdit:  # a block text at the very end has another value once lines follow it
        assert not text.endswith("\n")
        return
    assert ordered(after) == after, "once is enough"
    assert Counter(after.splitlines()) == Counter(text.splitlines()), "whole lines"
    assert parse(after, "") == parse(text, "")
    keys = list(parse(after, "")[0])
    assert keys == sorted(keys, key=(*ORDER, "odd").index)
    lines = after.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("# about"):
            assert lines[number + 1].startswith(f"{line.removeprefix('# about ')}:"), "a comment stays with its key"
