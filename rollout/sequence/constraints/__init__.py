"""Kinds of constraint, one a file: each lowers what people wrote to the primitives of `model/instance.py`.

To add a kind, add a file with `lower(scope) -> Iterator[Primitive]` and name it in `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rollout.model.instance import Primitive
from rollout.sequence.constraints import (
    activities,
    after,
    apart,
    blackout,
    deadline,
    halt,
    hypercare,
    limit,
    neighbours,
    not_before,
    pin,
    prerequisite,
    reforecast,
    site_calendar,
    team,
    together,
    wave_size,
    window,
)
from rollout.sequence.scope import Scope

KINDS: tuple[Callable[[Scope], Iterator[Primitive]], ...] = (
    pin.lower,
    not_before.lower,
    reforecast.lower,
    deadline.lower,
    activities.lower,
    prerequisite.lower,
    after.lower,
    neighbours.lower,
    together.lower,
    apart.lower,
    halt.lower,
    blackout.lower,
    window.lower,
    site_calendar.lower,
    wave_size.lower,
    limit.lower,
    hypercare.lower,
    team.lower,
)
"""In the order in which `explain` would name them."""
