"""Values made safe for the place they land in, and as readable in the raw page as that allows.

One escape serves text, headings, list items, links' words and table cells: a value means the same in all of them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

_UNWANTED = re.compile(
    # C0 and C1 controls, DEL, byte order mark, surrogates, marks that reorder text, interlinear marks, tag characters
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MIGHT_MEAN = re.compile(r"[\\`*_\[\]<>&~#|$!^@:=+-]|^\d|[^\x20-\x7e]")
_MEANS = re.compile(
    r"[\\`*\[\]~$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # an underscore inside a word is only itself
    r"|&(?=#?\w+;)"
    r"|^[#>+=-]"
    r"|#$"  # closes a heading
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"(#{1,6})(?=[ \t]|$)")
_SAFE_SCHEME = re.compile(r"(?:https?://|mailto:|tel:|[\w.%-]+(?:[/#?]|$)|[/#.])")


class Trusted(str):
    """Markdown that is meant as it stands: a content file, or what a macro made. Templates put it in unescaped."""

    __slots__ = ()


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """The text without control and reordering characters, on one line."""
    return " ".join(_UNWANTED.sub("", text).split())


@lru_cache(maxsize=65536)
def inline(text: str) -> str:
    """The text as inline Markdown that reads back as the same text, wherever on a line or in a table it stands."""
    if not _MIGHT_MEAN.search(text):
        return text if "  " not in text and text == text.strip() else " ".join(text.split())
    text = _MEANS.sub(_escaped, clean(text)).replace("<", "&lt;").replace("|", "&#124;")
    return _NUMBERED.sub(r"\1\\\2", text)


def _escaped(match: re.Match[str]) -> str:
    found = match[0]
    return "&amp;" if found == "&" else "\\" + found


@lru_cache(maxsize=16384)
def code(text: str) -> str:
    """The text as a code span, for paths and commands; a pipe would end a table's cell even there."""
    text = clean(text)
    if "|" in text:
        return Trusted(f"<code>{_html(text)}</code>")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return Trusted(f"{ticks}{space}{text}{space}{ticks}")


def _html(text: str) -> str:
    return "".join(f"&#{ord(c)};" if c in "&<>|*_`[]\\~$\"'" else c for c in text)


@lru_cache(maxsize=65536)
def url(text: str) -> str:
    """The text as a link's target; anything but web, mail, telephone and relative addresses leads nowhere."""
    text = clean(text)
    if not _SAFE_SCHEME.match(text):
        return Trusted("#")
    return Trusted(quote(text, safe="/:?#[]@!$&'*+,;=%-._~").replace("[", "%5B").replace("]", "%5D"))


@lru_cache(maxsize=4096)
def mermaid(text: str) -> str:
    """The text as a label of a diagram: there a colon cuts it off, a semicolon ends it, a hash begins an entity."""
    return Trusted("".join(f"#{ord(c)};" if c in "#:;,\"'`<>&{}[]()|%\\" else c for c in clean(text)))


@lru_cache(maxsize=1024)
def embedded(text: str, level: int) -> str:
    """A content file as part of a page: its title left out, its headings beginning at `level`, no comments."""
    lines = [_UNWANTED.sub("", line).rstrip() for line in text.replace("<!--", "&lt;!--").strip().splitlines()]
    if lines and lines[0].startswith("# "):
        del lines[0]
    heads = [(number, len(match[1])) for number, match in _headings(lines)]
    shift = level - min((depth for _, depth in heads), default=level)
    for number, depth in heads:
        lines[number] = "#" * min(6, depth + shift) + lines[number][depth:]
    return Trusted("\n".join(lines).strip("\n"))


def _headings(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    found: list[tuple[int, re.Match[str]]] = []
    fence = ""
    for number, line in enumerate(lines):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence):
                fence = ""
        elif not fence and (match := _HEADING.match(line)):
            found.append((number, match))
    return found


def without_marks(text: str) -> str:
    """Text of several lines without control and reordering characters."""
    return _UNWANTED.sub("", text)
