"""The blocks a page is made of, as they are written in it.

    <!-- rollout:ID DIGEST -->            a block of lines
    ...
    <!-- /rollout:ID -->
    - [ ] Book the crane <!-- rollout:ID DIGEST -->           a block of one line: items, headings
    <!-- rollout: ID ID ID -->            the last line: what the page held when it was written

Where a person and rollout changed the same block, git's conflict markers stand inside the comments of a block of lines
and around a block of one line. Both sides then carry the digest of rollout's text: whichever stays, it is settled.

The digest is that of the block's pristine text (boxes unticked, trailing space and line ends normalised), so the page
carries its own base and no history is needed to tell a person's text from ours. Templates write the same comments
without digest; everything they write outside of blocks is an error, so that what stands there is always a person's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import accumulate

from rollout.model.boxes import BOX_END, BULLET, ID
from rollout.model.markers import MARKER, has_markers

_OPEN = re.compile(rf"[ \t]*<!-- rollout:({ID})(?: ([0-9a-f]{{6,16}}))? -->[ \t]*")
_CLOSE = re.compile(rf"[ \t]*<!-- /rollout:({ID}) -->[ \t]*")
_LINE = re.compile(rf"(.*\S)[ \t]*<!-- rollout:({ID})(?: ([0-9a-f]{{6,16}}))? -->(.*)")
_NAME = re.compile(ID)
_LIST = re.compile(rf"[ \t]*<!-- rollout:((?: {ID})*) -->[ \t]*")
_BOX = re.compile(rf"^({BULLET})[ \t]*[xX]?[ \t]*(?={BOX_END})", re.MULTILINE)
_TICKED = re.compile(rf"^{BULLET}[ \t]*[xX][ \t]*{BOX_END}", re.MULTILINE)
_ITEM = re.compile(rf"{BULLET}([ \t]*([xX])?[ \t]*){BOX_END}", re.MULTILINE)
_UNUSUAL_BOX = re.compile(r"\[(?: ?[xX]|\])")
_COMMENT = re.compile(rf"[ \t]*<!-- /?rollout:{ID}(?: [0-9a-f]*)? -->")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)
YOURS, MIDDLE, OURS = "<<<<<<< yours (", "=======", ">>>>>>> rollout ("


@dataclass(slots=True)
class Block:
    """A block on a page, and what a person wrote between it and the next one."""

    id: str
    digest: str
    text: str
    """Its lines without the comments, or its one line without the comment."""
    is_line: bool
    after: str = ""
    """What stands on a line behind the comment: a person put it there."""
    gap: list[str] = field(default_factory=list)
    """Lines up to the next block."""
    ours: str | None = None
    """Rollout's text where it stands beside the person's, with markers between the two."""
    raw: tuple[str, ...] = ()
    """Both sides as they stand on the page, as long as nothing about them changes."""

    @property
    def is_disputed(self) -> bool:
        """Whether conflict markers stand in it or around it."""
        return self.ours is not None or has_markers(self.text)

    @property
    def is_edited(self) -> bool:
        """Whether a person changed more than its boxes."""
        return digest(self.text) != self.digest

    @property
    def is_ticked(self) -> bool:
        """Whether any of its boxes is ticked."""
        return any(_TICKED.search(text) for text in (self.text, self.ours or ""))

    def lines(self, path: str = "") -> list[str]:
        """The block as it stands on the page."""
        if self.is_line:
            sides = [self.text] if self.ours is None else [self.text, self.ours]
            written = [f"{text} <!-- rollout:{self.id} {self.digest} -->{self.after}" for text in sides]
            return list(self.raw) or (written if self.ours is None else between(written[:1], written[1:], path))
        if self.raw:
            body: Sequence[str] = self.raw
        elif self.ours is None:
            body = split(self.text)
        else:
            body = between(split(self.text), split(self.ours), path)
        return [f"<!-- rollout:{self.id} {self.digest} -->", *body, f"<!-- /rollout:{self.id} -->"]


@dataclass(slots=True)
class Page:
    """A page taken apart."""

    head: list[str]
    """Lines before the first block."""
    blocks: list[Block]
    listed: tuple[str, ...] | None
    """Ids in the last comment; None where it is missing."""


class LooseTextError(ValueError):
    """A template wrote something that does not stand in exactly one block."""

    def __init__(self, line: str, said: str) -> None:
        super().__init__(said)
        self.line = line


def digest(text: str) -> str:
    """First 8 hex digits (blake2b, 4 bytes) of a pristine text."""
    if text[-1:] in (" ", "\t") or " \n" in text or "\t\n" in text:
        text = _TRAILING.sub("", text)
    return _digest_of_trimmed(text)


@lru_cache(maxsize=8192)  # thousands of pages hold the same texts
def _digest_of_trimmed(text: str) -> str:
    return _hash(_with_empty_boxes(text).encode()).hexdigest()


def _with_empty_boxes(text: str) -> str:
    return unticked(text) if "[" in text and _UNUSUAL_BOX.search(text) else text


_hash = partial(blake2b, digest_size=4)


def added_run(text: str, wanted: str) -> tuple[int, int] | None:
    """The run of lines (first, and one past the last) without which a text has this digest; None where there is none.

    Of a block of 200 lines 20,000 runs are tried, so what stands before a run is hashed once for all that begin there.
    """
    lines = [line.encode() + b"\n" for line in _with_empty_boxes(_TRAILING.sub("", text)).split("\n")]
    whole, starts = memoryview(b"".join(lines)), [0, *accumulate(map(len, lines))]
    heads = [_hash()]
    for line in lines:
        heads.append(heads[-1].copy())
        heads[-1].update(line)
    for first, last in _runs(len(lines)):
        if last == len(lines):  # the line end before the run goes with it
            rest = _hash(whole[: max(starts[first] - 1, 0)])
        else:
            rest = heads[first].copy()
            rest.update(whole[starts[last] : -1])
        if rest.hexdigest() == wanted:
            return first, last
    return None


def added_words(line: str, wanted: str) -> str | None:
    """What stands at the end of a line behind a text with this digest; None where there is none. Boxes are empty."""
    found, head = None, _hash()
    for at, letter in enumerate(line[:-1], 1):
        head.update(letter.encode())
        if not letter.isspace() and head.hexdigest() == wanted:
            found = at
    return None if found is None else line[found:].rstrip()


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """Runs of lines that may have been added: at the end, at the beginning, then anywhere, short ones first."""
    yield from ((count - size, count) for size in range(1, count + 1))
    yield from ((0, size) for size in range(1, count))
    if count <= 200:  # of a longer block than any of ours only its ends
        yield from ((at, at + size) for size in range(1, count) for at in range(1, count - size))


def unticked(text: str) -> str:
    """The text with every box empty."""
    return _BOX.sub(r"\1 ", text)


def tick_of(text: str) -> str:
    """What stands in the box of an item: a space, `x` or `X`; nothing where there is no box."""
    match = _ITEM.match(text)
    return match[2] or " " if match else ""


def ticked(text: str, tick: str) -> str:
    """An item with that in its box."""
    match = _ITEM.match(text)
    return text[: match.start(1)] + tick + text[match.end(1) :] if match else text


def split(text: str) -> list[str]:
    """The lines of a block; none of an empty one."""
    return text.split("\n") if text else []


def is_comment(line: str) -> bool:
    """Whether a line has one of our comments in it, or half a pair of them."""
    return "rollout:" in line and _COMMENT.search(line) is not None


def without_comments(lines: Sequence[str]) -> list[str]:
    """Text with our comments taken out, and lines that had nothing else."""
    cleared = ((line, _COMMENT.sub("", line).rstrip() if is_comment(line) else line) for line in lines)
    return [text for line, text in cleared if text.strip() or text == line]


def between(mine: Sequence[str], ours: Sequence[str], path: str) -> list[str]:
    """Two texts as one with git's markers round the lines in which they differ."""
    most = min(len(mine), len(ours))
    first = next((n for n in range(most) if mine[n] != ours[n]), most)
    last = next((n for n in range(most - first) if mine[-1 - n] != ours[-1 - n]), most - first)
    begin, end = f"{YOURS}{path or 'this page'} as edited)", f"{OURS}from the current plan)"
    middle = [begin, *mine[first : len(mine) - last], MIDDLE, *ours[first : len(ours) - last], end]
    return [*mine[:first], *middle, *mine[len(mine) - last :]]


