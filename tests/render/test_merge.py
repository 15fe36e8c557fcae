"""Nothing that a person wrote is lost, and nothing is written twice."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.dispute import Dispute
from rollout.render.block import (
    LooseTextError,
    Page,
    _digest_of_trimmed,
    added_run,
    digest,
    seal,
    take_apart,
    tick_of,
)
from rollout.render.merge import WHOLE, Merged, merge

ITEMS = {"survey": "Survey the line", "order": "Order the cameras", "train": "Train the operators"}
DATES = "Go-live is Tue 9 Feb 2027."
LATER = "Go-live is Wed 3 Mar 2027."
BEGIN, MIDDLE, END = "<<<<<<< yours (c.md as edited)", "=======", ">>>>>>> rollout (from the current plan)"


def page(items: dict[str, str] = ITEMS, *, dates: str = DATES) -> str:
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


def parts(text: str) -> Page:
    return take_apart(re.sub(r"\r+(\n|$)", r"\1", text).removeprefix("\ufeff").split("\n"))


def mark(text: str, name: str) -> str:
    found = re.search(rf"<!-- rollout:{name} [0-9a-f]+ -->", text)
    assert found
    return found[0]


def settle(text: str, keep: str) -> str:
    """The page after somebody chose `yours`, `rollout` or `both` at every conflict."""
    out, side = [], ""
    for line in text.split("\n"):
        if line.startswith("<<<<<<< "):
            side = "yours"
        elif line == MIDDLE and side:
            side = "rollout"
        elif line.startswith(">>>>>>> "):
            side = ""
        elif not side or keep in (side, "both"):
            out.append(line)
    return "\n".join(out)


def test_a_new_page_is_the_text_and_holds_nothing_of_a_person() -> None:
    merged = merge(None, page())
    assert (merged.text, merged.conflicts, merged.pristine) == (page(), (), True)


def test_a_page_nobody_touched_becomes_the_new_text() -> None:
    new = page({"order": "Order everything", "survey": "Survey"}, dates=LATER)
    merged = merge(page(), new)
    assert (merged.text, merged.pristine) == (new, True)


def test_ticks_follow_the_item_through_rewording_moving_and_new_neighbours() -> None:
    ticked = page().replace("- [ ] Order", "- [x] Order")
    new = page({"train": "Train", "crane": "Book the crane", "order": "Order cameras and lights", "survey": "Survey"})
    text = merge(ticked, new).text
    assert lines_with(text, "Order cameras and lights")[0].startswith("- [x]")
    assert text.count("[x]") == 1
    assert merge(text, new).text == text


@pytest.mark.parametrize("box", ["[x]", "[X]", "[ x]", "[x ]", "[ x ]"])
def test_a_tick_is_a_tick_however_it_was_typed(box: str) -> None:
    new = page({**ITEMS, "order": "Order cameras and lights"})
    merged = merge(page().replace("- [ ] Order", f"- {box} Order"), new)
    assert lines_with(merged.text, "Order")[0].lower().startswith("- [x] order cameras and lights")
    assert merged.conflicts == ()


def test_a_link_called_x_is_no_tick() -> None:
    assert tick_of("- [x](https://example.com)") == ""


def test_a_ticked_box_without_an_id_stays_where_it_was() -> None:
    signed = "- [ ] Signed\n- [ ] Signed"
    mine = page(dates=signed).replace("- [ ] Signed\n- [ ] Signed", "- [ ] Signed\n- [x] Signed")
    assert "- [ ] Signed\n- [x] Signed\n- [ ] Heard" in merge(mine, page(dates=signed + "\n- [ ] Heard")).text
    assert merge(mine, page(dates="- [ ] Signed")).conflicts, "its line is no more"


def test_notes_between_blocks_and_after_items_stay_put() -> None:
    mine = page().replace("<!-- /rollout:dates -->\n", "<!-- /rollout:dates -->\nAsk Marie about the lift.\n")
    mine = mine.replace("- [ ] Train", "  - crane is late\n- [ ] Train")
    merged = merge(mine, page(dates=LATER))
    assert LATER in merged.text
    assert merged.text.index("Marie") < merged.text.index("Survey")
    assert merged.text.index("Order") < merged.text.index("crane is late") < merged.text.index("Train")
    assert (merged.conflicts, merged.pristine) == ((), False)


def test_notes_stay_when_the_blocks_before_them_go() -> None:
    mine = "Above.\n" + page().replace("- [ ] Order", "Below the survey.\n- [ ] Order") + "At the end.\n"
    mine = mine.replace("<!-- rollout:dates", "Below the title.\n<!-- rollout:dates")
    text = merge(mine, seal("- [ ] Train <!-- rollout:train -->\n")).text
    assert all(
        words in text.split("\n") for words in ("Above.", "Below the title.", "Below the survey.", "At the end.")
    )
    assert "Survey the line" not in text


def test_what_a_person_added_to_a_block_moves_along() -> None:
    mine = page().replace(DATES, f"{DATES}\nThe gate opens at six.").replace("cameras <", "cameras (two spare) <")
    merged = merge(mine, page({**ITEMS, "order": "Order cameras and lights"}, dates=LATER))
    assert f"{LATER}\nThe gate opens at six.\n" in merged.text
    assert "- [ ] Order cameras and lights (two spare) <!--" in merged.text
    assert merged.conflicts == ()


def test_a_persons_words_stay_while_ours_do_not_change() -> None:
    mine = page().replace("Go-live is Tue", "Go-live is (we hope) Tue")
    merged = merge(mine, page({**ITEMS, "crane": "Book the crane"}))
    assert "(we hope)" in merged.text
    assert "Book the crane" in merged.text
    assert merged.conflicts == ()


def test_a_person_s_order_of_items_stays_until_rollout_moves_some() -> None:
    lines = page().split("\n")
    at = next(n for n, line in enumerate(lines) if "Train" in line)
    lines.insert(at - 2, lines.pop(at))
    mine = "\n".join(lines)
    assert merge(mine, page()).text == mine
    text = merge(mine, page({"survey": "Survey", "crane": "Book the crane", "order": "Order", "train": "Train"})).text
    assert [n for n in re.findall(r"rollout:(\w+) [0-9a-f]", text) if n != "page:title"][-4:] == [
        "train",
        "survey",
        "crane",
        "order",
    ]


def test_both_changed_gives_git_s_markers_that_say_whose_side_is_whose() -> None:
    mine = page().replace("Go-live is Tue", "Go-live is (we hope) Tue").replace("- [ ] Order", "- [x] Order")
    merged = merge(mine, page({**ITEMS, "crane": "Book the crane"}, dates=LATER), "c.md")
    lines = merged.text.split("\n")
    at = lines.index(BEGIN)
    assert lines[at : at + 5] == [BEGIN, "Go-live is (we hope) Tue 9 Feb 2027.", MIDDLE, LATER, END]
    assert merged.conflicts == (Dispute("c.md", at + 1, "dates"),)
    assert "Book the crane" in merged.text, "all other blocks are merged"
    assert lines_with(merged.text, "Order")[0].startswith("- [x]")
    assert not merged.pristine


def test_markers_stand_round_the_lines_that_differ_only() -> None:
    mine = page(dates="One.\nTwo.\nThree.").replace("Two.", "Two and a half, Six and a half.")
    text = merge(mine.replace("Two", "2"), page(dates="One.\nZwei.\nThree."), "c.md").text
    expected = f"One.\n{BEGIN}\n2 and a half, Six and a half.\n{MIDDLE}\nZwei.\n{END}\nThree.\n"
    assert expected in text


REWORDED = page({**ITEMS, "order": "Order cameras and lights"})
OWN_ITEM = page().replace("- [ ] Order the", "- [x] Order only the")


def test_an_item_that_both_changed_stands_twice_between_markers() -> None:
    merged = merge(OWN_ITEM.replace(" -->\n- [ ] Train", " --> by boat\n- [ ] Train"), REWORDED, "c.md")
    ours = mark(REWORDED, "order")
    assert (
        f"{BEGIN}\n- [x] Order only the cameras {ours} by boat\n"
        f"{MIDDLE}\n- [x] Order cameras and lights {ours} by boat\n{END}\n"
    ) in merged.text
    assert [conflict.block for conflict in merged.conflicts] == ["order"]


@pytest.mark.parametrize(
    ("mine", "new"), [(OWN_ITEM, REWORDED), (page().replace("Go-live is", "Start:"), page(dates=LATER))]
)
def test_an_unsettled_page_stays_byte_for_byte_and_a_choice_is_remembered(mine: str, new: str) -> None:
    first = merge(mine, new, "c.md")
    again = merge(first.text, new, "c.md")
    assert (again.text, again.conflicts, again.pristine) == (first.text, first.conflicts, False)
    for keep in ("yours", "rollout"):
        chosen = settle(first.text, keep)
        kept = merge(chosen, new, "c.md")
        assert (kept.text, kept.conflicts) == (chosen, ())
    mixed = settle(first.text, "yours").replace("only", "not only").replace("Start:", "Start")
    assert merge(mixed, new, "c.md").text == mixed
    newer = page({**ITEMS, "order": "Order it all"}, dates="Go-live is in May.")
    assert merge(settle(first.text, "yours"), newer, "c.md").conflicts, "rollout has something newer to say"


def test_an_unsettled_conflict_shows_what_rollout_would_write_today() -> None:
    first = merge(OWN_ITEM, REWORDED, "c.md")
    text = merge(first.text, page({**ITEMS, "order": "Order it all"}), "c.md").text
    assert [line[:40] for line in lines_with(text, "Order")] == [
        "- [x] Order only the cameras <!-- rollou",
        "- [x] Order it all <!-- rollout:order " + mark(page({"order": "Order it all"}), "order")[19:21],
    ]


def test_a_half_settled_conflict_is_never_touched() -> None:
    first = merge(page().replace("Go-live is", "Start:"), page(dates=LATER), "c.md").text
    halves = [first.replace(line + "\n", "") for line in (BEGIN, MIDDLE, END)]
    halves.append(first.replace(LATER, LATER + " Or later."))
    halves.append(merge(OWN_ITEM, REWORDED, "c.md").text.replace(BEGIN + "\n", ""))
    for half in halves:
        for new in (page(dates=LATER), page(dates="Go-live is in May.")):
            merged = merge(half, new, "c.md")
            assert merged.text == merge(merged.text, new, "c.md").text
            assert merged.conflicts
            assert all(line in merged.text.split("\n") for line in half.split("\n") if "rollout: " not in line)


def test_the_same_change_on_both_sides_is_none() -> None:
    assert merge(page().replace(DATES, LATER), page(dates=LATER)).text == page(dates=LATER)


def test_what_a_person_deleted_stays_deleted_and_is_said() -> None:
    mine = re.sub(r"- \[ \] Order.*\n", "", page())
    merged = merge(mine, page(dates=LATER))
    assert "Order" not in merged.text.replace("order", "")
    assert merged.deleted == ("order",)
    assert merge(merged.text, page(dates=LATER)).text == merged.text


@pytest.mark.parametrize("blank", ["", "\n", "\ufeff \r\n"])
def test_an_emptied_page_stays_empty(blank: str) -> None:
    merged = merge(blank, page())
    assert (merged.text, merged.deleted, merged.pristine) == (blank, (WHOLE,), False)


def test_what_we_no_longer_write_goes_unless_a_person_worked_in_it() -> None:
    fewer = page({"survey": ITEMS["survey"]})
    assert merge(page(), fewer).text == fewer
    kept = merge(page().replace("- [ ] Order", "- [x] Order"), fewer)
    assert lines_with(kept.text, "- [x] Order the cameras")
    assert kept.left == ("order",)
    assert not lines_with(kept.text, "Train")


def test_an_item_whose_id_a_person_changed_stays() -> None:
    mine = page().replace("rollout:order ", "rollout:ordr ")
    merged = merge(mine, page(dates=LATER))
    assert lines_with(merged.text, "rollout:ordr ")
    assert (merged.left, merged.deleted) == (("ordr",), ("order",))
    assert merge(merged.text, page(dates=LATER)).text == merged.text


def test_an_item_that_was_copied_is_kept_up_to_date_once() -> None:
    line = lines_with(page(), "Order")[0]
    mine = page().replace(line, f"{line}\n{line.replace('the cameras', 'a crane')}")
    merged = merge(mine, REWORDED)
    assert len(lines_with(merged.text, "rollout:order ")) == 2
    assert lines_with(merged.text, "Order cameras and lights")
    assert lines_with(merged.text, "Order a crane")


@pytest.mark.parametrize("gone", ["<!-- /rollout:dates -->\n", mark(page(), "dates") + "\n"])
def test_a_block_with_one_of_its_comments_gone_keeps_its_words(gone: str) -> None:
    merged = merge(page().replace(gone, "").replace("Go-live", "My go-live"), page(dates=LATER))
    assert "My go-live is Tue 9 Feb 2027." in merged.text
    assert merged.deleted == ("dates",)


def test_a_block_that_a_template_made_into_lines_or_one_line() -> None:
    as_line = page().replace(DATES, "")
    as_line = seal("Go-live: May <!-- rollout:dates -->\n")
    mine = page().replace("Go-live is", "We start on")
    merged = merge(mine, as_line)
    assert "Go-live: May <!-- rollout:dates" in merged.text
    assert "We start on Tue 9 Feb 2027.\n" in merged.text
    back = merge(as_line.replace("-->\n", "--> says Ana\n", 1), page())
    assert "says Ana" in back.text
    assert DATES in back.text


def test_windows_line_ends_and_a_byte_order_mark_stay() -> None:
    mine = "\ufeff" + page().replace("- [ ] Order", "- [x] Order").replace("\n", "\r\n")
    merged = merge(mine, page(dates=LATER))
    assert "\n" not in merged.text.replace("\r\n", "")
    assert merged.text.startswith("\ufeff#")
    assert merge(mine, page()).text == mine


@pytest.mark.parametrize("text", ["Just prose.\n", "- [x] my own item\n", "<!-- rollout:dates 00000000 -->\nbroken\n"])
def test_a_page_that_is_no_page_of_ours_keeps_every_line(text: str) -> None:
    merged = merge(text, page())
    assert all(line in merged.text.split("\n") for line in text.splitlines() if not line.startswith("<!--"))
    assert merge(merged.text, page(dates=LATER)).conflicts == (), "half a block is not taken for the beginning of one"


def test_no_template_may_write_markers() -> None:
    with pytest.raises(LooseTextError, match="conflict marker"):
        seal(f"<!-- rollout:a -->\n{BEGIN}\n<!-- /rollout:a -->\n")


words = st.text("abcdefgh -.", min_size=1, max_size=12).filter(lambda w: w.strip(" -."))
body = st.lists(words | st.sampled_from(["- [ ] Signed", "| a | b |"]), min_size=1, max_size=4).map("\n".join)
items = st.dictionaries(st.sampled_from(["survey", "order", "train", "crane", "audit", "rig"]), words, max_size=6)
NOTES = (
    "note {}",
    "  - [x] own {}",
    "# {}",
    "<!-- {} -->",
    "======= {}",
    "> {} <!-- rollout:{} -->",
    "<<< {}",
    "> >> {}",
)
WORK = ("tick", "retick", "note", "change", "prefix", "delete", "move", "copy", "block", "spaces", "crlf", "comment")
edits = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(WORK), st.integers(0, 40)), max_size=9)


def edited(text: str, changes: list[tuple[int, str, int]], bom: bool, crlf: bool) -> tuple[str, set[str], set[str]]:
    """A page with a person's work on it; the words and the whole lines that person wrote and left there."""
    lines, mine, whole = text.split("\n"), set(), set()
    for number, (where, what, other) in enumerate(changes):
        at, own = where % max(1, len(lines)), f"own{number}word"
        if what == "note" or not lines:
            line = NOTES[other % len(NOTES)].format(own, other)
            lines.insert(at, line)
            whole.add(line)
        elif what == "tick":
            lines[at] = lines[at].replace("[ ]", ("[x]", "[X]", "[ x]")[other % 3])
        elif what == "retick":
            lines[at] = lines[at].replace("[x]", "[ ]")
        elif what == "change":
            lines[at] += f" {own}"
            mine.add(own)
        elif what == "prefix":
            lines[at] = re.sub(r"^(\W*)", rf"\g<1>{own} ", lines[at])
            mine.add(own)
        elif what == "delete":
            del lines[at]
        elif what == "move":
            lines.insert(other % len(lines), lines.pop(at))
        elif what == "copy":
            lines.insert(other % len(lines), lines[at])
        elif what == "block":
            del lines[at : at + 1 + other % 4]
        elif what == "spaces":
            lines[at] += "  "
        elif what == "crlf":
            lines[at] += "\r"
        elif what == "comment":
            lines[at] = lines[at].replace(" -->", f"{other} -->")
    text = ("\ufeff" if bom else "") + ("\r\n" if crlf else "\n").join(lines)
    there = {line.strip() for line in text.removeprefix("\ufeff").splitlines()}
    return text, {word for word in mine if word in text}, {line for line in whole if line.strip() in there}


