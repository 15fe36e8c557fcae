"""What each kind of file accepts, as JSON Schema (draft 2020-12), made from the models that read it.

Editors complete and check by it while somebody types. It takes whatever the loader takes: a file that is right is
never marked as wrong. It refuses what can be seen from one file alone: an unknown key, a value of the wrong form, a
key that is missing where no other file can give it. What needs more (that a site exists, that two dates agree) is left
to `rollout validate`.

Readers of YAML give types to plain texts (`version: 2.3` is a number to them), and the loader does not; so a text may
be a number or a truth value here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic.fields import FieldInfo

from rollout.load.kinds import KIND, KINDS, FileKind, told_fields, written_fields
from rollout.load.yaml import Value, parse
from rollout.model.change import Change
from rollout.model.examples import EXAMPLES
from rollout.model.fields import Entries, Many, Model
from rollout.model.record import KINDS as RECORDS
from rollout.model.spelling import TEXT, Also, CalledAfter

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = ".rollout/schema"
"""Where a programme keeps them, for its editors."""

Schema = dict[str, Any]
State = Literal["over", "merged", "whole"]
"""How a mapping is read. `over`: laid over another, so nothing has to be there, and `~` removes what is.
`merged`: laid over nothing, so what is required has to be there, and `~` is as good as left out. `whole`: as it stands,
so `~` is a value."""

_BOUNDS = {Ge: ("ge", "minimum"), Gt: ("gt", "exclusiveMinimum"), Le: ("le", "maximum"), Lt: ("lt", "exclusiveMaximum")}


def schema_of(name: str) -> Schema:
    """The schema of a kind of file, such as `site` or `plan`."""
    kind = KIND[name]
    maker = _Maker("over" if name == "defaults" else "merged")
    top = maker.records() if name == "records" else maker.file(kind)
    head = {"$schema": DRAFT, "title": kind.where, "description": _top_said(kind)}
    return {**head, **top, "$defs": dict(sorted(maker.defs.items()))}


def plain_schema(name: str) -> tuple[Schema, dict[str, tuple[type[Model], Schema]]]:
    """The schema of a kind of file on its own, nothing below it and no key removed, and those of the models inside by
    their names: for people to read."""
    maker = _Maker("whole")
    top = maker.records() if name == "records" else maker.mapping(KIND[name].model, "whole")
    inside: dict[str, tuple[type[Model], Schema]] = {}
    for key, schema in sorted(maker.defs.items(), key=lambda item: ".entry" in item[0]):
        inside.setdefault(schema["title"], (maker.models[key], schema))
    return top, inside


def schema_text(name: str) -> str:
    """The schema as it is written to a file."""
    return json.dumps(schema_of(name), indent=2, ensure_ascii=False) + "\n"


def schema_path(name: str) -> str:
    """The file of a schema inside a programme."""
    return f"{FOLDER}/{name}.json"


def schema_files(before: Mapping[str, str | None]) -> list[Change]:
    """The schemas of all kinds as files of a programme; `before` is what stands there."""
    paths = {schema_path(kind.name): kind.name for kind in KINDS}
    return [Change(path, before.get(path), schema_text(name)) for path, name in sorted(paths.items())]


def modeline(path: str, name: str) -> str:
    """The line that tells an editor by which schema a file of the programme is to be checked."""
    return f"# yaml-language-server: $schema={'../' * path.count('/')}{schema_path(name)}\n"


def _top_said(kind: FileKind) -> str:
    return kind.what if kind.by_hand else f"{kind.what} Written by rollout; to change them change the plan."


def examples_of(model: type[Model]) -> dict[str, str]:
    """An example of each key that has one of its own, as it is written."""
    texts = [EXAMPLES.get(base.__name__, "") for base in reversed(model.__mro__) if issubclass(base, Model)]
    pairs = [line.strip().partition(": ") for text in texts for line in text.splitlines() if line.strip()]
    return {key: value for key, _, value in pairs}


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def _typed(value: Value) -> Any:
    """A value as a reader of YAML hands it over, who gives types to texts without quotes."""
    if isinstance(value, dict):
        return {key: _typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return json.loads(value) if value in ("true", "false") or _NUMBER.fullmatch(value or "") else value


class _Maker:
    """Turns models into schemas; each model stands in `defs` once for each way it is read."""

    def __init__(self, listed: State = "merged") -> None:
        self.defs: dict[str, Schema] = {}
        self.models: dict[str, type[Model]] = {}
        self.listed = listed
        """How entries of a list are read; those in defaults may be completed by a mapping nearer to the site."""

    def file(self, kind: FileKind) -> Schema:
        """A file that holds a mapping. An empty one is a mapping of nothing."""
        body = self.mapping(kind.model, "over" if kind.over == "others" else "merged")
        return {**body, "type": ["object", "null"]}

    def records(self) -> Schema:
        """A list of records, each of the kind that the first key of the table in `model/record/kinds.py` tells."""
        rules: list[Schema] = []
        earlier: list[str] = []
        for name, model in RECORDS.items():
            # An item with its `evidence` is an item.
            first = [other for other in earlier if name in written_fields(RECORDS[other])]
            when: Schema = {"required": [name]}
            if first:
                when["not"] = {"anyOf": [{"required": [other]} for other in first]}
            rules.append({"if": when, "then": self._ref(model, "whole")})
            earlier.append(name)
        entry: Schema = {
            "type": "object",
            "description": "One thing that happened: a key that says what, then `on` and `by`.",
            "properties": {name: {"description": _said(model.__doc__)} for name, model in RECORDS.items()},
            "anyOf": [{"required": [name]} for name in RECORDS],
            "allOf": rules,
        }
        return {"type": ["array", "null"], "items": entry}

    def mapping(self, model: type[Model], state: State, *, entry: bool = False, unnamed: bool = False) -> Schema:
        """A mapping with the keys of a model. `entry`: its key is its id. `unnamed`: it may go without one."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        examples, told = examples_of(model), told_fields(model)
        for key, field in written_fields(model).items():
            is_free = key == "id" and entry
            must = field.is_required() and not is_free and not (key == "id" and unnamed)
            shape = {} if is_free else self._field(field, state)
            if must and state != "over":
                required.append(key)
            elif state != "whole" and shape:
                shape = _or_nothing(shape)
            if key in examples:
                shape = {**shape, "examples": [_typed(parse(examples[key], "")[0])]}
            properties[key] = {**shape, "description": _said(told.get(key))}
        found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**found, "required": required} if required else found

    def _field(self, field: FieldInfo, state: State) -> Schema:
        return self._with(field.annotation, field.metadata, state)

    def _ref(self, model: type[Model], state: State, *, entry: bool = False, unnamed: bool = False) -> Schema:
        ways = [word for word, holds in (("entry", entry), ("unnamed", unnamed)) if holds]
        name = ".".join([model.__name__, state, *ways])
        if name not in self.defs:
            self.models[name] = model
            self.defs[name] = {}  # a model that holds itself ends here
            body = self.mapping(model, state, entry=entry, unnamed=unnamed)
            self.defs[name] = {"title": model.__name__, "description": _said(model.__doc__), **body}
        return {"$ref": f"#/$defs/{name}"}

    def _of(self, kind: Any, state: State) -> Schema:
        """The schema of an annotation."""
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._with(arguments[0], arguments[1:], state)
        if origin in (Union, UnionType):
            (only,) = [part for part in arguments if part is not type(None)]
            shape = self._of(only, state)
            return _or_nothing(shape) if state == "whole" else shape
        if origin is Literal:
            return {"title": "one of", "enum": list(arguments)}
        if origin is tuple:
            return {"type": "array", "items": self._of(arguments[0], "whole")}
        if origin is dict:
            names = {k: v for k, v in self._of(arguments[0], state).items() if k in ("pattern", "maxLength")}
            values = self._of(arguments[1], state)
            values = values if state == "whole" else _or_nothing(values)
            found: Schema = {"type": "object", "additionalProperties": values}
            return {**found, "propertyNames": names} if names else found
        if isinstance(kind, type) and issubclass(kind, Model):
            return self._ref(kind, state)
        if kind is str:
            return {"title": "text", "type": list(TEXT)}
        raise TypeError(f"how {kind} is written in a file is not said: give it a `WithJsonSchema`")

    def _with(self, kind: Any, metadata: Iterable[Any], state: State) -> Schema:
        """The schema of a type with what is said about it."""
        said = [m for part in metadata for m in (part.metadata if isinstance(part, FieldInfo) else [part])]
        exact = [m for m in said if isinstance(m, WithJsonSchema)]
        called = [m for m in said if isinstance(m, CalledAfter)]
        ways = [m for m in said if isinstance(m, Also)]
        if exact:
            shape = dict(exact[-1].json_schema or {})
        elif Entries in said or called:
            shape = self._entries(get_args(kind)[0], state, unnamed=bool(called))
        else:
            shape = self._of(kind, state)
        if not (exact or called or ways) and any(_changes(m) for m in said):
            raise TypeError(f"what a validator of {kind} takes is not said: give it a `WithJsonSchema` or `Also`")
        for mark in said:
            if mark is Many:
                shape = {"anyOf": [shape["items"], shape]}
            elif type(mark) in _BOUNDS:
                name, word = _BOUNDS[type(mark)]
                shape[word] = getattr(mark, name)
            elif (pattern := getattr(mark, "pattern", None)) is not None:
                shape = {"title": "text", "type": "string", "pattern": pattern}
        more = [dict(way) for mark in ways for way in mark.ways]
        return {"anyOf": [*more, shape]} if more else shape

    def _entries(self, kind: Any, state: State, *, unnamed: bool) -> Schema:
        """Entries with ids: a list of them, or a mapping from id to the rest."""
        # In a list an entry replaces the one of the same id, so it says all of it.
        listed = self._ref(kind, self.listed, unnamed=unnamed)
        value = self._ref(kind, state, entry=True)
        mapped: Schema = {
            "type": "object",
            "propertyNames": {k: v for k, v in self._key_of(kind).items() if k in ("pattern", "maxLength")},
            "additionalProperties": value if state == "whole" else _or_nothing(value),
        }
        return {"anyOf": [mapped, {"type": "array", "items": listed}]}

    def _key_of(self, kind: type[Model]) -> Schema:
        return self._field(kind.model_fields["id"], "whole")


def _changes(mark: Any) -> bool:
    return isinstance(mark, BeforeValidator | PlainValidator) and mark is not Many and mark is not Entries


def _or_nothing(shape: Schema) -> Schema:
    """The same, or `~`."""
    if shape == {} or "null" in shape.get("type", ()):
        return shape
    if "type" in shape and "enum" not in shape and "const" not in shape:
        kinds = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
        return {**shape, "type": [*kinds, "null"]}
    if "anyOf" in shape:
        return {**shape, "anyOf": [*shape["anyOf"], {"type": "null"}]}
    return {"anyOf": [shape, {"type": "null"}]}


def _said(text: str | None) -> str:
    return " ".join((text or "").split())
