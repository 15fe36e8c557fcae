"""The workbook of a plan that came back: of its `Sites` sheet only what a person changed.

A cell that is as it was sent out is taken for blank, and blank cells change nothing; so a workbook that lay about for
a month takes nothing back that was changed elsewhere in the meantime, and one nobody touched changes nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rollout.load import cells
from rollout.load.sent_book import sent_book
from rollout.load.sheet import Sheet
from rollout.model.book import ID, KEPT, MARK, SITES, VERSION
from rollout.model.record import ORDER
from rollout.problem import did_you_mean, refused

_HEAD = 3
"""Rows of the hidden sheet above the sites: the mark, fields, titles."""
_HAPPENED = ("live", "stable", "rolled_back")


@dataclass(frozen=True, slots=True)
class ReturnedPlan:
    """What came back."""

    sheet: Sheet
    plan: str
    map: Mapping[str, str]
    """Column of each field; an empty one for a field whose column is gone."""
    sites: frozenset[str]
    """Sites that were sent out."""


def read_plan_book(path: Path, as_of: date) -> ReturnedPlan | None:
    """The workbook, if it is one of `rollout export plan`; None for every other file.

    Raises RolloutError where it is one of ours and cannot be understood.
    """
    book = sent_book(path, KEPT, SITES, MARK, 3)
    if book is None:
        return None
    kept, found, name = book.kept, book.shown, path.as_posix()
    if kept[0][1] != VERSION:
        raise refused(
            name,
            "broken-workbook",
            f"this workbook has version {kept[0][1]}, rollout reads {VERSION}",
            "export it again",
        )
    if found is None or len(kept) < _HEAD:
        raise refused(
            name,
            "broken-workbook",
            f'the sheet "{SITES}" is gone',
            "give it its name back, or export the workbook again",
        )
    title_of = {field: title for field, title in zip(kept[1], kept[2], strict=False) if field}
    header = found[0] if found else []
    if title_of.get(ID) not in header:
        raise refused(
            name,
            "broken-workbook",
            f'the header of "{SITES}" has no "{title_of.get(ID)}"',
            "give the column its name back",
        )
    sent = {row[0]: dict(zip(kept[1], row, strict=False)) for row in kept[_HEAD:] if row and row[0]}
    places = {field: header.index(title) for field, title in title_of.items() if title in header}
    # Columns for reading are left out altogether: nobody needs to be told that they were not used.
    lines = _Changed(places, sent, as_of).rows(found)
    columns = {field: title if field in places else "" for field, title in title_of.items()}
    return ReturnedPlan(Sheet(path, lines, []), kept[0][2], columns, frozenset(sent))


@dataclass(slots=True)
class _Changed:
    """Takes what nobody changed out of the rows."""

    places: Mapping[str, int]
    sent: Mapping[str, Mapping[str, str]]
    as_of: date

    def rows(self, found: list[list[str]]) -> Iterator[tuple[int, list[str], str]]:
        """The header with our own columns, and each row with what is new in it."""
        fields, names = list(self.places), {values.get("name"): site for site, values in self.sent.items()}
        yield 1, [found[0][self.places[field]] for field in fields], ""
        seen: dict[str, int] = {}
        for number, row in enumerate(found[1:], 2):
            values = {field: row[at] if at < len(row) else "" for field, at in self.places.items()}
            site = values[ID]
            problem = ""
            if site in seen:
                problem = f"{site} stands in row {seen[site]} already; leave the id of a new site blank"
            elif site in self.sent:
                seen[site] = number
                values, problem = self._new(values, self.sent[site])
            elif site:
                hint = did_you_mean(site, self.sent)
                problem = f"{site} was not sent out{'; ' + hint if hint else ''}; leave the id of a new site blank"
            elif (known := names.get(values.get("name"))) is not None:
                problem = f"a site called {values['name']} was sent out as {known}; write its id, or another name"
            yield number, [values[field] for field in fields], problem

    def _new(self, values: Mapping[str, str], sent: Mapping[str, str]) -> tuple[dict[str, str], str]:
        new = {field: "" if text == sent.get(field, "") else text for field, text in values.items()}
        new[ID] = values[ID]
        status = cells.status(new.get("status", ""))
        if new.get("status") and status is None:
            hint = did_you_mean(new["status"], ORDER) or f"one of {', '.join(ORDER)}"
            return new, f'"{new["status"]}" is no status; {hint}'
        day = values.get("go_live", "")
        if status in _HAPPENED and not new.get("go_live") and day and day <= self.as_of.isoformat():
            new["go_live"] = day  # it went live when it was to
        return new, ""
