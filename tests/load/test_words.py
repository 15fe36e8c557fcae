"""Words of a record that contradict each other are refused with a sentence."""

from __future__ import annotations

import pytest

from rollout.load.words import _put
from rollout.problem import RolloutError


def test_a_mapping_where_a_value_stands_already() -> None:
    with pytest.raises(RolloutError, match="contradicts an earlier KEY=VALUE"):
        _put({"affects": "true"}, "affects", "region=emea")
