"""What programs are promised is what commands answer: mypy holds `json()` to the types, and every test to the schemas."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args, get_type_hints, is_typeddict

import pytest
import typer
from jsonschema import Draft202012Validator

from rollout.cli.app import app
from rollout.model.answers.commands import ANSWERS
from rollout.render.answers import answer_schema, answers_reference
from tests.answers import held
from tests.cli.line import rollout
from tests.conftest import golden

PAGE = Path(__file__).parents[2] / "docs/reference/json.md"

PROMISED = {
    "validate": ("problems.[].code severity message path line column hint", "summary.sites errors warnings"),
    "plan": (
        "plan outcome proved",
        "bound.waves",
        "waves.[].wave starts ends",
        "waves.[].sites.[].site go_live",
        "unplaced.[].site reason",
        "conflict.[].constraint message path line",
    ),
    "render": ("written unchanged stale conflicts",),
    "publish": ("commit branch files", "plan.outcome"),
    "diff": ("changed problems", "moved.[].site from to because", "moved.[].from.wave go_live", "stale.[].gate"),
    "explain": ("site wave go_live", "because.[].wave constraint message path line free_on"),
    "gate GATE": ("gate decision", "criteria.[].id met message path line", "approvals.[].role"),
}
"""The names that stay, whatever else comes."""


def test_the_reference_is_made_from_the_types() -> None:
    made = answers_reference()
    golden(PAGE, made)


@pytest.mark.parametrize("command", ANSWERS)
def test_schemas_are_schemas(command: str) -> None:
    schema = answer_schema(command)
    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["version"] == {"const": 1}


def test_no_two_types_have_one_name() -> None:
    kinds: dict[str, Any] = {}

    def gather(kind: Any) -> None:
        if is_typeddict(kind):
            name = kind.__name__
            assert kinds.setdefault(name, kind) is kind, name
            for inner in get_type_hints(kind).values():
                gather(inner)
        for inner in get_args(kind):
            gather(inner)

    for top in ANSWERS.values():
        gather(top)


def test_every_command_that_answers_programs_has_one() -> None:
    there = {name.split()[0] for name in ANSWERS}
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # a group
    asked = {name for name, one in commands.items() if any("--format" in option.opts for option in one.params)}
    assert asked == there - {"export"}


@pytest.mark.parametrize(
    ("command", "path"), [(command, path) for command, paths in PROMISED.items() for path in paths]
)
def test_what_was_promised_stays(command: str, path: str) -> None:
    schema = answer_schema(command)
    kinds = schema["$defs"]

    def inside(shape: dict[str, Any]) -> dict[str, Any]:
        shape = next((one for one in shape.get("anyOf", ()) if one.get("type") != "null"), shape)
        return kinds[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape

    *steps, names = path.split(".")
    here = schema
    for step in steps:
        here = inside(here["items"] if step == "[]" else here["properties"][step])
    assert set(names.split()) <= set(here["required"])


def test_an_answer_with_another_name_is_found() -> None:
    answer = rollout("rules", "silent", "--format", "json").stdout
    held(["rules", "silent", "--format", "json"], answer)
    for other in (answer.replace('"code"', '"codes"', 1), answer.replace('"version": 1', '"version": 2', 1)):
        with pytest.raises(AssertionError):
            held(["rules", "silent", "--format", "json"], other)


def test_schemas_are_printed() -> None:
    shown = rollout("schema", "--answer", "rollout gate GATE")
    assert shown.returncode == 0
    assert '"title": "rollout gate GATE --format json"' in shown.stdout
    missing = rollout("schema", "--answer", "plann")
    assert (missing.returncode, missing.stderr) == (
        1,
        'unknown-kind: nothing answers to "plann"; did you mean "plan"?\n',
    )
