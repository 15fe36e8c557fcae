"""Texts that people wrote, made harmless for where they land."""

from __future__ import annotations

import re

# Control characters and those that reorder text never reach a terminal or a page, whatever a file holds.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MARKUP = re.compile(r"([\\`*_\[\]<>|#&!~])")


def clean(text: str) -> str:
    """A text without control and bidi characters."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def markdown(text: str) -> str:
    """A text on one line that Markdown shows as it is, in a table cell too."""
    return _MARKUP.sub(r"\\\1", clean(text)).replace("\n", " ")


def cell(text: str) -> str:
    """A text that a spreadsheet does not take for a formula. A plain number is none, whatever its sign."""
    if re.fullmatch(r"[-+]?[0-9]+", text):
        return text
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else clean(text)
