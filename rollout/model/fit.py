"""How a plan ranks its sites for being the first: weights, minimums, and who is out whatever the score.

Defaults are field practice, and a plan or a preset may replace each: the first site is willing, cooperative and
representative, not the most sophisticated; technical polish weighs little; what gates is a minimum, never a mean;
a plant that is overloaded or launches a product is not a pilot; a score older than 90 days is stale.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rollout.model.fields import Count, DurationField, Entries, Id, Listed, Model, Name
from rollout.model.record import Score
from rollout.model.selector import Selector
from rollout.model.site import GROUPING_FIELDS, LABEL
from rollout.model.spelling import Also, shown, spelled
from rollout.model.times import Duration

REPRESENTED = {"workflows": 20, "systems": 8, "shifts": 6, "languages": 6}
"""What a first site stands for unless the plan says otherwise, and how much each counts."""
_FIELDS = (*REPRESENTED, *GROUPING_FIELDS)


class ReadinessWeights(Model):
    """How much each readiness score counts; 0 leaves it out.

    By default all four technical ones together (6) are worth no more than one step of leadership (30 over five steps).
    """

    leadership: Count = 30
    """Willing sponsor and site lead, with time."""
    change_capacity: Count = 10
    """Room for it beside what else is going on."""
    people: Count = 8
    """Champions, training time, shift cover."""
    workflow_redesign: Count = 6
    """Workflows written down, changes wanted."""
    data_quality: Count = 2
    """Technical."""
    systems: Count = 2
    """Technical."""
    security: Count = 1
    """Technical."""
    infrastructure: Count = 1
    """Technical."""


class LeastReadiness(Model):
    """Scores below which a site is not the first, whatever its others are."""

    leadership: Score = 3
    """Willingness: a site that has to be talked into it proves nothing."""
    change_capacity: Score = 0
    """Minimum."""
    people: Score = 0
    """Minimum."""
    workflow_redesign: Score = 0
    """Minimum."""
    data_quality: Score = 0
    """Minimum."""
    systems: Score = 0
    """Minimum."""
    security: Score = 0
    """Minimum."""
    infrastructure: Score = 0
    """Minimum."""


class Exclusion(Model):
    """Sites that are not the first whatever their score: `{id: x40, where: {labels: {launch: x40}}, because: …}`."""

    id: Id
    """Short name."""
    where: Selector
    """Which sites."""
    because: Name
    """Why; the ranking prints it."""


def _parse_field(value: Any) -> Any:
    if isinstance(value, str) and (value in _FIELDS or LABEL.fullmatch(value)):
        return value
    msg = f"a site stands for {', '.join(_FIELDS)} or labels.NAME of others, not for {shown(value)}"
    raise ValueError(msg)


def _over_defaults(value: Any) -> Any:
    return {**REPRESENTED, **value} if isinstance(value, dict) else value


Represented = Annotated[
    str,
    BeforeValidator(_parse_field),
    spelled("field", "workflows", "labels.line", pattern=rf"(?:{'|'.join(_FIELDS)})|{LABEL.pattern}"),
]


class LighthouseFit(Model):
    """How sites are ranked for being the first."""

    readiness: ReadinessWeights = ReadinessWeights()
    """Weights of readiness scores."""
    represents: Annotated[dict[Represented, Count], BeforeValidator(_over_defaults), Also()] = Field(
        default_factory=lambda: dict(REPRESENTED)
    )
    """Weights of what a site has in common with the others, over the default's: fields of sites or `labels.NAME`."""
    least: LeastReadiness = LeastReadiness()
    """Minimums that gate."""
    max_age: DurationField = Duration(90)
    """Age beyond which an assessment does not count."""
    margin: Count = 5
    """Points of 100 by which another site has to be ahead before `validate` speaks of it."""
    never: Annotated[tuple[Exclusion, ...], Entries, Listed] = ()
    """Sites that are not the first whatever their score."""
