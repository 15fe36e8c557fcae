"""A page as it is on disk and as rollout would write it now, made into one: nothing a person wrote is lost.

Pure, and without history: the page carries the digest of what every block was when it was written. A block nobody
touched is replaced. One that only a person changed is kept. One that both changed is a conflict, unless the person
did no more than add lines: those move along. Ticks follow the item's id whatever happens to its words and place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from rollout.render.block import Block, Page, digest, listing, take_apart, tick_of, ticked, unticked


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a page."""

    text: str
    conflicts: tuple[str, ...] = ()
    """Blocks changed by a person and by rollout; the page is then kept as it is."""
    deleted: tuple[str, ...] = ()
    """Blocks a person deleted, which stay so."""
    left: tuple[str, ...] = ()
    """Blocks rollout has no more use for, kept because a person ticked or changed them."""
    pristine: bool = True
    """Whether the page on disk holds nothing that a person wrote."""


def merge(page: str | None, new: str) -> Merged:
    """The page with everything new in it and everything a person wrote still there."""
    if page is None or page == new:
        return Merged(new)
    mark = "\ufeff" if page.startswith("\ufeff") else ""
    crlf = page.count("\r\n") * 2 > page.count("\n")
    ours = take_apart(new.split("\n"))
    theirs = take_apart(page.removeprefix(mark).replace("\r\n", "\n").split("\n"))
    if theirs.listed is None and not theirs.blocks and not page.strip():
        return Merged(new)
    listed = set(theirs.listed or ())
    there = {block.id for block in theirs.blocks}
    deleted = tuple(block.id for block in ours.blocks if block.id in listed and block.id not in there)
    merging = _Merging(ours, theirs)
    conflicts = merging.settle()
    pristine = not deleted and merging.is_pristine()
    if conflicts:
        return Merged(page, conflicts, deleted, pristine=False)
    text = "\n".join(merging.lines(set(deleted)))
    text = mark + (text.replace("\n", "\r\n") if crlf else text)
    return Merged(text, (), deleted, tuple(merging.left), pristine)


class _Merging:
    """One merge in progress: which blocks come, in which order, with what between them."""

    def __init__(self, ours: Page, theirs: Page) -> None:
        self.ours, self.theirs = ours, theirs
        self.new = {block.id: block for block in ours.blocks}
        self.old = {block.id: block for block in theirs.blocks}
        self.settled: dict[str, Block] = {}
        self.left: list[str] = []
        self.edited = False

    def settle(self) -> tuple[str, ...]:
        """Decides every block; returns those that cannot be."""
        conflicts = []
        for block in self.ours.blocks:
            old = self.old.get(block.id)
            found = block if old is None else self._joined(old, block)
            if found is None:
                conflicts.append(block.id)
            else:
                self.settled[block.id] = found
        for old in self.theirs.blocks:
            if old.id not in self.new and (old.is_edited or old.is_ticked or old.after):
                self.settled[old.id] = old
                self.left.append(old.id)
        return tuple(conflicts)

    def _joined(self, old: Block, new: Block) -> Block | None:
        edited = old.is_edited
        self.edited = self.edited or edited or bool(old.after)
        if not edited:
            return _ticked_as(old, new)
        if old.digest == new.digest:
            is_done = old.is_line and tick_of(new.text) == "x" and tick_of(old.text) == " "
            return replace(old, text=ticked(old.text, "x")) if is_done else old
        return _with_addition(old, new)

    def is_pristine(self) -> bool:
        """Whether the page holds nothing that a person wrote."""
        if self.edited or self.left or any(line.strip() for line in self.theirs.head):
            return False
        for old in self.theirs.blocks:
            if any(line.strip() for line in old.gap):
                return False
            new = self.new.get(old.id)
            if old.is_ticked and (new is None or not new.is_ticked):
                return False
        return True

    def lines(self, deleted: set[str]) -> list[str]:
        """The page put together, with its last line and final line end."""
        order = self._order(deleted)
        out = list(self.theirs.head) if _has_text(self.theirs.head) else list(self.ours.head)
        gaps = self._gaps(order)
        for name, gap in zip(order, gaps, strict=True):
            out += self.settled[name].lines()
            out += gap
        while out and not out[-1].strip():
            out.pop()
        names = [block.id for block in self.ours.blocks]
        names += [name for name in self.left if name not in self.new]
        # A deleted block that is not wanted now may be wanted again: it stays deleted then, too.
        names += [
            name
            for name in self.theirs.listed or ()
            if name not in self.settled and name not in self.new and name not in self.old
        ]
        return [*out, "", listing(names), ""]

    def _order(self, deleted: set[str]) -> list[str]:
        """Ids as the new page has them; what is left of the old one behind what it stood behind."""
        order = [block.id for block in self.ours.blocks if block.id not in deleted]
        wanted, before = set(order), ""
        for old in self.theirs.blocks:
            if old.id in self.settled and old.id not in wanted:
                order.insert(order.index(before) + 1 if before else 0, old.id)
            if old.id in self.settled:
                before = old.id
        return order

    def _gaps(self, order: list[str]) -> list[list[str]]:
        """What stands behind each block: a person's text where there is some, else the blank lines due there."""
        texts, follows = self._written()
        place = {block.id: number for number, block in enumerate(self.ours.blocks)}
        gaps = []
        for name, following in zip(order, [*order[1:], ""], strict=False):
            text = texts.get(name)
            if follows.get(name) == following and text is not None:
                gaps.append(text)
                continue
            blank = self._is_apart(name, following, place)
            if text is None or not _has_text(text):
                gaps.append([""] if blank else [])
            else:
                gaps.append([*text, ""] if blank and text[-1].strip() else text)
        return gaps

    def _written(self) -> tuple[dict[str, list[str]], dict[str, str]]:
        """For every old block that stays: the text behind it (that of removed ones included), and the next."""
        texts: dict[str, list[str]] = {}
        follows: dict[str, str] = {}
        before = ""
        for old in self.theirs.blocks:
            if old.id in self.settled:
                if before:
                    follows[before] = old.id
                texts[old.id] = list(old.gap)
                before = old.id
            elif _has_text(old.gap):
                target = texts[before] if before else self.theirs.head
                target += old.gap
                follows.pop(before, None)
        if before:
            follows[before] = ""
        return texts, follows

    def _is_apart(self, name: str, following: str, place: dict[str, int]) -> bool:
        """Whether the new page has a blank line somewhere between two blocks."""
        if not following:
            return False
        blocks = self.ours.blocks
        last = place.get(following)
        if last is None:
            return bool(self.old[name].gap) if name in self.old else False
        first = place.get(name, last - 1)
        if first < 0 or first >= last:
            return bool(blocks[last - 1].gap) if last else True
        return any(blocks[number].gap for number in range(first, last))


