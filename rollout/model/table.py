"""What a looking command returns: columns, rows and notes, for whichever writer comes next."""

from __future__ import annotations

from dataclasses import dataclass

from rollout.model.harmless import markdown


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of texts. Every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                msg = f"a row of {self.title!r} has {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(msg)

    def markdown(self) -> str:
        """The table and its notes as Markdown, without the title; nothing in it is markup."""
        lines = (
            []
            if not self.rows
            else ["| " + " | ".join(map(markdown, self.columns)) + " |", "|" + " --- |" * len(self.columns)]
        )
        lines += ["| " + " | ".join(map(markdown, row)) + " |" for row in self.rows]
        return "\n".join(lines) + "".join(f"\n\n{markdown(note)}" for note in self.notes)
