"""What editors check by takes what the loader takes, and refuses what it refuses in one file."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from rollout.load.kinds import KINDS, kind_of
from rollout.load.overlay import overlay
from rollout.load.records import record_at
from rollout.load.schema import schema_of, schema_path
from rollout.load.validate import build
from rollout.load.workspace import Workspace, shipped
from rollout.load.yaml import parse
from rollout.model.imported import ImportOptions
from rollout.problem import RolloutError
from tests.conftest import TODAY, Write

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")


@cache
def validator(kind: str) -> Draft202012Validator:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def typed(value: Any) -> Any:
    """The value as a reader of YAML 1.2 (an editor) has it, who gives types to texts without quotes."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return value == "true" if value in ("true", "false") else value


def accepts(kind: str, value: Any) -> bool:
    """Whether the schema takes it, with its texts in quotes or without."""
    return all(validator(kind).is_valid(way) for way in (typed(value), value))


def loads(kind: str, value: Any) -> bool:
    """Whether the loader takes it as the only file of its kind (a plan lies over an empty preset)."""
    if kind == "records":
        problems: list[Any] = []
        for number in range(len(value)):
            record_at("x.yaml", number, value, problems)
        return not problems
    model = {kind.name: kind.model for kind in KINDS}[kind]
    internal = {"id": "x"} if "id" in model.model_fields else None
    built, _ = build(model, overlay([value]) if isinstance(value, dict) else value, [("x.yaml", value)], internal)
    return built is not None


def files(root: Path) -> list[tuple[str, str, Any]]:
    workspace, found = Workspace(root), []
    for path in (path for folder in ("sites", "waves") for path in workspace.walk(folder, [])):
        if (kind := kind_of(path)) is not None:
            value, problems = parse((root / path).read_text(encoding="utf-8"), path)
            assert not problems
            found.append((path, kind.name, value))
    return found


EXAMPLE = files(ROOT)


def test_the_example_and_what_init_writes_are_right(tmp_path: Path) -> None:
    pipeline.init(tmp_path, TODAY)
    assert {kind for _, kind, _ in EXAMPLE} == {kind.name for kind in KINDS}
    wrong = [path for path, kind, value in (*EXAMPLE, *files(tmp_path)) if not accepts(kind, value)]
    assert wrong == []


@pytest.mark.parametrize("preset", sorted((shipped("templates") / "presets").glob("*.yaml")), ids=lambda p: p.stem)
def test_a_plan_may_say_all_that_a_preset_says(preset: Path) -> None:
    assert accepts("plan", parse(preset.read_text(encoding="utf-8"), "")[0])


RIGHT = [
    ("site", "name: 3\ncountry: no\nlabels: {a: true, b: 1.10}\nsystems: 12\nsite_lead: ~\nblackouts: ~"),
    ("site", "blackouts:\n  a: {to: 3, from: -2, every: month}\n  b: ~\nweekend: Fri\nshifts: ~"),
    ("defaults", "blackouts: [{id: a, because: b}]\nname: ~"),
    ("plan", "sites: all\nactivities: {a: ~, b: {takes: 3wd}}\nlimits: ~\nwaves: {size: [1, 10%, 5%-30%]}"),
    ("plan", "gates: {wave-1: {needs: [{measure: m, at_least: 1}]}, go-live: {needs: {a: {evidence: b}}}}"),
    ("plan", "sites: {country: FR, labels: {a: [b, 3]}}\nbudget: {a: 3.5, b: {amount: 4}}\nlighthouse_fit: {represents: {labels.x: 3}}"),
    ("portfolio", "opportunities: {a: {title: A, value: 1, effort: 2, owner: Ana, reuse: {b: 40%, c: 7}, sites: all}}"),
    ("teams", "teams: {a: {people: 3}, b: ~}\nspokes: [{id: c, engineers: [{name: A, to: ~}]}]"),
    ("records", "- {item: a, state: done, evidence: x.pdf, on: 2026-10-01, by: A, because: ~}"),
    ("records", "- {governance: 2.3, evidence: docs/b.pdf, on: 2026-10-01, by: A}"),
    ("records", "- {lesson: a, says: b, affects: {systems: x, country: [FR]}, blocking: true, on: 2026-10-01, by: A}"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), RIGHT)
def test_every_way_to_write_a_thing_is_taken(kind: str, text: str) -> None:
    assert accepts(kind, parse(text, "")[0]), next(validator(kind).iter_errors(typed(parse(text, "")[0])))


WRONG = [
    ("site", "name: X\ncountry: FR\nheadcout: {a: 3}"),
    ("site", "name: X\ncountry: FR\nid: x"),
    ("site", "name: X\ncountry: FR\nlocation: {lat: 91, lon: 3}"),
    ("site", "name: X\ncountry: France"),
    ("site", "name: X\ncountry: FR\nshifts: 12:30"),
    ("site", "name: X\ncountry: FR\nsystems: [sap_ecc]"),
    ("site", "name: X\ncountry: FR\nblackouts: [{id: a, from: 12-14, every: year}]"),
    ("site", "name: X\ncountry: FR\nblackouts: {a: {from: 12-14, to: 12-18, every: years}}"),
    ("site", "name: X\ncountry: FR\nlanguages: {a: fr}"),
    ("systems", "systems: {a: {title: no kind}}"),
    ("systems", "systems: {a: {kind: ~}}"),
    ("systems", "systems: [{kind: erp}]"),
    ("teams", "teams: {Upper: {people: 3}}"),
    ("teams", "teams: {a: {people: 3, skill: x}}"),
    ("portfolio", "opportunities: {a: {title: A, value: 1, effort: 2, reuse: {b: 100%}}}"),
    ("plan", "name: V\nwork_from: 5 Oct 2026"),
    ("plan", "name: V\nwork_from: 2026-10-05\nwaves: {every: year}"),
    ("plan", "name: V\nwork_from: 2026-10-05\nhypercare: {lasts: 28}"),
    ("plan", "name: V\nwork_from: 2026-10-05\nsites: none"),
    ("plan", "name: V\nwork_from: 2026-10-05\nconstraints: {graz: {afte: linz}}"),
    ("plan", "name: V\nwork_from: 2026-10-05\nlimits: [{id: a, same: region, max: 0}]"),
    ("records", "- {status: preparing, on: 2026-10-06}"),
    ("records", "- {statu: preparing, on: 2026-10-06, by: A}"),
    ("records", "- {status: preparing, on: 2026-10-06, by: A, note: x}"),
    ("records", "- {readiness: {leadership: 6}, on: 2026-10-06, by: A}"),
    ("records", "- {item: a, state: ~, on: 2026-10-06, by: A}"),
    ("schedule", "made: {as_of: 2026-10-01}"),
    ("holidays", "calendars: {FR: {weekend: [saturday], from: 2026}}"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), WRONG)
