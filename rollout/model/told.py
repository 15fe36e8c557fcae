"""What is said of the names of a class: the text below each, in its source."""

from __future__ import annotations

import ast
import inspect
import sys
from functools import cache


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
