"""Files of `key: value` put in order: whole top-level blocks move, with the comments that belong to them.

A block is a key with its value and its comments: those directly above it, and those below it as far as they are
indented or no blank line parts them from it. Blank lines and comments that stand alone go with the block below them.
What stands at the top of a file above a blank line stays there (with the mark for editors), and so does what stands
below the last block. Nothing inside a block is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rollout.load.edit import CannotEdit
from rollout.load.yaml import Node, compose, parse, split_lines, split_mark

MODELINE = re.compile(r"#\s*(?:yaml-language-server\s*:|vim?\s*:|-\*-)")
"""A line that speaks to the editor. It stays first."""


class KeptAsIs(Exception):
    """A file that is right as it is and would be wrong in another order; says why."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A key with all its lines."""

    key: str
    gap: str
    """Blank lines above it, and what else stands alone there."""
    text: str


def in_key_order(text: str, order: Sequence[str]) -> str:
    """The text with its top-level keys in this order, keys it does not name last; the same text where they are.

    The value is the same before and after, and so is every line. Raises CannotEdit with what a person has to do first,
    and KeptAsIs where an alias would come to stand before its anchor.
    """
    mark, text = split_mark(text)
    value, problems = parse(text, "")
    if problems:
        raise CannotEdit(f"line {problems[0].line}: {problems[0].message}")
    if not isinstance(value, dict):
        return mark + text
    place = {key: number for number, key in enumerate(order)}
    keys = list(value)
    wanted = sorted(keys, key=lambda key: place.get(key, len(place)))
    if keys == wanted or (root := compose(text)) is None or root.flow:
        return mark + text
    head, blocks, tail = _blocks(text, root)
    after = head + _joined(blocks, wanted, text) + tail
    again, wrong = parse(after, "")
    if alias := next((problem for problem in wrong if problem.code == "unknown-alias"), None):
        name = alias.message.rpartition("&")[2]
        raise KeptAsIs(f"its keys are not in order, and in order *{name} would stand before &{name}")
    if wrong or again != value:
        raise CannotEdit("it is written in a way that rollout cannot change safely")
    return mark + after


def _blocks(text: str, root: Node) -> tuple[str, list[_Block], str]:
    """What stands above the first block, the blocks, and what stands below the last."""
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    spans: list[tuple[str, int, int]] = []
    number = 0
    for key, (key_node, value) in root.value.items():
        while starts[number + 1] <= key_node.start:
            number += 1
        if starts[number] != key_node.start or (spans and number < spans[-1][2]):
            raise CannotEdit("its keys do not each begin a line")
        spans.append((key, number, _end(lines, starts, number, max(key_node.end, value.end))))
    head = _head(lines, spans[0][1])
    blocks: list[_Block] = []
    done = head
    for n, (key, begins, ends) in enumerate(spans):
        above = begins
        while above > done and _is_comment(lines[above - 1]):
            above -= 1
        below = _below(lines, ends, spans[n + 1][1]) if n + 1 < len(spans) else ends
        blocks.append(_Block(key, "".join(lines[done:above]), "".join(lines[above:below])))
        done = below
    return "".join(lines[:head]), blocks, "".join(lines[done:])


def _end(lines: list[str], starts: list[int], first: int, end: int) -> int:
    """Number of the line behind a block; libyaml ends a block behind the comments below it, so these are left again."""
    number = first
    while number + 1 < len(lines) and starts[number + 1] < end:
        number += 1
    while number > first and (not lines[number].strip() or _is_comment(lines[number])):
        number -= 1
    # What is indented belongs inside, whether it is a comment or the end of a text that looks like one.
    ends = number + 1
    while number + 1 < len(lines) and (not lines[number + 1].strip() or re.match(r"[ \t]+#", lines[number + 1])):
        number += 1
        if lines[number].strip():
            ends = number + 1
    return ends


def _below(lines: list[str], ends: int, next_key: int) -> int:
    """Comments directly below a block and parted from the next by a blank line speak about the block above."""
    number = ends
    while number < next_key and _is_comment(lines[number]):
        number += 1
    return number if number < next_key and not lines[number].strip() else ends


def _head(lines: list[str], first: int) -> int:
    """How many lines at the top of a file stay there."""
    head = first
    while head and _is_comment(lines[head - 1]) and not MODELINE.match(lines[head - 1]):
        head -= 1
    return head


def _is_comment(line: str) -> bool:
    return line.startswith("#")


def _joined(blocks: Sequence[_Block], wanted: Sequence[str], text: str) -> str:
    """The blocks in order. A blank line goes with the block below it, except that none comes to stand first."""
    by_key = {block.key: block for block in blocks}
    old, new = blocks[0], by_key[wanted[0]]
    by_key[new.key], by_key[old.key] = replace(new, gap=old.gap), replace(old, gap=new.gap)
    line_end = "\r\n" if "\r\n" in text else "\n"
    parts = [part for key in wanted for part in (by_key[key].gap, by_key[key].text) if part]
    return "".join(part if part.endswith(("\n", "\r")) else part + line_end for part in parts)