def test_what_the_loader_refuses_is_refused(kind: str, text: str) -> None:
    value, problems = parse(text, "")
    assert not problems
    assert not loads(kind, value)
    assert not validator(kind).is_valid(typed(value))


def test_every_unknown_key_of_the_bad_examples_is_refused() -> None:
    seen = 0
    for expected in sorted((ROOT / "tests/examples/bad").glob("*/expected.txt")):
        for line in expected.read_text(encoding="utf-8").splitlines():
            path, _, rest = line.partition(": ")[2].partition(":")
            kind = kind_of(path)
            if " unknown-key: " in rest and kind is not None:
                value, problems = parse((expected.parent / path).read_text(encoding="utf-8"), path)
                assert problems or not validator(kind.name).is_valid(typed(value)), line
                seen += not problems
    assert seen > 2


PIECES: tuple[Any, ...] = (
    None, "", "x", "7", "-3", "4.5", "true", "2027-01-01", "12-24", "42d", "T-3", "all", "FR", "90-130%", "monday",
    [], {}, ["x"], [None], {"a": None}, {"a": "x"}, {"id": "x"}, [{"id": "x"}], [{"name": "x", "title": None}], {"x": {}},
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in steps:
        found += [(value, key), *places(item)]
    return found


WHOLE = [(kind, value) for _, kind, value in EXAMPLE if kind != "defaults"]


@settings(max_examples=150)
@given(st.data())
def test_the_schema_never_refuses_what_the_loader_takes(data: st.DataObject) -> None:
    kind, value = data.draw(st.sampled_from(WHOLE))
    value = copy.deepcopy(value)
    if kind == "plan":
        value["activities"] = {k: v for k, v in value["activities"].items() if "starts" in v and "takes" in v}
    for _ in range(data.draw(st.integers(1, 2))):
        holder, key = data.draw(st.sampled_from(places(value)))
        if data.draw(st.booleans()) and isinstance(holder, dict):
            holder.pop(key, None)
        else:
            holder[key] = copy.deepcopy(data.draw(st.sampled_from(PIECES)))
    if loads(kind, value):
        assert validator(kind).is_valid(value), next(validator(kind).iter_errors(value))
        assert validator(kind).is_valid(typed(value)), next(validator(kind).iter_errors(typed(value)))


def test_init_writes_the_schemas_and_the_lines_that_name_them(programme_folder: Write, tmp_path: Path) -> None:
    root = tmp_path / "new"
    pipeline.init(root, TODAY)
    named = 0
    for path, kind, _ in files(root):
        first = (root / path).read_text(encoding="utf-8").splitlines()[0]
        target = (root / path).parent / first.partition("$schema=")[2]
        assert json.loads(target.read_text(encoding="utf-8")) == schema_of(kind)
        named += 1
    assert named == 4
    assert pipeline.fmt(root, check=True).changes == ()
    assert pipeline.write_schemas(root).changes == ()
    (tmp_path / "s.csv").write_text("name,country\nLyon,FR\n")
    pipeline.import_sites(root, tmp_path / "s.csv", ImportOptions(as_of=TODAY))
    assert (
        (root / "sites/lyon.yaml")
        .read_text()
        .startswith("# yaml-language-server: $schema=../.rollout/schema/site.json\n")
    )
    (root / schema_path("site")).write_text("{}\n")
    assert [change.path for change in pipeline.write_schemas(root, check=True).changes] == [schema_path("site")]
    assert [change.path for change in pipeline.write_schemas(root).changes] == [schema_path("site")]
    assert pipeline.write_schemas(root).unchanged == len(KINDS)


def test_the_command_prints_lists_and_writes(programme_folder: Write) -> None:
    root = str(programme_folder({"sites/lyon.yaml": "name: L\ncountry: FR\n"}))
    runner = CliRunner()
    assert json.loads(runner.invoke(app, ["schema", "plan"]).stdout) == schema_of("plan")
    listed = json.loads(runner.invoke(app, ["schema", "--format", "json"]).stdout)
    assert [kind["kind"] for kind in listed["kinds"]] == [kind.name for kind in KINDS]
    assert runner.invoke(app, ["schema", "--check", "-C", root]).exit_code == 1
    assert (
        "+++ b/.rollout/schema/plan.json" in runner.invoke(app, ["schema", "--write", "--dry-run", "-C", root]).stdout
    )
    assert not (Path(root) / ".rollout").exists()
    assert runner.invoke(app, ["schema", "--write", "-C", root]).exit_code == 0
    assert runner.invoke(app, ["schema", "--check", "-C", root]).stdout == "9 schemas are current\n"
    with pytest.raises(RolloutError, match='did you mean "plan"'):
        pipeline.schema("plann")
