"""How a value may be spelled in a file, as JSON Schema, beside the type that parses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import WithJsonSchema

from rollout.model.few import short

TEXT = ("string", "number", "boolean")
"""What a reader of YAML makes of a text without quotes: `version: 2.3` is a number to it, and a text to us."""


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: what it holds cannot be hashed
class Also:
    """Marks a field that takes more than its type says: other ways to write it, each as JSON Schema, or none."""

    ways: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CalledAfter:
    """Marks entries that need no id in a list: without one they are called after one of these fields."""

    fields: tuple[str, ...]


def spelled(title: str, *examples: Any, pattern: str | None = None, **more: Any) -> WithJsonSchema:
    """How a scalar is written in a file, as JSON Schema: what it is called, the form of a text, examples."""
    form = {} if pattern is None else {"pattern": f"^(?:{pattern})$"}
    return WithJsonSchema({"title": title, "type": "string", **form, **more, "examples": list(examples)})


def any_case(word: str) -> str:
    """A pattern for a word in capitals or not; editors' patterns know no flag for it."""
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


def shown(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f'"{short(text)}"'
