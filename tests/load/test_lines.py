"""Where a record goes in its file, and files put in order: nothing of what a person wrote is lost."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.load.edit import CannotEdit
from rollout.load.lines import in_order, insert, until
from rollout.load.yaml import parse

HEAD = "# What happened in Lyon\n\n"
A = "- {item: a, state: done, on: 2026-10-01, by: A}\n"
C = "- {item: c, state: done, on: 2026-10-01, by: A}   # seen\n"
FOUND = "- {found: 'wms', kind: wms, on: 2026-10-01, by: A}\n"
B = {"item": "b", "state": "done", "on": "2026-10-05", "by": "B"}
B_LINE = "- {item: b, state: done, on: 2026-10-05, by: B}\n"


def test_a_record_goes_beside_its_like() -> None:
    assert insert(HEAD + A + C + FOUND, B) == HEAD + A + B_LINE + C + FOUND
    assert insert(HEAD + FOUND, B) == HEAD + FOUND + B_LINE, "the head stays with the line below it"
    assert insert(None, B) == B_LINE
    assert insert(HEAD, B) == HEAD + B_LINE


def test_comments_stay_with_their_neighbours() -> None:
    below = A + "# c is not done yet\n" + C
    assert insert(below, B) == below + B_LINE
    assert insert(A + C + "# the end\n", {**B, "item": "d"}).startswith(A + C)


def test_line_ends_byte_order_mark_and_indentation_stay() -> None:
    text = "\ufeff" + (HEAD + A + C).replace("\n", "\r\n")
    assert insert(text, B) == "\ufeff" + (HEAD + A + B_LINE + C).replace("\n", "\r\n")
    assert insert("  " + A + "  " + C, B) == "  " + A + "  " + B_LINE + "  " + C
    assert insert(A.rstrip("\n"), B) == A + B_LINE.rstrip("\n")


def test_the_same_record_is_not_added_twice() -> None:
    assert insert(A + B_LINE, B) == A + B_LINE


def test_files_written_otherwise_are_added_to_or_refused() -> None:
    block = "- item: c\n  state: done\n  on: 2026-10-01\n  by: A\n"
    assert parse(insert(block, B), "")[0][0] == B
    assert parse(insert("[{item: c, state: done, on: 2026-10-01, by: A}]\n", B), "")[0][-1] == B
    with pytest.raises(CannotEdit):
        insert("status: live\n", B)


def test_fmt_orders_lines_below_each_other_and_drops_doubles() -> None:
    assert in_order(HEAD + C + A + A) == HEAD + A + C
    assert in_order(C + "# between\n" + A) == C + "# between\n" + A
    assert (
        in_order("- {by: A, on: 2026-10-01, item: a, state: done}\n" + A)
        == "- {by: A, on: 2026-10-01, item: a, state: done}\n"
    )


def test_a_file_as_it_was_on_a_day_has_the_lines_of_that_day() -> None:
    assert until(HEAD + A + B_LINE, "2026-10-01") == HEAD + A
    assert until(HEAD + A + B_LINE, "2026-10-05") == HEAD + A + B_LINE


def test_fmt_takes_both_sides_of_a_conflict() -> None:
    d = A.replace("item: a", "item: d")
    two = f"{HEAD}{A}<<<<<<< HEAD\n{C}=======\n{B_LINE}>>>>>>> other\n{d}"
    assert in_order(two) == HEAD + A + B_LINE + C + d
    assert in_order(two.replace("\n", "\r\n")) == (HEAD + A + B_LINE + C + d).replace("\n", "\r\n")
    with_base = f"<<<<<<< HEAD\n{C}||||||| base\n{A}=======\n{A}{B_LINE}>>>>>>> other\n"
    assert in_order(with_base) == B_LINE + C, "one side took A away"
    assert in_order(with_base.replace(C, A + C)) == A + B_LINE + C, "both kept A"
    for broken in (two.replace("=======\n", ""), two.replace(">>>>>>> other\n", ""), two.replace("<<<<<<< HEAD\n", "")):
        with pytest.raises(CannotEdit):
            in_order(broken)


ITEMS = st.builds(
    lambda item, state, day, by: {"item": item, "state": state, "on": date(2026, 10, day).isoformat(), "by": by},
    st.sampled_from(["a", "b", "c", "works-council"]),
    st.sampled_from(["requested", "done"]),
    st.integers(1, 9),
    st.sampled_from(["A", "B: c", "# d", "[e", "Zoë"]),
)
STATUSES = st.builds(
    lambda s, day: {"status": s, "on": f"2026-11-0{day}", "by": "A"},
    st.sampled_from(["ready", "live"]),
    st.integers(1, 9),
)


@given(st.lists(ITEMS | STATUSES, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_any_records_in_any_order_are_all_there_and_in_one_order(records: list[dict[str, str]], end: str) -> None:
    texts = []
    for order in (records, records[::-1]):
        text: str | None = f"# head{end}"
        for record in order:
            text = insert(text, record)
        assert text is not None
        held = parse(text, "")[0] or []
        assert all(record in held for record in records)
        assert len(held) == len({tuple(sorted(r.items())) for r in records})
        assert text.count("\n") == text.count(end) == len(held) + 1
        texts.append(in_order(text))
        assert in_order(texts[-1]) == texts[-1]
    assert texts[0] == texts[1]


def _git(root: Path, *words: str, ok: bool = True) -> int:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, check=False)
    assert done.returncode == 0 or not ok, done.stdout + done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("there", "ours", "theirs", "is_clean"),
    [
        ("acf", "b", "d", True),  # different items: different places
        ("acf", "b", "bb", False),  # neighbours: git asks, fmt answers
        ("", "b", "d", False),  # the first lines of a new file
        ("a", "b", "b", True),  # the same line on both branches
    ],
)
def test_two_branches_that_record_at_once(tmp_path: Path, there: str, ours: str, theirs: str, is_clean: bool) -> None:
    file = tmp_path / "lyon.yaml"
    start = "# Lyon\n" + "".join(A.replace("item: a", f"item: {name}") for name in there)
    _git(tmp_path, "init", "-q", "-b", "main")
    file.write_text(start)
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-qm", "start")
    for branch, item in (("other", theirs), ("mine", ours)):
        _git(tmp_path, "checkout", "-q", "-b", branch, "main")
        file.write_text(insert(start, {**B, "item": item}))
        _git(tmp_path, "commit", "-qam", branch)
    assert (_git(tmp_path, "merge", "-q", "other", ok=False) == 0) is is_clean
    merged = in_order(file.read_text())
    assert "<<<" not in merged
    assert [r["item"] for r in parse(merged, "")[0]] == sorted({*there, ours, theirs})
    assert is_clean == (merged == file.read_text())


def test_a_union_in_gitattributes_needs_no_fmt(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.yaml merge=union\n")
    file = tmp_path / "lyon.yaml"
    _git(tmp_path, "init", "-q", "-b", "main")
    file.write_text("# Lyon\n")
    _git(tmp_path, "add", "-A")
    _git(tmp_path, "commit", "-qm", "start")
    for branch in ("b", "d"):
        _git(tmp_path, "checkout", "-q", "-b", branch, "main")
        file.write_text(insert("# Lyon\n", {**B, "item": branch}))
        _git(tmp_path, "commit", "-qam", branch)
    assert _git(tmp_path, "merge", "-q", "b") == 0
    assert {r["item"] for r in parse(file.read_text(), "")[0]} == {"b", "d"}