def seal(text: str) -> str:
    """A freshly rendered page with its digests and its last comment; raises LooseTextError for text outside blocks."""
    if has_markers(text):
        line = next(line for line in text.split("\n") if MARKER.match(line))
        raise LooseTextError(line, "this is a conflict marker that somebody has left")
    out: list[str] = []
    ids: list[str] = []
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    number, end, blank = 0, len(lines), True
    while number < end:
        line = lines[number]
        number += 1
        if not line:
            # Blocks that came out empty leave blank lines behind: one is enough.
            if not blank:
                out.append("")
            blank = True
            continue
        blank = False
        before, ours, mark = line.rpartition("<!-- rollout:")
        if not ours:
            raise LooseTextError(line, "this stands outside of every block, so it could never be changed again")
        name, body = mark[:-4], before.rstrip()
        if body and before[-1] == " " and mark[-4:] == " -->" and _NAME.fullmatch(name):
            # The common case, an item or a heading, without the pattern's backtracking.
            out.append(f"{body} <!-- rollout:{name} {_digest_of_trimmed(body)} -->")
        elif match := _OPEN.fullmatch(line):
            name = match[1]
            close = f"<!-- /rollout:{name} -->"
            try:
                last = lines.index(close, number)
            except ValueError:
                raise LooseTextError(line, f"the block {name} has no {close}") from None
            body = "\n".join(lines[number:last]).strip("\n")
            number = last + 1
            out += (f"<!-- rollout:{name} {_digest_of_trimmed(body)} -->", body, close) if body else _empty(name)
        elif (match := _LINE.fullmatch(line)) and not match[4]:
            name = match[2]
            out.append(f"{match[1]} <!-- rollout:{name} {_digest_of_trimmed(match[1])} -->")
        else:
            raise LooseTextError(line, "this line holds a comment of ours that is none")
        ids.append(name)
    if len(set(ids)) != len(ids):
        twice = next(name for place, name in enumerate(ids) if name in ids[:place])
        raise LooseTextError(f"<!-- rollout:{twice}", f"the block {twice} is written twice")
    while out and not out[-1]:
        out.pop()
    return "\n".join([*out, "", listing(ids), ""])


