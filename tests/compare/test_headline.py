"""The one sentence, by hand."""

from __future__ import annotations

import pytest

from rollout.compare.headline import headline
from rollout.model.consequences import Consequences


@pytest.mark.parametrize("names", [(), ("v",), ("v", "w")])
def test_new_problems_are_told_however_many_plans_there_are(names: tuple[str, ...]) -> None:
    plans = [Consequences(plan=name, name=name, how=("published", "published")) for name in names]
    assert headline([], plans, 0, 0) == "no plan change"
    assert headline([], plans, 2, 0) == "no plan change; 2 new problems"
