"""Text for where it lands: every value is escaped once, the same way wherever it stands in a page.

One rule for paragraphs, table cells, headings and link texts: a template author cannot pick the wrong one. Only what
would change the meaning is escaped, because people read and edit these pages as raw text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_UNSEEN_IN_CONTENT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_BLANK = re.compile(r"[\t-\r\x85\u2028\u2029]+")
# A dollar opens a formula on GitHub, a tilde strikes out, `&` and `<` matter only before what looks like code.
_INLINE = re.compile(
    r"[\\`*\[\]|~$]"
    r"|_(?![^\W_])|(?<![^\W_])_"
    r"|&(?=\#?\w+;|\#?\w*$)"
    r"|<(?=[A-Za-z/!?]|$)"
    r"|!(?=$)"
    r"|(?<=\s)\#(?=\#*$)"
)
_PLAIN = re.compile(
    r"[^\\`*\[\]|~$_&<!#+\-=>:0-9\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u206f\u200b-\u200f\u061c\ufeff\ufff9-\ufffb]*"
)
_LEADING = re.compile(r"[-+](?=\s|$)|-(?=[-\s]*$)|=(?==*\s*$)|\#(?=\#{0,5}(?:\s|$))|>|:(?=[-:]|$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_SAFE_ADDRESS = re.compile(r"(?:https?://|mailto:|[\w./#-])", re.ASCII)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?=\s|$)")
_OURS = re.compile(r"<!--(?=\s*/?rollout\b)")


class Markdown(str):
    """Text that is Markdown already: a content file, or something escaped before. It passes as it is."""

    __slots__ = ()


@lru_cache(maxsize=16384)
def escape(value: str) -> Markdown:
    """A value as inline Markdown that reads back as itself, on one line and without unseen characters."""
    if _PLAIN.fullmatch(value):
        return Markdown(value.strip())
    text = clean(value)
    lead = ""
    if match := _LEADING.match(text):
        lead, text = "\\" + match[0], text[match.end() :]
    elif match := _NUMBERED.match(text):
        lead, text = f"{match[1]}\\{match[2]}", text[match.end() :]
    return Markdown(lead + _INLINE.sub(_escaped, text))


def _escaped(match: re.Match[str]) -> str:
    # `\<` would still read `<!--` to whoever looks for our own comments.
    return "&lt;" if match[0] == "<" else "\\" + match[0]


def clean(value: str) -> str:
    """One line without control and direction characters."""
    return _UNSEEN.sub("", _BLANK.sub(" ", value)).strip()


def finalize(value: object) -> str:
    """What a template prints: Markdown as it is, everything else escaped."""
    if type(value) is Markdown:
        return value
    if value is None:
        msg = "there is nothing to print here; ask with `{% if … %}` first"
        raise TypeError(msg)
    return escape(value if type(value) is str else str(value))


def code(value: object) -> Markdown:
    """A path or an id in code type; escaped text where code type cannot hold it in every place."""
    text = clean(str(value))
    if not text or "`" in text or "|" in text:
        return escape(text)
    return Markdown(f"`{text}`")


def url(value: object) -> Markdown:
    """An address for the round brackets of a link; `#` for one that is no web, mail or relative address."""
    text = clean(str(value))
    if not _SAFE_ADDRESS.match(text) or (":" in text.split("/")[0] and not text.startswith(("http", "mailto:"))):
        return Markdown("#")
    return Markdown(quote(text, safe="/:?#@!&'*+,;=%~"))


def mermaid(value: object) -> Markdown:
    """A label in a Mermaid diagram, where `:` `;` `#` and line ends would cut it off."""
    text = clean(str(value))
    return Markdown("".join(c if c.isalnum() or c in " .,-/" else f"#{ord(c)};" for c in text))


@lru_cache(maxsize=1024)
def content(text: str, level: int) -> Markdown:
    """A content file inside a page: its highest heading at `level`, fences closed, none of our own comments."""
    text = _UNSEEN_IN_CONTENT.sub("", text.replace("\r\n", "\n"))
    text = _OURS.sub("&lt;!--", text)
    lines: list[str] = []
    fence = ""
    headings: list[tuple[int, int]] = []
    for line in text.strip("\n").split("\n"):
        if match := _FENCE.match(line):
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif not fence and (match := _HEADING.match(line)):
            headings.append((len(lines), len(match[1])))
        lines.append(line.rstrip())
    if fence:
        lines.append(fence)
    shift = level - min((depth for _, depth in headings), default=level)
    for number, depth in headings:
        lines[number] = "#" * max(1, min(6, depth + shift)) + lines[number].lstrip().lstrip("#")
    if "<!--" in text and text.rfind("<!--") > text.rfind("-->"):
        lines.append("-->")
    return Markdown("\n".join(lines))
