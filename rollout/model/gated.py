"""What `rollout gate` answers: what a gate asks, what is so, who approved, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.decision import Decision
from rollout.model.few import few
from rollout.model.source import Place, Written
from rollout.model.table import Table
from rollout.model.times import days

if TYPE_CHECKING:
    from rollout.model.answers.standing import ApprovedJson, CheckJson, GatedJson, GateJson, GatesJson, SiteGateJson

_MANY = 8
_WORDS: dict[Decision, str] = {"go": "go", "no_go": "NO GO", "conditional_go": "conditional go"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Written):
    """One criterion, judged in one place. Its source is the record that decides it, else its own line in the plan."""

    id: str
    at: str
    """Where it was judged: a site's id, or `plan`."""
    sites: tuple[str, ...]
    """The sites of the gate it counts for."""
    met: bool
    message: str
    owner: str
    waiver: str = ""
    """Who waived it, until when and why; empty where nobody did."""

    @property
    def passes(self) -> bool:
        """Whether it is met or waived."""
        return self.met or bool(self.waiver)

    def json(self) -> CheckJson:
        """For programs."""
        shown: CheckJson = {
            "id": self.id,
            "met": self.met,
            "message": self.message,
            "path": self.path,
            "line": self.line,
            "at": self.at,
            "sites": list(self.sites),
            "owner": self.owner,
        }
        if self.waiver:
            shown["waived"] = self.waiver
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow(Written):
    """One approval that was recorded, or one that is missing."""

    role: str
    by: str
    """Empty for one that is missing."""
    decision: Decision | None
    sites: tuple[str, ...]
    counts: bool
    message: str
    on: date | None = None

    def json(self) -> ApprovedJson:
        """For programs."""
        return {
            "role": self.role,
            "by": self.by or None,
            "decision": self.decision,
            "on": self.on.isoformat() if self.on else None,
            "sites": list(self.sites),
            "counts": self.counts,
            "message": self.message,
            "path": self.path,
            "line": self.line,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteGate:
    """A gate at one site."""

    site: str
    go_live: date | None
    decision: Decision
    binds: str
    """Digest of what an approval given now would bind."""
    bound: tuple[tuple[str, str], ...]
    """What it is made of."""

    def json(self) -> SiteGateJson:
        """For programs."""
        return {
            "site": self.site,
            "go_live": self.go_live.isoformat() if self.go_live else None,
            "decision": self.decision,
            "binds": self.binds,
            "bound": dict(self.bound),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """One gate of a plan as of a day."""

    plan: str
    gate: str
    title: str
    as_of: date
    on: date | None
    """Its day."""
    sites: tuple[SiteGate, ...]
    criteria: tuple[Check, ...]
    approvals: tuple[ApprovalRow, ...]
    bound: tuple[str, ...]
    """What an approval binds, by name."""
    notes: tuple[str, ...] = ()
    is_over: bool = False
    """Whether every site it is about is live: there is nothing left to decide."""

    @property
    def decision(self) -> Decision:
        """go where every site may go, conditional_go where one may only thanks to a waiver or a condition."""
        found = {site.decision for site in self.sites}
        if "no_go" in found or not (found or self.is_over):
            return "no_go"
        return "conditional_go" if "conditional_go" in found else "go"

    @property
    def ready(self) -> tuple[str, ...]:
        """The sites that may go."""
        return tuple(site.site for site in self.sites if site.decision != "no_go")

    @property
    def holding(self) -> tuple[str, ...]:
        """The sites that may not."""
        return tuple(site.site for site in self.sites if site.decision == "no_go")

    @property
    def is_late(self) -> bool:
        """Whether its day is past and it is not open."""
        return self.on is not None and self.on < self.as_of and self.decision == "no_go"

    @property
    def waivers(self) -> tuple[Check, ...]:
        """What is open and waived."""
        return tuple(check for check in self.criteria if check.waiver and not check.met)

    @property
    def failing(self) -> int:
        """How much is neither met nor waived, approvals that are missing or do not count included."""
        return sum(not check.passes for check in self.criteria) + len(self._missing)

    @property
    def _missing(self) -> tuple[ApprovalRow, ...]:
        return tuple(one for one in self.approvals if not one.counts and (not one.by or one.decision == "no_go"))

    @property
    def telling(self) -> tuple[Check, ...]:
        """Of each criterion the check that says where it stands: the first that is open, else waived, else met."""
        found: dict[str, Check] = {}
        for check in self.criteria:
            first = found.get(check.id)
            if first is None or (check.passes, check.met) < (first.passes, first.met):
                found[check.id] = check
        return tuple(found.values())

    def located(self, place: Place, *, every_line: bool = True) -> Gated:
        """The same with files and lines: of a criterion at ten thousand sites all, or that of the one that tells."""
        wanted = {id(check) for check in (self.criteria if every_line else self.telling)}
        return replace(
            self,
            criteria=tuple(check.located(place) if id(check) in wanted else check for check in self.criteria),
            approvals=tuple(one.located(place) for one in self.approvals),
        )

    def table(self) -> Table:
        """What fails first, each with its line; then what is waived, then what is met; then the approvals."""
        rank = sorted(self.criteria, key=lambda check: (check.met, bool(check.waiver)))
        rows = [(check.id, check.at, _met(check), check.message + _waived(check), check.place) for check in rank]
        rows += [
            (
                f"approval {one.role}",
                few(one.sites, _MANY),
                "yes" if one.counts else "NO",
                one.message,
                one.place,
            )
            for one in sorted(self.approvals, key=lambda one: one.counts)
        ]
        columns = ("criterion", "at", "met", "what is so", "where")
        return Table(f"{self.plan}: {self.gate}", columns, tuple(rows), (*self.sentences(), *self.notes))

    def sentences(self) -> tuple[str, ...]:
        """The decision and what goes with it, in words."""
        said = [f"{self.gate}: {_WORDS[self.decision]} as of {spoken(self.as_of)}{self._day()}."]
        if self.title:
            said[0] = f"{self.title} {said[0]}"
        if len(self.sites) > 1 or self.decision == "no_go":
            said += [f"Ready: {few(self.ready, _MANY) or 'nobody'}."] if self.sites else []
            said += [f"Held up by {few(self.holding, _MANY)}."] if self.holding and self.ready else []
        if self.ready and self.holding:
            names = ",".join(self.ready)
            said.append(f"The ready can go without the rest: rollout gate {self.gate} --sites {names}")
        said += [f"Waived: {check.id} at {check.at}, {check.waiver}." for check in self.waivers]
        said.append(f"An approval binds {', '.join(self.bound)}.")
        return tuple(said)

    def _day(self) -> str:
        if self.on is None:
            return ""
        if self.is_late:
            return f"; its day was {spoken(self.on)}, {days((self.as_of - self.on).days)} ago"
        return f"; its day {'was' if self.on < self.as_of else 'is'} {spoken(self.on)}"

    def json(self) -> GatedJson:
        """For programs."""
        return {"version": VERSION, **self.body()}

    def body(self) -> GateJson:
        """The answer without its version."""
        return {
            "plan": self.plan,
            "gate": self.gate,
            "decision": self.decision,
            "as_of": self.as_of.isoformat(),
            "on": self.on.isoformat() if self.on else None,
            "late": self.is_late,
            "criteria": [check.json() for check in self.criteria],
            "approvals": [one.json() for one in self.approvals],
            "sites": [site.json() for site in self.sites],
            "ready": list(self.ready),
            "holding": list(self.holding),
            "binds": list(self.bound),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """All gates of a plan as of a day."""

    plan: str
    name: str
    as_of: date
    gates: tuple[Gated, ...]

    @property
    def late(self) -> tuple[Gated, ...]:
        """Gates whose day is past and that are not open."""
        return tuple(gate for gate in self.gates if gate.is_late)

    def located(self, place: Place, *, every_line: bool = True) -> Gates:
        """The same with files and lines, or only those of the checks that tell where a criterion stands."""
        return replace(self, gates=tuple(gate.located(place, every_line=every_line) for gate in self.gates))

    def table(self) -> Table:
        """One row a gate."""
        return self._table(first=True)

    def short(self) -> Table:
        """The same for a narrow terminal, with days as people say them."""
        return self._table(first=False)

    def _table(self, *, first: bool) -> Table:
        rows = tuple(
            (
                gate.gate,
                (gate.on.isoformat() if first else spoken(gate.on)) if gate.on else "",
                _state(gate),
                f"{gate.failing}" if gate.failing else "",
                few([site.site for site in gate.sites], _MANY),
                *([_first(gate)] if first else []),
            )
            for gate in self.gates
        )
        notes = [f"{gate.gate} is late: its day was {spoken(gate.on)}." for gate in self.late if gate.on]
        notes.append("Each by itself: rollout gate NAME")
        columns = ("gate", "day", "decision", "open", "sites", *(["first of them"] if first else []))
        return Table(f"{self.name}: gates as of {spoken(self.as_of)}", columns, rows, tuple(notes))

    def json(self) -> GatesJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            "gates": [gate.body() for gate in self.gates],
        }


def _first(gate: Gated) -> str:
    failing = [f"{check.id} at {check.at}: {check.message}" for check in gate.criteria if not check.passes]
    failing += [one.message for one in gate.approvals if not one.counts]
    return failing[0] if failing else "; ".join(gate.notes[:1])


def _state(gate: Gated) -> str:
    if gate.is_over:
        return "passed"
    return _WORDS[gate.decision] if gate.sites else "nobody yet"


def _met(check: Check) -> str:
    return "yes" if check.met else "waived" if check.waiver else "NO"


def _waived(check: Check) -> str:
    return f"; waived: {check.waiver}" if check.waiver and not check.met else ""