@given(items, items, body, body, edits, st.booleans(), st.booleans())
def test_every_line_a_person_wrote_is_in_the_result_or_in_a_marked_conflict(
    old: dict[str, str],
    new: dict[str, str],
    before: str,
    after: str,
    changes: list[tuple[int, str, int]],
    bom: bool,
    crlf: bool,
) -> None:
    mine, own_words, own_lines = edited(page(old, dates=before), changes, bom, crlf)
    fresh = page(new, dates=after)
    merged = merge(mine, fresh, "c.md")
    there = {line.partition("<!-- rollout")[0].strip() for line in merged.text.removeprefix("\ufeff").splitlines()}
    assert all(word in merged.text for word in own_words)
    assert all(line.partition("<!-- rollout")[0].strip() in there for line in own_lines)
    starts = [at for at, line in enumerate(merged.text.split("\n"), 1) if line.rstrip("\r") == BEGIN]
    assert [conflict.line for conflict in merged.conflicts] == starts, "every conflict is marked, and told by its line"
    ticked = {b.id for b in parts(mine).blocks if b.is_line and b.is_ticked}
    still = {b.id for b in parts(merged.text).blocks if b.is_ticked}
    assert ticked <= still
    again = merge(merged.text, fresh, "c.md")
    assert (again.text, again.conflicts) == (merged.text, merged.conflicts)
    if merged.pristine:
        assert not own_words
        assert not own_lines
    for keep in ("yours", "rollout", "both"):
        chosen = settle(merged.text.replace("\r\n", "\n"), keep)
        kept = merge(chosen, fresh, "c.md")
        assert (kept.text, kept.conflicts) == (chosen, ()), "a choice is remembered"
        if keep != "rollout":
            assert all(word in chosen for word in own_words)


