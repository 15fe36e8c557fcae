"""From raw data to a model, or to problems that say where, what and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from rollout.load.overlay import Raw, holds
from rollout.load.removals import idle_removals, keys_of
from rollout.model.few import short
from rollout.model.fields import Model, is_internal
from rollout.model.source import Source
from rollout.problem import Problem, did_you_mean

M = TypeVar("M", bound=Model)
Layers = Sequence[tuple[str, Raw]]
"""Files a value may stand in, nearest first, with their raw contents."""


def build(
    model: type[M], raw: Raw, layers: Layers, internal: dict[str, Any] | None = None, prefix: tuple[str | int, ...] = ()
) -> tuple[M | None, list[Problem]]:
    """The validated model, or None and everything wrong with it.

    `internal` are fields that the loader knows and no file may hold (the id). `prefix` is where `raw` stands.
    """
    if not isinstance(raw, dict):
        source = Source(tuple(path for path, _ in layers), prefix)
        return None, [source.problem("wrong-value", "a mapping of `key: value` lines is wanted here")]
    hidden = _internal_fields(model)
    problems = [
        _source(layers, (*prefix, key)).problem(
            "unknown-key", f'"{short(key)}" is not written here', _INTERNAL.get(key, "")
        )
        for key in raw
        if key in hidden
    ]
    if not prefix:
        problems += [
            _unknown_key(Source((path,), keys), keys[-1], known)
            for path, layer in layers
            for keys, known in idle_removals(model, layer)
            if keys[-1] not in hidden
        ]
    if problems:
        raw = {key: value for key, value in raw.items() if key not in hidden}
    try:
        built = model.model_validate({**raw, **internal} if internal else raw)
        return (None, problems) if problems else (built, [])
    except ValidationError as error:
        problems += [_problem(dict(e), model, raw, layers, prefix) for e in error.errors(include_url=False)]
        return None, list(dict.fromkeys(problems))


_INTERNAL = {"id": "the name of the file or folder is the id"}


@cache
def _internal_fields(model: type[Model]) -> frozenset[str]:
    return frozenset(name for name, field in model.model_fields.items() if is_internal(field))


_PLAIN = {
    "dict_type": "a mapping of `key: value` lines is wanted here",
    "model_type": "a mapping of `key: value` lines is wanted here",
    "model_attributes_type": "a mapping of `key: value` lines is wanted here",
    "tuple_type": "a list is wanted here, such as [one, two]",
    "string_type": "a text is wanted here",
}


def _problem(
    error: dict[str, Any], model: type[Model], raw: Raw, layers: Layers, prefix: tuple[str | int, ...]
) -> Problem:
    kind, loc = error["type"], error["loc"]
    keys = _key_path(loc, raw)
    source = _source(layers, (*prefix, *keys))
    name = _spelled(keys)
    if kind == "extra_forbidden":
        return _unknown_key(source, loc[-1], _known_keys(model, loc[:-1]))
    if kind == "missing":
        return source.problem("missing-key", f"`{loc[-1]}` is missing", f"add a line `{loc[-1]}: …`")
    if kind in _PLAIN:
        message = _PLAIN[kind]
    elif kind == "value_error":
        message = str(error["ctx"]["error"])
    elif kind == "literal_error":
        expected = error["ctx"]["expected"].replace("'", "")
        message = f"this must be {expected}"
        return source.problem(
            "wrong-value",
            f"{name}: {message}" if name else message,
            did_you_mean(str(error["input"]), expected.replace(" or ", ", ").split(", ")),
        )
    elif kind == "string_pattern_mismatch":
        message = f'"{short(str(error["input"]))}" does not have the form {error["ctx"]["pattern"]}'
    elif kind in ("less_than", "greater_than"):
        bound = "less" if kind == "less_than" else "more"
        message = f"this must be {bound} than {next(iter(error['ctx'].values())):g}"
    elif kind in ("less_than_equal", "greater_than_equal"):
        bound = "most" if kind == "less_than_equal" else "least"
        message = f"this must be at {bound} {next(iter(error['ctx'].values())):g}"
    else:
        message = error["msg"][0].lower() + error["msg"][1:]
    return source.problem("wrong-value", f"{name}: {message}" if name else message)


def _unknown_key(source: Source, key: str | int, known: Sequence[str]) -> Problem:
    hint = did_you_mean(str(key), known) or ("known here: " + ", ".join(known) if known else "")
    return source.problem("unknown-key", f'"{short(str(key))}" is not a key here', hint)


def _spelled(keys: tuple[str | int, ...]) -> str:
    named = [str(key) for key in keys if not isinstance(key, int)]
    return f"`{short(named[-1])}`" if named else ""


def _source(layers: Layers, keys: tuple[str | int, ...]) -> Source:
    """The nearest file that holds the key path; the nearest of all when none does."""
    for number, (path, raw) in enumerate(layers):
        if len(layers) == 1 or holds(raw, keys):
            return Source((path, *(p for p, _ in layers[number + 1 :])), keys)
    return Source(tuple(path for path, _ in layers), keys)


def _key_path(loc: tuple[str | int, ...], raw: Raw) -> tuple[str | int, ...]:
    """pydantic's place as keys of the raw data: numbers of entries become ids, union tags drop out."""
    keys: list[str | int] = []
    for part in loc:
        if isinstance(raw, dict):
            key = next(islice(raw, part, None)) if isinstance(part, int) and part < len(raw) else part
            if key in raw:
                keys.append(key)
                raw = raw[key]
        elif isinstance(raw, list) and isinstance(part, int) and part < len(raw):
            keys.append(part)
            raw = raw[part]
    return tuple(keys)


def _known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a place of a model, as people write them."""
    here: Any = model
    for part in loc:
        found = _models_in(here)
        if isinstance(part, str) and found:
            field = next((f for n, f in found[0].model_fields.items() if part in (n, f.alias)), None)
            if field is not None:
                here = field.annotation
    found = _models_in(here)
    if not found:
        return []
    return keys_of(found[0])


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _models_in(argument)]
