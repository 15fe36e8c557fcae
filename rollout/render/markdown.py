"""Text for where it lands: every value is escaped once, the same way wherever it stands in a page.

One rule for paragraphs, table cells, headings and link texts: a template author cannot pick the wrong one. Only what
would change the meaning is escaped, because people read and edit these pages as raw text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rollout.model.unseen import IN_NO_PAGE, without_unseen

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
    r"[^\\`*\[\]|~$_&<!#+\-=>:0-9\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u206f\u200b-\u200f\u061c\ufeff\ufff9-\ufffb"
    r"\ufffe\uffff\U000e0000-\U000e007f]*"
)
_LEADING = re.compile(r"[-+](?=\s|$)|-(?=[-\s]*$)|=(?==*\s*$)|\#(?=\#{0,5}(?:\s|$))|>|:(?=[-:]|$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_SAFE_ADDRESS = re.compile(r"https?://|mailto:|(?![^/?#]*:)[\w./#-]", re.ASCII)
_ENTITY = re.compile(r"&(?=\#?\w+;)")
_ENDS = (
    (r"<!--", "-->"),
    (r"<\?", "?>"),
    (r"<!\[cdata\[", "]]>"),
    (r"<![a-z]", ">"),
    (r"<(?:script|pre|style|textarea)(?=[\s>]|$)", "</pre>"),
)
"""Blocks of HTML that no blank line ends."""
_RAW_END = r"</(?:script|pre|style|textarea)>"
_CHART_ORDER = re.compile(
    r"(title|section|dateformat|axisformat|tickinterval|excludes|includes|todaymarker|weekday|weekend|click|acc\w+)\b",
    re.IGNORECASE,
)
"""What a line of a Mermaid chart of bars may begin with instead of a name."""
_READER = MarkdownIt("commonmark").enable("table")
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
    """One line without characters that nobody sees."""
    return without_unseen(_BLANK.sub(" ", value)).strip()


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
    if not text or "`" in text or "|" in text or "<!--" in text:
        return escape(text)
    return Markdown(f"`{text}`")


def url(value: object) -> Markdown:
    """An address for the round brackets of a link; `#` for one that is no web, mail or relative address."""
    text = clean(str(value))
    if not _SAFE_ADDRESS.match(text):
        return Markdown("#")
    # An entity would be read as what it stands for, and `&colon;` makes a scheme of what looks like a page.
    return Markdown(_ENTITY.sub("&amp;", quote(text, safe="/:?#@!&'*+,;=%~")))


def mermaid(value: object) -> Markdown:
    """A label in a Mermaid diagram, where `:` `;` `#` and line ends would cut it off."""
    text = clean(str(value))
    return Markdown("".join(c if c.isalnum() or c in " .,-/" else f"#{ord(c)};" for c in text))


def mermaid_bar(name: str) -> Markdown:
    """A site's name at the beginning of a line of a Mermaid chart of bars, where it may look like an order."""
    return mermaid(f"Site {name}" if _CHART_ORDER.match(clean(name)) else name)


@lru_cache(maxsize=1024)
def content(text: str, level: int) -> Markdown:
    """A content file inside a page: its highest heading at `level`, what it leaves open closed, no comments of ours.

    The text is Markdown of the programme's own people and stays what it is; but what stands behind it on the page is
    read as if it were not there.
    """
    text = IN_NO_PAGE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _OURS.sub("&lt;!--", text).strip("\n")
    lines = [line.rstrip() for line in text.split("\n")]
    tokens = _READER.parse("\n".join(lines))
    if tokens and (last := tokens[-1]).map:
        lines += _left_open(last, lines[last.map[1] - 1])
    headings = [(token, tokens[at + 1].content) for at, token in enumerate(tokens) if token.type == "heading_open"]
    outer = [(int(token.tag[1]), token.map, words) for token, words in headings if token.level == 0 and token.map]
    shift = level - min((depth for depth, _, _ in outer), default=level)
    for depth, (first, end), words in reversed(outer):
        hashes = "#" * max(1, min(6, depth + shift))
        is_underlined = end - first > 1
        text = " " + words.replace("\n", " ") if is_underlined else lines[first].lstrip().lstrip("#")
        lines[first:end] = [hashes + text]
    return Markdown("\n".join(lines))


def _left_open(last: Token, line: str) -> list[str]:
    """The line that ends the last block where only an end of its own ends it: a fence, a comment, a script."""
    if last.type == "fence":
        is_closed = last.map is not None and last.map[1] - last.map[0] > 1 and line.strip().startswith(last.markup)
        return [] if is_closed and not line.strip().strip(last.markup[0]) else [last.markup]
    if last.type != "html_block":
        return []
    text = last.content.lstrip().lower()
    end = next((end for begin, end in _ENDS if re.match(begin, text)), "")
    return [] if re.search(_RAW_END if end == "</pre>" else re.escape(end), text) else [end]
