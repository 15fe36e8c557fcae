"""Who moves, as `rollout plan` tells it below the dates."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from rollout.cli.plan import _moves
from rollout.model.revision import Revision
from rollout.model.schedule import Placement


def test_what_forces_many_out_of_the_weeks_that_are_held_is_told_once() -> None:
    """Eight sites of one country each told the same 250 characters of remaining work, on a line of 320."""
    old, new = Placement(wave=1, go_live=date(2027, 3, 1)), Placement(wave=2, go_live=date(2027, 4, 5))
    why = "its remaining work lasts until 2 Apr 2027"
    revision = Revision(
        moves=dict.fromkeys("abc", (old, new)),
        ends=(date(2027, 3, 1), date(2027, 4, 5)),
        waves=(1, 2),
        worth=(0, 0),
        held={"a": why, "c": why},
    )
    lines = list(_moves(cast("Any", SimpleNamespace(revision=revision))))
    assert [line.partition("(wave 2)")[2] for line in lines] == [
        f", out of what is held: {why}",
        "",
        ", out of what is held: as a",
    ]
