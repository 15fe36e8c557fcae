"""A workbook that came back → the records that its changed rows come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rollout.load import cells
from rollout.load.sent_book import sent_book
from rollout.load.validate import build
from rollout.load.yaml import Value
from rollout.model.imported import Dates
from rollout.model.record import KINDS, Facts
from rollout.model.workbook import COLUMNS, KEPT, MARK, SHEET, STATES, VERSION, Returned, ReturnedRow, progress_of
from rollout.problem import Problem, did_you_mean, refused

_OWN = COLUMNS[COLUMNS.index("state") :]
_COLUMN_OF = {"item": "id", "on": "done on", "at": "evidence", "says": "note"}
"""Column of a record's field, where it is not called the same."""


def read_workbook(path: Path) -> Returned | None:
    """The workbook, if it is one that rollout has sent out; None for every other file.

    Raises RolloutError where it is one of ours and cannot be understood.
    """
    book = sent_book(path, KEPT, SHEET, MARK, 4)
    if book is None:
        return None
    rows, sheet, name = book.kept, book.shown, path.as_posix()
    if rows[0][1] != VERSION:
        raise refused(
            name,
            "broken-workbook",
            f"this workbook has version {rows[0][1]}, rollout reads {VERSION}",
            "export it again",
        )
    if sheet is None:
        raise refused(
            name,
            "broken-workbook",
            f'the sheet "{SHEET}" is gone',
            "give it its name back, or export the workbook again",
        )
    header = tuple(title.casefold() for title in sheet[0]) if sheet else ()
    missing = [column for column in ("id", *_OWN) if column not in header]
    if missing:
        raise refused(
            name, "broken-workbook", f"the header has no {', '.join(missing)}", "give the columns their names back", 1
        )
    sent = {row[0]: dict(zip(_OWN, row[1:], strict=False)) for row in rows[1:] if row and row[0]}
    at = header.index("id")
    found = tuple(
        ReturnedRow(number, row[at], dict(zip(header, row, strict=False)))
        for number, row in enumerate(sheet[1:], 2)
        if any(row)
    )
    return Returned(name, rows[0][2], rows[0][3], header, found, sent)


