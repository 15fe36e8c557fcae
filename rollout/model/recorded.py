"""What came of `record`, of a workbook that came back, and of `fmt`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.change import Change
from rollout.model.few import so_many
from rollout.model.result import fault_json
from rollout.model.table import Table
from rollout.problem import Problem

if TYPE_CHECKING:
    from rollout.model.answers.files import FormattedJson, RecordedJson, RecordKindJson, RecordKindsJson


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record and the file it goes to."""

    subject: str
    """Site, or `_plan`."""
    line: str
    """As it is written."""
    path: str
    is_new: bool
    """Whether it was not there already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Records that were added, and what the rules say of them."""

    records: tuple[NewRecord, ...]
    changes: tuple[Change, ...]
    warnings: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """How many were not there yet."""
        return sum(record.is_new for record in self.records)

    def table(self) -> Table:
        """One row a record."""
        said = f"{so_many(self.added, 'record')} added"
        rows = tuple((r.subject, r.line, r.path if r.is_new else "there already") for r in self.records)
        return Table(said, ("site", "record", "file"), rows, self.notes)

    def json(self) -> RecordedJson:
        """For programs."""
        return {
            "version": VERSION,
            "added": self.added,
            "records": [{"site": r.subject, "record": r.line, "path": r.path, "new": r.is_new} for r in self.records],
            "files": [change.path for change in self.changes],
            "warnings": [fault_json(problem) for problem in self.warnings],
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatted:
    """Files put in order."""

    changes: tuple[Change, ...]
    unchanged: int
    problems: tuple[Problem, ...] = ()
    """Files that a person has to mend first; as warnings those that are better left as they are."""

    @property
    def refused(self) -> bool:
        """Whether a file has to be mended first."""
        return any(problem.severity == "error" for problem in self.problems)

    def table(self) -> Table:
        """One row a file."""
        count = len(self.changes)
        rows = (*((c.path, "put in order") for c in self.changes), *((p.path, p.message) for p in self.problems))
        return Table(f"{so_many(count, 'file')} put in order", ("file", "what"), rows)

    def json(self) -> FormattedJson:
        """For programs."""
        return {
            "version": VERSION,
            "changed": [change.path for change in self.changes],
            "unchanged": self.unchanged,
            "problems": [
                {"code": p.code, "severity": p.severity, "message": p.message, "path": p.path, "hint": p.hint}
                for p in self.problems
            ],
        }


@dataclass(frozen=True, slots=True)
class RecordKinds:
    """Every kind of record: what it is and how it is typed."""

    kinds: Mapping[str, tuple[str, str]]

    def table(self) -> Table:
        """One row a kind."""
        rows = tuple((kind, said, usage) for kind, (said, usage) in self.kinds.items())
        note = "All take --on DATE (today), --by NAME (git's user.name) and --because TEXT."
        return Table("Kinds of records", ("kind", "what", "how"), rows, (note,))

    def json(self) -> RecordKindsJson:
        """For programs."""
        kinds: list[RecordKindJson] = [
            {"kind": kind, "what": said, "how": usage} for kind, (said, usage) in self.kinds.items()
        ]
        return {"version": VERSION, "kinds": kinds}
