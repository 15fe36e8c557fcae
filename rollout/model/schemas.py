"""What `schema` says: the kinds of files there are schemas for, and the schemas a programme keeps for its editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.change import Change
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.files import SchemaKindJson, SchemaKindsJson, SchemasKeptJson


@dataclass(frozen=True, slots=True)
class SchemaKinds:
    """The kinds of files, with where they stand and what stands in them."""

    kinds: tuple[tuple[str, str, str], ...]
    """Name, path, what it is."""

    def table(self) -> Table:
        """One row a kind."""
        note = "`rollout schema KIND` prints one; `rollout schema --write` puts all into the programme for its editors."
        return Table("Kinds of files", ("kind", "file", "what"), self.kinds, (note,))

    def json(self) -> SchemaKindsJson:
        """For programs."""
        kinds: list[SchemaKindJson] = [{"kind": name, "file": path, "what": what} for name, path, what in self.kinds]
        return {"version": VERSION, "kinds": kinds}


@dataclass(frozen=True, slots=True)
class SchemasKept:
    """The schemas of a programme, written or to be written."""

    changes: tuple[Change, ...]
    unchanged: int

    def table(self) -> Table:
        """One row a file that changes."""
        rows = tuple((change.path, "new" if change.before is None else "changed") for change in self.changes)
        return Table(f"{self.unchanged} schemas are current", ("file", "what"), rows)

    def json(self) -> SchemasKeptJson:
        """For programs."""
        return {"version": VERSION, "changed": [change.path for change in self.changes], "unchanged": self.unchanged}
