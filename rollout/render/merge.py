"""A page as it is on disk and as rollout would write it now, made into one: nothing a person wrote is lost.

Pure, and without history: the page carries the digest of what every block was when it was written. A block nobody
touched is replaced. One that only a person changed is kept. Where both changed, and the person did more than add
lines, both texts stay between git's conflict markers until somebody chooses. Both carry the digest of rollout's text,
so that a choice is remembered: the person's text stays for as long as rollout has nothing newer to say. Ticks follow
the item's id whatever happens to its words and place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from rollout.model.dispute import Dispute
from rollout.model.markers import has_markers
from rollout.render.block import (
    OURS,
    YOURS,
    Block,
    Page,
    added_run,
    added_words,
    digest,
    is_comment,
    listing,
    split,
    take_apart,
    tick_of,
    ticked,
    unticked,
    without_comments,
)
from rollout.render.reconcile import sides, woven

Branches = Callable[[str], tuple[str, str] | None]
"""By path, a page as either of two branches had it, where git could not merge it. Asked only where markers stand."""
WHOLE = "page"
"""What `Merged.deleted` names where a person emptied the whole page."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a page."""

    text: str
    conflicts: tuple[Dispute, ...] = ()
    """Where somebody has to choose: blocks that both sides changed, and markers that git left."""
    deleted: tuple[str, ...] = ()
    """Blocks a person deleted, which stay so."""
    left: tuple[str, ...] = ()
    """Blocks rollout has no more use for, kept because a person ticked, changed or brought them."""
    pristine: bool = True
    """Whether the page on disk holds nothing that a person wrote."""


def merge(page: str | None, new: str, path: str = "", branches: Branches | None = None) -> Merged:
    """The page with everything new in it and everything a person wrote still there; `path` is for the markers.

    Where git left markers when it merged branches, both sides are merged, unless people said different things in one
    place; then the page is kept as it is. `branches` is asked for a page as either branch has it. An
    emptied page stays empty.
    """
    if page is None or page == new:
        return Merged(new)
    mark = "\ufeff" if page.startswith("\ufeff") else ""
    crlf = page.count("\r\n") * 2 > page.count("\n")
    lines = [line.rstrip("\r") for line in page.removeprefix(mark).split("\n")]
    if not any(line.strip() for line in lines):
        return Merged(page, deleted=(WHOLE,), pristine=False)
    theirs = take_apart(lines)
    if foreign := _foreign(theirs, lines, path):
        settled = _reconciled(lines, new, path, branches)
        if settled is None:
            return Merged(page, foreign, pristine=False)
        text = settled.text.replace("\n", "\r\n") if crlf else settled.text
        return replace(settled, text=mark + text)
    merging = _Merging(take_apart(new.split("\n")), theirs)
    merging.settle()
    text, conflicts = merging.page(path)
    if has_markers(text.partition("\n")[0]):
        mark = ""  # git's tools know a marker only at the very beginning of a line
    text = mark + (text.replace("\n", "\r\n") if crlf else text)
    pristine = not merging.deleted and not conflicts and merging.is_pristine()
    return Merged(text, conflicts, merging.deleted, tuple(merging.left), pristine)


def _foreign(page: Page, lines: list[str], path: str) -> tuple[Dispute, ...]:
    """Markers that stand outside of blocks: whoever wrote them, no side of them is ours to choose."""
    outside = [page.head, *(block.gap for block in page.blocks)]
    if not any(has_markers("\n".join(text)) for text in outside):
        return ()
    found = [Dispute(path, at, "") for at, line in enumerate(lines, 1) if line.startswith("<<<<<<<")]
    return tuple(found) or tuple(Dispute(path, at, "") for at, line in enumerate(lines, 1) if has_markers(line))


def _reconciled(lines: list[str], new: str, path: str, branches: Branches | None) -> Merged | None:
    if (both := sides(lines)) is None or any(line.startswith((YOURS, OURS)) for line in lines):
        return None
    settled = merge_both("\n".join(both[0]), "\n".join(both[1]), new, path)
    if settled is not None or branches is None or (pages := branches(path)) is None:
        return settled
    # git merges line by line: a block of which one line was in dispute is neither branch's, and looks edited.
    one, two = (page.removeprefix("\ufeff").replace("\r\n", "\n") for page in pages)
    is_as_git_left_it = {*both[0], *both[1]} <= {*one.split("\n"), *two.split("\n")}
    return merge_both(one, two, new, path) if is_as_git_left_it else None


