"""Records of what was seen and measured at a site: days, evidence, money, people, incidents, proof."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from rollout.model.fields import Amount, Count, Currency, Day, Id, Model, Name, Number
from rollout.model.record_line import Record, Scope, Where

Milestone = Literal["kick-off", "rehearsal", "cutover", "go-live", "exit"]


class MilestoneRecord(Record):
    """A milestone was reached on `on`. `go-live` makes the site live, `exit` (from hypercare) makes it stable."""

    WORDS: ClassVar[tuple[str, ...]] = ("milestone", "on")
    EXAMPLE: ClassVar[str] = "lyon go-live 2027-02-09"

    milestone: Milestone
    """kick-off, rehearsal, cutover, go-live, or exit (from hypercare)."""


class ForecastRecord(Record):
    """The site says that it will be later than planned."""

    WORDS: ClassVar[tuple[str, ...]] = ("forecast",)
    EXAMPLE: ClassVar[str] = 'lyon forecast 2027-03-02 --because "cameras come late"'

    forecast: Day
    """The go-live it now expects."""


class EvidenceRecord(Record):
    """Something shows that an item or a criterion holds."""

    WORDS: ClassVar[tuple[str, ...]] = ("evidence", "at")
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = "lyon evidence security-review docs/lyon/security.pdf --on 2026-12-01"

    evidence: Id
    """Item or criterion it shows."""
    at: Where
    """Path inside the repository, or an address."""


class NoteRecord(Record):
    """A remark on an item, for whoever works on it next."""

    WORDS: ClassVar[tuple[str, ...]] = ("note", "says")
    EXAMPLE: ClassVar[str] = 'lyon note works-council "they meet on the first Monday"'

    note: Id
    """The item."""
    says: Name
    """The remark."""


class _Money(Record):
    """What every record of money says."""

    currency: Currency | None = None
    """Only where it is not the plan's; such an amount is a finding and counts for nothing."""


class CostRecord(_Money):
    """What was spent so far, by line of the budget."""

    WORDS: ClassVar[tuple[str, ...]] = ("cost", "actual")
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = "lyon cost integration 18000"

    cost: Id
    """Line of the plan's `budget`."""
    actual: Amount
    """All that was spent on it here up to this day, in the plan's currency; a later line replaces it."""


class CommittedRecord(_Money):
    """What is ordered or contracted so far, by line of the budget."""

    WORDS: ClassVar[tuple[str, ...]] = ("committed", "amount")
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = "lyon committed integration 40000"

    committed: Id
    """Line of the plan's `budget`."""
    amount: Amount
    """All that is bound by order or contract here, what is paid of it included; a later line replaces it."""


class ReforecastRecord(_Money):
    """What a line of the budget is now expected to have cost in the end, and why.

    At plan level it is for the whole line, sites included; from then on variance is measured against it.
    """

    WORDS: ClassVar[tuple[str, ...]] = ("reforecast", "at_completion")
    SCOPE: ClassVar[Scope] = "both"
    EXAMPLE: ClassVar[str] = 'lyon reforecast integration 24000 --because "a second gateway"'

    reforecast: Id
    """Line of the plan's `budget`."""
    at_completion: Amount
    """What it will have cost when all is done, in the plan's currency."""

    @model_validator(mode="after")
    def _is_explained(self) -> Self:
        if self.because is None:
            msg = "a re-forecast needs `because`: why the money is no longer enough, or no longer needed"
            raise ValueError(msg)
        return self


class UserCounts(Model):
    """People who can use it and people who do."""

    onboarded: Count
    """People with an account and the training."""
    active: Count
    """Of these, people who worked with it in the last week."""

    @model_validator(mode="after")
    def _active_are_onboarded(self) -> Self:
        if self.active > self.onboarded:
            msg = f"{self.active} active users are more than the {self.onboarded} onboarded ones"
            raise ValueError(msg)
        return self


class UsersRecord(Record):
    """How many people are on board and how many use it."""

    WORDS: ClassVar[tuple[str, ...]] = ("users",)
    EXAMPLE: ClassVar[str] = "lyon users onboarded=140 active=112"

    users: UserCounts
    """onboarded and active."""


class IncidentRecord(Record):
    """Something went wrong in use. A later line of the same name updates it; `closed` ends it."""

    WORDS: ClassVar[tuple[str, ...]] = ("incident", "says")
    EXAMPLE: ClassVar[str] = 'lyon incident camera-3-dark "Camera 3 delivers no picture" --severity 2'

    incident: Id
    """Short name."""
    says: Name | None = None
    """What happened."""
    severity: Annotated[Count, Field(ge=1, le=4)] | None = None
    """1 (the line stands) to 4 (a nuisance)."""
    closed: Day | None = None
    """Day it was over."""

    def is_open(self, worst: int) -> bool:
        """Whether it is not over and of this severity or worse; one that nobody has judged counts as the worst."""
        return self.closed is None and (self.severity or 1) <= worst

    @model_validator(mode="after")
    def _ends_later(self) -> Self:
        if self.closed is not None and self.closed > self.on:
            msg = f"it is said on {self.on} to have been over on {self.closed}"
            raise ValueError(msg)
        return self


class ProofRecord(Record):
    """A measure before and after: what the capability has brought here."""

    WORDS: ClassVar[tuple[str, ...]] = ("proof",)
    EXAMPLE: ClassVar[str] = "lyon proof escape-rate --before 820 --target 250 --unit ppm --on 2027-01-15"

    proof: Id
    """The metric."""
    before: Number | None = None
    """Measured before go-live, and dated before it."""
    target: Number | None = None
    """What was promised."""
    after: Number | None = None
    """Measured since; it counts from 21 days after go-live on."""
    unit: Name | None = None
    """%, ppm, hours, …"""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.before is None and self.target is None and self.after is None:
            msg = "a proof gives at least one of `before`, `target`, `after`"
            raise ValueError(msg)
        return self
