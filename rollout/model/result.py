"""What commands answer: each with a table for people and an object for programs. The JSON keys are a promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import Holidays, spoken, spoken_with_weekday
from rollout.model.change import Change
from rollout.model.dispute import Dispute
from rollout.model.few import few, so_many
from rollout.model.plan import Plan
from rollout.model.revision import Revision
from rollout.model.schedule import Schedule, wave_name
from rollout.model.site import Site
from rollout.model.status import Status
from rollout.model.table import Table
from rollout.problem import Problem

if TYPE_CHECKING:
    from rollout.model.answers.common import FaultJson, MemberJson, ProblemJson
    from rollout.model.answers.dates import PlannedJson, RenderedPagesJson, ShownJson, ShownValueJson, StartedJson

_MANY_NOTES = 20


def problem_table(problems: Iterable[Problem]) -> Table:
    """Problems as a table, a row each."""
    rows = tuple(
        (p.severity, p.code, p.path, str(p.line or ""), str(p.column or ""), p.message, p.hint) for p in problems
    )
    return Table("Problems", ("severity", "code", "path", "line", "column", "message", "hint"), rows)


def fault_json(problem: Problem) -> FaultJson:
    """What is wrong and where, where it goes without saying how bad it is."""
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "hint": problem.hint,
    }


def problem_json(problem: Problem) -> ProblemJson:
    """A problem as every JSON object spells it."""
    return {"code": problem.code, "severity": problem.severity, **fault_json(problem)}


def _member_json(problem: Problem) -> MemberJson:
    return {
        "constraint": problem.code,
        "message": problem.message,
        "path": problem.path,
        "line": problem.line,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan's dates."""

    plan: Plan
    sites: Mapping[str, Site]
    schedule: Schedule
    set_aside: Mapping[str, Status]
    """Sites that get no day on purpose: paused or dropped."""
    kept: bool
    """Whether the dates are those that were published."""
    changes: tuple[Change, ...]
    because: tuple[Problem, ...] = ()
    """Why the published schedule was not kept, or who expects to be later than it though it was."""
    conflicts: tuple[tuple[Problem, ...], ...] = ()
    """Lines that cannot hold together; any one of a group removed, the others can."""
    wishes: tuple[Problem, ...] = ()
    """Wishes that are not met."""
    short: tuple[int, ...] = ()
    """Waves with fewer sites than wished."""
    revision: Revision | None = None
    """What changes against the published dates."""
    holidays: Holidays | None = None
    """The public holidays the dates took into account; None where those on disk stay as they are."""

    @property
    def refused(self) -> Mapping[str, str]:
        """Sites without a day that nobody paused or dropped, and why."""
        return {site: why for site, why in self.schedule.unplaced.items() if site not in self.set_aside}

    def message(self, version: str) -> str:
        """The commit message of a publication: a summary, the waves, trailers."""
        schedule = self.schedule
        counted = f"{so_many(len(schedule.sites), 'site')}, {so_many(schedule.used, 'wave')}"
        lines = [f"Publish {self.plan.id}: {counted}{self._until()}", ""]
        for wave, rows in list(schedule.waves().items())[:60]:
            names = few([site for site, _ in rows], 8)
            lines.append(f"{wave_name(wave).capitalize()}, {spoken(rows[0][1])} to {spoken(rows[-1][1])}: {names}")
        lines += ["", f"Rollout-Plan: {self.plan.id}", f"Rollout-As-Of: {schedule.made.as_of}"]
        return "\n".join([*lines, f"Rollout-Version: {version}", ""])

    def summary(self) -> str:
        """One sentence: how many sites in how many waves until when, and how good that is."""
        where = ("a lighthouse and " if self.plan.lighthouse else "") + so_many(self.schedule.used, "wave")
        kept = "; the published dates are lawful and were left alone" if self.kept else ""
        if self.kept and self.revision is not None:
            kept = "; the search found the published dates again"
        return f"{so_many(len(self.schedule.sites), 'site')} in {where}{self._until()}: {self._quality()}{kept}."

    def _until(self) -> str:
        end = self.schedule.last_go_live
        return f", last go-live {spoken(end)}" if end is not None else ""

    def _quality(self) -> str:
        made = self.schedule.made
        if made.outcome == "optimal":
            also = ", and none is worth more" if "value" in made.proved else ""
            return f"no plan can end in an earlier wave{also}"
        if made.bound is not None and made.outcome == "feasible":
            least = made.bound.waves
            saved = f"at most {self.schedule.last_wave - least} could be saved"
            return f"at least {so_many(least, 'wave')} {'is' if least == 1 else 'are'} needed, so {saved}"
        if not self.refused:
            return made.outcome
        return f"{so_many(len(self.refused), 'site')} {'has' if len(self.refused) == 1 else 'have'} no day"

    def json(self) -> PlannedJson:
        """For programs."""
        made = self.schedule.made
        return {
            "version": VERSION,
            "plan": self.plan.id,
            "outcome": made.outcome,
            "proved": list(made.proved),
            "bound": {"waves": made.bound.waves} if made.bound else None,
            "as_of": made.as_of.isoformat(),
            "kept": self.kept,
            "waves": [
                {
                    "wave": wave,
                    "starts": rows[0][1].isoformat(),
                    "ends": rows[-1][1].isoformat(),
                    "sites": [{"site": site, "go_live": day.isoformat()} for site, day in rows],
                }
                for wave, rows in self.schedule.waves().items()
            ],
            "unplaced": [{"site": site, "reason": why} for site, why in sorted(self.schedule.unplaced.items())],
            "conflict": [_member_json(problem) for group in self.conflicts[:1] for problem in group],
            "conflicts": [[_member_json(problem) for problem in group] for group in self.conflicts],
            "wishes": [_member_json(problem) for problem in self.wishes],
            "short": list(self.short),
            "revision": self.revision.json() if self.revision else None,
        }

    def by_wave(self) -> Table:
        """One row a wave: for plans of more sites than anybody reads line by line."""
        rows = []
        for wave, placed in self.schedule.waves().items():
            names = few([site for site, _ in placed], 3)
            days = (spoken(placed[0][1]), spoken(placed[-1][1]))
            rows.append((wave_name(wave), *days, str(len(placed)), names))
        notes = [f"{site}: {why}" for site, why in sorted(self.schedule.unplaced.items())]
        if len(notes) > _MANY_NOTES:
            notes = [*notes[:_MANY_NOTES], f"and {len(notes) - _MANY_NOTES} more without a day; --format json has all"]
        return Table(self.plan.name, ("wave", "first", "last", "sites", "which"), tuple(rows), tuple(notes))

    def table(self) -> Table:
        """One row a site, by wave and day."""
        rows = []
        for wave, placed in self.schedule.waves().items():
            for site_id, day in placed:
                site = self.sites.get(site_id)
                name, country = (site.name, site.country) if site else (site_id, "")
                unit = (site.business_unit or "") if site else ""
                rows.append((wave_name(wave), spoken_with_weekday(day), site_id, name, country, unit))
        notes = [f"{site}: {why}" for site, why in sorted(self.schedule.unplaced.items())]
        columns = ("wave", "go-live", "site", "name", "country", "unit")
        return Table(self.plan.name, columns, tuple(rows), tuple(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedPages:
    """What rendering did, or would do."""

    written: tuple[str, ...]
    unchanged: int
    stale: tuple[str, ...] = ()
    conflicts: tuple[Dispute, ...] = ()
    """Where somebody has to choose, by page and line."""
    deleted: tuple[str, ...] = ()
    """Blocks that a person deleted, as `path#block`."""
    left: tuple[str, ...] = ()
    """Blocks kept though rollout has no more use for them, as `path#block`: a person worked in them."""

    def json(self) -> RenderedPagesJson:
        """For programs."""
        return {
            "version": VERSION,
            "written": list(self.written),
            "unchanged": self.unchanged,
            "stale": list(self.stale),
            "conflicts": list(dict.fromkeys(conflict.path for conflict in self.conflicts)),
            "disputes": [conflict.json() for conflict in self.conflicts],
            "deleted": list(self.deleted),
            "left": list(self.left),
        }


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value of an effective site and where it was written."""

    key: str
    value: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An effective site."""

    site: str
    values: tuple[ShownValue, ...]
    notes: tuple[Problem, ...] = ()
    """Work there that is too old for its go-live."""

    def table(self) -> Table:
        """One row a value."""
        rows = tuple((v.key, v.value, f"{v.path}:{v.line}") for v in self.values)
        return Table(self.site, ("key", "value", "written in"), rows, tuple(map(str, self.notes)))

    def json(self) -> ShownJson:
        """For programs."""
        values: list[ShownValueJson] = [
            {"key": v.key, "value": v.value, "path": v.path, "line": v.line} for v in self.values
        ]
        return {"version": VERSION, "site": self.site, "values": values, "notes": [str(note) for note in self.notes]}


@dataclass(frozen=True, slots=True)
class Started:
    """A programme that was begun."""

    folder: str
    paths: tuple[str, ...]
    repository_made: bool

    def json(self) -> StartedJson:
        """For programs."""
        return {"version": VERSION, "folder": self.folder, "written": list(self.paths)}
