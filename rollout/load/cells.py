"""What a cell of a sheet means, field by field: each reader gives a value for a site file or says why it cannot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from rollout.model.country import NAMES
from rollout.model.few import short
from rollout.model.fields import ID_LIMIT, is_id, parse_country
from rollout.model.imported import Dates
from rollout.model.record import ORDER, Status
from rollout.model.times import parse_day

Cell = str | list[str]
Reader = Callable[[str], Cell]

_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+")
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,' \u2019][0-9]{3})+")
_BETWEEN = re.compile(r"[;,|\n]")
_SLASHED = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2}|[0-9]{4})")
_WAVE = re.compile(r"(?:wave\s*)?([0-9]{1,4})", re.IGNORECASE)
_UNDECIDED = frozenset({"tbd", "tba", "tbc", "n/a", "-", "–", "?", "none"})

# Letters that Unicode does not take apart into a Latin letter and its accent.
_FOLDED = str.maketrans(
    {"æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n", "’": "'"}
)

# What people write for a country where ISO has another name.
_COUNTRIES = {
    "uk": "GB", "great britain": "GB", "united kingdom": "GB", "england": "GB", "scotland": "GB", "wales": "GB",
    "northern ireland": "GB", "united states of america": "US", "u.s.": "US", "u.s.a.": "US", "america": "US",
    "holland": "NL", "the netherlands": "NL", "czechia": "CZ", "czech republic": "CZ", "south korea": "KR",
    "korea": "KR", "republic of korea": "KR", "north korea": "KP", "russian federation": "RU", "viet nam": "VN",
    "turkey": "TR", "türkiye": "TR", "ivory coast": "CI", "uae": "AE", "slovak republic": "SK", "macedonia": "MK",
    "bosnia and herzegovina": "BA", "trinidad and tobago": "TT", "laos": "LA", "myanmar": "MM", "burma": "MM",
    "hong kong sar": "HK", "taiwan": "TW", "brunei darussalam": "BN", "cape verde": "CV", "deutschland": "DE",
    "democratic republic of the congo": "CD", "swaziland": "SZ", "el": "GR", "vatican": "VA",
}  # fmt: skip

_LANGUAGES = {
    "arabic": "ar", "bengali": "bn", "bulgarian": "bg", "catalan": "ca", "chinese": "zh", "croatian": "hr",
    "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "estonian": "et", "finnish": "fi", "french": "fr",
    "german": "de", "greek": "el", "hebrew": "he", "hindi": "hi", "hungarian": "hu", "indonesian": "id",
    "italian": "it", "japanese": "ja", "korean": "ko", "latvian": "lv", "lithuanian": "lt", "malay": "ms",
    "mandarin": "zh", "norwegian": "nb", "polish": "pl", "portuguese": "pt", "romanian": "ro", "russian": "ru",
    "serbian": "sr", "slovak": "sk", "slovenian": "sl", "spanish": "es", "swedish": "sv", "thai": "th",
    "turkish": "tr", "ukrainian": "uk", "urdu": "ur", "vietnamese": "vi",
}  # fmt: skip

_STATUSES: dict[str, Status] = {
    "candidate": "planned", "scheduled": "planned", "not started": "planned",
    "staging": "preparing", "in preparation": "preparing", "in progress": "preparing", "started": "preparing",
    "go live": "live", "went live": "live", "active": "live", "hypercare": "live",
    "done": "stable", "complete": "stable", "completed": "stable", "finished": "stable",
    "on hold": "paused", "hold": "paused", "rolled back": "rolled_back", "decommissioned": "dropped",
    "retired": "dropped", "closed": "dropped", "cancelled": "dropped", "canceled": "dropped",
}  # fmt: skip


def slug(text: str) -> str:
    """An id from a name: `Zürich No. 2` is `zurich-no-2`; empty where its letters are not Latin."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED))
    ascii_only = re.sub(r"'s\b", "s", folded.encode("ascii", "ignore").decode())
    words = "-".join(re.findall("[a-z0-9]+", ascii_only))
    if not re.search("[a-z]", words) and any(map(str.isalpha, text)):
        return ""
    cut = words[:ID_LIMIT].rstrip("-")
    return cut if not cut or is_id(cut) else f"{cut}-site"


def text(cell: str) -> str:
    """A text as it stands."""
    return cell


@cache
def country(cell: str) -> str:
    """The alpha-2 code of a code or of an English name."""
    try:
        return parse_country(cell)
    except ValueError:
        code = _country_names().get(cell.casefold())
        if code is None:
            raise
        return code


@cache
def _country_names() -> dict[str, str]:
    return {name.casefold(): code for code, name in NAMES.items()} | _COUNTRIES


