"""The grammar of a page: which lines are generated, under which id, and what they said when they were written.

    <!-- rollout:rollback 3f2a9c11 -->            a section: everything up to its closing comment
    Going back means …
    <!-- /rollout:rollback -->

    - [ ] Book the crane, by Tue 9 Feb 2027 (Ines Wolff) <!-- rollout:crane 51d0aa3e -->      an item: its line, and
      - Done when the crane is confirmed.                                                     the details under it

    <!-- rollout: rollback crane #a41c07d2 -->    the last comment: every id, and a digest of every heading

The digest is of the pristine text: boxes unticked, no trailing space, plain line ends. So a page alone tells what a
person changed in it, on any clone of any history.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

OPENS, CLOSES = "\x02", "\x03"
"""What templates put around ids; values cannot contain them. `seal` turns them into comments."""

Kind = Literal["start", "section", "item", "heading", "list"]

_ID = r"[a-z0-9]+(?:[:._-]+[a-z0-9]+)*"
_SEALED = re.compile(
    f"{OPENS}(?P<section>{_ID}){CLOSES}\n?(?P<body>.*?)\n*{OPENS}/(?P=section){CLOSES}"
    f"|^(?P<line>[^{OPENS}\n]*[^{OPENS}\n ]) *{OPENS}=(?P<item>{_ID}){CLOSES}(?P<more>(?:\n  +- [^\n{OPENS}]*)?)$",
    re.DOTALL | re.MULTILINE,
)
_START = re.compile(rf"<!-- rollout:({_ID}) ([0-9a-f]+) -->")
_ITEM = re.compile(rf"(.*?\S)[ \t]*<!-- rollout:({_ID}) ([0-9a-f]+) -->")
_LIST = re.compile(r"<!-- rollout:((?: [^ >]+)*) -->")
_TICK = re.compile(r"^(\s*(?:[-*+]|\d+[.)]) )\[[xX]\](?= )", re.MULTILINE)
_BOX = re.compile(r"^(\s*(?:[-*+]|\d+[.)]) )\[ \](?= )", re.MULTILINE)
_TRAILING = re.compile(r"[ \t\r]+$", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")


def pristine(text: str) -> str:
    """The text as it was generated: boxes unticked, without trailing space, blank lines around it or CRLF."""
    if "[x] " in text or "[X] " in text:
        text = untick(text)
    if " \n" in text or "\r" in text or "\t\n" in text or text[-1:] in " \t":
        text = _TRAILING.sub("", text)
    return text.strip("\n")


def digest(text: str) -> str:
    """Eight hex digits of the pristine text."""
    return blake2b(pristine(text).encode(), digest_size=4).hexdigest()


def untick(text: str) -> str:
    """The text with every box empty."""
    return _TICK.sub(r"\1[ ]", text)


def tick(line: str) -> str:
    """The text with its first box ticked."""
    return _BOX.sub(r"\1[x]", line, count=1)


def is_ticked(line: str) -> bool:
    """Whether the line is an item with a ticked box."""
    return _TICK.match(line) is not None


def seal(raw: str) -> str:
    """A rendered page with its marks turned into comments with digests, and the list of them at its end."""
    ids: list[str] = []

    def enclose(match: re.Match[str]) -> str:
        if (item := match["item"]) is not None:
            ids.append(item)
            line, more = match["line"], match["more"]
            return f"{line} <!-- rollout:{item} {digest(line + more)} -->{more}"
        section, body = match["section"], match["body"]
        ids.append(section)
        if not body.strip():
            return f"<!-- rollout:{section} {digest('')} -->\n<!-- /rollout:{section} -->"
        return f"<!-- rollout:{section} {digest(body)} -->\n{body}\n<!-- /rollout:{section} -->"

    text = _SEALED.sub(enclose, raw).rstrip("\n") + "\n"
    outside = _SEALED.sub("", raw)
    tokens = _heading_tokens(line for line in outside.split("\n") if line.startswith("#"))
    return f"{text}\n<!-- rollout: {' '.join((*ids, *tokens))} -->\n"


def _heading_tokens(lines: object) -> list[str]:
    seen: dict[str, int] = {}
    return [_heading_token(line, seen) for line in lines if _HEADING.match(line)]  # type: ignore[attr-defined]


def _heading_token(line: str, seen: dict[str, int]) -> str:
    token = "#" + digest(line)
    seen[token] = seen.get(token, 0) + 1
    return token if seen[token] == 1 else f"{token}.{seen[token]}"


@dataclass(slots=True)
class Unit:
    """A generated part of a page, and the text between it and the next one."""

    kind: Kind
    id: str
    raw: str
    """Its lines as they stand, comments included."""
    body: str = ""
    """What the digest is of."""
    recorded: str = ""
    """The digest in its comment."""
    gap: str = ""
    """What follows, up to the next part: a person's notes, or blank lines."""

    @property
    def is_edited(self) -> bool:
        """Whether a person changed its words (a tick is no change of words)."""
        return self.kind in ("section", "item") and digest(self.body) != self.recorded


