"""What commands answer with `--format json`: a JSON Schema (draft 2020-12) of each, and the page about all of them.

Both are made from the types in `model/answers`, which mypy holds every `json()` to. An answer has exactly the names of
its schema, so a name that is new, gone or otherwise shows in a review of the page.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from rollout.model.answers import VERSION
from rollout.model.answers.commands import ANSWERS
from rollout.model.told import told_of, typed_dicts

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_GUIDE = f"""\
# What commands answer programs

<!-- Made from the code: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/render/test_answers.py writes it anew. -->

With `--format json` a command writes one object on stdout, and notes on stderr. `rollout schema --answer COMMAND`
prints the JSON Schema of it. An answer has exactly the names below; those marked *sometimes* may be missing, all others
are always there, `null` or empty where there is nothing. Days are `2027-02-09`. `version` is {VERSION} and rises \
when a name
comes to mean something else or goes; names that are new do not raise it. The exit code says yes or no.

"""


def answer_schema(command: str) -> dict[str, Any]:
    """The schema of what a command answers, such as `plan --check`. Raises KeyError for one that has none."""
    top = ANSWERS[command]
    shapes = {_name(kind): _shape(kind) for kind in typed_dicts(top)}
    head = {"$schema": DRAFT, "title": f"rollout {command} --format json"}
    return {**head, **shapes.pop(_name(top)), "$defs": dict(sorted(shapes.items()))}


def answer_schema_text(command: str) -> str:
    """The same as text."""
    return json.dumps(answer_schema(command), ensure_ascii=False, indent=2) + "\n"


def answers_reference() -> str:
    """`docs/reference/json.md`."""
    parts = [_GUIDE, "## Commands\n"]
    kinds = {_name(kind): kind for kind in typed_dicts(*ANSWERS.values())}
    tops: dict[str, list[str]] = {}
    for command, top in ANSWERS.items():
        tops.setdefault(_name(top), []).append(f"`rollout {command}`")
    parts.append("| command | answer |\n| --- | --- |")
    parts += [f"| `{command}` | {_link(top)} |" for command, top in ANSWERS.items()]
    parts += ["", "## Answers\n"]
    parts += [_part(kinds[name], tops[name]) for name in sorted(tops)]
    parts.append("## What stands in them\n")
    parts += [_part(kind) for name, kind in sorted(kinds.items()) if name not in tops]
    return "\n".join(parts).rstrip() + "\n"


def _name(kind: Any) -> str:
    return re.sub(r"(Json|Answer)$", "", kind.__name__)


def _fields(kind: Any) -> Iterator[tuple[str, Any, bool]]:
    """Name, type and whether it is always there; by name, as bases come first in one Python and last in another."""
    for key, one in sorted(get_type_hints(kind, include_extras=True).items(), key=lambda pair: _rank(pair[0])):
        is_optional = get_origin(one) is NotRequired
        yield key, get_args(one)[0] if is_optional else one, not is_optional


def _rank(key: str) -> tuple[int, str]:
    first = ("version", "plan", "as_of", "site", "id", "wave", "from", "to")
    return (first.index(key) if key in first else len(first), key)


def _shape(kind: Any) -> dict[str, Any]:
    """The schema of a TypedDict."""
    said = {key: " ".join(text.split()) for key, text in told_of(kind).items()}
    properties = {
        key: {**_of(one, key), **({"description": said[key]} if key in said else {})} for key, one, _ in _fields(kind)
    }
    return {
        "description": " ".join((inspect.getdoc(kind) or "").split()),
        "type": "object",
        "properties": properties,
        "required": [key for key, _, is_there in _fields(kind) if is_there],
        "additionalProperties": False,
    }


def _of(kind: Any, key: str = "") -> dict[str, Any]:
    if key == "version" and kind is int:
        return {"const": VERSION}
    if is_typeddict(kind):
        return {"$ref": f"#/$defs/{_name(kind)}"}
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin is list:
        return {"type": "array", "items": _of(inside[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(inside[1])}
    if origin in (Union, UnionType):
        return {"anyOf": [_of(part) for part in inside]}
    return {"type": _PLAIN[kind]}


def _part(kind: Any, commands: list[str] | None = None) -> str:
    said = told_of(kind)
    rows = [
        f"| `{key}` | {'' if is_there else '*sometimes* '}{_words(one)} | {' '.join(said.get(key, '').split())} |"
        for key, one, is_there in _fields(kind)
    ]
    head = f"### {_name(kind)}\n\n"
    head += f"{' '.join((inspect.getdoc(kind) or '').split())}\n"
    if commands:
        head += f"\n{', '.join(commands)}\n"
    return "\n".join([head, "| name | what it is | |", "| --- | --- | --- |", *rows]) + "\n"


def _words(kind: Any) -> str:
    if is_typeddict(kind):
        return _link(kind)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in inside)
    if origin is list:
        return f"list of {_words(inside[0])}"
    if origin is dict:
        return f"{_words(inside[1])} by name"
    if origin in (Union, UnionType):
        return " or ".join(_words(part) for part in inside)
    return {str: "text", int: "whole number", float: "number", bool: "true or false", type(None): "null"}[kind]


def _link(kind: Any) -> str:
    return f"[{_name(kind)}](#{_name(kind).lower()})"
