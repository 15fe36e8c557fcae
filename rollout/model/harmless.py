"""Texts that people wrote, made harmless for where they land."""

from __future__ import annotations

import re

from rollout.model.unseen import UNSEEN

# What CI services take for an order where it begins a line of a log, wherever a terminal may have broken the text.
_ORDER = re.compile(
    r"::(?=(?:error|warning|notice|debug|group|endgroup|echo|stop-commands|save-state|(?:add|set|remove)-[a-z]+)\b)"
    r"|##(?=(?:[a-z]+)?\[)"
)
_MARKUP = re.compile(r"([\\`*_\[\]<>|#&!~])")
# Full-width signs too: some spreadsheet programs take them for the plain ones.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")


def clean(text: str) -> str:
    """A text without control and bidi characters, and without orders to CI (`::error` becomes `: :error`)."""
    text = UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return _ORDER.sub(lambda match: " ".join(match[0]), text)


def markdown(text: str) -> str:
    """A text on one line that Markdown shows as it is, in a table cell too."""
    return _MARKUP.sub(r"\\\1", re.sub(r"[\n\t]+", " ", clean(text)).strip())


def cell(text: str) -> str:
    """A text that a spreadsheet does not take for a formula. A plain number is none, whatever its sign."""
    if re.fullmatch(r"[-+]?[0-9]+(?:\.[0-9]+)?", text):
        return text
    text = clean(text)
    return f"'{text}" if _FORMULA.match(text) else text
