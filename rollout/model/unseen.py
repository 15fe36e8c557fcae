"""Characters that nobody sees and that change what is seen: they reach no terminal, no file and no page as they are."""

from __future__ import annotations

import re

# Control characters, overrides of direction (Trojan Source, CVE-2021-42574), notes between lines, and non-characters.
_IN_NO_TEXT = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
)
_LINE_ENDS_THAT_ARE_NONE = "\u2028\u2029"
# Marks of direction, the zero-width space, invisible operators, tags: prose may hold them, and no value needs them.
_IN_NO_VALUE = "\r\u061c\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\U000e0000-\U000e007f"

IN_NO_TEXT = re.compile(f"[{_IN_NO_TEXT}]")
"""What no text may hold that people write, prose neither."""
IN_NO_PAGE = re.compile(f"[{_IN_NO_TEXT}{_LINE_ENDS_THAT_ARE_NONE}]")
"""What prose loses on its way to a page."""
# The zero-width joiners are in none of these: scripts and emoji need them.
UNSEEN = re.compile(f"[{_IN_NO_TEXT}{_LINE_ENDS_THAT_ARE_NONE}{_IN_NO_VALUE}]")


def without_unseen(text: str) -> str:
    """The text without them."""
    return UNSEEN.sub("", text)


def escaped(text: str) -> str:
    """The text with each of them, and each line end and tab, written as JSON and YAML write it in double quotes."""
    return UNSEEN.sub(_spelled, text).replace("\n", "\\n").replace("\t", "\\t")


def spelled(text: str) -> str:
    """The text with each of them as JSON spells it; line ends and tabs stay."""
    return UNSEEN.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))