@given(items, items, body, body)
def test_without_edits_the_result_is_the_new_page(
    old: dict[str, str], new: dict[str, str], before: str, after: str
) -> None:
    merged = merge(page(old, dates=before), page(new, dates=after))
    assert (merged.text, merged.pristine) == (page(new, dates=after), True)


def between_branches(one: str, two: str) -> str:
    """A page as git leaves it when it finds no common ground in what differs."""
    first, second, out = one.split("\n"), two.split("\n"), []
    for what, i, end_i, j, end_j in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if what == "equal":
            out += first[i:end_i]
        else:
            out += ["<<<<<<< HEAD", *first[i:end_i], "=======", *second[j:end_j], ">>>>>>> two"]
    return "\n".join(out)


def test_both_branches_work_is_put_together() -> None:
    base = page({**ITEMS, "audit": "Audit"})
    one = merge(base.replace("- [ ] Order", "- [x] Order"), page({**ITEMS, "audit": "Audit"}, dates=LATER)).text
    two = merge(base.replace("- [ ] Train", "  - by rail\n- [x] Train"), page({**ITEMS, "audit": "Audit it"})).text
    fresh = page({"crane": "Book the crane", **ITEMS, "audit": "Audit it"}, dates=LATER)
    merged = merge(between_branches(one, two), fresh, "c.md")
    assert (merged.conflicts, merged.pristine) == ((), False)
    assert merged.text == fresh.replace("- [ ] Order", "- [x] Order").replace("- [ ] Train", "  - by rail\n- [x] Train")
    assert merge(between_branches(page(), REWORDED), fresh, "c.md").text == fresh