def merge_both(one: str, two: str, new: str, path: str = "") -> Merged | None:
    """Two versions of a page in which people worked, and the new one, made into one; None where somebody has to choose.

    Expects pages without byte order mark and with `\\n` at line ends.
    """
    first, second = merge(one, new, path), merge(two, new, path)
    if first.conflicts or second.conflicts or set(first.deleted) != set(second.deleted):
        return None  # what is missing on one side only may stand on the other because git put it there
    if first.text == second.text:
        return replace(first, pristine=first.pristine and second.pristine)
    text = woven(new.split("\n"), first.text.split("\n"), second.text.split("\n"))
    if text is None:
        return None
    # Both versions' work is in it: what merging makes of that is the page, as long as it has nothing to add.
    again = merge("\n".join(text), new, path)
    if again.conflicts or again.text.split("\n") != text:
        return None
    return replace(again, pristine=first.pristine and second.pristine)


class _Merging:
    """One merge in progress: which blocks come, in which order, with what between them."""

    def __init__(self, ours: Page, theirs: Page) -> None:
        self.ours, self.theirs = ours, theirs
        self.new = {block.id: block for block in ours.blocks}
        self.old = {block.id: block for block in theirs.blocks}
        self.listed = set(theirs.listed or ())
        self.deleted = tuple(name for name in self.new if name in self.listed and name not in self.old)
        self.settled: dict[str, Block] = {}
        self.left: list[str] = []
        self.edited = False

    def settle(self) -> None:
        """Decides every block."""
        for block in self.ours.blocks:
            if block.id not in self.deleted:
                old = self.old.get(block.id)
                self.settled[block.id] = block if old is None else self._joined(old, block)
        for old in self.theirs.blocks:
            # What the last comment does not list a person has brought here, or has given another id.
            if old.id not in self.new and (
                old.is_edited or old.is_ticked or old.after or old.is_disputed or old.id not in self.listed
            ):
                self.settled[old.id] = old
                self.left.append(old.id)

    def _joined(self, old: Block, new: Block) -> Block:
        edited = old.is_edited
        self.edited = self.edited or edited or bool(old.after)
        if old.is_line != new.is_line:
            # A template has made a line of lines, or the other way round: a person's words stand below.
            if edited or old.is_ticked or old.after:
                old.gap[:0] = [line for line in (*split(old.text + old.after), *split(old.ours or "")) if line.strip()]
                self.edited = True
            return new
        if not edited:
            return _ticked_as(old, new) or _disputed(old, new)
        if has_markers(old.text):
            return old  # somebody is at work on it, or git wrote them: whatever they stand round is kept
        if old.digest == new.digest:
            is_done = old.is_line and tick_of(new.text) == "x" and tick_of(old.text) == " "
            return replace(old, text=ticked(old.text, "x")) if is_done and old.ours is None else old
        if digest(old.text) == new.digest:
            return _ticked_as(old, new) or _disputed(old, new)
        return (None if old.is_disputed else _with_addition(old, new)) or _disputed(old, new)

    def is_pristine(self) -> bool:
        """Whether the page holds nothing that a person wrote."""
        if self.edited or self.left or _has_text(self.theirs.head):
            return False
        if self._is_rearranged():
            return False
        for old in self.theirs.blocks:
            if any(line.strip() for line in old.gap):
                return False
            new = self.new.get(old.id)
            if old.is_ticked and (new is None or not new.is_ticked):
                return False
        return True

    def page(self, path: str) -> tuple[str, tuple[Dispute, ...]]:
        """The page put together, with its last line and final line end, and where somebody has to choose."""
        order = self._order()
        gaps = self._gaps(order)
        out, conflicts = self._put_together(path, order, gaps)
        loose = [line for text in (self.theirs.head, *gaps) for line in text if is_comment(line)]
        if loose and [(b.id, b.lines()) for b in take_apart(out).blocks] != [
            (name, self.settled[name].lines(path)) for name in order
        ]:
            # Copies and halves of blocks have come to stand so that they would be taken for the blocks themselves.
            self.theirs.head = without_comments(self.theirs.head)
            out, conflicts = self._put_together(path, order, [without_comments(gap) for gap in gaps])
        names = [block.id for block in self.ours.blocks]
        names += [name for name in order if name not in self.new and name in self.listed]
        # A deleted block that is not wanted now may be wanted again: it stays deleted then, too.
        names += [
            name
            for name in self.theirs.listed or ()
            if name not in self.settled and name not in self.new and name not in self.old
        ]
        return "\n".join([*out, "", listing(names), ""]), tuple(conflicts)

    def _put_together(self, path: str, order: list[str], gaps: list[list[str]]) -> tuple[list[str], list[Dispute]]:
        head = self.theirs.head if _has_text(self.theirs.head) else self.ours.head
        out = [*head, ""] if head and head[-1].strip() and not self.old else list(head)
        conflicts = []
        for name, gap in zip(order, gaps, strict=True):
            block = self.settled[name]
            lines = block.lines(path)
            if block.is_disputed:
                at = next(n for n, line in enumerate(lines, 1) if has_markers(line))
                conflicts.append(Dispute(path, len(out) + at, name))
            out += lines
            out += gap
        while out and not out[-1].strip():
            out.pop()
        return out, conflicts

    def _order(self) -> list[str]:
        """Ids as the new page has them; what is left of the old one behind what it stood behind.

        Where rollout has moved nothing, a person's own order stays.
        """
        order = [name for name in self.new if name not in self.deleted]
        if self._is_rearranged():
            places = {name: at for at, name in enumerate(order)}
            mine = [block.id for block in self.theirs.blocks if block.id in places]
            for name in order:
                if name not in self.old:
                    before = places[name] - 1
                    mine.insert(mine.index(order[before]) + 1 if before >= 0 else 0, name)
            order = mine
        wanted, before_it = set(order), ""
        for old in self.theirs.blocks:
            if old.id in self.settled and old.id not in wanted:
                order.insert(order.index(before_it) + 1 if before_it else 0, old.id)
            if old.id in self.settled:
                before_it = old.id
        return order

    def _is_rearranged(self) -> bool:
        """Whether a person has put blocks in another order, and rollout would have left them where they were."""
        both = [name for name in self.new if name in self.old]
        if both == [block.id for block in self.theirs.blocks if block.id in self.new]:
            return False
        return both == [name for name in self.theirs.listed or () if name in self.old and name in self.new]

    def _gaps(self, order: list[str]) -> list[list[str]]:
        """What stands behind each block: a person's text where there is some, else the blank lines due there."""
        texts, follows = self._written()
        place = {block.id: number for number, block in enumerate(self.ours.blocks)}
        gaps = []
        for name, following in pairwise([*order, ""]):
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
        return replace(new, text=_with_tick(old, new.text), after=old.after)
    if not old.is_ticked:
        return new
    lines = split(new.text)
    met: Counter[str] = Counter()
    for line in split(old.text):
        empty = unticked(line).rstrip()
        met[empty] += 1
        if tick_of(line) in ("x", "X"):
            there = [at for at, text in enumerate(lines) if unticked(text).rstrip() == empty]
            if len(there) < met[empty]:
                return None
            lines[there[met[empty] - 1]] = line
    return replace(new, text="\n".join(lines))


def _with_tick(old: Block, text: str) -> str:
    tick = next((t for t in map(tick_of, (old.text, old.ours or "")) if t in ("x", "X")), "")
    return ticked(text, tick) if tick else text


def _disputed(old: Block, new: Block) -> Block:
    """Both texts, the person's first, under the digest of rollout's: whichever stays is then known for what it is."""
    ours = _with_tick(old, new.text) if new.is_line else (_ticked_as(old, new) or new).text
    return replace(new, text=old.text, ours=ours, after=old.after)


def _with_addition(old: Block, new: Block) -> Block | None:
    """The new block with what a person only added to the old one: a run of lines, or words at the end of a line."""
    if old.is_line:
        words = added_words(unticked(old.text), old.digest)
        return None if words is None else replace(new, text=_with_tick(old, new.text) + words, after=old.after)
    if (run := added_run(old.text, old.digest)) is None:
        return None
    first, last = run
    lines = old.text.split("\n")
    joined = _ticked_as(replace(old, text="\n".join([*lines[:first], *lines[last:]])), new)
    return joined and replace(joined, text="\n".join(_inserted(joined.text.split("\n"), lines, first, last)))


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
