"""What a scalar in a file may be: every value arrives as text, and the field alone decides its type.

Each type takes the YAML 1.2 spelling of its kind and nothing else, so that `country: NO` is Norway, `12:30` is a
time, `1.10` a version, and a slip of the finger is an error rather than another value.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo

from rollout.model.country import ALPHA_2, ALPHA_3
from rollout.model.spelling import TEXT, any_case, shown, spelled
from rollout.model.times import (
    DAY,
    DAY_NUMBER,
    DURATION,
    OFFSET,
    Duration,
    MonthDay,
    Offset,
    parse_day,
    parse_duration,
    parse_offset,
    parse_span_day,
)

ID_LIMIT = 64
NAME_LIMIT = 200
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ID = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_INT = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_MONEY = re.compile(r"([A-Za-z]{3}|\$|€|£|¥)?\s*([-+]?[0-9][0-9., '_]*)\s*([A-Za-z]{3}|\$|€|£|¥)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMAIL = re.compile(r"[^@\s<>()|`\[\]]+@[^@\s<>()|`\[\]]+\.[^@\s<>()|`\[\]]+")
URL = re.compile(r"https?://[^\s<>()|`\[\]\"']+")
_ZONE = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)*")
# Windows keeps these names for devices, whatever the extension: such a folder cannot be checked out there.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})


class Model(BaseModel):
    """Frozen, closed to unknown keys, strict: the base of everything read from a file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, regex_engine="python-re", defer_build=True)


def is_internal(field: FieldInfo) -> bool:
    """Whether a field is filled by the loader and may stand in no file."""
    return isinstance(field.json_schema_extra, dict) and bool(field.json_schema_extra.get("internal"))


def is_reserved(name: str) -> bool:
    """Whether Windows keeps a file's name for a device, whatever its extension."""
    return name.partition(".")[0].rstrip(" ").lower() in _RESERVED


def is_id(text: str) -> bool:
    """Whether a text can name a file on every system: `[a-z0-9-]`, at most 64, no device name of Windows."""
    return bool(_ID.fullmatch(text)) and len(text) <= ID_LIMIT and text not in _RESERVED


def parse_id(value: Any) -> str:
    """An id. Raises ValueError with what is allowed."""
    if not isinstance(value, str) or not is_id(value):
        msg = f"an id is up to {ID_LIMIT} of a-z, 0-9 and dashes inside, not {shown(value)}"
        raise ValueError(msg)
    return value


def _parse_int(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _INT.fullmatch(value):
        if len(value) <= 15:
            return int(value)
        msg = f"a number has at most 15 digits, not {shown(value)}"
        raise ValueError(msg)
    msg = f"a whole number such as 12 is wanted, not {shown(value)}"
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
        msg = f"a number has at most 30 digits, not {shown(value)}"
        raise ValueError(msg)
    msg = f"a number such as 45.75 is wanted, not {shown(value)}"
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
        msg = f"an amount of at least 0 is wanted, not {shown(value)}"
        raise ValueError(msg)
    return number


def _parse_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    msg = f"true or false is wanted, not {shown(value)}"
    raise ValueError(msg)


def parse_name(value: Any) -> str:
    """A name people gave: one line, 1 to 200 characters. Raises ValueError otherwise."""
    if not isinstance(value, str):
        msg = f"a text is wanted, not {shown(value)}"
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
    msg = f"a country is its ISO 3166 code such as FR or FRA, not {shown(value)}"
    raise ValueError(msg)


def _matching(pattern: re.Pattern[str], wanted: str) -> BeforeValidator:
    def parse(value: Any) -> str:
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        msg = f"{wanted}, not {shown(value)}"
        raise ValueError(msg)

    return BeforeValidator(parse)


def parse_language(value: Any) -> str:
    """A BCP 47 language tag, `fr` or `pt-BR`. Raises ValueError otherwise."""
    if isinstance(value, str) and LANGUAGE.fullmatch(value):
        return value
    msg = f"a language is its BCP 47 tag such as fr or pt-BR, not {shown(value)}"
    raise ValueError(msg)


def _parse_weekday(value: Any) -> int:
    if isinstance(value, int) and 0 <= value <= 6:
        return value
    if isinstance(value, str):
        word = value.lower()
        for number, name in enumerate(WEEKDAYS):
            if word in (name, name[:3]):
                return number
    msg = f"a weekday such as tuesday is wanted, not {shown(value)}"
    raise ValueError(msg)


def _leaves_a_day(weekend: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(weekend)) == len(WEEKDAYS):
        msg = "a weekend leaves at least one day of the week to work on"
        raise ValueError(msg)
    return weekend


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
Day = Annotated[date, BeforeValidator(parse_day), spelled("day", "2027-02-09", pattern=DAY.pattern, format="date")]
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
    _matching(URL, "an address that begins with https:// is wanted"),
    spelled("web address", "https://git.example.com/acme/rollout", pattern=URL.pattern),
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
        pattern=f"{DAY.pattern}|[0-9]{{2}}-[0-9]{{2}}|{DAY_NUMBER.pattern}",
    ),
]
DurationField = Annotated[
    Duration,
    PlainValidator(parse_duration),
    PlainSerializer(str),
    spelled("duration", "42d", "10wd", "4w", pattern=DURATION.pattern),
]
OffsetField = Annotated[
    Offset,
    PlainValidator(parse_offset),
    PlainSerializer(str),
    spelled("offset", "T-42", "T-10wd", "T", "T+14", pattern=OFFSET.pattern),
]
Many = BeforeValidator(_parse_many)
Entries = BeforeValidator(parse_entries)
Listed = Strict(False)
"""YAML gives lists where the models keep tuples: relax just that."""
Weekend = Annotated[tuple[Weekday, ...], Many, Listed, AfterValidator(_leaves_a_day)]
