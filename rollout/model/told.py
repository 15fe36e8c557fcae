"""What is said of the names of a class (the text below each, in its source), and which classes hold each other."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache
from typing import Any, get_args, get_type_hints, is_typeddict


@cache
def told_of(cls: type) -> dict[str, str]:
    """The names of a class that have a text below them, with that text; those it takes over come first.

    Read from the source when documents are made of it: pydantic's own `use_attribute_docstrings` reads it at every
    start, which takes longer than checking a programme of twelve sites.
    """
    try:
        body = ast.parse(inspect.getsource(cls)).body[0]
    except OSError:  # made by a call, not by a class statement
        return {}
    assert isinstance(body, ast.ClassDef)
    found: dict[str, str] = {}
    # By their names in the source: a TypedDict does not keep what it takes over from.
    for base in body.bases:
        parent = getattr(sys.modules[cls.__module__], base.id, None) if isinstance(base, ast.Name) else None
        if isinstance(parent, type) and parent.__module__.startswith("rollout."):
            found |= told_of(parent)
    name = None
    for line in body.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            name = line.target.id
        elif isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and name:
            found[name], name = inspect.cleandoc(str(line.value.value)), None
    return found


def typed_dicts(*kinds: Any) -> tuple[type, ...]:
    """The TypedDicts that these types are made of, and those inside of them; each once."""
    found: dict[type, None] = {}
    for kind in kinds:
        _gather(kind, found)
    return tuple(found)


def _gather(kind: Any, found: dict[type, None]) -> None:
    if is_typeddict(kind) and kind not in found:
        found[kind] = None
        for inner in get_type_hints(kind).values():
            _gather(inner, found)
    for inner in get_args(kind):
        _gather(inner, found)
