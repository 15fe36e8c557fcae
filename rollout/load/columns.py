"""Which column of a sheet holds which field: by its name, or as `--map` says; `--set` fills what is blank."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rollout.load import cells
from rollout.load.cells import Cell, Reader
from rollout.model.few import few, short
from rollout.model.fields import NAME_LIMIT
from rollout.model.imported import ImportOptions
from rollout.problem import Problem, RolloutError, did_you_mean, refused

PLAN_FIELDS = ("go_live", "wave", "status")


@dataclass(frozen=True)
class Field:
    """A field of a site (or of a plan) and the names columns have for it, likelier ones first."""

    read: Reader
    names: tuple[str, ...]
    same: Callable[[str], Any] | None = None
    """What two spellings of one value have in common; the text itself where left out."""


def _field(read: Reader, names: str, same: Callable[[str], Any] | None = None) -> Field:
    return Field(read, tuple(name.strip() for name in names.split(",")), same)


_LEAD = ("site lead", "plant manager", "site manager", "store manager")

FIELDS: dict[str, Field] = {
    "name": _field(cells.text, "name, site name, site, plant name, plant, store name, store, location name, facility"),
    "id": _field(cells.text, "id, slug, code, site id, site code, plant id, plant code, store id, store code"),
    "country": _field(cells.country, "country, country code, country name, iso country, iso2, iso3", cells.country),
    "subdivision": _field(cells.text, "subdivision, state, state code, province, canton"),
    "timezone": _field(cells.text, "timezone, tz, iana timezone"),
    "languages": _field(cells.languages, "languages, language, lang, site language"),
    "location.lat": _field(cells.latitude, "lat, latitude, location lat", float),
    "location.lon": _field(cells.longitude, "lon, lng, long, longitude, location lon", float),
    "region": _field(cells.text, "region, regions"),
    "business_unit": _field(cells.text, "business unit, bu, division, segment"),
    "value": _field(cells.number, "value, worth", float),
    "site_lead.name": _field(cells.text, ", ".join((*_LEAD, "site lead name"))),
    "site_lead.title": _field(cells.text, ", ".join(f"{lead} title" for lead in _LEAD)),
    "site_lead.email": _field(cells.email, ", ".join(f"{lead} email" for lead in (*_LEAD, "lead"))),
    "site_lead.phone": _field(cells.text, ", ".join(f"{lead} phone" for lead in _LEAD)),
    "sponsor.name": _field(cells.text, "sponsor, sponsor name, executive sponsor"),
    "sponsor.title": _field(cells.text, "sponsor title"),
    "sponsor.email": _field(cells.email, "sponsor email"),
    "sponsor.phone": _field(cells.text, "sponsor phone"),
    "shifts": _field(cells.count, "shifts, number of shifts, shifts per day", int),
    "systems": _field(cells.ids, "systems, system"),
    "workflows": _field(cells.ids, "workflows, workflow"),
    "go_live": _field(cells.text, "go live, go live date, golive date"),
    "wave": _field(cells.text, "wave, wave number, wave no, rollout wave"),
    "status": _field(cells.text, "status, site status, rollout status"),
}
ROLES = (
    "operators",
    "supervisors",
    "engineers",
    "technicians",
    "managers",
    "planners",
    "clerks",
    "nurses",
    "physicians",
)
"""Roles whose head-count is known by the column's name; others need `--map headcount.ROLE=COLUMN`."""
_EVERYBODY = ("headcount", "employees", "staff", "fte", "number of employees")

_COUNT = Field(cells.count, (), int)
_LABEL = Field(cells.text, ())


@dataclass(frozen=True, slots=True)
class Column:
    """A field, where the sheet has it, and what it is where the cell is blank."""

    field: str
    keys: tuple[str, ...]
    index: int | None
    title: str
    read: Reader
    same: Callable[[str], Any] | None = None
    fill: str = ""

    def is_same(self, raw: object, value: Cell) -> bool:
        """Whether a value of a site file says the same as the sheet: `FRA` is `FR`, `45.750` is `45.75`."""
        if raw == value:
            return True
        if isinstance(value, list):
            return [raw] == value if isinstance(raw, str) else False
        if self.same is None or not isinstance(raw, str):
            return False
        try:
            return bool(self.same(raw) == self.same(value))
        except ValueError:
            return False


