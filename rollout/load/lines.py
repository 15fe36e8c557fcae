"""Records files line by line: where a new record goes, and files put in order.

Two people who record something on two branches change the same file. If new lines went to its end, git would see both
at one place, and every merge would be a conflict. So a line goes beside its like: by kind, then what it is about, then
day. Different things then land at different places, people find them, and git merges them. Where it cannot (two lines
of the same kind about neighbouring things), `fmt` takes both sides.

Only lines that stand directly below each other are ever parted or put in order: a comment or a blank line stays with
its neighbours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rollout.load.dump import inline
from rollout.load.edit import CannotEdit, append_entry
from rollout.load.overlay import Raw
from rollout.load.yaml import Value, compose, parse, split_lines, split_mark
from rollout.model.record import KINDS, kind_in

MARKERS = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?: |\r?$)", re.MULTILINE)
"""How git marks the sides of a conflict."""

_BY_DAY = ("status", "milestone", "readiness", "forecast", "users", "scale")


@dataclass(frozen=True, slots=True)
class _Line:
    """A record on a line of its own, or lines that are none (then `value` is None)."""

    text: str
    value: Mapping[str, Value] | None

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Its place among its like."""
        return order_of(self.value or {}, self.text)


def order_of(entry: Mapping[str, Value], text: str = "") -> tuple[int, str, str, str]:
    """Where a record stands: kind, what it is about, day, text."""
    kinds = list(KINDS)
    kind = kind_in(entry) or ""
    # Of a status, a milestone or a score the day says more than the word.
    subject = entry.get(kind) if kind not in _BY_DAY else ""
    return (
        kinds.index(kind) if kind else len(kinds),
        subject if isinstance(subject, str) else "",
        str(entry.get("on", "")),
        text or inline(dict(entry)),
    )


def insert(text: str | None, entry: Mapping[str, Value]) -> str:
    """The text of a records file with one record more; the same text where it is there already.

    Raises CannotEdit where a person has to do it.
    """
    mark, text = split_mark(text or "")
    old, problems = parse(text, "")
    if problems:
        raise CannotEdit(problems[0].message)
    old = [] if old is None else old
    if not isinstance(old, list):
        raise CannotEdit("it does not hold a list")
    if dict(entry) in old:
        return mark + text
    lines = _lines(text)
    if lines is None:
        return mark + append_entry(text, entry)
    # The end of the file is for what has no place further up.
    wanted = order_of(entry)
    orders = [(n, line.order) for n, line in enumerate(lines) if line.value is not None]
    like = [n + 1 for n, order in orders if order[0] == wanted[0] and order < wanted]
    behind = next((n for n, order in orders if order > wanted), len(lines))
    ideal = like[-1] if like else behind
    at = next(gap for gap in _gaps(lines) if gap >= ideal)
    if at == len(lines):
        return mark + append_entry(text, entry)
    indent = re.match(r"[ ]*", lines[at].text)
    line_end = _end_of(lines[at].text)
    new = f"{indent[0] if indent else ''}- {inline(dict(entry))}{line_end}"
    after = "".join((*(line.text for line in lines[:at]), new, *(line.text for line in lines[at:])))
    again, problems = parse(after, "")
    if problems or not _is_same(again, [*old, dict(entry)]):
        return mark + append_entry(text, entry)
    return mark + after


def until(text: str, day: str) -> str:
    """A records file without the lines dated after a day (ISO). Lines that are no record of their own stay."""
    lines = _lines(text)
    if lines is None:
        return text
    return "".join(line.text for line in lines if line.value is None or str(line.value.get("on", "")) <= day)


def in_order(text: str) -> str:
    """A records file put in order: both sides of conflicts, no line twice, each beside its like.

    Raises CannotEdit with what a person has to do first.
    """
    mark, text = split_mark(text)
    text = without_conflicts(text)
    value, problems = parse(text, "")
    if problems:
        raise CannotEdit(f"line {problems[0].line}: {problems[0].message}")
    if value is None:
        return mark + text
    if not isinstance(value, list):
        raise CannotEdit("it does not hold a list")
    lines = _lines(text)
    if lines is None:
        return mark + text
    seen: dict[str, Mapping[str, Value]] = {}
    kept: list[_Line] = []
    for line in lines:
        if line.value is not None:
            if (key := _key(line.value)) in seen:
                continue
            seen[key] = line.value
        kept.append(line)
    after = _joined(kept, "\r\n" if "\r\n" in text else "\n")
    again, problems = parse(after, "")
    if problems or not _is_same(again, list(seen.values())):
        raise CannotEdit("it is written in a way that rollout cannot change safely")
    return mark + after


