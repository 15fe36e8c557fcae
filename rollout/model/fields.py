"""What a scalar in a file may be: every value arrives as text, and the field alone decides its type.

Each type takes the YAML 1.2 spelling of its kind and nothing else, so that `country: NO` is Norway, `12:30` is a
time, `1.10` a version, and a slip of the finger is an error rather than another value.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, PlainValidator, Strict, WithJsonSchema

from rollout.model.country import ALPHA_2, ALPHA_3
from rollout.model.spelling import TEXT, any_case, spelled

ID_LIMIT = 64
NAME_LIMIT = 200
YEARS = range(1900, 2200)
"""Years that a day may lie in: nothing is planned beyond them, and no sum of days leaves the calendar."""
LONGEST = 20 * 366
"""Days of the longest duration."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ID = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_INT = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_MONEY = re.compile(r"([A-Za-z]{3}|\$|€|£|¥)?\s*([-+]?[0-9][0-9., '_]*)\s*([A-Za-z]{3}|\$|€|£|¥)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_DAY_NUMBER = re.compile(r"-?[0-9]{1,3}")
_DURATION = re.compile(r"([0-9]{1,5})(d|wd|w)")
_OFFSET = re.compile(r"T(?:([-+])([0-9]{1,4})(d|wd|w)?)?")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>()|`\[\]]+@[^@\s<>()|`\[\]]+\.[^@\s<>()|`\[\]]+")
_URL = re.compile(r"https?://[^\s<>()|`\[\]\"']+")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")
# Windows keeps these names for devices, whatever the extension: such a folder cannot be checked out there.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})


class Model(BaseModel):
    """Frozen, closed to unknown keys, strict: the base of everything read from a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, regex_engine="python-re", defer_build=True)


def is_reserved(name: str) -> bool:
    """Whether Windows keeps a file's name for a device, whatever its extension."""
    return name.partition(".")[0].rstrip(" ").lower() in _RESERVED


def is_id(text: str) -> bool:
    """Whether a text can name a file on every system: `[a-z0-9-]`, at most 64, no device name of Windows."""
    return bool(_ID.fullmatch(text)) and len(text) <= ID_LIMIT and text not in _RESERVED


def parse_id(value: Any) -> str:
    """An id. Raises ValueError with what is allowed."""
    if not isinstance(value, str) or not is_id(value):
        msg = f"an id is up to {ID_LIMIT} of a-z, 0-9 and single dashes inside, not {_shown(value)}"
        raise ValueError(msg)
    return value


def parse_day(value: Any) -> date:
    """A day as ten characters, `2027-02-09`. Raises ValueError for anything else, impossible dates included."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            msg = f"{value} is not a day of the calendar"
            raise ValueError(msg) from None
        if day.year not in YEARS:
            msg = f"a day lies between the years {YEARS[0]} and {YEARS[-1]}, not in {value[:4]}"
            raise ValueError(msg)
        return day
    msg = f"a day is written like 2027-02-09, not {_shown(value)}"
    raise ValueError(msg)


def _parse_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INT.fullmatch(value):
        if len(value) <= 15:
            return int(value)
        msg = f"a number has at most 15 digits, not {_shown(value)}"
        raise ValueError(msg)
    msg = f"a whole number such as 12 is wanted, not {_shown(value)}"
    raise ValueError(msg)


def _parse_count(value: Any) -> int:
    number = _parse_int(value)
    if number < 0:
        msg = f"a number of at least 0 is wanted, not {number}"
        raise ValueError(msg)
    return number


def parse_number(value: Any) -> float:
    """A number with a point, `45.75`. Raises ValueError for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        if len(value) <= 30:
            return float(value)
        msg = f"a number has at most 30 digits, not {_shown(value)}"
        raise ValueError(msg)
    msg = f"a number such as 45.75 is wanted, not {_shown(value)}"
    raise ValueError(msg)


def parse_amount(value: Any) -> float:
    """An amount of money: a number of at least 0 without its currency. Raises ValueError otherwise."""
    match = _MONEY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match and (match[1] or match[3]):
        written = f"{match[1] or ''}{match[3] or ''}".strip()
        msg = f"an amount is a plain number in the plan's `currency`, such as 18000, without {written}"
        raise ValueError(msg)
    number = parse_number(value)
    if number < 0:
        msg = f"an amount of at least 0 is wanted, not {_shown(value)}"
        raise ValueError(msg)
    return number


def _parse_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    msg = f"true or false is wanted, not {_shown(value)}"
    raise ValueError(msg)


def parse_name(value: Any) -> str:
    """A name people gave: one line, 1 to 200 characters. Raises ValueError otherwise."""
    if not isinstance(value, str):
        msg = f"a text is wanted, not {_shown(value)}"
        raise ValueError(msg)
    if not any(map(str.isprintable, value.strip())):  # what nobody sees (U+200B and its like) names nothing
        msg = "this must not be empty"
        raise ValueError(msg)
    if len(value) > NAME_LIMIT:
        msg = f"a name has at most {NAME_LIMIT} characters, this one has {len(value)}"
        raise ValueError(msg)
    if "\n" in value or "\r" in value:
        msg = "a name stands on one line"
        raise ValueError(msg)
    return value


def parse_country(value: Any) -> str:
    """ISO 3166 alpha-2 or alpha-3 to alpha-2 (and Kosovo's user-assigned XK, KOS, XKX)."""
    if isinstance(value, str):
        code = value.upper()
        code = ALPHA_3.get(code, code)
        if code in ALPHA_2:
            return code
    msg = f"a country is its ISO 3166 code such as FR or FRA, not {_shown(value)}"
    raise ValueError(msg)


def _matching(pattern: re.Pattern[str], wanted: str) -> BeforeValidator:
    def parse(value: Any) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        msg = f"{wanted}, not {_shown(value)}"
        raise ValueError(msg)

    return BeforeValidator(parse)


def parse_language(value: Any) -> str:
    """A BCP 47 language tag, `fr` or `pt-BR`. Raises ValueError otherwise."""
    if isinstance(value, str) and LANGUAGE.fullmatch(value):
        return value
    msg = f"a language is its BCP 47 tag such as fr or pt-BR, not {_shown(value)}"
    raise ValueError(msg)


def _parse_weekday(value: Any) -> int:
    if isinstance(value, int) and 0 <= value <= 6:
        return value
    if isinstance(value, str):
        word = value.lower()
        for number, name in enumerate(WEEKDAYS):
            if word in (name, name[:3]):
                return number
    msg = f"a weekday such as tuesday is wanted, not {_shown(value)}"
    raise ValueError(msg)


class MonthDay(NamedTuple):
    """A day of every year, `12-14`."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"

    def in_year(self, year: int) -> date:
        """This day of that year; 29 February is the 28th where there is none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, 2, 28)


