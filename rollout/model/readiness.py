"""How ready a site is: eight dimensions, assessed at once or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from rollout.model.fields import Count, Model
from rollout.model.record_line import Record
from rollout.model.source import Source

Score = Annotated[Count, Field(le=5)]


class Readiness(Model):
    """Eight dimensions, 0 (nothing) to 5 (could not be better)."""

    leadership: Score
    """Willing sponsor and site lead, with time."""
    workflow_redesign: Score
    """Workflows written down, changes wanted."""
    data_quality: Score
    """Master data and history fit for use."""
    systems: Score
    """Systems known, supported, reachable."""
    people: Score
    """Champions, training time, shift cover."""
    change_capacity: Score
    """What else is going on."""
    security: Score
    """Reviews known and under way."""
    infrastructure: Score
    """Network, devices, power where the work is."""

    @property
    def mean(self) -> float:
        """Mean of the eight, for ranking; gates look at the minimum."""
        scores: list[int] = list(self.model_dump().values())
        return sum(scores) / len(scores)


class Scores(Model):
    """Scores of some of the dimensions; the others stay as they were assessed before."""

    leadership: Score | None = None
    """See Readiness."""
    workflow_redesign: Score | None = None
    """See Readiness."""
    data_quality: Score | None = None
    """See Readiness."""
    systems: Score | None = None
    """See Readiness."""
    people: Score | None = None
    """See Readiness."""
    change_capacity: Score | None = None
    """See Readiness."""
    security: Score | None = None
    """See Readiness."""
    infrastructure: Score | None = None
    """See Readiness."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.given:
            msg = "at least one score is wanted: " + ", ".join(Readiness.model_fields)
            raise ValueError(msg)
        return self

    @property
    def given(self) -> dict[str, int]:
        """The scores that are there."""
        return {name: score for name, score in self if score is not None}


class ReadinessRecord(Record):
    """An assessment, of all dimensions or of some."""

    EXAMPLE: ClassVar[str] = "lyon readiness leadership=5 data_quality=3"

    readiness: Scores
    """Scores by dimension, 0 to 5."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """The latest score of each of the eight dimensions."""

    readiness: Readiness
    on: date
    """Day of the oldest of these scores: what is stale shows."""
    by: str
    """Who gave the latest."""
    place: Source
    """Where the oldest is written."""