def number(cell: str) -> str:
    """A number with a decimal point. A comma is taken for one only where it cannot mean thousands."""
    if _NUMBER.fullmatch(cell):
        return cell
    if _THOUSANDS.fullmatch(cell):
        return cell.replace(",", "")
    if _DECIMAL_COMMA.fullmatch(cell):
        if len(cell.partition(",")[2]) == 3:
            msg = f'"{cell}" may be thousands or decimals: write it with a point or without a comma'
            raise ValueError(msg)
        return cell.replace(",", ".")
    return _plain_float(cell)


def latitude(cell: str) -> str:
    """Decimal degrees, north positive; a decimal comma is understood."""
    return _degrees(cell, 90)


def longitude(cell: str) -> str:
    """Decimal degrees, east positive; a decimal comma is understood."""
    return _degrees(cell, 180)


def _degrees(cell: str, limit: int) -> str:
    plain = cell if _NUMBER.fullmatch(cell) else _plain_float(cell.replace(",", "."))
    if not -limit <= float(plain) <= limit:
        msg = f"{plain} is not between -{limit} and {limit} degrees"
        raise ValueError(msg)
    return plain


def _plain_float(cell: str) -> str:
    if not _FLOAT.fullmatch(cell):
        msg = f'a number such as 45.75 is wanted, not "{short(cell)}"'
        raise ValueError(msg)
    return format(Decimal(cell), "f")


def count(cell: str) -> str:
    """A whole number; 140.0 and 1,200 are understood."""
    plain = re.sub(r"\D", "", cell) if _GROUPED.fullmatch(cell) else re.sub(r"\.0+\Z", "", cell)
    if not plain.isascii() or not plain.isdigit():
        msg = f'a whole number such as 12 is wanted, not "{short(cell)}"'
        raise ValueError(msg)
    return plain


def ids(cell: str) -> list[str]:
    """Ids separated by `;`, `,` or `|`."""
    found: dict[str, None] = {}
    for part in parts(cell):
        made = system_id(part)
        if not made:
            msg = f'no id can be made of "{short(part)}"'
            raise ValueError(msg)
        found[made] = None
    return list(found)


def system_id(name: str) -> str:
    """The id of a system or workflow that a sheet calls by a name; empty where none can be made."""
    return name if is_id(name) else slug(name)


def parts(cell: str) -> list[str]:
    """The entries of a cell that holds several."""
    return [part for raw in _BETWEEN.split(cell) if (part := raw.strip())]


def languages(cell: str) -> list[str]:
    """Language tags, or English names of languages."""
    found: dict[str, None] = {}
    for part in parts(cell.replace("/", ";")):
        language, _, region = part.replace("_", "-").partition("-")
        known = _LANGUAGES.get(part.casefold()) or language.lower() + (f"-{region}" if region else "")
        found[known] = None
    return list(found)


def email(cell: str) -> str:
    """An address; `mailto:` goes."""
    return cell.removeprefix("mailto:")


def day(cell: str, dates: Dates) -> date | None:
    """A day; None where the cell says that it is open. Slashes need to be told which way round they are."""
    if cell.casefold() in _UNDECIDED:
        return None
    head = re.sub(r"[T ]00:00(?::00(?:\.0+)?)?Z?\Z", "", cell)
    slashed = _SLASHED.fullmatch(head)
    if slashed is None:
        return parse_day(head.replace("/", "-"))
    if len(slashed[3]) == 2:
        msg = f'"{short(cell)}" does not say its century: write the year with four digits'
        raise ValueError(msg)
    first, second, year = int(slashed[1]), int(slashed[2]), int(slashed[3])
    read = {"dmy": _real(year, second, first), "mdy": _real(year, first, second)}
    if (found := read.get(dates)) is not None:
        return found
    fitting = [way for way, found in read.items() if found is not None]
    if dates == "iso" and fitting:
        first_is = "day" if fitting == ["dmy"] else "month"
        said = "can be read in two ways" if len(fitting) == 2 else f"names the {first_is} first"
        msg = f'"{short(cell)}" {said}: add {" or ".join(f"--dates {way}" for way in fitting)}'
    else:
        msg = f'"{short(cell)}" is not a day of the calendar' + (f" (read as {dates})" if dates != "iso" else "")
    raise ValueError(msg)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def wave(cell: str) -> int | None:
    """A wave's number; the lighthouse is wave 0. None where the cell says that it is open."""
    if cell.casefold() in _UNDECIDED:
        return None
    if cell.casefold() == "lighthouse":
        return 0
    match = _WAVE.fullmatch(cell)
    if match is None:
        msg = f'a wave is a number such as 3, not "{short(cell)}"'
        raise ValueError(msg)
    return int(match[1])


def status(cell: str) -> Status | None:
    """The site's status as rollout says it; None for a word it does not know."""
    word = re.sub(r"[\W_]+", " ", cell.casefold()).strip()
    known = next((name for name in ORDER if name.replace("_", " ") == word), None)
    return known or _STATUSES.get(word)
