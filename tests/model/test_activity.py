"""Criteria of a gate are told apart by their ids."""

from __future__ import annotations

import pytest

from rollout.model.activity import Gate


def test_a_criterion_is_called_after_what_it_asks_for() -> None:
    needs = [{"measure": "escape-rate", "at_most": "250"}, {"id": "papers", "evidence": "security-review"}]
    gate = Gate.model_validate({"id": "wave-1", "needs": needs})
    assert [need.id for need in gate.needs] == ["escape-rate", "papers"]


def test_two_criteria_that_ask_for_the_same_need_ids_of_their_own() -> None:
    first = {"measure": "escape-rate", "at": "lighthouse", "at_most": "250"}
    second = {"measure": "escape-rate", "at": "previous-wave", "at_most": "300"}
    with pytest.raises(ValueError, match='the id "escape-rate" is given twice in this list'):
        Gate.model_validate({"id": "wave-2", "needs": [first, second]})
    gate = Gate.model_validate({"id": "wave-2", "needs": [first, {"id": "escapes-before", **second}]})
    assert [need.id for need in gate.needs] == ["escape-rate", "escapes-before"]


def test_an_approval_binds_fields_that_stand_in_files() -> None:
    assert Gate.model_validate({"id": "wave-1", "binds_fields": ["shifts", "labels.line"]}).binds_fields
    for name in ("discovered", "paths", "formerly", "labels. "):
        with pytest.raises(ValueError, match="is no field of a site"):
            Gate.model_validate({"id": "wave-1", "binds_fields": [name]})
