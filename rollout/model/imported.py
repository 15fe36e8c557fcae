"""What an import was asked to do, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.change import Change
from rollout.model.few import so_many
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.files import ImportedJson

Dates = Literal["iso", "dmy", "mdy"]
SHOWN = 20
"""Lines of one kind in the table; JSON has all."""
_RUNS = 3
"""Runs of rows that are named where one reason is that of many."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How a sheet is to be understood. Fields may be dotted: `location.lat`, `labels.fuel`, `headcount.operators`."""

    as_of: date
    """Go-lives up to this day have happened."""
    map: Mapping[str, str] = field(default_factory=dict)
    """Field to column; an empty column means that no column holds the field."""
    set: Mapping[str, str] = field(default_factory=dict)
    """Field to the value that rows have where their cell is blank or no column holds it."""
    rest: bool = False
    """Whether columns that are no field become labels."""
    id_from: str | None = None
    """Column or field that ids are made from."""
    into: str = ""
    """Folder below `sites/` for new sites."""
    dates: Dates = "iso"
    """How days with slashes are written."""
    sheet: str | None = None
    """Sheet of a workbook."""
    plan: str | None = None
    """Plan that takes go_live, wave and status; the only one where left out."""
    came_back: bool = False
    """Whether the sheet is one that rollout has sent out, so that every value in it is a change that somebody made."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not become a site."""

    row: int
    """As a spreadsheet counts: the header is row 1."""
    reason: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A site whose id is not simply its name: another site had that id, or the name has no Latin letters."""

    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Imported:
    """Every row of a sheet accounted for."""

    sheet: str
    rows: int
    changes: tuple[Change, ...] = ()
    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    rejected: tuple[Rejected, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    gone: tuple[str, ...] = ()
    """Sites of the folder that the sheet does not name."""
    ignored: tuple[str, ...] = ()
    """Columns that were not used."""
    notes: tuple[str, ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether no row at all became or matched a site."""
        return not (self.added or self.updated or self.unchanged)

    def table(self) -> Table:
        """What happened, for people: at most some twenty lines of a kind."""
        counts = (
            (len(self.added), "added"),
            (len(self.updated), "updated"),
            (self.unchanged, "unchanged"),
            (len(self.rejected), "rejected"),
        )
        said = ", ".join(f"{count:,} {word}" for count, word in counts)
        title = f"{self.sheet}: {so_many(self.rows, 'row')}: {said}"
        rows = [
            ("sheet", self.sheet, title.removeprefix(f"{self.sheet}: ")),
            *_capped("rejected", self._refusals()),
            *_capped("id made", [(r.id, f'for "{r.name}": its own is taken or not Latin') for r in self.renamed]),
            *_capped("gone", [(site, "not in the sheet; its file stays") for site in self.gone]),
            *_capped(
                "not used", [(column, "no field: --map FIELD=COLUMN or --rest labels") for column in self.ignored]
            ),
        ]
        shown = self.notes[:SHOWN]
        more = (f"… and {len(self.notes) - SHOWN:,} more notes",) if len(self.notes) > SHOWN else ()
        return Table(title, ("what", "which", "why"), tuple(rows), (*shown, *more))

    def _refusals(self) -> list[tuple[str, str]]:
        """The reasons, each once with its rows: what is wrong with every row of a sheet is said once."""
        rows: dict[str, list[int]] = {}
        for one in self.rejected:
            rows.setdefault(one.reason, []).append(one.row)
        return [(_rows(found), reason) for reason, found in rows.items()]

    def json(self) -> ImportedJson:
        """The whole result without the texts of the files."""
        return {
            "version": VERSION,
            "sheet": self.sheet,
            "rows": self.rows,
            "added": list(self.added),
            "updated": list(self.updated),
            "unchanged": self.unchanged,
            "rejected": [{"row": r.row, "reason": r.reason} for r in self.rejected],
            "renamed": [{"id": r.id, "name": r.name} for r in self.renamed],
            "gone": list(self.gone),
            "ignored": list(self.ignored),
            "notes": list(self.notes),
            "files": [change.path for change in self.changes],
        }


def _rows(found: list[int]) -> str:
    """`row 7`, `rows 2-25, 30 and 4 more`."""
    runs: list[list[int]] = []
    for row in found:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    shown = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs[:_RUNS])
    more = sum(map(len, runs[_RUNS:]))
    return f"row{'s' * (len(found) > 1)} {shown}" + (f" and {more:,} more" if more else "")


def _capped(what: str, lines: list[tuple[str, str]]) -> list[tuple[str, str, str]]:
    rows = [(what, where, why) for where, why in lines[:SHOWN]]
    if len(lines) > SHOWN:
        rows.append((what, "…", f"and {len(lines) - SHOWN:,} more; --format json has all"))
    return rows
