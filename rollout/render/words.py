"""Dates, lengths of time, roles and languages in words, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from rollout.model.fields import Duration

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LANGUAGES = dict(
    row.split(" ", 1)
    for row in """
af Afrikaans, am Amharic, ar Arabic, az Azerbaijani, be Belarusian, bg Bulgarian, bn Bengali, bs Bosnian, ca Catalan,
cs Czech, cy Welsh, da Danish, de German, el Greek, en English, es Spanish, et Estonian, eu Basque, fa Persian,
fi Finnish, fil Filipino, fr French, ga Irish, gl Galician, gu Gujarati, he Hebrew, hi Hindi, hr Croatian, hu Hungarian,
hy Armenian, id Indonesian, is Icelandic, it Italian, ja Japanese, ka Georgian, kk Kazakh, km Khmer, kn Kannada,
ko Korean, lo Lao, lt Lithuanian, lv Latvian, mk Macedonian, ml Malayalam, mn Mongolian, mr Marathi, ms Malay,
mt Maltese, my Burmese, nb Norwegian, ne Nepali, nl Dutch, nn Norwegian Nynorsk, no Norwegian, pa Punjabi, pl Polish,
ps Pashto, pt Portuguese, ro Romanian, ru Russian, si Sinhala, sk Slovak, sl Slovenian, so Somali, sq Albanian,
sr Serbian, sv Swedish, sw Swahili, ta Tamil, te Telugu, th Thai, tl Tagalog, tr Turkish, uk Ukrainian, ur Urdu,
uz Uzbek, vi Vietnamese, zh Chinese, zu Zulu
""".replace("\n", " ").strip().split(", ")
)
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@lru_cache(maxsize=16384)
def day_words(day: date) -> str:
    """`Tue 9 Feb 2027`."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month]} {day.year}"


def days_words(first: date, last: date) -> str:
    """`Tue 9 Feb 2027`, or `Tue 9 Feb to Thu 11 Mar 2027`."""
    if first == last:
        return day_words(first)
    if first.year == last.year:
        return f"{_DAYS[first.weekday()]} {first.day} {_MONTHS[first.month]} to {day_words(last)}"
    return f"{day_words(first)} to {day_words(last)}"


@lru_cache(maxsize=4096)
def offset_words(days: int) -> str:
    """`T-7`, `T`, `T+14`: days counted from go-live."""
    return f"T{days:+}" if days else "T"


@lru_cache(maxsize=1024)
def duration_words(duration: Duration) -> str:
    """`42 days`, `10 working days`."""
    kind = "working day" if duration.working else "day"
    return count_words(duration.length, kind)


def count_words(count: int, one: str, many: str | None = None) -> str:
    """`1 site`, `3 sites`, `14,223 sites`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@lru_cache(maxsize=1024)
def role_words(role: str) -> str:
    """`site lead` for `site_lead`."""
    return " ".join(role.replace("_", " ").split())


@lru_cache(maxsize=1024)
def title_words(name: str) -> str:
    """`Visual inspection` for `visual-inspection`."""
    words = " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]


@lru_cache(maxsize=1024)
def language_words(tag: str) -> str:
    """`French` for `fr`, `Portuguese (BR)` for `pt-BR`; the tag itself where the language is not in the table."""
    spoken, _, rest = tag.partition("-")
    name = _LANGUAGES.get(spoken)
    if name is None:
        return tag
    return f"{name} ({rest})" if rest else name


def is_right_to_left(tag: str) -> bool:
    """Whether the language is written from right to left."""
    return tag.partition("-")[0] in _RIGHT_TO_LEFT


def listed(words: Iterable[str], last: str = "and") -> str:
    """`Linz, Graz and Lyon`."""
    found = list(words)
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} {last} {found[-1]}"
