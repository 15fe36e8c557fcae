"""Two versions of one page that git could not merge: both were written anew, and people worked in either.

What rollout wrote is the same on both sides once each is merged with the page as it would be now. What is left is what
people did, and that is put together line by line on the common ground of the new page.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from rollout.model.boxes import marks
from rollout.render.block import tick_of, ticked, unticked


def sides(lines: Sequence[str]) -> tuple[list[str], list[str]] | None:
    """The page as either branch had it; None where the markers are not as git writes them."""
    first: list[str] = []
    second: list[str] = []
    where = ""
    for line in lines:
        mark = line[:7] if line[7:8] in ("", " ") else ""
        if mark == "<<<<<<<" and not where:
            where = "first"
        elif mark == "|||||||" and where == "first":
            where = "base"
        elif line == "=======" and where in ("first", "base"):
            where = "second"
        elif mark == ">>>>>>>" and where == "second":
            where = ""
        elif mark in ("<<<<<<<", ">>>>>>>") or (line == "=======" and where):
            return None
        else:
            if where in ("", "first"):
                first.append(line)
            if where in ("", "second"):
                second.append(line)
    return None if where else (first, second)


def woven(base: Sequence[str], first: Sequence[str], second: Sequence[str]) -> list[str] | None:
    """Both versions of `base` as one; None where they say different things in place of the same line.

    A three-way merge as in Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007), but that lines are known
    again by their ids, ticks are taken from both, and so is what both put in at one place.
    """
    out: list[str] = []
    at = (0, 0, 0)
    for start, at_first, at_second in _common(base, first, second):
        old, mine, other = base[at[0] : start], first[at[1] : at_first], second[at[2] : at_second]
        run = _run(old, mine, other)
        if run is None:
            return None
        out += run
        if start < len(base):
            line = _line(base[start], first[at_first], second[at_second])
            if line is None:
                return None
            out.append(line)
        at = (start + 1, at_first + 1, at_second + 1)
    return _once(out)


def _common(base: Sequence[str], first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int, int]]:
    """Lines that all three have, as places in each, and their ends."""
    keys = [_key(line) for line in base]
    places = [
        {
            block.a + n: block.b + n
            for block in SequenceMatcher(
                None, keys, [_key(line) for line in other], autojunk=False
            ).get_matching_blocks()
            for n in range(block.size)
        }
        for other in (first, second)
    ]
    shared = [(n, places[0][n], places[1][n]) for n in range(len(base)) if n in places[0] and n in places[1]]
    return [*shared, (len(base), len(first), len(second))]


def _key(line: str) -> str:
    """What a line is known by: the id and digest of its item whatever became of its words, else its words."""
    return (
        line[line.rindex("<!-- rollout:") :].partition(" -->")[0] if marks(line) and tick_of(line) else unticked(line)
    )


def _line(was: str, one: str, two: str) -> str | None:
    tick = next((tick for tick in map(tick_of, (one, two)) if tick in ("x", "X")), "")
    was, one, two = map(unticked, (was, one, two))
    if was not in (one, two) and one != two:
        return None
    line = two if one == was else one
    return ticked(line, tick) if tick else line


def _run(old: Sequence[str], mine: Sequence[str], other: Sequence[str]) -> list[str] | None:
    if mine in (old, other):
        return list(other)
    if other == old:
        return list(mine)
    return None if old else _both(mine, other)


def _both(mine: Sequence[str], other: Sequence[str]) -> list[str]:
    """All lines of both, common ones once."""
    out: list[str] = []
    for what, i, end_i, j, end_j in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        out += mine[i:end_i]
        out += other[j:end_j] if what != "equal" else []
    return out


def _once(lines: Sequence[str]) -> list[str]:
    """Items that both versions kept, wherever, as one where they say the same; the tick of either is that of the id."""
    out: list[str] = []
    places: dict[str, int] = {}
    for line in lines:
        ids = marks(line) if tick_of(line) else []
        known = places.setdefault(ids[0], len(out)) if ids else len(out)
        if known < len(out):
            one, two = unticked(out[known]), unticked(line)
            tick = next((tick for tick in map(tick_of, (out[known], line)) if tick in ("x", "X")), " ")
            is_same = one.startswith(two) or two.startswith(one)
            out[known] = ticked(max(one, two, key=len) if is_same else one, tick)
            if is_same:
                continue
        out.append(line)
    return out
