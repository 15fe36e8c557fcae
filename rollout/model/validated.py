"""What `validate` answers, and what `validate --write-known` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.change import Change
from rollout.model.few import so_many
from rollout.model.known import Known, KnownProblem
from rollout.model.layout import KNOWN
from rollout.model.result import problem_json
from rollout.model.table import Table
from rollout.problem import Problem

if TYPE_CHECKING:
    from rollout.model.answers.files import CountsJson, EntryJson, KnownWrittenJson, ValidatedJson


@dataclass(frozen=True, slots=True)
class Validated:
    """Everything found wrong, sorted by place."""

    problems: tuple[Problem, ...]
    """Those that count."""
    sites: int
    known: tuple[Problem, ...] = ()
    """Those that `waves/_known.yaml` lists: counted, never failing."""
    gone: tuple[KnownProblem, ...] = ()
    """Entries there of which nothing is found any more."""

    @property
    def errors(self) -> int:
        """How many fail."""
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def warnings(self) -> int:
        """How many do not."""
        return len(self.problems) - self.errors

    def summary(self) -> tuple[str, ...]:
        """What is said last: how many of what, and how many are known."""
        sites = so_many(self.sites, "site")
        found = f"{so_many(self.errors, 'error')}, {so_many(self.warnings, 'warning')}"
        lines = [f"{sites}: {found}" if self.problems else f"{sites}: nothing wrong"]
        if self.known or self.gone:
            said = so_many(len(self.known) + len(self.gone), "known problem")
            if self.gone:
                said += f", {len(self.gone)} of them gone: `rollout validate --write-known` drops them"
            lines.append(said)
        return tuple(lines)

    def table(self) -> Table:
        """One row a problem."""
        rows = tuple(
            (problem.severity, problem.code, problem.path, str(problem.line or ""), problem.message, problem.hint)
            for problem in self.problems
        )
        columns = ("severity", "code", "file", "line", "what", "what to do")
        return Table("Findings", columns, rows, self.summary())

    def json(self) -> ValidatedJson:
        """For programs."""
        summary: CountsJson = {"sites": self.sites, "errors": self.errors, "warnings": self.warnings}
        if self.known or self.gone:
            summary["known"], summary["gone"] = len(self.known), len(self.gone)
        problems = [problem_json(problem) for problem in self.problems]
        return {"version": VERSION, "problems": problems, "summary": summary}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWritten:
    """The file of known problems, as it is now."""

    before: Known
    after: Known
    change: Change
    left: tuple[Problem, ...]
    """Errors that cannot be known: they have to be mended."""

    @property
    def added(self) -> tuple[KnownProblem, ...]:
        """Entries that were not there."""
        there = {entry.key for entry in self.before.known}
        return tuple(entry for entry in self.after.known if entry.key not in there)

    @property
    def dropped(self) -> tuple[KnownProblem, ...]:
        """Entries whose problem is gone."""
        still = {entry.key for entry in self.after.known}
        return tuple(entry for entry in self.before.known if entry.key not in still)

    def table(self) -> Table:
        """One row an entry that came or went."""
        rows = [("new", entry.code, entry.path, entry.says) for entry in self.added]
        rows += [("gone", entry.code, entry.path, entry.says) for entry in self.dropped]
        return Table(KNOWN, ("", "code", "file", "what"), tuple(rows), (self.said(),))

    def said(self) -> str:
        """One sentence."""
        listed = f"{so_many(len(self.after.known), 'known problem')} in {KNOWN}"
        said = f"{listed}: {len(self.added):,} new, {len(self.dropped):,} dropped"
        if self.left:
            said += f"; {so_many(len(self.left), 'error')} cannot be known and must be mended"
        return said

    def json(self) -> KnownWrittenJson:
        """For programs."""
        return {
            "version": VERSION,
            "path": KNOWN,
            "known": len(self.after.known),
            "added": [_entry_json(entry) for entry in self.added],
            "dropped": [_entry_json(entry) for entry in self.dropped],
            "left": [problem_json(problem) for problem in self.left],
        }


def _entry_json(entry: KnownProblem) -> EntryJson:
    return {"code": entry.code, "path": entry.path, "fingerprint": entry.fingerprint, "times": entry.times}
