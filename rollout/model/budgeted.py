"""What `rollout budget` answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import few
from rollout.model.money import LIMIT, Line, Money, is_over
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.people import AmountsJson, BudgetedJson, BudgetLineJson

By = Literal["line", "site"]
_COLUMNS = ("budget", "committed", "actual", "forecast", "variance")
_MANY = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgeted:
    """A plan's money by line, or by site."""

    plan: str
    name: str
    currency: str | None
    lines: tuple[Line, ...]
    missing: tuple[str, ...]
    """Hidden costs that no line of the budget is for."""
    by: By = "line"
    site: str | None = None
    """Where only one site was asked for."""

    @property
    def over(self) -> tuple[Line, ...]:
        """Lines that need a re-forecast."""
        return tuple(line for line in self.lines if line.is_budgeted and line.total.is_over)

    @property
    def is_over(self) -> bool:
        """Whether any line needs one; of one site, whether it has a part in that."""
        return any(self._of(line).is_over for line in self.over)

    def table(self) -> Table:
        """One row a line and their sum, or one row a site."""
        if self.site is not None:
            rows = [(line.id, *_cells(self._of(line))) for line in self.lines]
            rows.append(("total", *_cells(self.total)))
            return Table(f"{self.name}: {self.site}", ("line", *_COLUMNS), _aligned(rows), self._notes())
        if self.by == "site":
            rows = [(site, *_cells(_sum(line.sites[site] for line in self.lines))) for site in self._sites()]
            rows.append(("whole plan", *_cells(_sum(line.shared for line in self.lines))))
            rows.append(("total", *_cells(self.total)))
            return Table(f"{self.name}: money by site", ("site", *_COLUMNS), _aligned(rows), self._notes())
        rows = [(line.id, *_cells(line.total), _rate(line)) for line in self.lines]
        rows.append(("total", *_cells(self.total), ""))
        return Table(f"{self.name}: money by line", ("line", *_COLUMNS, "rate"), _aligned(rows), self._notes())

    def rows(self) -> Table:
        """For a spreadsheet: one row a line and site; the programme as a whole has no site."""
        rows = []
        for line in self.lines:
            parts = {"": line.shared, **line.sites} if self.site is None else {self.site: line.sites[self.site]}
            for site, money in parts.items():
                amounts = (money.budget, money.committed, money.actual, money.forecast, money.expected)
                percent = "" if money.variance is None else f"{money.variance:.1f}"
                row = (line.id, site, *(f"{amount:.0f}" for amount in amounts), percent, f"{line.rate:.3f}")
                rows.append(row)
        columns = ("line", "site", "budget", "committed", "actual", "forecast", "expected", "variance %", "rate")
        return Table(self.name, columns, tuple(rows))

    def _of(self, line: Line) -> Money:
        """What was asked for of a line: all of it, or its part at the site."""
        return line.total if self.site is None else line.sites[self.site]

    @property
    def total(self) -> Money:
        """All lines as one."""
        return _sum(map(self._of, self.lines))

    def _sites(self) -> tuple[str, ...]:
        return tuple(self.lines[0].sites) if self.lines else ()

    def _notes(self) -> tuple[str, ...]:
        unit = f"in {self.currency}" if self.currency else "in the plan's currency, which it does not name"
        notes = [f"Amounts are {unit}; variance is the forecast against the budget, or its re-forecast."]
        if not any(line.is_budgeted for line in self.lines):
            notes.append("The plan has no budget: add `budget: {integration: 400000, …}` to its plan.yaml.")
        else:
            notes += [_learned(line) for line in self.lines if line.teachers]
            if not any(line.teachers for line in self.lines):
                notes.append("Nothing to learn from yet: the forecast is the budget, or what is bound already.")
        stray = [line.id for line in self.lines if not line.is_budgeted]
        if stray and len(stray) < len(self.lines):
            notes.append(f"Not in the budget: {', '.join(stray)}.")
        if self.missing:
            notes.append(f"The budget says nothing of {', '.join(self.missing)}: costs that are forgotten most.")
        notes += [_reforecast(line) for line in self.lines if line.total.reforecast and self.site is None]
        notes += [_asks(line.id, line.total) for line in self.over if self.site is None]
        return tuple(notes)

    def json(self) -> BudgetedJson:
        """For programs. Amounts in whole units of the currency, variance in percent with one decimal."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "currency": self.currency,
            "site": self.site,
            "limit_percent": LIMIT,
            "over": self.is_over,
            "missing": list(self.missing),
            "total": _amounts(self.total),
            "lines": [self._line(line) for line in self.lines],
        }

    def _line(self, line: Line) -> BudgetLineJson:
        shown: Mapping[str, Money] = line.sites if self.site is None else {self.site: self._of(line)}
        return {
            "line": line.id,
            "budgeted": line.is_budgeted,
            **_amounts(self._of(line)),
            "rate": round(line.rate, 3),
            "learned_from": list(line.teachers),
            "whole_plan": _amounts(line.shared),
            "sites": [{"site": site, **_amounts(money)} for site, money in shown.items()],
        }


def money(amount: float) -> str:
    """An amount in whole units, as tables and messages show it."""
    return f"{amount:,.0f}"


def percent(value: float) -> str:
    """`+18 %`, with a decimal where it is not whole."""
    text = f"{value:+.1f}".removesuffix(".0")
    return f"{'0' if text in ('+0', '-0') else text} %"


def _sum(parts: Iterable[Money]) -> Money:
    """Several as one."""
    every = tuple(parts)
    return Money(
        budget=fsum(part.budget for part in every),
        expected=fsum(part.expected for part in every),
        actual=fsum(part.actual for part in every),
        committed=fsum(part.committed for part in every),
        forecast=fsum(part.forecast for part in every),
    )


def _cells(part: Money) -> tuple[str, ...]:
    amounts = (part.budget, part.committed, part.actual, part.forecast)
    said = "" if part.variance is None else percent(part.variance)
    return (*(money(amount) for amount in amounts), said + "!" * is_over(part.forecast, part.expected))


def _aligned(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Amounts one below the other by their last digit, the first column left alone; a mark stands behind its number."""
    wide = [max(len(row[number].rstrip("!")) for row in rows) for number in range(len(rows[0]))]
    return tuple(
        (row[0], *(" " * (wide[n] - len(cell.rstrip("!"))) + cell for n, cell in enumerate(row[1:], 1))) for row in rows
    )


def _rate(line: Line) -> str:
    return f"{line.rate:.2f}" if line.teachers else ""


def _learned(line: Line) -> str:
    return f"{line.id}: a share costs {line.rate:.2f} times its budget, learned from {few(line.teachers, _MANY)}."


def _reforecast(line: Line) -> str:
    record = line.total.reforecast
    assert record is not None
    said = f"{line.id}: {money(record.at_completion)} is expected since {spoken(record.on)} ({record.by})"
    return f"{said}: {record.because}"


def _asks(line: str, part: Money) -> str:
    said = f"{line} is forecast {percent(part.variance or 0)} against what is expected, more than {LIMIT} %: "
    return f'{said}`rollout record --plan-level reforecast {line} {part.forecast:.0f} --because "…"`'


def _amounts(part: Money) -> AmountsJson:
    record = part.reforecast
    return {
        "budget": round(part.budget),
        "committed": round(part.committed),
        "actual": round(part.actual),
        "forecast": round(part.forecast),
        "expected": round(part.expected),
        "variance_percent": None if part.variance is None else round(part.variance, 1),
        "over": part.is_over,
        "reforecast": None
        if record is None
        else {"on": record.on.isoformat(), "by": record.by, "because": record.because},
    }