@dataclass(frozen=True)
class Columns:
    """What the columns of a sheet are."""

    fields: tuple[Column, ...]
    labels: tuple[Column, ...]
    plan: dict[str, Column] = field(default_factory=dict)
    """go_live, wave and status, where the sheet holds a plan."""
    id_index: int | None = None
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def choose_columns(header: Sequence[str], options: ImportOptions, sheet: str, others: Sequence[str] = ()) -> Columns:
    """What each column is. Raises RolloutError for a field or a column that is not there, naming `others` to read."""
    titles = [title or f"column {number}" for number, title in enumerate(header, 1)]
    mapped = {_resolved(name, "--map"): column for name, column in options.map.items()}
    fills = {_resolved(name, "--set"): value.strip() for name, value in options.set.items()}
    if "id" in fills:
        raise refused(
            "", "no-set", "--set cannot give every row one id", "--id-from COLUMN says what ids are made from"
        )
    places = {name: _place(column, titles, sheet) for name, column in mapped.items() if column}
    places |= _recognised(titles, taken=set(mapped), used=set(places.values()))
    if "name" not in places and "name" not in fills:
        said, hint = "no column is known as the site's name", f"--map name=COLUMN; columns: {_listed(titles)}"
        hint = f"--sheet NAME, one of {_listed(others)}, or {hint}" if others else hint
        raise RolloutError(Problem(path=sheet, line=1, column=1, code="no-name", message=said, hint=hint))
    id_index = places.pop("id", None)
    used = {*places.values(), -1 if id_index is None else id_index}
    if options.id_from is not None:  # such a column may be kept as a label too: people know a shop by its number
        used = set(places.values())
        by_field = id_index if options.id_from == "id" else places.get(options.id_from)
        id_index = _place(options.id_from, titles, sheet) if by_field is None else by_field
    columns = {name: _column(name, places.get(name), titles, fills.get(name, "")) for name in (*places, *fills)}
    holds_plan = "go_live" in columns or "wave" in columns
    plan = {name: columns.pop(name) for name in PLAN_FIELDS if holds_plan and name in columns}
    if "status" in columns:
        columns["status"] = as_label(columns["status"])
    rest = [(number, title) for number, title in enumerate(titles) if number not in used]
    labels = _labels(rest, set(columns)) if options.rest else ()
    rank = {name: number for number, name in enumerate(FIELDS)}
    ordered = sorted(columns.items(), key=lambda item: (rank.get(item[1].field, len(rank)), item[0]))
    named = sorted((c for c in (*columns.values(), *plan.values()) if c.index is not None), key=lambda c: c.index or 0)
    said = ", ".join(f"{column.field} from {column.title}" for column in named)
    return Columns(
        fields=tuple(column for _, column in ordered),
        labels=labels,
        plan=plan,
        id_index=id_index,
        ignored=() if options.rest else tuple(title for number, title in rest if number != id_index),
        notes=(f"columns: {said}",),
    )


def _listed(titles: Sequence[str]) -> str:
    """The first of them, none longer than a line."""
    return few([short(title) for title in titles], 40)


def as_label(column: Column) -> Column:
    """A column of a plan taken for a mere label."""
    keys = ("labels", column.field)
    return Column(f"labels.{column.field}", keys, column.index, column.title, cells.text, None, column.fill)


def _normal(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", "", folded)


_SYNONYMS: dict[str, tuple[str, int]] = {
    _normal(alias): (name, rank) for name, known in FIELDS.items() for rank, alias in enumerate((*known.names, name))
}
_SYNONYMS |= {_normal(f"{before}{role}{after}"): (f"headcount.{role}", 0) for role in ROLES
              for before, after in (("", ""), ("headcount ", ""), ("", " headcount"), ("number of ", ""))}  # fmt: skip
_SYNONYMS |= {_normal(word): ("headcount.employees", rank) for rank, word in enumerate(_EVERYBODY)}


def _recognised(titles: list[str], taken: set[str], used: set[int]) -> dict[str, int]:
    """Fields by the names of columns; of two columns for one field the likelier name wins."""
    found: dict[str, tuple[int, int]] = {}
    for number, title in enumerate(titles):
        if number in used:
            continue
        name, rank = _SYNONYMS.get(_normal(title), ("", 0))
        if not name and (dotted := _dotted(title.strip().lower())) is not None:
            name = dotted
        if name and name not in taken and (name not in found or rank < found[name][0]):
            found[name] = (rank, number)
    return {name: number for name, (_, number) in found.items()}


def _dotted(name: str) -> str | None:
    """`headcount.ROLE` or `labels.NAME`."""
    group, dot, rest = name.partition(".")
    if dot and (
        (group == "headcount" and re.fullmatch("[a-z0-9][a-z0-9_-]{0,39}", rest))
        or (group == "labels" and 0 < len(rest) <= NAME_LIMIT)
    ):
        return name
    return None


def _resolved(name: str, option: str) -> str:
    """The field that a person means on the command line."""
    if name in FIELDS or _dotted(name):
        return name
    known = _SYNONYMS.get(_normal(name))
    if known is not None:
        return known[0]
    fields = [*FIELDS, "headcount.ROLE", "labels.NAME"]
    hint = did_you_mean(name, fields) or "fields: " + ", ".join(fields)
    raise refused("", "unknown-field", f'{option}: a site has no field "{name}"', hint)


def _place(column: str, titles: list[str], sheet: str) -> int:
    """The number of the column that a person means."""
    if column in titles:
        return titles.index(column)
    normal = [_normal(title) for title in titles]
    if _normal(column) in normal:
        return normal.index(_normal(column))
    hint = did_you_mean(column, titles) or f"columns: {_listed(titles)}"
    said = f'the sheet has no column "{column}"'
    raise RolloutError(Problem(path=sheet, line=1, column=1, code="unknown-column", message=said, hint=hint))


def _column(name: str, index: int | None, titles: list[str], fill: str) -> Column:
    known = FIELDS.get(name) or (_COUNT if name.startswith("headcount.") else _LABEL)
    keys = tuple(name.split(".", 1))
    title = titles[index] if index is not None else "--set"
    column = Column(name, keys, index, title, known.read, known.same, fill)
    if fill:
        try:
            known.read(fill)
        except ValueError as error:
            raise refused("", "wrong-value", f"--set {name}: {error}", "") from None
    return column


def _labels(rest: Iterable[tuple[int, str]], taken: set[str]) -> tuple[Column, ...]:
    """The other columns under a name that is easy to type in a selector: `Primary fuel` is `primary_fuel`."""
    made: list[Column] = []
    names = {name.removeprefix("labels.") for name in taken}
    again: dict[str, int] = {}
    for number, title in rest:
        words = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", title).casefold()).strip("_")
        base = words[:NAME_LIMIT].rstrip("_") or f"column_{number + 1}"  # YAML takes no key of any length
        name = base
        while name in names:
            again[base] = again.get(base, 1) + 1
            name = f"{base}_{again[base]}"
        names.add(name)
        made.append(Column(f"labels.{name}", ("labels", name), number, title, cells.text))
    return tuple(made)
