"""What a person types after `rollout record` → one raw record. The models say which words and options a kind has.

    SITE KIND WORD… KEY=VALUE… --OPTION VALUE…

Plain words fill the kind's `WORDS` in order; every other field is an option of its name. A field that is a mapping
takes `KEY=VALUE`, as an option or, where the kind itself is one, as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from rollout.load.kinds import written_fields
from rollout.load.overlay import Raw
from rollout.model.fields import AMOUNT, Model
from rollout.model.record import KINDS, STATES, MilestoneRecord, Record
from rollout.problem import Problem, RolloutError, did_you_mean

COMMON = ("on", "by", "because")


def read_words(words: Sequence[str], activities: Sequence[str] = ()) -> tuple[str, dict[str, Raw]]:
    """The kind and the record, not yet validated. Raises RolloutError naming the word that means nothing.

    `activities` are the plan's: `lyon security-review done` needs no `item` before it.
    """
    plain, options = _sorted_out(words)
    if not plain:
        raise _wrong("say what to record: an item of the checklist, or " + ", ".join(KINDS))
    kind, plain = _kind(plain, activities)
    model = KINDS[kind]
    fields = typed_fields(model)
    entry: dict[str, Raw] = {}
    taken = list(model.WORDS)
    for word in plain:
        if is_mapping(fields[kind]) and "=" in word:
            _put(entry, kind, word)
        elif taken:
            entry[taken.pop(0)] = word
        else:
            raise _wrong(f'"{word}" is one word too many', f"like this: rollout record {model.EXAMPLE}")
    for name, value in options:
        key = name.replace("-", "_")
        if key not in fields or key == kind:
            known = [f"--{field.replace('_', '-')}" for field in fields if field not in model.WORDS and field != kind]
            said = f"`{kind}` has no option --{name}"
            raise _wrong(said, did_you_mean(f"--{name}", known) or "options: " + ", ".join(known))
        _set(entry, key, value, fields[key])
    for key, value in entry.items():
        if AMOUNT in fields[key].metadata and (match := _TWO_WAYS.fullmatch(value)):
            shown = f"{match[1]}{match[2]} or {match[1]}.{match[2].rstrip('0') or '0'}"
            raise _wrong(f'`{key}`: "{value}" can be read in two ways', f"write {shown}")
    return kind, {key: entry[key] for key in (*model.WORDS, *fields) if key in entry}


_TWO_WAYS = re.compile(r"\s*([1-9][0-9]{0,2})[.,]([0-9]{3})\s*", re.ASCII)
"""Thousands for some, decimals for others."""


def typed_fields(model: type[Record]) -> dict[str, FieldInfo]:
    """The fields of a kind as they are written in a file, its own before those that every kind has."""
    return dict(sorted(written_fields(model).items(), key=lambda item: item[0] in Record.model_fields))


def option_of(name: str, field: FieldInfo) -> str:
    """How an option is shown: `--blocking`, `--affects KEY=VALUE`, `--owner TEXT`."""
    shown = f"--{name.replace('_', '-')}"
    if _is_flag(field):
        return shown
    return f"{shown} {'KEY=VALUE' if is_mapping(field) else name.upper()}"


def is_mapping(field: FieldInfo) -> bool:
    """Whether a field is filled by `KEY=VALUE`."""
    return any(get_origin(a) is dict or (isinstance(a, type) and issubclass(a, Model)) for a in _kinds_of(field))


def _is_all_optional(field: FieldInfo) -> bool:
    """Whether naming the keys of a mapping is enough (`--sites linz,graz`): nothing more has to be said of each."""
    inside = [a for kind in _kinds_of(field) if get_origin(kind) is dict for a in get_args(kind)[1:]]
    models = [a for a in inside if isinstance(a, type) and issubclass(a, Model)]
    return bool(models) and not any(f.is_required() for model in models for f in model.model_fields.values())


def is_list(field: FieldInfo) -> bool:
    """Whether a field may be given several times."""
    return any(get_origin(a) is tuple for a in _kinds_of(field))


def _kind(plain: list[str], activities: Sequence[str]) -> tuple[str, list[str]]:
    """The kind that is meant, and the words that are left for it."""
    first = plain[0].replace("_", "-")
    milestones = get_args(MilestoneRecord.model_fields["milestone"].annotation)
    is_state = len(plain) > 1 and plain[1] in STATES
    if first in KINDS and not (is_state and first in activities):
        return first, plain[1:]
    if is_state or plain[0] in activities:
        return "item", plain
    if first in milestones:
        return "milestone", [first, *plain[1:]]
    known = (*KINDS, *milestones, *activities)
    said = f'"{plain[0]}" is neither an item of the checklist nor a kind of record'
    raise _wrong(said, did_you_mean(plain[0], known) or "kinds: " + ", ".join(KINDS), "unknown-activity")


def _sorted_out(words: Sequence[str]) -> tuple[list[str], list[tuple[str, str | None]]]:
    """Plain words, and options with the value behind them (None for a flag)."""
    plain: list[str] = []
    options: list[tuple[str, str | None]] = []
    rest = list(words)
    flags = {name for model in KINDS.values() for name, field in typed_fields(model).items() if _is_flag(field)}
    while rest:
        word = rest.pop(0)
        if word == "--":
            plain += rest
            break
        if not word.startswith("--"):
            plain.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if equals:
            options.append((name, value))
        elif name.replace("-", "_") in flags:
            options.append((name, None))
        elif rest and not rest[0].startswith("--"):
            options.append((name, rest.pop(0)))
        else:
            raise _wrong(f"--{name} wants a value")
    return plain, options


def _set(entry: dict[str, Raw], key: str, value: str | None, field: FieldInfo) -> None:
    if value is None:
        entry[key] = "true"
    elif is_mapping(field):
        if "=" not in value and _is_all_optional(field):
            entry.setdefault(key, {}).update({name.strip(): {} for name in value.split(",") if name.strip()})
        else:
            _put(entry, key, value)
    elif is_list(field):
        entry.setdefault(key, []).append(value)
    elif key in entry:
        raise _wrong(f"--{key.replace('_', '-')} is given twice")
    else:
        entry[key] = value


def _put(entry: dict[str, Raw], key: str, pair: str) -> None:
    """Puts `a.b=value` into a mapping; a key given twice holds both values."""
    name, equals, value = pair.partition("=")
    if not equals or not name:
        raise _wrong(f'"{pair}" is not KEY=VALUE')
    *outer, last = name.split(".")
    here: Any = entry
    for step in (key, *outer):
        here = here.setdefault(step, {})
        if not isinstance(here, dict):
            raise _wrong(f'"{pair}" contradicts an earlier KEY=VALUE')
    there = here.get(last)
    here[last] = value if there is None else [*(there if isinstance(there, list) else [there]), value]


def _kinds_of(field: FieldInfo) -> list[Any]:
    """The types of a field, one by one."""
    annotation = field.annotation
    parts = [a for a in get_args(annotation) if a is not type(None)]
    is_union = get_origin(annotation) not in (dict, tuple, None) and not isinstance(annotation, type)
    return parts if is_union else [annotation]


def _is_flag(field: FieldInfo) -> bool:
    return field.annotation is bool


def _wrong(message: str, hint: str = "", code: str = "wrong-record") -> RolloutError:
    return RolloutError(Problem(path="", code=code, message=message, hint=hint))


def overview() -> Mapping[str, tuple[str, str]]:
    """By kind: what it is, and how it is typed."""
    found = {}
    for kind, model in KINDS.items():
        options = [
            option_of(name, field)
            for name, field in typed_fields(model).items()
            if name not in (*model.WORDS, *COMMON, kind)
        ]
        words = [f"<{word}>" for word in model.WORDS]
        if is_mapping(typed_fields(model)[kind]):
            words.append("KEY=VALUE…")
        said = " ".join((model.__doc__ or "").split("\n\n")[0].split())
        found[kind] = (said, " ".join((kind, *words, *(f"[{option}]" for option in options))))
    return found
