"""What `rollout proof` answers: what was measured before and since, and what that proves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.proof import CHECKPOINTS, Figure, Proof
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.learning import FigureJson, ProvedJson, SiteProofJson

RULE = (
    f"Met: the target is reached, {CHECKPOINTS[0]} days after go-live or later. Not met: no better than before, or "
    f"still short of it after {CHECKPOINTS[-1]} days. Everything else is inconclusive."
)


@dataclass(frozen=True, slots=True)
class SiteProof:
    """One metric of one site, as of a day."""

    site: str
    proof: Proof
    is_quoted: bool
    """Whether later playbooks quote it: it is the lighthouse's, and there is a figure since go-live."""
    due: tuple[int, date] | None
    """The checkpoint that is to be measured next: days after go-live, and the day."""
    is_overdue: bool
    """Whether that day has passed."""

    def spoken(self) -> str:
        """The verdict with its reason and what is due."""
        said = f"{self.proof.verdict}: {self.proof.reason}"
        if self.due is not None:
            days, on = self.due
            said += f"; +{days} {'was due on' if self.is_overdue else 'is due on'} {spoken(on)}"
        return said

    def json(self) -> SiteProofJson:
        """For programs."""
        proof = self.proof

        def figure(one: Figure) -> FigureJson:
            age = proof.age(one) if proof.went_live else None
            return {"value": one.value, "unit": one.unit, "on": one.on.isoformat(), "by": one.record.by, "age": age}

        return {
            "site": self.site,
            "metric": proof.metric,
            "went_live": proof.went_live.isoformat() if proof.went_live else None,
            "before": figure(proof.before) if proof.before else None,
            "late": figure(proof.late) if proof.late else None,
            "target": figure(proof.target) if proof.target else None,
            "after": [figure(one) for one in proof.afters],
            "share": None if proof.share is None else round(proof.share, 1),
            "verdict": proof.verdict,
            "reason": proof.reason,
            "quoted": self.is_quoted,
            "due": self.due and {"days": self.due[0], "on": self.due[1].isoformat()},
            "overdue": self.is_overdue,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """The proof packs of a plan, as asked."""

    plan: str
    name: str
    lighthouse: str | None
    rows: tuple[SiteProof, ...]
    """The lighthouse's first, then by site and metric."""
    without: tuple[str, ...] = ()
    """Sites still to go live that lack a figure from before for something that is measured elsewhere, next first."""
    next_day: date | None = None
    """Planned go-live of the first of them."""

    @property
    def is_proved(self) -> bool:
        """Whether the lighthouse has a pack and everything in it is met."""
        pack = [row for row in self.rows if row.site == self.lighthouse]
        return bool(pack) and all(row.proof.verdict == "met" for row in pack)

    def table(self) -> Table:
        """One row a site and metric."""
        rows = tuple(
            (
                row.site,
                row.proof.metric,
                _dated(row.proof.before),
                _dated(row.proof.target),
                "\n".join(f"{one.spoken()}, +{row.proof.age(one)}" for one in row.proof.afters),
                row.spoken(),
            )
            for row in self.rows
        )
        columns = ("site", "metric", "before", "target", "since", "verdict")
        return Table(f"Proof of {self.name}", columns, rows, tuple(self._notes()))

    def _notes(self) -> list[str]:
        notes = [RULE]
        quoted = [row.proof for row in self.rows if row.is_quoted]
        if quoted:
            said = "; ".join(f"{p.metric} {_from_to(p)} ({p.verdict})" for p in quoted)
            notes.append(f"Later playbooks quote {self.lighthouse}: {said}.")
        elif self.lighthouse is not None:
            notes.append(f"Later playbooks quote nothing yet: there is no figure of {self.lighthouse} since go-live.")
        if self.without:
            first, more = self.without[0], len(self.without) - 1
            when = f", goes live on {spoken(self.next_day)}" if self.next_day else ""
            others = f"; and {more} more" if more else ""
            notes.append(f"Still without a figure from before go-live: {first}{when}{others}.")
        return notes

    def json(self) -> ProvedJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "lighthouse": self.lighthouse,
            "proved": self.is_proved,
            "proofs": [row.json() for row in self.rows],
            "without": list(self.without),
        }


def _dated(figure: Figure | None) -> str:
    return f"{figure.spoken()}, {spoken(figure.on)}" if figure else ""


def _from_to(proof: Proof) -> str:
    since = proof.after.spoken() if proof.after else "?"
    return f"{proof.before.value:.10g} → {since}" if proof.before else since
