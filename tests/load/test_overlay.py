"""One overlay: defaults, presets and what-if all merge like this."""

from __future__ import annotations

import pytest

from rollout.load.overlay import holds, overlay


@pytest.mark.parametrize(
    ("base", "over", "effective"),
    [
        ({"a": "1", "b": "2"}, {"b": "3"}, {"a": "1", "b": "3"}),
        ({"a": {"x": "1", "y": "2"}}, {"a": {"y": "3"}}, {"a": {"x": "1", "y": "3"}}),
        ({"a": ["1", "2"]}, {"a": ["3"]}, {"a": ["3"]}),
        (
            {"a": [{"id": "x", "v": "1"}]},
            {"a": [{"id": "y", "v": "2"}]},
            {"a": {"x": {"id": "x", "v": "1"}, "y": {"id": "y", "v": "2"}}},
        ),
        ({"a": [{"id": "x", "v": "1", "w": "1"}]}, {"a": [{"id": "x", "v": "2"}]}, {"a": {"x": {"id": "x", "v": "2"}}}),
        (
            {"a": [{"id": "x", "v": "1", "w": "1"}]},
            {"a": {"x": {"v": "2"}}},
            {"a": {"x": {"id": "x", "v": "2", "w": "1"}}},
        ),
        ({"a": [{"id": "x", "v": "1"}]}, {"a": {"x": None}}, {"a": {}}),
        ({"a": "1"}, {"a": None}, {}),
        ({}, {"a": None, "b": {"c": None, "d": "1"}}, {"b": {"d": "1"}}),
        ({"a": "1"}, {"a": {"b": "2"}}, {"a": {"b": "2"}}),
        ({"a": {"b": "2"}}, {"a": "1"}, {"a": "1"}),
        ({"a": [["x", "y"]]}, {"a": [["z"]]}, {"a": [["z"]]}),
    ],
)
def test_overlay(base: dict[str, object], over: dict[str, object], effective: dict[str, object]) -> None:
    assert overlay([base, over]) == effective


def test_layers_are_left_as_they_were() -> None:
    base = {"a": {"x": "1"}, "b": [{"id": "p", "v": "1"}]}
    overlay([base, {"a": {"x": "2"}, "b": {"p": {"v": "2"}}}])
    assert base == {"a": {"x": "1"}, "b": [{"id": "p", "v": "1"}]}


def test_holds_looks_into_lists_of_entries_by_id() -> None:
    layer = {"blackouts": [{"id": "freeze", "from": "12-18"}], "systems": ["sap"]}
    assert holds(layer, ("blackouts", "freeze", "from"))
    assert holds(layer, ("systems", 0))
    assert not holds(layer, ("blackouts", "audit"))
    assert not holds(layer, ("systems", 1))
