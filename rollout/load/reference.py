"""`docs/reference/files.md`: every key of every file, made from the models that read them."""

from __future__ import annotations

import re
from typing import Any

from rollout.load.kinds import KINDS
from rollout.load.schema import Schema, examples_of, plain_schema
from rollout.model.fields import Model
from rollout.model.record import KINDS as RECORDS

_HEAD = """\
# Files

<!-- Made from the code: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/load/test_reference.py writes it anew. -->

What may stand in the files of a programme, in the order in which `rollout fmt` puts it. The same as JSON Schema, for
editors: [how-to/editors.md](../how-to/editors.md).

- Every value is read by its key alone: `country: NO` is Norway, `version: 1.10` keeps its zero, with quotes or without.
- A key in **bold** has to be there; in sites and plans folder defaults and the preset may give it. `key: ~` removes
  what they give.
- "one or a list" takes `[fr, en]`, and `fr` for `[fr]`. "entries" are a list of `{id: ID, …}` or a mapping from id to
  the rest; mappings merge with what lies below, lists of entries add up by id, other lists replace.
- An unknown key is an error that says what was meant.
"""


_COLUMNS = ("| Key | What may stand there | What it means | Example |", "| --- | --- | --- | --- |")


def files_reference() -> str:
    """The page."""
    parts = [_HEAD]
    inner: dict[str, tuple[type[Model], Schema]] = {}
    for kind in KINDS:
        if kind.name == "defaults":
            parts.append(f"## {kind.name}\n\n`{kind.where}`. {kind.what} The keys are those of a [site](#site).\n")
            continue
        schema, defs = plain_schema(kind.name)
        inner |= defs
        said = "" if kind.by_hand else " Written by rollout, and reviewed."
        parts.append(f"## {kind.name}\n\n`{kind.where}`. {kind.what}{said}\n")
        parts.append(_records() if kind.name == "records" else _table(kind.model, schema))
    parts.append("## What stands inside\n")
    for name in sorted(inner):
        model, schema = inner[name]
        parts.append(f"### {_title(name)}\n\n{_cell(schema['description'])}\n")
        parts.append(_table(model, schema))
    return "\n".join(parts).rstrip() + "\n"


def _records() -> str:
    rows = [
        f"| `{kind}` | [{_title(model.__name__)}](#{_anchor(model.__name__)}) | {_cell(_first_sentence(model))} |"
        for kind, model in RECORDS.items()
    ]
    said = "One `- {…}` a line, in any order. The first of these keys that stands on it says what it is:\n"
    where = "\n\nRecords of the whole plan stand in `_plan.yaml`.\n"
    return "\n".join([said, "| Key | Its keys | What it says |", "| --- | --- | --- |", *rows]) + where


def _table(model: type[Model], schema: Schema) -> str:
    own = examples_of(model)
    required = schema.get("required", ())
    rows = []
    for key, shape in schema["properties"].items():
        name = f"**`{key}`**" if key in required else f"`{key}`"
        shown = ", ".join(f"`{one}`" for one in ([own[key]] if key in own else map(_spelled, _examples(shape))))
        rows.append(f"| {name} | {_words(shape)} | {_cell(shape.get('description', ''))} | {shown} |")
    return "\n".join([*_COLUMNS, *rows]) + "\n"


def _words(shape: Schema) -> str:
    """What a schema takes, in words."""
    if "$ref" in shape:
        name = _model(shape["$ref"])
        return f"[{_title(name)}](#{_anchor(name)})"
    if shape.get("title") == "one of":
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if shape.get("title"):
        return str(shape["title"])
    if "anyOf" in shape:
        ways = [way for way in shape["anyOf"] if way.get("type") != "null"]
        if len(ways) == 2 and ways[1].get("type") == "array":
            if ways[1]["items"] == ways[0]:
                return f"one or a list: {_words(ways[0])}"
            if ways[0].get("type") == "object":
                return f"entries: {_words(ways[1]['items'])}"
        return ", or ".join(dict.fromkeys(map(_words, ways)))
    if shape.get("type") == "array":
        return f"list: {_words(shape['items'])}"
    if "additionalProperties" in shape:
        return f"mapping to {_words(shape['additionalProperties'])}"
    return "text"


def _examples(shape: Schema) -> list[Any]:
    if "examples" in shape:
        return list(shape["examples"])
    inside = [*shape.get("anyOf", ()), shape.get("items", {})]
    return next((found for part in inside if part and "title" in part and (found := _examples(part))), [])


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def _model(ref: str) -> str:
    return ref.rpartition("/")[2].partition(".")[0]


def _title(name: str) -> str:
    """`LighthouseFit` in words."""
    return " ".join(re.findall(r"[A-Z][a-z]*", name)).capitalize()


def _anchor(name: str) -> str:
    return _title(name).lower().replace(" ", "-")


def _first_sentence(model: type[Model]) -> str:
    return " ".join((model.__doc__ or "").partition("\n\n")[0].split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
