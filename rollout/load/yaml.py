"""YAML from libyaml's events: every scalar stays text, and nothing a stranger wrote can hang or surprise.

The stock loaders read YAML 1.1 (`NO` is false, `12:30` is 750, a repeated key wins silently), recurse until they crash
on nested brackets and expand aliases without end. Events cost less than any loader that knows positions
(docs/explanation/architecture.md has the measurement), and the models decide the types.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from sys import intern
from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]  # the stubs do not re-export it
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from rollout.model.few import short
from rollout.model.markers import CHOOSE, MARKER
from rollout.model.unseen import IN_NO_TEXT, UNSEEN
from rollout.problem import Problem

FILE_LIMIT = 5_000_000
"""Bytes of a file that people write."""
WRITTEN_LIMIT = 50_000_000
"""Bytes of a file that rollout writes."""
DEPTH_LIMIT = 20
VALUE_LIMIT = 1_000_000
ALIAS_LIMIT = 10_000
"""Values that all aliases of a file may stand for together."""

MARK = "\ufeff"
"""The byte order mark that some editors put in front of a text."""

Value = Any
"""None, str, dict[str, Value] or list[Value]."""

# U+2028, U+2029, U+0085 and a CR by itself end a line for YAML 1.1 and hardly for an editor: what stands behind one in
# a comment would be read, and libyaml would count other lines than we do.
_UNSEEN_IN_YAML = re.compile(rf"(?!\r\n){UNSEEN.pattern}")


class _Refused(Exception):
    """A file that cannot be read any further."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def decode(data: bytes, path: str, limit: int = FILE_LIMIT) -> tuple[str, list[Problem]]:
    """The text of a file, and what is wrong with its bytes (then the text is empty)."""
    if len(data) > limit:
        said = f"the file has {len(data):,} bytes, {limit:,} are allowed"
        return "", [Problem(path=path, line=1, column=1, code="too-large", message=said, hint="split it")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        hint = "save the file as UTF-8"
        return "", [
            Problem(path=path, line=line, column=column, code="not-utf8", message="this is not UTF-8 text", hint=hint)
        ]
    text = text.removeprefix(MARK)
    unseen = IN_NO_TEXT.search(text)
    return ("", [_unseen(text, unseen.start(), path)]) if unseen else (text, [])


def parse(text: str, path: str) -> tuple[Value, list[Problem]]:
    """The value of a YAML text, and everything wrong with it as YAML. Iterative: depth cannot crash it."""
    if (not text.isascii() or "\r" in text) and (unseen := _UNSEEN_IN_YAML.search(text)):
        return None, [_unseen(text, unseen.start(), path)]
    problems: list[Problem] = []
    parser = CParser(text)
    try:
        return _build(parser, path, problems), problems
    except _Refused as refused:
        return None, [*problems, refused.problem]
    except yaml.YAMLError as error:
        return None, [*problems, _broken(error, text, path)]
    finally:
        parser.dispose()


def _build(parser: Any, path: str, problems: list[Problem]) -> Value:
    """One pass over the events. `top` holds the document; `key` is the pending key of a mapping."""
    get_event = parser.get_event
    top: list[Value] = []
    here: Any = top
    in_mapping = False
    key: str | None = None
    stack: list[tuple[Any, bool, str | None, str | None, int]] = []
    anchors: dict[str, tuple[Value, int]] = {}
    values = expanded = documents = 0
    anchor: str | None
    while True:
        event = get_event()
        kind = type(event)
        if kind is ScalarEvent:
            value: Value = event.value
            if event.tag is not None and event.tag != "!":
                raise _refused(path, event, "tag", f"the tag {event.tag} is not used here", "write the plain value")
            if in_mapping and key is None:
                if value == "<<" and event.implicit[0]:
                    hint = "put what sites share into _defaults.yaml"
                    raise _refused(path, event, "merge-key", "merge keys are not used here", hint)
                if value in here:
                    problems.append(_at(path, event, "duplicate-key", f'the key "{short(value, 40)}" is given twice'))
                key = intern(value)  # thousands of files have the same ones
                if event.anchor:
                    anchors[event.anchor] = (value, 1)
                continue
            if event.implicit[0] and value in ("", "~", "null"):
                value = None
            anchor, size = event.anchor, 1
            values += 1
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.tag is not None:
                raise _refused(path, event, "tag", f"the tag {event.tag} is not used here", "write the plain value")
            if in_mapping and key is None:
                raise _refused(
                    path, event, "key-not-text", "a key must be a plain text", "quote it if it begins with [ or {"
                )
            if len(stack) >= DEPTH_LIMIT:
                raise _refused(path, event, "too-deep", f"this is nested more than {DEPTH_LIMIT} levels deep")
            stack.append((here, in_mapping, key, event.anchor, values))
            in_mapping = kind is MappingStartEvent
            here, key = {} if in_mapping else [], None
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            value = here
            here, in_mapping, key, anchor, before = stack.pop()
            values += 1
            size = values - before
        elif kind is AliasEvent:
            if event.anchor not in anchors:
                raise _refused(path, event, "unknown-alias", f"nothing before this is anchored as &{event.anchor}")
            value, size = anchors[event.anchor]
            anchor = None
            values += size
            expanded += size
            if expanded > ALIAS_LIMIT:
                hint = "write the values out, or put them into _defaults.yaml"
                raise _refused(
                    path, event, "alias-expansion", f"aliases stand for more than {ALIAS_LIMIT:,} values", hint
                )
            if in_mapping and key is None:
                raise _refused(path, event, "key-not-text", "a key must be a plain text, not an alias")
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                raise _refused(
                    path, event, "second-document", "a second document begins here", "one file, one document"
                )
            continue
        elif kind is StreamEndEvent:
            return top[0] if top else None
        else:
            continue
        if values > VALUE_LIMIT:
            raise _refused(path, event, "too-many-values", f"the file holds more than {VALUE_LIMIT:,} values")
        if anchor:
            anchors[anchor] = (value, size)
        if in_mapping:
            here[key] = value
            key = None
        else:
            here.append(value)


def _unseen(text: str, at: int, path: str) -> Problem:
    line, column = place_of(text, at)
    said = f"there is an invisible or control character here (U+{ord(text[at]):04X})"
    hint = "save the file with the line ends of Unix or Windows" if text[at] == "\r" else "delete it"
    return Problem(path=path, line=line, column=column, code="unseen-character", message=said, hint=hint)


def _at(path: str, event: Any, code: str, message: str, hint: str = "") -> Problem:
    mark = event.start_mark
    return Problem(path=path, line=mark.line + 1, column=mark.column + 1, code=code, message=message, hint=hint)


def _refused(path: str, event: Any, code: str, message: str, hint: str = "") -> _Refused:
    return _Refused(_at(path, event, code, message, hint))


_SAID = {
    "mapping values are not allowed in this context": (
        "a second `:` stands on this line, or the line is indented wrongly",
        "put the value in quotes, or check the spaces at the beginning of the line",
    ),
    "did not find expected key": ("a `key:` is expected here", "check indentation and quotes above this line"),
    "could not find expected ':'": ("a `:` is missing after the key", "write `key: value`"),
    "found character that cannot start any token": (
        "this character cannot begin a value",
        "use spaces instead of tabs, and quote values that begin with @, ` or %",
    ),
    "found unexpected end of stream": ("the file ends inside a quoted value", "close the quote"),
    "did not find expected ',' or ']'": ("a `,` or `]` is missing in this list", "close the list"),
    "did not find expected ',' or '}'": ("a `,` or `}` is missing in this mapping", "close the mapping"),
    "found unknown escape character": (
        "this backslash begins nothing that YAML knows",
        "write it twice, or use single quotes",
    ),
    "found invalid Unicode character escape code": (
        "this escape is no character",
        "write the character itself",
    ),
    "found incompatible YAML document": ("this asks for another version of YAML", "delete the line with %YAML"),
    "found unknown directive name": ("a line that begins with % is no part of a file here", "delete it"),
    "found duplicate %YAML directive": ("%YAML is given twice", "delete both lines"),
    "did not find expected '-' indicator": (
        "a list entry beginning with `-` is expected here",
        "check the indentation",
    ),
}


def _broken(error: yaml.YAMLError, text: str, path: str) -> Problem:
    if marker := MARKER.search(text):
        line, column = place_of(text, marker.start())
        said = "a merge was not finished here"
        return Problem(path=path, line=line, column=column, code="merge-markers", message=said, hint=CHOOSE)
    mark = getattr(error, "problem_mark", None)
    raw = getattr(error, "problem", None) or getattr(error, "reason", None) or "this is not YAML"
    if raw == "found unexpected end of stream":
        # The end of the file is no help; where the quote was opened is.
        mark = getattr(error, "context_mark", None) or mark
    message, hint = _SAID.get(raw, (raw, "check indentation, quotes and brackets above this line"))
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    else:
        position = getattr(error, "position", 0)
        line, column = place_of(text, position if isinstance(position, int) else 0)
    if raw == _TOO_DEEP_FOR_LIBYAML:
        said = f"this is nested more than {DEPTH_LIMIT} levels deep"
        return Problem(path=path, line=line, column=column, code="too-deep", message=said)
    return Problem(path=path, line=line, column=column, code="yaml", message=message, hint=hint)


_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
"""From PyYAML 6.0.4 on its scanner stops by itself, before we see an event."""


def place_of(text: str, index: int) -> tuple[int, int]:
    """Line and column (from 1) of a character."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def split_mark(text: str) -> tuple[str, str]:
    """The byte order mark of a text that is to be changed (empty where it has none), and the rest."""
    return (MARK, text[len(MARK) :]) if text.startswith(MARK) else ("", text)


def split_lines(text: str) -> list[str]:
    """The lines of a text, each with the line end it has."""
    return [line for line in _LINE.findall(text) if line]


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


class Node:
    """A value with its place: for the one file of which a line and column are to be shown, or a value changed.

    `value` is a text or None, a list of Nodes, or a dict from key to (Node of the key, Node of the value).
    `start` and `end` are character indexes into the text.
    """

    __slots__ = ("_by_id", "end", "flow", "start", "value")

    def __init__(self, value: Any, start: int, end: int, flow: bool = False) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.flow = flow
        self._by_id: dict[str, Node] | None = None

    def child(self, part: str | int) -> tuple[Node | None, Node] | None:
        """Key node (for mappings) and value node one step further in; a list of entries is entered by id or number."""
        if isinstance(self.value, dict):
            return self.value.get(str(part))
        if isinstance(self.value, list):
            if isinstance(part, int):
                return (None, self.value[part]) if 0 <= part < len(self.value) else None
            if (found := self._entries().get(part)) is not None:
                return None, found
        if isinstance(self.value, str) and part == 0:
            return None, self  # one value stands for a list of one
        return None

    def _entries(self) -> dict[str, Node]:
        """The entries of a list by their ids, the first of each; made once, as thousands may be asked for."""
        if self._by_id is None:
            self._by_id = {}
            for entry in self.value:
                name = entry.value["id"][1].value if isinstance(entry.value, dict) and "id" in entry.value else None
                if isinstance(name, str):
                    self._by_id.setdefault(name, entry)
        return self._by_id


def compose(text: str) -> Node | None:
    """The text as Nodes. Only for texts that `parse` took without a problem; None for an empty one."""
    parser: Any = CParser(text)
    top: list[Node] = []
    stack: list[tuple[Node, Node | None]] = []
    here: Node = Node(top, 0, 0)
    key: Node | None = None
    anchors: dict[str, Node] = {}
    try:
        while not isinstance(event := parser.get_event(), StreamEndEvent):
            kind = type(event)
            if kind is ScalarEvent or kind is AliasEvent:
                if kind is AliasEvent:
                    value = anchors[event.anchor].value
                else:
                    is_null = event.implicit[0] and event.value in ("", "~", "null")
                    value = None if is_null and not (isinstance(here.value, dict) and key is None) else event.value
                node = Node(value, event.start_mark.index, event.end_mark.index)
                if kind is ScalarEvent and event.anchor:
                    anchors[event.anchor] = node
                if isinstance(here.value, dict) and key is None:
                    key = node
                    continue
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((here, key))
                empty: Any = {} if kind is MappingStartEvent else []
                here, key = Node(empty, event.start_mark.index, event.start_mark.index, bool(event.flow_style)), None
                if event.anchor:
                    anchors[event.anchor] = here
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                node = here
                node.end = event.end_mark.index
                here, key = stack.pop()
            else:
                continue
            if isinstance(here.value, dict):
                assert key is not None
                here.value[str(key.value)] = (key, node)
                key = None
            else:
                here.value.append(node)
    finally:
        parser.dispose()
    return top[0] if top else None


class Marked:
    """A text taken apart once, of which many places are asked. Only for texts that `parse` took without a problem."""

    def __init__(self, text: str) -> None:
        top = compose(text)
        self._top = top if top is not None and top.value is not None else None
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def locate(self, keys: tuple[str | int, ...], at_key: bool = False) -> tuple[int, int, bool]:
        """Line and column (from 1) of a key path, and whether all of it stands in this text.

        A scalar is shown where it stands, a whole mapping or list at its key; what is missing, at its parent.
        """
        node = self._top
        if node is None:
            return 1, 1, not keys
        where: Node = node
        for number, part in enumerate(keys):
            step = node.child(part)
            if step is None:
                return *self._place(where), False
            key, node = step
            is_last = number == len(keys) - 1
            shows_key = key is not None and (
                isinstance(node.value, dict | list) or node.value is None or (is_last and at_key)
            )
            where = key if shows_key and key is not None else node
        return *self._place(where), True

    def _place(self, node: Node) -> tuple[int, int]:
        line = bisect_right(self._lines, node.start)
        return line, node.start - self._lines[line - 1] + 1
