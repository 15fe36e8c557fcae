"""Nothing that a person wrote is lost, and nothing is written twice."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.render.block import seal
from rollout.render.merge import merge

ITEMS = {"survey": "Survey the line", "order": "Order the cameras", "train": "Train the operators"}


def page(items: dict[str, str] = ITEMS, *, dates: str = "Go-live is Tue 9 Feb 2027.") -> str:
    """A page as templates write it, sealed."""
    lines = [
        "# Checklist <!-- rollout:page:title -->",
        "",
        "<!-- rollout:dates -->",
        dates,
        "<!-- /rollout:dates -->",
        "",
    ]
    lines += [f"- [ ] {words} <!-- rollout:{name} -->" for name, words in items.items()]
    return seal("\n".join([*lines, ""]))


def lines_with(text: str, words: str) -> list[str]:
    return [line for line in text.splitlines() if words in line]


def test_a_new_page_is_the_text_and_holds_nothing_of_a_person() -> None:
    merged = merge(None, page())
    assert (merged.text, merged.conflicts, merged.pristine) == (page(), (), True)


def test_a_page_nobody_touched_becomes_the_new_text() -> None:
    new = page({"order": "Order everything", "survey": "Survey"}, dates="Go-live is Wed 3 Mar 2027.")
    merged = merge(page(), new)
    assert (merged.text, merged.pristine) == (new, True)


def test_ticks_follow_the_item_through_rewording_moving_and_new_neighbours() -> None:
    ticked = page().replace("- [ ] Order", "- [x] Order")
    new = page({"train": "Train", "crane": "Book the crane", "order": "Order cameras and lights", "survey": "Survey"})
    text = merge(ticked, new).text
    assert lines_with(text, "Order cameras and lights")[0].startswith("- [x]")
    assert text.count("[x]") == 1
    assert merge(text, new).text == text


def test_notes_between_blocks_and_after_items_stay_put() -> None:
    mine = page().replace("<!-- /rollout:dates -->\n", "<!-- /rollout:dates -->\nAsk Marie about the lift.\n")
    mine = mine.replace("- [ ] Train", "  - crane is late\n- [ ] Train")
    merged = merge(mine, page(dates="Go-live is Wed 3 Mar 2027."))
    assert "Go-live is Wed 3 Mar 2027." in merged.text
    assert merged.text.index("Marie") < merged.text.index("Survey")
    assert merged.text.index("Order") < merged.text.index("crane is late") < merged.text.index("Train")
    assert (merged.conflicts, merged.pristine) == ((), False)


def test_a_persons_words_stay_while_ours_do_not_change() -> None:
    mine = page().replace("Go-live is Tue", "Go-live is (we hope) Tue")
    merged = merge(mine, page({**ITEMS, "crane": "Book the crane"}))
    assert "(we hope)" in merged.text
    assert "Book the crane" in merged.text
    assert merged.conflicts == ()


def test_both_changed_is_a_conflict_and_the_page_is_kept_as_it_is() -> None:
    mine = page().replace("Go-live is Tue", "Go-live is (we hope) Tue")
    merged = merge(mine, page(dates="Go-live is Wed 3 Mar 2027."))
    assert merged.conflicts == ("dates",)
    assert merged.text == mine


def test_what_a_person_deleted_stays_deleted_and_is_said() -> None:
    mine = re.sub(r"- \[ \] Order.*\n", "", page())
    merged = merge(mine, page(dates="Go-live is Wed 3 Mar 2027."))
    assert "Order" not in merged.text.replace("order", "")
    assert merged.deleted == ("order",)
    assert merge(merged.text, page(dates="Go-live is Wed 3 Mar 2027.")).text == merged.text


def test_what_we_no_longer_write_goes_unless_a_person_worked_in_it() -> None:
    fewer = page({"survey": ITEMS["survey"]})
    assert merge(page(), fewer).text == fewer
    kept = merge(page().replace("- [ ] Order", "- [x] Order"), fewer)
    assert lines_with(kept.text, "- [x] Order the cameras")
    assert not lines_with(kept.text, "Train")


def test_windows_line_ends_stay() -> None:
    mine = page().replace("- [ ] Order", "- [x] Order").replace("\n", "\r\n")
    merged = merge(mine, page(dates="Go-live is Wed 3 Mar 2027."))
    assert "\n" not in merged.text.replace("\r\n", "")
    assert merge(mine, page()).text == mine


@pytest.mark.parametrize(
    "text", ["", "Just prose.\n", "- [x] an item of my own\n", "<!-- rollout:dates 00000000 -->\nbroken\n"]
)
def test_a_page_that_is_no_page_of_ours_keeps_every_line(text: str) -> None:
    merged = merge(text, page())
    assert all(line in merged.text for line in text.splitlines())


words = st.text("abcdefgh -.", min_size=1, max_size=12).filter(lambda w: w.strip(" -."))
items = st.dictionaries(st.sampled_from(["survey", "order", "train", "crane", "audit", "rig"]), words, max_size=6)
edits = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["tick", "note", "edit", "delete"]), st.integers(0, 10**6)),
    max_size=8,
)


def edited(text: str, changes: list[tuple[int, str, int]]) -> tuple[str, list[str]]:
    """A page with a person's work on it, and the lines that person wrote."""
    lines, mine = text.split("\n"), []
    for where, what, number in changes:
        at = where % len(lines)
        if what == "tick":
            lines[at] = lines[at].replace("- [ ]", "- [x]")
        elif what == "note":
            lines.insert(at, f"note {number}")
            mine.append(f"note {number}")
        elif what == "edit" and lines[at] and "<!--" not in lines[at]:
            lines[at] += f" (edit {number})"
            mine.append(f"(edit {number})")
        elif what == "delete" and lines[at].startswith("- ["):
            del lines[at]
    text = "\n".join(lines)
    return text, [words for words in mine if words in text]


@given(items, items, words, words, edits)
def test_every_line_a_person_wrote_is_in_the_result(
    old: dict[str, str], new: dict[str, str], before: str, after: str, changes: list[tuple[int, str, int]]
) -> None:
    mine, written = edited(page(old, dates=before), changes)
    fresh = page(new, dates=after)
    merged = merge(mine, fresh)
    if merged.conflicts:
        assert merged.text == mine
    for line in written:
        assert line in merged.text
    ticked = {m[1] for m in re.finditer(r"^- \[x\].*<!-- rollout:([a-z]+) ", mine, re.MULTILINE)}
    still = {m[1] for m in re.finditer(r"^- \[x\].*<!-- rollout:([a-z]+) ", merged.text, re.MULTILINE)}
    assert ticked <= still
    again = merge(merged.text, fresh)
    assert again.text == merged.text


@given(items, words)
def test_merging_a_page_with_itself_changes_nothing(rows: dict[str, str], dates: str) -> None:
    text = page(rows, dates=dates)
    assert merge(text, text).text == text
