"""Changing a YAML text that a person wrote, and nothing else in it.

Places come from `compose`; every edit replaces or inserts a few characters, so comments, order, line ends and local
additions stay byte for byte. Nobody can foresee every way to write YAML: the new text is parsed again and must hold
exactly the data that was wanted, or the edit is refused (`CannotEdit`) and a person is asked to make it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rollout.load.dump import block, inline, scalar
from rollout.load.yaml import Node, Value, compose, parse, split_mark

Keys = tuple[str, ...]

_BREAK = re.compile(r"\r\n|\n|\r")


class CannotEdit(ValueError):
    """The text is written in a way that only a person should change."""


def set_values(text: str, values: Mapping[Keys, Value], order: Sequence[str] = ()) -> str:
    """The text with these values at these key paths; raises CannotEdit where that cannot be done safely.

    A key that is missing is inserted after the key that stands before it in `order` (top level only), else last.
    A value that already holds is not touched. No key path may lead into the value of another.
    """
    if not values:
        return text
    mark, text = split_mark(text)
    old, tree = _data(text), _nested(values)
    wanted = _with(old, tree)
    if wanted == old:
        return mark + text
    editor = _Editor(text)
    root = compose(text)
    if root is None or root.value is None:
        editor.begin(root, block(_plain(tree)))
    elif isinstance(root.value, dict):
        editor.merge(root, tree, order)
    else:
        msg = "it does not hold `key: value` lines"
        raise CannotEdit(msg)
    return mark + _checked(editor.result(), wanted)


def applied(data: Value, values: Mapping[Keys, Value]) -> Value:
    """The data with these values at these key paths; the data itself stays as it is."""
    return _with(data, _nested(values))


def append_entry(text: str, entry: Mapping[str, Value]) -> str:
    """The text of a list with one entry more, on a line of its own at the end."""
    return append_entries(text, [entry])


def append_entries(text: str, entries: Iterable[Mapping[str, Value]]) -> str:
    """The text of a list (records) with more entries at its end, one flow mapping a line."""
    added: list[Value] = [dict(entry) for entry in entries]
    if not added:
        return text
    mark, text = split_mark(text)
    old = _data(text)
    editor = _Editor(text)
    root = compose(text)
    if root is None or root.value is None:
        editor.begin(root, [f"- {inline(entry)}" for entry in added])
    elif isinstance(root.value, list):
        editor.replace_list(root, [*old, *added])
    else:
        msg = "it does not hold a list"
        raise CannotEdit(msg)
    return mark + _checked(editor.result(), [*(old or []), *added])


def _data(text: str) -> Value:
    value, problems = parse(text, "")
    if problems:
        raise CannotEdit(problems[0].message)
    return value


def _checked(text: str, wanted: Value) -> str:
    if parse(text, "") != (wanted, []):
        msg = "it is written in a way that rollout cannot change safely"
        raise CannotEdit(msg)
    return text


class _Leaf:
    """A value to be set whole, so that a mapping among the values is not taken for a step of a key path."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value


