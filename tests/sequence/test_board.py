"""Small boards by hand: the first day that an order leaves, a wave that just holds one, who stays, what is named."""

from __future__ import annotations

from dataclasses import replace

from rollout.model.instance import After, Demand, Resource, Same, Stretch, Window
from rollout.sequence.board import Board
from rollout.sequence.bound import reach
from rollout.sequence.causes import causes
from rollout.sequence.repair import repair
from tests.sequence.test_explain import APRIL, DAY, HERE, MAY, because, small


def test_the_day_on_which_an_order_is_kept_is_open() -> None:
    first = APRIL.toordinal()
    instance = small(After("b", "a", first - DAY, because("after a")))
    board = Board(instance, instance.wave_table(DAY), {"a": DAY})
    assert board.first_day(board.allowed("b")) == first


def test_a_wave_holds_an_order_from_its_first_day_to_its_last() -> None:
    # April 2027 has the Tuesdays 6, 13, 20 and 27.
    first, last = APRIL.toordinal(), APRIL.toordinal() + 21
    for lag, waves in ((21, {1}), (22, set())):
        instance = small(Same(("b", "c"), because("together")), After("c", "b", lag, because("after b")))
        board = Board(instance, instance.wave_table(DAY), {"a": DAY})
        masks = reach(board, board.up_to_wave(1)).masks
        assert {board.wave(board.first_day(mask)) for mask in (masks["b"], masks["c"]) if mask} == waves
        assert not waves or (board.first_day(masks["b"]), board.last_day(masks["c"])) == (first, last)


def test_an_approved_day_is_not_given_to_a_site_that_costs_more_to_move() -> None:
    first = APRIL.toordinal()
    one = Resource("wave size", "wave", (1,), dict.fromkeys("bc", (Demand(),)), because("wave size"))
    instance = replace(small(one), approved=frozenset("b"), started=frozenset("c"))
    board = Board(instance, instance.wave_table(DAY), {"a": DAY})
    assert repair(board, {"b": first, "c": first}).moved == ("c",)
    assert board.day_of["b"] == first


def test_of_a_pin_that_moved_what_keeps_the_site_off_its_old_day_is_named_first() -> None:
    def pinned(day: int) -> Window:
        return Window(("b",), (Stretch(0, day - 1), Stretch(day + 1, DAY + 999)), because("pin"))

    before, after = ((small(pinned(day)), {"a": DAY, "b": day}) for day in (MAY.toordinal(), APRIL.toordinal()))
    (cause,) = causes(before, after, ["b"], HERE)["b"]
    assert (cause.way, cause.is_new, cause.constraint) == ("blocked", True, "pin")
