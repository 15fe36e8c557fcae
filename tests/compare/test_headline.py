"""The one sentence, by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rollout.compare.headline import headline
from rollout.model.consequences import Consequences


@pytest.mark.parametrize("names", [(), ("v",), ("v", "w")])
def test_new_problems_are_told_however_many_plans_there_are(names: tuple[str, ...]) -> None:
    plans = [Consequences(plan=name, name=name, how=("published", "published")) for name in names]
    assert headline([], plans, 0, 0) == "no plan change"
    assert headline([], plans, 2, 0) == "no plan change; 2 new problems"


def test_a_halt_that_stops_planning_is_a_change_and_nobody_knows_who_moves() -> None:
    plan = Consequences(plan="v", name="V", how=("published", "kept"), halted="it is halted")
    assert plan.changed
    assert not replace(plan, was_halted=True).changed
    assert headline([], [plan], 0, 0) == "nothing is planned, for the programme is halted"
