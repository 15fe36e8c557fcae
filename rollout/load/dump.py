"""Writing values as YAML that rollout reads back exactly, and that a person would have written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rollout.load.yaml import Value
from rollout.model.unseen import UNSEEN

WIDTH = 100
"""Columns after which a mapping is written as a block rather than on one line."""

# What a plain scalar may not be. Types play no part: `NO`, `1.10` and `0777` are text here and stay plain.
_NOT_PLAIN = re.compile(
    r"""\A(?:~|null|)\Z            # nothing
    | \A[\s,\[\]{}\#&*!|>'"%@`?:]  # begins like something else
    | \A-(?:\s|\Z|--)              # a list entry or a document
    | \A\.\.\.
    | \s\Z | :(?:\s|\Z) | \s\#     # a key, a comment
    """,
    re.VERBOSE,
)
_NOT_PLAIN_IN_FLOW = re.compile(r"[,\[\]{}?]")
# The loader refuses raw what nobody sees; a value stays on its line.
_ESCAPED = re.compile(rf"[\t\n]|{UNSEEN.pattern}")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def scalar(value: str | None, in_flow: bool = False) -> str:
    """A text as YAML, plain where it can be; inside `[]` or `{}` fewer texts can. None is `~`."""
    if value is None:
        return "~"
    if _ESCAPED.search(value):
        return '"' + re.sub(f'["\\\\]|{_ESCAPED.pattern}', _escape, value) + '"'
    if not _NOT_PLAIN.search(value) and not (in_flow and _NOT_PLAIN_IN_FLOW.search(value)):
        return value
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def inline(value: Value) -> str:
    """A value on one line: `[fr, en]`, `{lat: 45.75, lon: 4.85}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key, True)}: {inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(inline, value)) + "]"
    return scalar(value, in_flow=True)


def block(values: Mapping[str, Value], indent: str = "") -> list[str]:
    """Lines of `key: value`; small mappings of texts on one line, others as blocks of their own."""
    lines: list[str] = []
    for key, value in values.items():
        head = f"{indent}{_key(key)}:"
        if value is None or isinstance(value, str):
            lines.append(f"{head} {scalar(value)}")
            continue
        line = f"{head} {inline(value)}"
        if isinstance(value, Mapping) and value and (len(line) > WIDTH or _is_deep(value.values())):
            lines += (head, *block(value, indent + "  "))
        elif isinstance(value, list | tuple) and _is_deep(value):
            lines += (head, *(f"{indent}  - {inline(entry)}" for entry in value))
        else:
            lines.append(line)
    return lines


def _is_deep(values: Iterable[object]) -> bool:
    return any(isinstance(value, Mapping) for value in values)


def _key(text: str, in_flow: bool = False) -> str:
    return '"<<"' if text == "<<" else scalar(text, in_flow)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _NAMED.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
