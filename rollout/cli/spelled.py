"""Letters for outputs that do not have them: an arrow becomes `->`, an accent goes, what is left becomes `?`."""

from __future__ import annotations

import codecs
import sys
from functools import cache
from typing import Any
from unicodedata import combining, normalize

_NAME = "rollout-spelled"
_ASCII = {
    "→": "->", "←": "<-", "↔": "<->", "…": "...", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‹": "'", "›": "'",
    "·": ".", "•": "*", "×": "x", "≥": ">=", "≤": "<=", "≠": "!=", "±": "+/-", "✓": "x", "✔": "x", "✗": "-", "✘": "-",
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "ı": "i", "ð": "d", "þ": "th", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "°": " deg", "§": "sec.",
    "█": "#", "▓": "=", "▒": "-", "░": "-", "▏": "|", "■": "#", "□": ".", "●": "*", "○": "o", "◆": "*", "◇": "o",
    "─": "-", "━": "-", "═": "=", "│": "|", "┃": "|", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_CORNERS = "┌┐└┘├┤┬┴┼╭╮╯╰╞╡╪╟╢╫╠╣╬┏┓┗┛┡┩"


def install() -> None:
    """From now on nothing that is written ends in an encoding error, whatever the terminal."""
    codecs.register_error(_NAME, _replace)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_NAME)


def is_unicode(stream: Any) -> bool:
    """Whether every letter can be written there."""
    return (getattr(stream, "encoding", None) or "").lower().replace("_", "-").startswith(("utf-", "utf8"))


def spelled(text: str, stream: Any) -> str:
    """A text as it can be written there; measured before it is drawn, so that columns stay columns."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    if is_unicode(stream) or text.isascii():
        return text
    return "".join(_letter(char, encoding) for char in text)


@cache
def _letter(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        pass  # it is spelled below
    else:
        return char
    if char in _ASCII:
        return _ASCII[char]
    if char in _CORNERS:
        return "+"
    plain = "".join(part for part in normalize("NFKD", char) if not combining(part))
    return plain if plain.isascii() and plain else "" if combining(char) else "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    # What comes here is drawn already, in columns: one letter for one.
    return "".join(_letter(char, error.encoding)[-1:] for char in error.object[error.start : error.end]), error.end