@dataclass(slots=True)
class WorkbookRecords:
    """What a workbook comes to."""

    entries: list[tuple[str, dict[str, Value]]] = field(default_factory=list)
    """Kind and record."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changed: int = 0
    """Rows that a person changed."""


def records_of(book: Returned, facts: Facts, items: list[str], on: date, by: str, dates: Dates) -> WorkbookRecords:
    """The records of the rows that differ from what was sent out, and that the records do not say already.

    `on` and `by` stand where a row leaves them blank. `items` are the site's.
    """
    found = WorkbookRecords()
    reader = _Reader(book, facts, on.isoformat(), by, dates, found)
    seen: dict[str, int] = {}
    for row in book.rows:
        if not row.id:
            reader.wrong(row, "id", "this row has no id: rows cannot be added", "unknown-activity")
        elif row.id in seen:
            reader.wrong(row, "id", f"{row.id} stands in row {seen[row.id]} already", "duplicate-row")
        elif row.id not in items and row.id not in book.sent:
            hint = did_you_mean(row.id, items)
            reader.wrong(row, "id", f'the site has no item "{row.id}"', "unknown-activity", hint)
        else:
            seen[row.id] = row.number
            if row.id in items:
                reader.read(row)
            elif reader.is_changed(row):
                reader.wrong(row, "id", f"the plan has no item {row.id} any more", "unknown-activity")
    return found


@dataclass(slots=True)
class _Reader:
    """Reads row after row."""

    book: Returned
    facts: Facts
    today: str
    by: str
    dates: Dates
    found: WorkbookRecords

    def is_changed(self, row: ReturnedRow) -> bool:
        """Whether anything a person may change is otherwise than it was sent out."""
        sent = self.book.sent.get(row.id, {})
        return any(row.cells.get(name, "") != sent.get(name, "") for name in _OWN)

    def read(self, row: ReturnedRow) -> None:
        """Turn a changed row into records."""
        if not self.is_changed(row):
            return
        self.found.changed += 1
        sent = self.book.sent.get(row.id, {})
        state = self._state(row)
        day = self._day(row)
        if state is None or day is None:
            return
        now = progress_of(self.facts, row.id)
        evidence, note = row.cells.get("evidence", ""), row.cells.get("note", "")
        is_shown = not evidence or evidence in (sent.get("evidence", ""), now.evidence)
        said = tuple(row.cells.get(name, "") != sent.get(name, "") for name in ("state", "done on", "by"))
        day_or_today = day or self.today
        who = row.cells.get("by", "") or self.by
        taken_out = [name for name in _OWN if sent.get(name) and not row.cells.get(name) and name != "state"]
        if taken_out:
            self.found.notes.append(
                f"row {row.number} ({row.id}): {', '.join(taken_out)} was taken out, and stays recorded"
            )
        if any(said) and self._moves(row, state, day):
            entry = {"item": row.id, "state": state}
            if not is_shown:
                entry["evidence"], is_shown = evidence, True
            self._take(row, "item", {**entry, "on": day_or_today, "by": who})
        if not is_shown:
            self._take(row, "evidence", {"evidence": row.id, "at": evidence, "on": self.today, "by": who})
        if note and note not in (sent.get("note", ""), now.note):
            self._take(row, "note", {"note": row.id, "says": note, "on": self.today, "by": who})

    def _moves(self, row: ReturnedRow, state: str, day: str) -> bool:
        """Whether the row says something of the item that the records do not say yet."""
        now = progress_of(self.facts, row.id)
        sent = self.book.sent.get(row.id, {}).get("state", "open")
        if STATES.index(state) < STATES.index(sent):
            said = f'it was "{sent}" and cannot become "{state}" again: what is recorded stays'
            self.wrong(row, "state", said, "taken-back", "if the record is wrong, correct its line by hand")
            return False
        if state == "open":
            if day or row.cells.get("by", ""):
                self.wrong(row, "state", "a day or a name without a state", "no-state", "choose requested or done")
            return False
        if STATES.index(state) < STATES.index(now.state):
            self.found.notes.append(f"row {row.number} ({row.id}): it is {now.state} already")
            return False
        if state == now.state and now.on is not None:
            if day and day < now.on.isoformat():
                said = f"the records say {now.on}, which is later and stays"
                self.wrong(row, "done on", said, "earlier-day", "if it is wrong, correct its line by hand")
                return False
            if not day or day == now.on.isoformat():
                if (who := row.cells.get("by", "")) not in ("", now.by):
                    said = f"the records say {now.by}, and {who} is not taken over: correct the line by hand"
                    self.found.notes.append(f"row {row.number} ({row.id}): {said}")
                return False
        return True

    def _take(self, row: ReturnedRow, kind: str, entry: dict[str, Value]) -> None:
        _, problems = build(KINDS[kind], entry, [(self.book.path, entry)])
        for problem in problems:
            key = str(problem.keys[-1]) if problem.keys else ""
            column = "evidence" if key == "evidence" else _COLUMN_OF.get(key, key)
            self.wrong(row, column, problem.message, problem.code, problem.hint)
        if not problems:
            self.found.entries.append((kind, entry))

    def _state(self, row: ReturnedRow) -> str | None:
        word = row.cells.get("state", "").casefold() or "open"
        word = "done" if word == "approved" else word
        if word in STATES:
            return word
        shown = row.cells["state"]
        self.wrong(row, "state", f'"{shown}" is none of {", ".join(STATES)}', "wrong-value", did_you_mean(word, STATES))
        return None

    def _day(self, row: ReturnedRow) -> str | None:
        """The day as text, empty where none is given; None (and a problem) where it is none."""
        cell = row.cells.get("done on", "")
        try:
            day = cells.day(cell, self.dates) if cell else None
        except ValueError as error:
            self.wrong(row, "done on", str(error), "wrong-value")
            return None
        return day.isoformat() if day else ""

    def wrong(self, row: ReturnedRow, column: str, message: str, code: str, hint: str = "") -> None:
        """Note a problem with a cell."""
        at = self.book.header.index(column) + 1 if column in self.book.header else 1
        self.found.problems.append(
            Problem(path=self.book.path, line=row.number, column=at, code=code, message=message, hint=hint)
        )