def parse_span_day(value: Any) -> date | MonthDay | int:
    """A day, a day of every year as `12-18`, or a day of a period as `1` or `-3`. Raises ValueError otherwise."""
    if isinstance(value, MonthDay) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and _DAY_NUMBER.fullmatch(value):
        return int(value)
    if isinstance(value, str) and (match := _MONTH_DAY.fullmatch(value)):
        month, day = int(match[1]), int(match[2])
        try:
            date(2024, month, day)
        except ValueError:
            msg = f"{value} is not a day of the year (month-day)"
            raise ValueError(msg) from None
        return MonthDay(month, day)
    if isinstance(value, str) and not _DAY.fullmatch(value):
        msg = f"a day is 2027-02-09, or with `every` 12-18 or a number such as 1 or -3, not {_shown(value)}"
        raise ValueError(msg)
    return parse_day(value)


class Duration(NamedTuple):
    """A length of time: `42d` calendar days, `10wd` working days, `4w` weeks."""

    length: int
    working: bool = False

    def __str__(self) -> str:
        return f"{self.length}{'wd' if self.working else 'd'}"

    @property
    def days(self) -> int:
        """Calendar days; working days at five a week, rounded up, where no calendar is at hand."""
        return -(-self.length * 7 // 5) if self.working else self.length


def parse_duration(value: Any) -> Duration:
    """`42d`, `10wd` or `4w`. Raises ValueError for anything else."""
    if isinstance(value, Duration):
        return value
    if isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        count = int(match[1]) * (7 if match[2] == "w" else 1)
        if count > LONGEST:
            msg = f"a duration is at most 20 years, not {_shown(value)}"
            raise ValueError(msg)
        return Duration(count, match[2] == "wd")
    msg = f"a duration is 42d (calendar days), 10wd (working days) or 4w, not {_shown(value)}"
    raise ValueError(msg)


class Offset(NamedTuple):
    """A day counted from go-live: `T-42` calendar days before, `T-10wd` working days before, `T+14` after."""

    days: int
    working: bool = False

    def __str__(self) -> str:
        if not self.days:
            return "T"
        return f"T{self.days:+}{'wd' if self.working else ''}"


def _parse_offset(value: Any) -> Offset:
    if isinstance(value, Offset):
        return value
    if isinstance(value, str) and (match := _OFFSET.fullmatch(value)):
        count = int(match[2] or 0) * (7 if match[3] == "w" else 1)
        return Offset(-count if match[1] == "-" else count, match[3] == "wd")
    msg = f"a day counted from go-live is T-42, T-10wd, T or T+14, not {_shown(value)}"
    raise ValueError(msg)


def _parse_many(value: Any) -> Any:
    """One value stands for a list of one."""
    return (value,) if isinstance(value, str) else value


def parse_entries(value: Any) -> Any:
    """Entries with ids may be written as a list or as a mapping from id to the rest."""
    if isinstance(value, dict):
        return tuple({**entry, "id": key} if isinstance(entry, dict) else entry for key, entry in value.items())
    if isinstance(value, list):
        seen: set[str] = set()
        for entry in value:
            if isinstance(entry, dict) and isinstance(name := entry.get("id"), str):
                if name in seen:
                    msg = f'the id "{name}" is given twice in this list'
                    raise ValueError(msg)
                seen.add(name)
    return value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f'"{text if len(text) <= 60 else text[:57] + "..."}"'


_WEEKDAY = "|".join(f"{any_case(day[:3])}(?:{any_case(day[3:])})?" for day in WEEKDAYS)

Id = Annotated[
    str,
    BeforeValidator(parse_id),
    spelled("id", "lyon", type=list(TEXT), pattern=_ID.pattern, maxLength=ID_LIMIT, minimum=0),
]
Name = Annotated[
    str,
    BeforeValidator(parse_name),
    spelled("text", type=list(TEXT), pattern=r"[^\r\n]*\S[^\r\n]*", maxLength=NAME_LIMIT),
]
Day = Annotated[date, BeforeValidator(parse_day), spelled("day", "2027-02-09", pattern=_DAY.pattern, format="date")]
Count = Annotated[
    int,
    BeforeValidator(_parse_count),
    spelled("number", 3, type=["integer", "string"], pattern=r"\+?[0-9]{1,15}|-0+", minimum=0),
]
Number = Annotated[
    float,
    BeforeValidator(parse_number),
    spelled("number", 45.75, type=["number", "string"], pattern=_NUMBER.pattern),
]
AMOUNT = spelled("amount", 18000, type=["number", "string"], pattern=r"\+?[0-9]+(?:\.[0-9]+)?|-0+(?:\.0+)?", minimum=0)
Amount = Annotated[float, BeforeValidator(parse_amount), AMOUNT]
Currency = Annotated[
    str,
    _matching(_CURRENCY, "a currency is its ISO 4217 code such as EUR"),
    spelled("currency", "EUR", pattern=_CURRENCY.pattern),
]
Bool = Annotated[
    bool,
    BeforeValidator(_parse_bool),
    WithJsonSchema({"title": "true or false", "enum": [True, False, "true", "false"], "examples": [True]}),
]
Country = Annotated[str, BeforeValidator(parse_country), spelled("country", "FR", "FRA", pattern="[A-Za-z]{2,3}")]
Language = Annotated[str, BeforeValidator(parse_language), spelled("language", "fr", "pt-BR", pattern=LANGUAGE.pattern)]
Email = Annotated[
    str,
    _matching(_EMAIL, "an e-mail address is wanted"),
    spelled("e-mail address", "c.dubois@example.com", pattern=_EMAIL.pattern),
]
Url = Annotated[
    str,
    _matching(_URL, "an address that begins with https:// is wanted"),
    spelled("web address", "https://git.example.com/acme/rollout", pattern=_URL.pattern),
]
Zone = Annotated[
    str,
    _matching(_ZONE, "a time zone is its IANA name such as Europe/Paris"),
    spelled("time zone", "Europe/Paris", type=list(TEXT), pattern=_ZONE.pattern),
]
Weekday = Annotated[
    int,
    BeforeValidator(_parse_weekday),
    WithJsonSchema(
        {"title": "weekday", "anyOf": [{"enum": list(WEEKDAYS)}, {"type": "string", "pattern": f"^(?:{_WEEKDAY})$"}]}
    ),
]
SpanDay = Annotated[
    date | MonthDay | int,
    PlainValidator(parse_span_day),
    spelled(
        "day",
        "2026-12-18",
        "12-18",
        -3,
        type=["string", "integer"],
        pattern=f"{_DAY.pattern}|[0-9]{{2}}-[0-9]{{2}}|{_DAY_NUMBER.pattern}",
    ),
]
DurationField = Annotated[
    Duration,
    PlainValidator(parse_duration),
    PlainSerializer(str),
    spelled("duration", "42d", "10wd", "4w", pattern=_DURATION.pattern),
]
OffsetField = Annotated[
    Offset,
    PlainValidator(_parse_offset),
    PlainSerializer(str),
    spelled("offset", "T-42", "T-10wd", "T", "T+14", pattern=_OFFSET.pattern),
]
Many = BeforeValidator(_parse_many)
Entries = BeforeValidator(parse_entries)
Listed = Strict(False)
"""YAML gives lists where the models keep tuples: relax just that."""