@dataclass(slots=True)
class Page:
    """A page taken apart. The first unit is the empty start, so that every text follows one."""

    units: list[Unit]
    listed: frozenset[str] = frozenset()
    """What the last comment says the page held when it was written."""
    broken: tuple[str, ...] = ()
    """Sections whose closing comment is gone: where they end can no longer be told."""
    by_id: dict[str, Unit] = field(default_factory=dict)


def parse(text: str, headings: frozenset[str] | None = None) -> Page:
    """Take a page with plain line ends apart.

    Of its headings those whose digest is listed (or else in `headings`) are generated; with neither, all are.
    """
    lines: list[str] = _LINES.findall(text)
    listed = _listed(lines)
    known = listed if listed is not None else headings
    page = Page([Unit("start", "", "")], listed or frozenset())
    broken: list[str] = []
    seen: dict[str, int] = {}
    ids: set[str] = set()
    at = 0
    while at < len(lines):
        line = lines[at]
        unit: Unit | None = None
        length = 1
        if "<!-- rollout:" in line:
            unit, length = _comment(lines, at, ids, broken)
        elif line.startswith("#") and _HEADING.match(line):
            token = _heading_token(line, seen)
            if known is None or token in known:
                unit = Unit("heading", token, line)
        if unit is None:
            page.units[-1].gap += line
        else:
            page.units.append(unit)
            ids.add(unit.id)
        at += length
    page.broken = tuple(broken)
    page.by_id = {unit.id: unit for unit in page.units}
    return page


def _listed(lines: list[str]) -> frozenset[str] | None:
    for line in lines:
        if line.startswith("<!-- rollout:") and (match := _LIST.fullmatch(line.rstrip())):
            return frozenset(match[1].split())
    return None


def _comment(lines: list[str], at: int, ids: set[str], broken: list[str]) -> tuple[Unit | None, int]:
    """The unit whose comment stands in this line, and how many lines it has; a repeated id is only text."""
    line = lines[at]
    bare = line.rstrip()
    if match := _START.fullmatch(bare):
        name, recorded = match.groups()
        if name in ids:
            return None, 1
        closing = f"<!-- /rollout:{name} -->"
        for end in range(at + 1, len(lines)):
            if lines[end].rstrip() == closing:
                raw = "".join(lines[at : end + 1])
                return Unit("section", name, raw, "".join(lines[at + 1 : end]), recorded), end + 1 - at
        broken.append(name)
        return None, 1
    if match := _ITEM.fullmatch(bare):
        body, name, recorded = match.groups()
        if name in ids:
            return None, 1
        details = lines[at + 1] if at + 1 < len(lines) else ""
        if re.match(r"[ \t]+[-*+] ", details) and digest(body) != recorded:
            # Unchanged with its details, or changed in a way that leaves its end open: both lines are the item's.
            return Unit("item", name, line + details, f"{body}\n{details}", recorded), 2
        return Unit("item", name, line, body, recorded), 1
    if _LIST.fullmatch(bare) and ":list" not in ids:
        return Unit("list", ":list", line), 1
    return None, 1