def _empty(name: str) -> tuple[str, ...]:
    return f"<!-- rollout:{name} {digest('')} -->", f"<!-- /rollout:{name} -->"


def listing(ids: Iterable[str]) -> str:
    """The last line of a page."""
    return f"<!-- rollout: {' '.join(ids)} -->"


def take_apart(lines: Sequence[str]) -> Page:
    """The blocks of a page. What is no whole block (a comment without its end, an id met before) is a person's text."""
    page = Page([], [], None)
    gap, seen, number = page.head, set[str](), 0
    closes: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        if "<!-- /rollout:" in line and (match := _CLOSE.fullmatch(line)):
            closes.setdefault(match[1], []).append(place)
    while number < len(lines):
        line = lines[number]
        number += 1
        block = None
        if line.startswith(YOURS):
            block = _two_lines(lines[number - 1 : number + 4])
            number += 4 if block and block.id not in seen else 0
        elif "<!-- rollout:" not in line:
            pass
        elif match := _LIST.fullmatch(line):
            page.listed = tuple(match[1].split())
            continue
        elif match := _OPEN.fullmatch(line):
            ends = closes.get(match[1], [])
            last = ends[at] if (at := bisect_left(ends, number)) < len(ends) else None
            if last is not None and match[2] and match[1] not in seen:
                block = _of_lines(match[1], match[2], lines[number:last])
                number = last + 1
        elif (match := _LINE.fullmatch(line)) and match[3] and match[2] not in seen:
            block = Block(match[2], match[3], match[1], is_line=True, after=match[4].rstrip())
        if block is None or block.id in seen:
            gap.append(line)
        else:
            seen.add(block.id)
            page.blocks.append(block)
            gap = block.gap
    return page


def _of_lines(name: str, mark: str, body: Sequence[str]) -> Block:
    """A block of lines; where rollout's side of a conflict is as it was written, its two sides."""
    whole = Block(name, mark, "\n".join(body), is_line=False)
    if not has_markers(whole.text):
        return whole
    begin = [n for n, line in enumerate(body) if line.startswith(YOURS)]
    end = [n for n, line in enumerate(body) if line.startswith(OURS)]
    if len(begin) != 1 or len(end) != 1 or len(MARKER.findall(whole.text)) != 2:
        return whole
    middle = [n for n in range(begin[0], end[0]) if body[n] == MIDDLE]
    if len(middle) != 1:
        return whole
    before, after = list(body[: begin[0]]), list(body[end[0] + 1 :])
    mine = [*before, *body[begin[0] + 1 : middle[0]], *after]
    ours = "\n".join([*before, *body[middle[0] + 1 : end[0]], *after])
    if digest(ours) != mark:
        return whole
    return Block(name, mark, "\n".join(mine), is_line=False, ours=ours, raw=tuple(body))


def _two_lines(region: Sequence[str]) -> Block | None:
    """A block of one line whose two sides stand between markers, if they are as they were written."""
    if len(region) < 5 or region[2] != MIDDLE or not region[4].startswith(OURS):
        return None
    mine, ours = _LINE.fullmatch(region[1]), _LINE.fullmatch(region[3])
    if not mine or not ours or mine.groups()[1:] != ours.groups()[1:] or digest(ours[1]) != mine[3]:
        return None
    text, after = mine[1], mine[4].rstrip()
    return Block(mine[2], mine[3], text, is_line=True, after=after, ours=ours[1], raw=tuple(region))
