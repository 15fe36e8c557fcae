"""`sponsor: ~` takes away what is inherited; where there is no such key at all, it is a slip like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from rollout.load.overlay import Raw
from rollout.model.fields import is_internal

Keys = tuple[str | int, ...]


def idle_removals(model: type[BaseModel], raw: Raw) -> Iterator[tuple[Keys, list[str]]]:
    """Keys without a value where the model knows no such key, each with those that it knows.

    The overlay leaves them out, so that nobody else would see `sponser: ~` leave the sponsor where it is.
    """
    for keys in _removals(raw, ()):
        kinds: tuple[Any, ...] = (model,)
        for part in keys[:-1]:
            kinds = tuple(_inside(kinds, part))
        if kinds and all(map(_is_model, kinds)):
            known = [key for kind in kinds for key in keys_of(kind)]
            if keys[-1] not in known:
                yield keys, known


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a model, as people write them."""
    return [field.alias or name for name, field in model.model_fields.items() if not is_internal(field)]


def _removals(raw: Raw, above: Keys) -> Iterator[Keys]:
    if isinstance(raw, dict):
        for key, value in raw.items():
            if value is None:
                yield (*above, key)
            elif type(value) is not str:
                yield from _removals(value, (*above, key))
    elif isinstance(raw, list):
        for number, value in enumerate(raw):
            if type(value) is not str:
                yield from _removals(value, (*above, number))


def _inside(kinds: tuple[Any, ...], part: str | int) -> Iterator[Any]:
    """What may stand below a key of any of these kinds of values."""
    for kind in kinds:
        if _is_model(kind):
            field = next((one for name, one in kind.model_fields.items() if part == (one.alias or name)), None)
            yield from _kinds(field.annotation) if field is not None else ()
        elif get_origin(kind) in (dict, Mapping):
            yield from _kinds(get_args(kind)[1])
        elif get_origin(kind) is tuple:
            yield from _kinds(get_args(kind)[0])


def _kinds(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for one in get_args(annotation):
            yield from _kinds(one)
    elif annotation is not NoneType:
        yield annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
