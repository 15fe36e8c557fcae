"""What `rollout lessons` answers: every lesson, what became of it, and where it still has to arrive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import so_many
from rollout.model.source import Place, Written
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.learning import LessonRowJson, LessonsJson

Disposition = Literal["open", "adopted", "rejected", "deferred"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRow(Written):
    """A lesson and what became of it."""

    lesson: str
    says: str
    site: str
    """Who learned it."""
    by: str
    on: date
    """The day it was learned."""
    blocking: bool
    state: Disposition
    """`adopted` as soon as every page it has to reach holds the work it became."""
    decided: tuple[str, date, str] | None
    """Where it was turned down or put off: by whom, when and why."""
    items: tuple[str, ...]
    """Activities of the plan that say `from_lesson`."""
    sites: tuple[str, ...] | None
    """Sites of the plan that it is for; None for all of them."""
    selects: int
    """How many these are."""
    reaches: int
    """Pages that have to hold its work: of sites it is for that are still to go live, without who learned it."""
    missing: tuple[str, ...]
    """Sites whose page does not hold all of it yet."""

    @property
    def is_open(self) -> bool:
        """Whether something has to be done about it: neither adopted nor turned down nor put off."""
        return self.state == "open"

    def spoken(self) -> str:
        """What became of it, in words."""
        if self.decided is not None:
            by, on, why = self.decided
            return f"{self.state} by {by}, {spoken(on)}: {why}"
        work = ", ".join(self.items)
        if self.state == "adopted":
            return f"adopted as {work}"
        if not self.items:
            return "open: no activity says from_lesson"
        some = ", ".join(self.missing[:_SHOWN]) + (", …" if len(self.missing) > _SHOWN else "")
        pages = f"{so_many(self.reaches, 'page')} {'does' if len(self.missing) == 1 else 'do'}"
        return f"open: {len(self.missing)} of {pages} not hold {work} yet ({some})"

    def json(self) -> LessonRowJson:
        """For programs."""
        by, on, why = self.decided or (None, None, None)
        return {
            "lesson": self.lesson,
            "says": self.says,
            "site": self.site,
            "by": self.by,
            "on": self.on.isoformat(),
            "blocking": self.blocking,
            "state": self.state,
            "decided_by": by,
            "decided_on": on.isoformat() if on else None,
            "because": why,
            "items": list(self.items),
            "all_sites": self.sites is None,
            "sites": list(self.sites or ()),
            "selects": self.selects,
            "reaches": self.reaches,
            "missing": list(self.missing),
            "path": self.path,
            "line": self.line,
        }


_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lessons:
    """The lessons of a plan, as asked."""

    plan: str
    name: str
    rows: tuple[LessonRow, ...]
    affects: str | None = None
    """The site they were asked for."""

    @property
    def open(self) -> int:
        """How many are open."""
        return sum(row.is_open for row in self.rows)

    @property
    def blocking(self) -> int:
        """How many are open and close gates."""
        return sum(row.is_open and row.blocking for row in self.rows)

    def located(self, place: Place) -> Lessons:
        """The same with path and line of each."""
        return replace(self, rows=tuple(row.located(place) for row in self.rows))

    def table(self) -> Table:
        """One row a lesson: the open ones first, of these the blocking ones."""
        rows = tuple(
            (
                row.lesson,
                row.says,
                f"{row.site}: {row.by}, {spoken(row.on)}",
                "yes" if row.blocking else "",
                "all" if row.sites is None else str(row.selects),
                row.spoken(),
                row.place,
            )
            for row in self.rows
        )
        count, whom = len(self.rows), f" for {self.affects}" if self.affects else ""
        said = f"{so_many(count, 'lesson')}{whom}, {self.open} open, {self.blocking} of them blocking."
        notes = [said]
        if any(row.is_open and not row.items for row in self.rows):
            notes.append(
                "To take one up, add an activity with `from_lesson: NAME`; to decide otherwise: "
                "rollout record SITE lesson NAME --state rejected --because …"
            )
        columns = ("lesson", "what to do", "learned", "blocking", "sites", "state", "where")
        return Table(f"Lessons of {self.name}", columns, rows, tuple(notes))

    def grid(self) -> Table:
        """The same in three columns, for a terminal."""
        table = self.table()
        rows = tuple(
            (
                row.lesson + ("\nblocking" if row.blocking else ""),
                f"{row.says}\n{row.by} at {row.site}, {spoken(row.on)}; for "
                + ("all sites" if row.sites is None else so_many(row.selects, "site")),
                f"{row.spoken()}\n{row.place}",
            )
            for row in self.rows
        )
        return Table(table.title, ("lesson", "what to do", "state"), rows, table.notes)

    def json(self) -> LessonsJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "affects": self.affects,
            "open": self.open,
            "blocking": self.blocking,
            "lessons": [row.json() for row in self.rows],
        }
