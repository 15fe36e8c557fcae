"""One overlay: defaults, presets and what-if all merge like this."""

from __future__ import annotations

import pytest

from rollout.load.locate import Places
from rollout.load.overlay import Edit, Overlay, Raw, holds, overlay
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from tests.conftest import Write


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
        ({}, {"a": [{"id": "x"}, {"id": "x"}]}, {"a": [{"id": "x"}, {"id": "x"}]}),
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


def test_edits_that_nobody_wrote_are_layers_over_files() -> None:
    over = Overlay(
        (
            Edit("--first", "waves/v/plan.yaml", {"a": "1"}),
            Edit("--second", "waves/v/plan.yaml", {"a": "2"}),
            Edit("--second", "sites/emea/new.yaml", {"name": "N"}),
        )
    )
    assert over.over("waves/v/plan.yaml") == [("--second", {"a": "2"}), ("--first", {"a": "1"})]
    assert over.names("sites/emea") == ["new.yaml"]
    assert over.names("sites") == []
    assert over.layers_of("--second") == [{"a": "2"}, {"name": "N"}]
    assert over.layers_of("waves/v/plan.yaml") == []


PLAN = "name: V\nwork_from: 2026-10-05\nwaves: {size: 2}\n"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ({"waves": {"size": "x"}}, "--edit: wrong-value: `size`: a wave size is 4"),
        ({"waves": {"sise": "3"}}, '--edit: unknown-key: "sise" is not a key here; did you mean "size"?'),
        ({"name": None}, "--edit: missing-key: `name` is missing"),
        ({"waves": "3"}, "--edit: wrong-value: `waves`: a mapping"),
    ],
)
def test_a_problem_of_an_overlaid_value_names_the_edit_and_no_line(
    programme_folder: Write, raw: Raw, says: str
) -> None:
    workspace = Workspace(programme_folder({"waves/v/plan.yaml": PLAN}))
    over = Overlay((Edit("--edit", "waves/v/plan.yaml", raw),))
    problems = load_programme(workspace, over)[1]
    (said,) = [str(problem) for problem in Places(workspace, over).resolve(problems)]
    assert said.startswith(says)


def test_records_and_new_sites_that_nobody_wrote(programme_folder: Write) -> None:
    files = {
        "waves/v/plan.yaml": PLAN,
        "sites/x/_defaults.yaml": "country: FR\n",
        "sites/x/a.yaml": "name: A\n",
        "waves/v/records/a.yaml": "- {status: live, on: 2026-11-01, by: A}\n",
    }
    over = Overlay(
        (
            Edit("--one", "waves/v/records/a.yaml", [{"status": "rolled_back", "on": "2026-11-02", "by": "B"}]),
            Edit("--two", "waves/v/records/b.yaml", [{"status": "dropped", "on": "2026-11-02"}]),
            Edit("--two", "sites/x/b.yaml", {"name": "B"}),
        )
    )
    workspace = Workspace(programme_folder(files))
    programme, problems = load_programme(workspace, over)
    assert [str(p) for p in Places(workspace, over).resolve(problems)] == [
        "--two: missing-key: `by` is missing; add a line `by: …`"
    ]
    assert programme.plans["v"].facts["a"].status == "rolled_back"
    assert (programme.sites["b"].name, programme.sites["b"].country) == ("B", "FR")
    assert [record.index for record in programme.plans["v"].records["a"]] == [0, 1]