def test_where_branches_disagree_the_page_is_left_alone_and_its_lines_are_named() -> None:
    one, two = (page().replace("Order the", f"Order {which}") for which in ("one", "two"))
    text = between_branches(one, two)
    merged = merge(text, page(), "c.md")
    assert (merged.text, merged.pristine) == (text, False)
    assert [conflict.line for conflict in merged.conflicts] == [text.split("\n").index("<<<<<<< HEAD") + 1]


def test_a_block_of_which_git_merged_some_lines_is_neither_branch_s() -> None:
    """What git put together looks as if somebody had edited it; git knows what either branch had."""
    base = "<!-- rollout:dates -->\nOne: 9 Feb.\n\n{}\n\nTwo: {}.\n<!-- /rollout:dates -->\n"
    one, two, fresh = (seal(base.format(*days)) for days in (("a", "3 Mar"), ("b", "9 Feb"), ("c", "3 Mar")))
    heads = (one.split("\n")[0], two.split("\n")[0])
    left = one.replace("\na\n", "\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> two\n")
    left = left.replace(heads[0], f"<<<<<<< HEAD\n{heads[0]}\n=======\n{heads[1]}\n>>>>>>> two")
    assert merge(left, fresh, "c.md").text == left
    assert merge(left, fresh, "c.md", lambda _: (one, two)) == Merged(fresh)
    assert merge(left.replace("\n", "\r\n"), fresh, "c.md", lambda _: (one, two)).text == fresh.replace("\n", "\r\n")
    begun = left.replace("Two: 3 Mar.", "Two: 3 Mar. Ask Eva.")
    assert merge(begun, fresh, "c.md", lambda _: (one, two)).text == begun, (
        "what somebody wrote there since is on no branch"
    )


few = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(("tick", "note", "change")), st.integers(0, 2)), max_size=3
)


@given(items, st.lists(items, min_size=3, max_size=3), body, few, few)
def test_nothing_of_either_branch_is_lost(
    old: dict[str, str],
    new: list[dict[str, str]],
    dates: str,
    first: list[tuple[int, str, int]],
    second: list[tuple[int, str, int]],
) -> None:
    start = page(old, dates=dates)
    mine, my_words, my_lines = edited(start, first, bom=False, crlf=False)
    other, other_words, other_lines = edited(start, second, bom=False, crlf=False)
    one = merge(mine, page(new[0], dates=dates + " a")).text
    two = merge(other.replace("own", "their"), page(new[1], dates=dates + " b")).text
    text = between_branches(one, two)
    fresh = page(new[2], dates=dates + " c")
    merged = merge(text, fresh, "c.md")
    theirs = {words.replace("own", "their") for words in other_words}
    assert all(word in merged.text for word in my_words | theirs)
    there = {line.partition("<!-- rollout")[0].strip() for line in merged.text.splitlines()}
    wanted = my_lines | {line.replace("own", "their") for line in other_lines}
    assert all(line.partition("<!-- rollout")[0].strip() in there for line in wanted)
    if not merged.conflicts:
        ticked = {b.id for side in (one, two) for b in parts(side).blocks if b.is_line and b.is_ticked}
        assert ticked <= {b.id for b in parts(merged.text).blocks if b.is_ticked}
    again = merge(merged.text, fresh, "c.md")
    assert (again.text, again.conflicts) == (merged.text, merged.conflicts)


