"""What `rollout audit` answers: who decided what, when, on which evidence, and which commit says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import few
from rollout.model.history import Commit
from rollout.model.plan_edit import PlanEdit
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.common import CommitJson
    from rollout.model.answers.standing import AuditedJson

_MANY_NOTES = 20
_FEW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that was known when a decision was made."""

    site: str
    """Empty where it is of the whole plan."""
    subject: str
    """Item, criterion or metric."""
    says: str
    """Where it can be looked at, or what was recorded."""
    on: date

    def __str__(self) -> str:
        return f"{self.subject}: {self.says} ({f'{self.site}, ' if self.site else ''}{spoken(self.on)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision, standing or removed."""

    on: date
    kind: str
    """Key of the record."""
    says: str
    """`wave-1: go as sponsor`."""
    site: str
    """Empty where it is of the whole plan."""
    sites: tuple[str, ...] = ()
    """Sites that a decision of the whole plan covers by name."""
    by: str
    recorded_by: str | None = None
    """Who wrote it down, where that is somebody else."""
    because: str | None = None
    evidence: tuple[Evidence, ...] = ()
    path: str
    line: int | None
    """Where it stands; None for one that was removed."""
    commit: Commit | None = None
    """The commit that brought the line."""
    is_older: bool = False
    """Whether the clone is shallow and the line older than its first commit."""
    is_removed: bool = False
    removed: Commit | None = None
    """The commit that took the line away; None where that is not committed yet."""
    replaced: str | None = None
    """What stands in its place since, where the same commit wrote that."""

    @property
    def who(self) -> str:
        """Who decided, and who wrote it down where that is somebody else."""
        return self.by if self.recorded_by is None else f"{self.by} (recorded by {self.recorded_by})"

    @property
    def place(self) -> str:
        """File and line."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The decisions of a plan in their order."""

    plan: str
    name: str
    site: str | None
    decisions: tuple[Decided, ...]
    has_history: bool
    edits: tuple[PlanEdit, ...] = ()
    """The commits that changed `plan.yaml`, oldest first; none where one site was asked about."""
    as_of: date | None = None
    """What is recorded or committed of later days is left out."""
    notes: tuple[str, ...] = ()
    """What limits the answer: no history, a shallow clone, files that could not be read."""

    @property
    def removed(self) -> tuple[Decided, ...]:
        """Decisions whose line is gone."""
        return tuple(one for one in self.decisions if one.is_removed)

    def table(self) -> Table:
        """One row a decision, as much as fits a terminal."""
        rows = [
            (one.on, (spoken(one.on), one.site or "plan", one.who, _joined(_said(one), _on_what(one)), _where(one)))
            for one in self.decisions
        ]
        rows += [
            (
                one.on,
                (
                    spoken(one.on),
                    "plan",
                    one.commit.author,
                    _joined(one.says(_FEW), one.commit.subject),
                    f"plan.yaml {one.commit.short}",
                ),
            )
            for one in self.edits
        ]
        rows.sort(key=lambda row: row[0])  # of one day decisions first
        columns = ("when", "site", "who", "decision", "where")
        return Table(f"{self.name}: decisions", columns, tuple(row for _, row in rows), self._notes())

    def rows(self) -> Table:
        """The same with all there is, for a spreadsheet."""
        rows = [
            (
                one.on.isoformat(),
                one.site,
                one.kind,
                one.says,
                one.by,
                one.recorded_by or "",
                one.because or "",
                "; ".join(map(str, one.evidence)),
                " ".join(one.sites),
                one.place,
                one.commit.id if one.commit else "",
                one.commit.author if one.commit else "",
                "yes" if one.is_removed else "",
                one.removed.id if one.removed else "",
                one.removed.author if one.removed else "",
            )
            for one in self.decisions
        ]
        rows += [
            (
                *(one.on.isoformat(), "", "plan", one.says(), one.commit.author, "", one.commit.subject, "", ""),
                *(one.path, one.commit.id, one.commit.author, "", "", ""),
            )
            for one in self.edits
        ]
        rows.sort(key=lambda row: row[0])
        columns = (
            *("on", "site", "kind", "decision", "by", "recorded by", "because", "evidence", "sites", "place"),
            *("commit", "committed by", "removed", "removed in", "removed by"),
        )
        return Table(self.name, columns, tuple(rows), self._notes())

    def _notes(self) -> tuple[str, ...]:
        notes = [_gone(one) for one in self.removed[:_MANY_NOTES]]
        if len(self.removed) > _MANY_NOTES:
            notes.append(f"and {len(self.removed) - _MANY_NOTES} more removed; --format json has all")
        if not self.decisions:
            notes.append("Nothing has been decided on record yet.")
        return (*notes, *self.notes)

    def json(self) -> AuditedJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "site": self.site,
            "history": self.has_history,
            "removed": len(self.removed),
            "decisions": [
                {
                    "on": one.on.isoformat(),
                    "site": one.site or None,
                    "kind": one.kind,
                    "decision": one.says,
                    "by": one.by,
                    "recorded_by": one.recorded_by,
                    "because": one.because,
                    "sites": list(one.sites),
                    "evidence": [
                        {"site": e.site or None, "subject": e.subject, "says": e.says, "on": e.on.isoformat()}
                        for e in one.evidence
                    ],
                    "path": one.path,
                    "line": one.line,
                    "commit": _commit(one.commit),
                    "older_than_history": one.is_older,
                    "removed": one.is_removed,
                    "removed_in": _commit(one.removed),
                    "replaced_by": one.replaced,
                }
                for one in self.decisions
            ],
            "plan_edits": [one.json() for one in self.edits],
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "notes": list(self.notes),
        }


def _joined(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def _said(one: Decided) -> str:
    covered = f" for {few(one.sites, _FEW)}" if one.sites else ""
    return f"{'REMOVED ' if one.is_removed else ''}{one.says}{covered}"


def _on_what(one: Decided) -> str:
    shown = [str(evidence) for evidence in one.evidence[:_FEW]]
    if len(one.evidence) > _FEW:
        shown.append(f"{len(one.evidence) - _FEW} more")
    return "; ".join(([one.because] if one.because else []) + shown)


def _where(one: Decided) -> str:
    place = one.place.rpartition("/")[2]
    brought = f" {'before ' if one.is_older else ''}{one.commit.short}" if one.commit else ""
    return f"{place}{brought}{f', gone {one.removed.short}' if one.removed else ''}"


def _gone(one: Decided) -> str:
    brought = f", committed by {one.commit.author} in {one.commit.short}" if one.commit else ""
    said = f"Removed from {one.path}: {one.says} of {spoken(one.on)} by {one.who}{brought}"
    if one.removed is None:
        return f"{said}; the removal is not committed yet."
    said += f"; removed by {one.removed.author} on {one.removed.on} in {one.removed.short}"
    return f"{said}, which says instead: {one.replaced}." if one.replaced else f"{said}."


def _commit(commit: Commit | None) -> CommitJson | None:
    return None if commit is None else {"id": commit.id, "author": commit.author, "on": commit.on}
