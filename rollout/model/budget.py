"""A line of a plan's budget."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from rollout.model.fields import AMOUNT, Amount, Currency, Id, Listed, Many, Model
from rollout.model.spelling import Also

PLAIN_AMOUNT = Also((AMOUNT.json_schema or {},))
"""Marks a line that may be a plain amount."""
CENT = 0.005
"""Less than half a cent is no difference: 1.10 and 2.20 come to a little more than 3.30."""
HiddenCost = Literal["data", "integration", "change", "run"]
HIDDEN_COSTS: tuple[HiddenCost, ...] = ("data", "integration", "change", "run")
"""What budgets of such programmes leave out most often: cleansing data, connecting systems, people, and the years after
go-live."""


class BudgetLine(Model):
    """Money for one purpose. A plain number is a line with that amount.

    `integration: {amount: 400000, shared: 120000, sites: {lyon: 40000}}`
    """

    amount: Amount
    """The whole of it, in the plan's currency."""
    shared: Amount | None = None
    """What of it is for the programme as a whole and no site; where left out, what is spent and committed on the whole
    plan comes out of the line before it is shared among the sites."""
    sites: dict[Id, Amount] = Field(default_factory=dict)
    """The shares of single sites; all others have equal shares of the rest."""
    covers: Annotated[tuple[HiddenCost, ...], Many, Listed] = ()
    """Hidden costs that it is for, where its name does not say so: `covers: [data, run]`."""
    currency: Currency | None = None
    """Only where it is not the plan's, which is a finding."""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        given = (self.shared or 0) + sum(self.sites.values())
        if given > self.amount + CENT:
            msg = f"its parts come to {given:,.12g}, which is more than its `amount` of {self.amount:,.12g}"
            raise ValueError(msg)
        return self


def parse_line(value: Any) -> Any:
    """A plain amount as a line."""
    return value if isinstance(value, dict | BudgetLine) else {"amount": value}


def covered(lines: dict[str, BudgetLine]) -> frozenset[str]:
    """The hidden costs that a budget names, by the names of its lines or by what they say they cover."""
    return frozenset(lines) | {kind for line in lines.values() for kind in line.covers}
