"""Characters that nobody sees and that change what is seen: they reach no terminal, no file and no page as they are."""

from __future__ import annotations

import re

# Control characters, marks and overrides of direction (Trojan Source, CVE-2021-42574), line ends that are none,
# invisible operators, tags, and halves of character pairs. The zero-width joiners stay: scripts and emoji need them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


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
