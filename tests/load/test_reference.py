"""What is written about files is what they may hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from rollout.load.defaults_page import defaults_page
from rollout.load.kinds import KINDS, written_fields
from rollout.load.reference import files_reference
from rollout.load.schema import examples_of, plain_schema, schema_of
from rollout.model.examples import EXAMPLES
from rollout.model.fields import Model
from tests.conftest import golden

PAGE = Path(__file__).parents[2] / "docs/reference/files.md"


def test_the_reference_is_made_from_the_models() -> None:
    made = files_reference()
    golden(PAGE, made)


def test_the_page_of_defaults_is_made_from_the_presets() -> None:
    made, page = defaults_page(), PAGE.parents[1] / "explanation/defaults.md"
    golden(page, made)
    assert "|  |\n" not in made, "each default says where it comes from"


def test_every_key_is_there_and_says_what_it_means() -> None:
    text = files_reference()
    keys = {key for kind in KINDS for key in written_fields(kind.model)}
    assert keys <= set(re.findall(r"^\| (?:\*\*)?`([a-z_]+)`", text, re.MULTILINE))
    assert not re.search(r"^\| [^|]*\| [^|]*\|  \|", text, re.MULTILINE), "each key says what it means"


def test_every_link_leads_to_a_heading() -> None:
    text = files_reference()
    heads = re.findall(r"^##+ (.*)$", text, re.MULTILINE)
    assert {*re.findall(r"\]\(#([^)]*)\)", text)} <= {head.lower().replace(" ", "-") for head in heads}
    assert len(set(heads)) == len(heads)


def test_every_key_has_an_example_that_its_schema_takes() -> None:
    seen = set()
    for kind in KINDS:
        schema = schema_of(kind.name)
        models = {name: part["properties"] for name, part in schema["$defs"].items()}
        for name, properties in (*models.items(), (kind.name, schema.get("properties", {}))):
            for key, shape in properties.items():
                shown = [
                    *shape.get("examples", ()),
                    *(one for way in _inside(shape) for one in way.get("examples", ())),
                ]
                words = [way for way in (shape, *_inside(shape)) if "enum" in way]
                assert shown or words or "$ref" in str(shape) or not shape.keys() - {"description"}, f"{name}.{key}"
                judge = Draft202012Validator({**shape, "$defs": schema["$defs"]})
                assert all(judge.is_valid(one) for one in shape.get("examples", ())), f"{name}.{key}"
                seen.add((name.partition(".")[0], key))
    names = {name for name, _ in seen} | {kind.model.__name__ for kind in KINDS}
    assert EXAMPLES.keys() <= names, "no example of a model that is gone"
    for name, model in models_by_name().items():
        assert examples_of(model).keys() <= written_fields(model).keys(), name


def test_every_model_has_a_name_of_its_own() -> None:
    named: dict[str, type[Model]] = {}
    for kind in KINDS:
        for name, (model, _) in plain_schema(kind.name)[1].items():
            assert named.setdefault(name, model) is model


def models_by_name() -> dict[str, type[Model]]:
    inside = {name: model for kind in KINDS for name, (model, _) in plain_schema(kind.name)[1].items()}
    return inside | {kind.model.__name__: kind.model for kind in KINDS if kind.name != "records"}


def _inside(shape: dict[str, Any]) -> list[dict[str, Any]]:
    ways = [
        *shape.get("anyOf", ()),
        *(part for part in (shape.get("items"), shape.get("additionalProperties")) if part),
    ]
    return [found for way in ways if isinstance(way, dict) for found in (way, *_inside(way))]