def _has_text(lines: list[str]) -> bool:
    return any(line.strip() for line in lines)


def _ticked_as(old: Block, new: Block) -> Block | None:
    """The new block with the boxes that were ticked; None when a ticked box without an id is not in it any more."""
    if old.is_line:
        tick = tick_of(old.text)
        text = ticked(new.text, tick) if tick in ("x", "X") else new.text
        return replace(new, text=text, is_line=new.is_line, after=old.after)
    if not old.is_ticked:
        return new
    lines = new.text.split("\n")
    for line in old.text.split("\n"):
        if tick_of(line) in ("x", "X"):
            empty = unticked(line).rstrip()
            if empty in lines:
                lines[lines.index(empty)] = line
            elif line.rstrip() not in lines:
                return None
    return replace(new, text="\n".join(lines))


def _with_addition(old: Block, new: Block) -> Block | None:
    """The new block with what a person only added to the old one: a run of lines, or words at the end of a line."""
    if old.is_line:
        base = unticked(old.text)
        for cut in range(len(base) - 1, 0, -1):
            if digest(base[:cut].rstrip()) == old.digest:
                joined = _ticked_as(replace(old, text=old.text[:cut].rstrip()), new)
                return joined and replace(joined, text=joined.text + old.text[cut:].rstrip())
        return None
    lines = old.text.split("\n")
    for first, last in _runs(len(lines)):
        if digest("\n".join([*lines[:first], *lines[last:]])) == old.digest:
            joined = _ticked_as(replace(old, text="\n".join([*lines[:first], *lines[last:]])), new)
            return joined and replace(joined, text="\n".join(_inserted(joined.text.split("\n"), lines, first, last)))
    return None


def _runs(count: int) -> list[tuple[int, int]]:
    """Runs of lines that may have been added: at the end, at the beginning, then anywhere, short ones first."""
    ends = [(count - size, count) for size in range(1, count + 1)]
    starts = [(0, size) for size in range(1, count)]
    if count > 200:  # a longer block than any of ours: only its ends
        return ends + starts
    return ends + starts + [(at, at + size) for size in range(1, count) for at in range(1, count - size)]


def _inserted(new: list[str], lines: list[str], first: int, last: int) -> list[str]:
    """Added lines where they stood: behind the same line, before the same line, or last."""
    added = lines[first:last]
    if first == 0:
        return [*added, *new]
    if last < len(lines):
        for at, (before, after) in enumerate(pairwise(new), 1):
            if before == lines[first - 1] or after == lines[last]:
                return [*new[:at], *added, *new[at:]]
    return [*new, *added]