some_lines = st.lists(st.sampled_from(("", "a", "- [x] b", "- [ ] b", "c ", "d\t", "* [ X ] é")), max_size=6)


@given(some_lines, some_lines, some_lines)
def test_added_lines_are_found_by_the_digest_of_what_was_there(
    before: list[str], added: list[str], rest: list[str]
) -> None:
    lines, wanted = [*before, *added, *rest], digest("\n".join([*before, *rest]))
    run = added_run("\n".join(lines), wanted)
    assert not added or run is not None
    if run is not None:
        first, last = run
        assert digest("\n".join([*lines[:first], *lines[last:]])) == wanted


def test_words_behind_a_line_are_found_without_keeping_every_beginning_of_it() -> None:
    """A line of 40,000 letters took seven seconds, and put all other digests out of the cache."""
    before = seal("- [ ] Book the crane <!-- rollout:crane -->\n")
    after = seal("- [ ] Order the crane <!-- rollout:crane -->\n")
    kept = _digest_of_trimmed.cache_info().misses
    assert merge(before.replace("Book the crane", "Book a crane" + "x" * 40_000), after).conflicts
    merged = merge(before.replace("crane <", "crane (ring Ann) é <"), after)
    assert merged.text.startswith("- [ ] Order the crane (ring Ann) é <")
    assert _digest_of_trimmed.cache_info().misses <= kept + 4