def _nested(values: Mapping[Keys, Value]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for keys, value in values.items():
        here = tree
        for key in keys[:-1]:
            here = here.setdefault(key, {})
        here[keys[-1]] = _Leaf(value)
    return tree


def _plain(tree: _Leaf | dict[str, Any]) -> Value:
    return tree.value if isinstance(tree, _Leaf) else {key: _plain(sub) for key, sub in tree.items()}


def _with(old: Value, tree: dict[str, Any]) -> Value:
    base = dict(old) if isinstance(old, dict) else {}
    for key, sub in tree.items():
        base[key] = sub.value if isinstance(sub, _Leaf) else _with(base.get(key), sub)
    return base


def _value(node: Node) -> Value:
    """What a node holds, as `parse` gives it."""
    if isinstance(node.value, dict):
        return {key: _value(child) for key, (_, child) in node.value.items()}
    if isinstance(node.value, list):
        return [_value(child) for child in node.value]
    return node.value


class _Editor:
    """Collects edits of one text: (from, to, new characters), inner ones before outer ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.edits: list[tuple[int, int, str]] = []

    def result(self) -> str:
        """The text after all edits."""
        parts: list[str] = []
        at = 0
        for start, end, new in sorted(self.edits, key=lambda edit: edit[0]):  # stable: insertions keep their order
            if start < at:
                msg = "two changes touch the same place"
                raise CannotEdit(msg)
            parts += (self.text[at:start], new)
            at = end
        return "".join((*parts, self.text[at:]))

    def begin(self, root: Node | None, lines: list[str]) -> None:
        """Write lines into a text that holds nothing but comments."""
        line_end = self._line_end_near(0)
        body = line_end.join(lines) + line_end
        if root is not None and root.end > root.start:  # a lone ~
            self.edits.append((root.start, root.end, body.removesuffix(line_end)))
            return
        end = len(self.text)
        needs_break = bool(self.text) and not self.text.endswith(("\n", "\r"))
        self.edits.append((end, end, line_end + body if needs_break else body))

    def merge(self, node: Node, tree: dict[str, Any], order: Sequence[str] = ()) -> None:
        """Set the values of a tree of keys in a mapping."""
        missing: dict[str, Any] = {}
        for key, sub in tree.items():
            if key not in node.value:
                missing[key] = _plain(sub)
                continue
            key_node, child = node.value[key]
            if isinstance(sub, _Leaf):
                self.replace(key_node, child, sub.value, node.flow)
            elif isinstance(child.value, dict) and not self._is_alias(child):
                self.merge(child, sub)
            else:
                self.replace(key_node, child, _with(_value(child), sub), node.flow)
        if missing and (node.flow or not node.value):
            self._insert_flow(node, missing)
        elif missing:
            self._insert_block(node, missing, order)

    def replace(self, key: Node, node: Node, value: Value, in_flow: bool) -> None:
        """Put another value in the place of one."""
        if _value(node) == value:
            return
        if isinstance(value, list) and isinstance(node.value, list) and not self._is_alias(node):
            self.replace_list(node, value, key)
            return
        new = inline(value) if in_flow or not (isinstance(value, str) or value is None) else scalar(value)
        self._replace_whole(key, node, new)

    def replace_list(self, node: Node, new: list[Value], key: Node | None = None) -> None:
        """Turn a list into another, leaving entries that stay as they are written."""
        old = [_value(child) for child in node.value]
        if not old or not new:
            self._replace_whole(key, node, inline(new))
            return
        before = 0
        while before < min(len(old), len(new)) and old[before] == new[before]:
            before += 1
        after = 0
        while after < min(len(old), len(new)) - before and old[-1 - after] == new[-1 - after]:
            after += 1
        gone, come = node.value[before : len(old) - after], new[before : len(new) - after]
        if node.flow:
            self._replace_flow_entries(node, before, gone, [inline(value) for value in come])
        else:
            shown = [scalar(value) if isinstance(value, str) else inline(value) for value in come]
            self._replace_block_entries(node, before, gone, shown)

    def _replace_whole(self, key: Node | None, node: Node, new: str) -> None:
        text, start, end = self.text, node.start, self._end(node)
        if start == end and key is not None:  # nothing stands there: `key:`
            has_colon = ":" in text[key.end : start]
            at = start if has_colon else key.end
            gap = ("" if text[at - 1] == " " else " ") if has_colon else ": "
            self.edits.append((at, at, gap + new))
            return
        first = self._line_start(start)
        if key is not None and key.end < first and not text[first:start].strip():
            colon = text.index(":", key.end)  # a block on the lines below its key gives way to a value beside it
            self.edits.append((colon + 1, colon + 1, " " + new))
            self.edits.append((first, self._line_end(end)[0], ""))
            return
        self.edits.append((start, end, new))

    def _replace_flow_entries(self, node: Node, at: int, gone: list[Node], come: list[str]) -> None:
        entries, joined = node.value, ", ".join(come)
        if gone and come:
            edit = gone[0].start, self._end(gone[-1]), joined
        elif gone:
            edit = (
                (self._end(entries[at - 1]), self._end(gone[-1]), "")
                if at
                else (gone[0].start, entries[len(gone)].start, "")
            )
        elif at:
            end = self._end(entries[at - 1])
            edit = end, end, ", " + joined
        else:
            edit = entries[0].start, entries[0].start, joined + ", "
        self.edits.append(edit)

    def _replace_block_entries(self, node: Node, at: int, gone: list[Node], come: list[str]) -> None:
        first = self._line_start(self._dash(node, 0))
        indent = " " * (self._dash(node, 0) - first)
        if gone and come:
            line_end = self._line_end_near(gone[0].start)
            gap = "" if gone[0].start > self._dash(node, at) + 1 else " "
            joined = f"{line_end}{indent}- ".join(come)
            self.edits.append((gone[0].start, self._end(gone[-1]), gap + joined))
        elif gone:
            start = self._line_start(self._dash(node, at))
            self.edits.append((start, self._line_end(self._end(gone[-1]))[0], ""))
        elif at:
            self._insert_lines(self._end(node.value[at - 1], keeps_breaks=True), [f"{indent}- {new}" for new in come])
        else:
            line_end = self._line_end_near(first)
            self.edits.append((first, first, "".join(f"{indent}- {new}{line_end}" for new in come)))

    def _dash(self, node: Node, number: int) -> int:
        """Where the dash of an entry of a block list stands."""
        return self.text.rindex("-", 0, max(node.value[number].start, 1))

    def _insert_flow(self, node: Node, missing: dict[str, Value]) -> None:
        pairs = inline(missing)[1:-1]
        if not node.value:
            at = self.text.index("{", node.start) + 1
            self.edits.append((at, at, pairs))
            return
        _, last = list(node.value.values())[-1]
        at = self._end(last)
        self.edits.append((at, at, ", " + pairs))

    def _insert_block(self, node: Node, missing: dict[str, Value], order: Sequence[str]) -> None:
        keys = list(node.value)
        first = node.value[keys[0]][0].start
        indent = " " * (first - self._line_start(first))
        rank = {key: number for number, key in enumerate(order)}
        batches: dict[str, list[str]] = {}
        for key in sorted(missing, key=lambda key: rank.get(key, len(rank))):
            mine = rank.get(key, len(rank))
            earlier = [other for other in keys if rank.get(other, len(rank)) < mine] if key in rank else []
            anchor = max(earlier, key=lambda other: rank[other]) if earlier else keys[-1]
            batches.setdefault(anchor, []).extend(block({key: missing[key]}, indent))
        for anchor, lines in batches.items():
            _, child = node.value[anchor]
            self._insert_lines(self._end(child, keeps_breaks=True), lines)

    def _insert_lines(self, after: int, lines: list[str]) -> None:
        """Insert whole lines below the line in which a value ends."""
        if after and self.text[after - 1] == "\n":  # a block scalar that keeps its last line breaks
            at, line_end = after, self._line_end_near(after - 1)
        else:
            at, line_end = self._line_end(after)
        if line_end:
            self.edits.append((at, at, "".join(line + line_end for line in lines)))
        else:
            line_end = self._line_end_near(0)
            self.edits.append((at, at, "".join(line_end + line for line in lines)))

    def _end(self, node: Node, keeps_breaks: bool = False) -> int:
        """Where a value really ends: libyaml ends a block at the next token, behind comments and blank lines."""
        written = self.text[node.start : node.end]
        if isinstance(node.value, dict | list) and not node.flow and not self._is_alias(node):
            children = [v for _, v in node.value.values()] if isinstance(node.value, dict) else node.value
            return self._end(children[-1], keeps_breaks)
        if keeps_breaks and re.match(r"[|>][0-9]?\+", written):
            return node.end
        return node.start + len(written.rstrip())

    def _is_alias(self, node: Node) -> bool:
        return node.end > node.start and self.text.startswith("*", node.start)

    def _line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _line_end(self, at: int) -> tuple[int, str]:
        """Where the next line begins, and the line end before it (empty at the end of the text)."""
        found = _BREAK.search(self.text, at)
        return (found.end(), found[0]) if found else (len(self.text), "")

    def _line_end_near(self, at: int) -> str:
        """The line end in use here, else the file's first, else a newline."""
        found = _BREAK.search(self.text, at) or _BREAK.search(self.text)
        return found[0] if found else "\n"
