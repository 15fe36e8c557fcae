"""The blocks a page is made of, as they are written in it.

    <!-- rollout:ID DIGEST -->            a block of lines
    ...
    <!-- /rollout:ID -->
    - [ ] Book the crane <!-- rollout:ID DIGEST -->           a block of one line: items, headings
    <!-- rollout: ID ID ID -->            the last line: what the page held when it was written

The digest is that of the block's pristine text (boxes unticked, trailing space and line ends normalised), so the page
carries its own base and no history is needed to tell a person's text from ours. Templates write the same comments
without digest; everything they write outside of blocks is an error, so that what stands there is always a person's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

ID = r"[a-z0-9][a-z0-9:._-]*"
_OPEN = re.compile(rf"[ \t]*<!-- rollout:({ID})(?: ([0-9a-f]{{6,16}}))? -->[ \t]*")
_CLOSE = re.compile(rf"[ \t]*<!-- /rollout:({ID}) -->[ \t]*")
_LINE = re.compile(rf"(.*\S)[ \t]*<!-- rollout:({ID})(?: ([0-9a-f]{{6,16}}))? -->(.*)")
_NAME = re.compile(ID)
_LIST = re.compile(rf"[ \t]*<!-- rollout:((?: {ID})*) -->[ \t]*")
_BOX = re.compile(r"^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)[xX](?=\])", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\]")
_TRAILING = re.compile(r"[ \t]+$", re.MULTILINE)


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

    @property
    def is_edited(self) -> bool:
        """Whether a person changed more than its boxes."""
        return digest(self.text) != self.digest

    @property
    def is_ticked(self) -> bool:
        """Whether any of its boxes is ticked."""
        return _BOX.search(self.text) is not None

    def lines(self) -> list[str]:
        """The block as it stands on the page."""
        if self.is_line:
            return [f"{self.text} <!-- rollout:{self.id} {self.digest} -->{self.after}"]
        body = self.text.split("\n") if self.text else []
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


def _digest_of_trimmed(text: str) -> str:
    if "[x]" in text or "[X]" in text:
        text = unticked(text)
    return blake2b(text.encode(), digest_size=4).hexdigest()


def unticked(text: str) -> str:
    """The text with every box empty."""
    return _BOX.sub(r"\1 ", text)


def tick_of(text: str) -> str:
    """What stands in the box of an item: a space, `x` or `X`; nothing where there is no box."""
    match = _ITEM.match(text)
    return match[1] if match else ""


def ticked(text: str, tick: str) -> str:
    """An item with that in its box."""
    match = _ITEM.match(text)
    return text[: match.start(1)] + tick + text[match.end(1) :] if match else text


def seal(text: str) -> str:
    """A freshly rendered page with its digests and its last comment; raises LooseTextError for text outside blocks."""
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
    closes = [(place, match[1]) for place, line in enumerate(lines) if (match := _CLOSE.fullmatch(line))]
    while number < len(lines):
        line = lines[number]
        number += 1
        block = None
        if "<!-- rollout:" not in line:
            pass
        elif match := _LIST.fullmatch(line):
            page.listed = tuple(match[1].split())
            continue
        elif match := _OPEN.fullmatch(line):
            last = next((place for place, name in closes if place >= number and name == match[1]), None)
            if last is not None and match[2] and match[1] not in seen:
                block = Block(match[1], match[2], "\n".join(lines[number:last]), is_line=False)
                number = last + 1
        elif (match := _LINE.fullmatch(line)) and match[3] and match[2] not in seen:
            block = Block(match[2], match[3], match[1], is_line=True, after=match[4].rstrip())
        if block is None:
            gap.append(line)
        else:
            seen.add(block.id)
            page.blocks.append(block)
            gap = block.gap
    return page