def without_conflicts(text: str) -> str:
    """Both sides of every conflict that git marked, each line once; what both sides took away of the base is gone."""
    return _settled(text, _union)


def our_side(text: str) -> str:
    """The text with our side of every conflict that git marked. Raises CannotEdit where the marks are not whole."""
    return _settled(text, lambda ours, _base, _theirs: ours)


def _settled(text: str, choose: Callable[[list[str], list[str] | None, list[str]], list[str]]) -> str:
    if not MARKERS.search(text):
        return text
    parts: list[str] = []
    sides: dict[str, list[str]] | None = None
    side = ""
    for line in split_lines(text):
        found = MARKERS.match(line)
        sign = found[1][0] if found else ""
        if sign == "<":
            if sides is not None:
                raise CannotEdit("a conflict begins inside another")
            sides, side = {"<": []}, "<"
        elif sides is not None and (sign == "=" or (sign == "|" and side == "<")):
            side = sign
            sides[side] = []
        elif sides is not None and sign == ">" and "=" in sides:
            parts += choose(sides["<"], sides.get("|"), sides["="])
            sides = None
        elif found:
            raise CannotEdit("the marks of a conflict are not complete")
        else:
            (parts if sides is None else sides[side]).append(line)
    if sides is not None:
        raise CannotEdit("the marks of a conflict are not complete")
    return "".join(parts)


def _union(ours: list[str], base: list[str] | None, theirs: list[str]) -> list[str]:
    known = {line.rstrip() for line in base or ()}
    kept = {line.rstrip() for line in ours} & {line.rstrip() for line in theirs}
    both: list[str] = []
    seen: set[str] = set()
    for line in (*ours, *theirs):
        bare = line.rstrip()
        if bare in known and bare not in kept:
            continue  # one side has taken it away
        if bare and bare in seen:
            continue
        seen.add(bare)
        both.append(line if line.endswith(("\n", "\r")) else line + (_end_of((ours or theirs)[0]) or "\n"))
    return both


def _lines(text: str) -> list[_Line] | None:
    """The lines of a file, each record whole; None where records share lines or the list is not a block."""
    root = compose(text)
    if root is None or not isinstance(root.value, list) or root.flow:
        return None
    values, _ = parse(text, "")
    starts: list[int] = []
    at = 0
    pieces = split_lines(text)
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    number, lines, done = 0, list[_Line](), 0
    for node, value in zip(root.value, values, strict=True):
        if not isinstance(value, dict) or text[node.start : node.end].startswith(("*", "&")):
            return None
        while number + 1 < len(pieces) and starts[number + 1] <= node.start:
            number += 1
        first = number
        if first < done or not re.match(r"[ ]*-[ ]", pieces[first]):
            return None
        end = node.start + len(text[node.start : node.end].rstrip())
        while number + 1 < len(pieces) and starts[number + 1] < end:
            number += 1
        if number > first and not node.flow:
            # libyaml ends a block behind the comments below it: these are no part of it
            while number > first and re.match(r"\s*(#|$)", pieces[number]):
                number -= 1
        lines += [_Line(piece, None) for piece in pieces[done:first]]
        lines.append(_Line("".join(pieces[first : number + 1]), value))
        done = number + 1
    return [*lines, *(_Line(piece, None) for piece in pieces[done:])]


def _gaps(lines: Sequence[_Line]) -> list[int]:
    """Numbers of lines before which a new one parts no comment from its neighbours; the first only before a record."""
    inner = [n for n in range(1, len(lines)) if lines[n - 1].value is not None and lines[n].value is not None]
    return [0, *inner, len(lines)]


def _joined(lines: Sequence[_Line], line_end: str) -> str:
    """The lines, every run of records below each other in order."""
    parts: list[str] = []
    run: list[_Line] = []
    for line in (*lines, _Line("", None)):
        if line.value is not None:
            run.append(line)
            continue
        parts += [other.text if _end_of(other.text) else other.text + line_end for other in sorted(run, key=_by_order)]
        run = []
        parts.append(line.text)
    return "".join(parts)


def _by_order(line: _Line) -> tuple[int, str, str, str]:
    return line.order


def _end_of(line: str) -> str:
    found = re.search(r"(\r\n|\n|\r)\Z", line)
    return found[0] if found else ""


def _is_same(one: Raw, other: Sequence[Raw]) -> bool:
    """Whether two lists hold the same records, in any order."""
    return isinstance(one, list) and sorted(map(_key, one)) == sorted(map(_key, other))


def _key(value: Value) -> str:
    return json.dumps(value, sort_keys=True)
