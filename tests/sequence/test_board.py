"""Days on the board, at their edges: the first that an order leaves, and a wave that just holds an order within it."""

from __future__ import annotations

from rollout.model.instance import After, Same
from rollout.sequence.board import Board
from rollout.sequence.bound import reach
from tests.sequence.test_explain import APRIL, DAY, because, small


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
