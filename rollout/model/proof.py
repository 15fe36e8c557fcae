"""Proof: what a site measured before its go-live, what was promised, what was measured since, and what follows.

The rule for a verdict, by the last figure since go-live:

- *met*: at least 21 days after go-live it reaches the target.
- *not met*: it is no better than the one from before; or 90 days after go-live it still falls short of the target.
- *inconclusive*: everything else. There is no figure from before go-live, no target or none since; it was measured
  sooner than 21 days after go-live, or in another unit; or it is better than before and short of the target, and the
  90 days are not over.

Whether more or less is better follows from the target: it lies on the better side of the figure from before. A figure
called `before` that is dated on or after go-live is none. The checkpoints are those of benefits realisation: +21 for
the first honest look, then +30, +60 and +90.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rollout.model.measured import ProofRecord
from rollout.model.record import Record, by_day
from rollout.model.times import days

Verdict = Literal["met", "not met", "inconclusive"]
CHECKPOINTS = (21, 30, 60, 90)
"""Days after go-live on which it is measured."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure somebody measured or promised."""

    value: float
    on: date
    unit: str | None
    """As its own line says, or an earlier one."""
    record: ProofRecord

    def spoken(self) -> str:
        """`820 ppm`."""
        return f"{self.value:.10g}{f' {self.unit}' if self.unit else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One metric of one site."""

    metric: str
    went_live: date | None
    before: Figure | None = None
    """The latest from before go-live."""
    late: Figure | None = None
    """The latest that is called `before` and was measured on or after go-live: it proves nothing."""
    target: Figure | None = None
    """The latest."""
    afters: tuple[Figure, ...] = ()
    """Those since go-live, by day."""

    @property
    def after(self) -> Figure | None:
        """The last one since go-live."""
        return self.afters[-1] if self.afters else None

    def age(self, figure: Figure) -> int:
        """Days from go-live to a figure."""
        return (figure.on - self.went_live).days if self.went_live else 0

    @property
    def share(self) -> float | None:
        """What was reached of the change that was promised, in percent; None where there is nothing to compare."""
        if self.before is None or self.target is None or self.after is None or self.before.value == self.target.value:
            return None
        return 100 * (self.after.value - self.before.value) / (self.target.value - self.before.value)

    @property
    def compares(self) -> bool:
        """Whether something was measured before or promised; else its figures say how it is, and prove nothing."""
        return self.before is not None or self.late is not None or self.target is not None

    @property
    def unjudged(self) -> str | None:
        """Why the last figure cannot be held against the promise, in words; None where it can."""
        lacking = self._lacking()
        if lacking is not None or self.after is None:
            return lacking
        if (age := self.age(self.after)) < CHECKPOINTS[0]:
            return f"measured {days(age)} after go-live; it counts from {CHECKPOINTS[0]} on"
        if self.share is None and not self._is_held:
            return "the target is the figure from before: better is open"
        return None

    @property
    def reached(self) -> float | None:
        """The share that counts, in percent: of figures that can be compared, 21 days after go-live or later.

        A promise to keep what there was is reached whole where it is held.
        """
        if self.unjudged is not None:
            return None
        return self.share if self.share is not None else 100.0

    @property
    def verdict(self) -> Verdict:
        """Met, not met or inconclusive."""
        return self._judged()[0]

    @property
    def reason(self) -> str:
        """Why, in words."""
        return self._judged()[1]

    def next_checkpoint(self) -> tuple[int, date] | None:
        """The next that is due, as days after go-live and as a day; None before go-live and after the last."""
        if self.went_live is None:
            return None
        reached = self.age(self.after) if self.after else 0
        return next(
            ((days, self.went_live + timedelta(days=days)) for days in CHECKPOINTS if days > reached),
            None,
        )

    def _judged(self) -> tuple[Verdict, str]:
        if (why := self.unjudged) is not None or self.after is None:
            return "inconclusive", why or ""
        age, share = self.age(self.after), self.share
        if share is None:
            return "met", "held"
        if share >= 100:
            return "met", f"{share:.0f} % of what was promised"
        if share <= 0:
            return "not met", "no better than before"
        said = f"{int(share)} % of what was promised, {days(age)} after go-live"
        return ("not met", said) if age >= CHECKPOINTS[-1] else ("inconclusive", f"{said}; measure again")

    @property
    def _is_held(self) -> bool:
        return self.after is not None and self.target is not None and self.after.value == self.target.value

    def _lacking(self) -> str | None:
        """What is missing for a verdict."""
        if self.before is None:
            return f"no figure from before go-live{f' (that of {self.late.on} came too late)' if self.late else ''}"
        if self.target is None:
            return "no target"
        if self.after is None:
            return "not live yet" if self.went_live is None else "nothing measured since go-live"
        units = {figure.unit for figure in (self.before, self.target, self.after) if figure.unit is not None}
        return f"counted in {' and in '.join(sorted(units))}" if len(units) > 1 else None


def proofs(records: Iterable[Record], went_live: date | None) -> tuple[Proof, ...]:
    """The proofs of a site, by metric. Order of lines means nothing: the latest dated figure counts."""
    lines: dict[str, list[ProofRecord]] = {}
    for line in by_day(record for record in records if isinstance(record, ProofRecord)):
        assert isinstance(line, ProofRecord)
        lines.setdefault(line.proof, []).append(line)
    return tuple(_proof(metric, lines[metric], went_live) for metric in sorted(lines))


def _proof(metric: str, lines: list[ProofRecord], went_live: date | None) -> Proof:
    befores, targets, afters = _figures(lines, "before"), _figures(lines, "target"), _figures(lines, "after")
    early = [figure for figure in befores if went_live is None or figure.on < went_live]
    late = [figure for figure in befores if went_live is not None and figure.on >= went_live]
    return Proof(
        metric=metric,
        went_live=went_live,
        before=early[-1] if early else None,
        late=late[-1] if late else None,
        target=targets[-1] if targets else None,
        afters=tuple(figure for figure in afters if went_live is not None and figure.on >= went_live),
    )


def _figures(lines: Iterable[ProofRecord], field: str) -> list[Figure]:
    found = []
    unit: str | None = None
    for line in lines:
        unit = line.unit or unit
        if (value := getattr(line, field)) is not None:
            found.append(Figure(value, line.on, unit, line))
    return found


def metrics(packs: Mapping[str, Iterable[Proof]]) -> tuple[str, ...]:
    """Everything that was measured before, or promised, at any of the sites."""
    return tuple(sorted({proof.metric for pack in packs.values() for proof in pack if proof.compares}))
