"""The published dates: a lock file that `plan` writes and people review, never edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from rollout.model.calendar import spoken
from rollout.model.fields import Count, Day, Id, Listed, Model, Name
from rollout.model.unseen import escaped

if TYPE_CHECKING:
    from rollout.model.answers.common import SlotJson

Outcome = Literal["optimal", "feasible", "infeasible", "unknown"]


def wave_name(number: int | None) -> str:
    """`lighthouse`, `wave 3`; `no wave` of what has none."""
    return "no wave" if number is None else "lighthouse" if number == 0 else f"wave {number}"


def slot(placement: Placement | None) -> SlotJson | None:
    """A site's place for programs; null where it has none."""
    return None if placement is None else {"wave": placement.wave, "go_live": placement.go_live.isoformat()}


def placed(placement: Placement | None) -> str:
    """`9 Feb 2027 (wave 3)`, or `no day`."""
    return "no day" if placement is None else f"{spoken(placement.go_live)} ({wave_name(placement.wave)})"


class Bound(Model):
    """What no plan can be better than."""

    waves: Count
    """Waves needed at least, the lighthouse not counted."""


class Made(Model):
    """How the schedule came about."""

    as_of: Day
    """The day it was asked for; render and explain use it."""
    engine: Name = "core"
    """What searched: `core`, or `exact` with the extra of that name."""
    effort: Name = "normal"
    """How much work it was given: `quick`, `normal` or `thorough`."""
    outcome: Outcome
    """`optimal` for the levels in `proved`, or `feasible`."""
    proved: Annotated[tuple[Literal["waves", "value"], ...], Listed] = ()
    """Levels of the objective that are proved."""
    bound: Bound | None = None
    """Lower bound."""


class Placement(Model):
    """A site's place."""

    wave: Count
    """0 is the lighthouse."""
    go_live: Day
    """Day operators start to depend on it."""


class Ready(Model):
    """A prerequisite's place."""

    starts: Day
    """First day of work."""
    ready: Day
    """First usable day."""


class Schedule(Model):
    """`waves/PLAN/schedule.yaml`."""

    made: Made
    """How it came about."""
    sites: dict[Id, Placement] = Field(default_factory=dict)
    """Sites by id."""
    prerequisites: dict[Id, Ready] = Field(default_factory=dict)
    """Prerequisites by id."""
    unplaced: dict[Id, str] = Field(default_factory=dict)
    """Sites without a date, each with its reason."""

    @property
    def last_go_live(self) -> date | None:
        """The programme's end."""
        return max((p.go_live for p in self.sites.values()), default=None)

    @property
    def last_wave(self) -> int:
        """The number of the last wave; 0 where there is only the lighthouse."""
        return max((p.wave for p in self.sites.values()), default=0)

    @property
    def used(self) -> int:
        """How many waves have a site, the lighthouse's not counted."""
        return len({placement.wave for placement in self.sites.values()} - {0})

    def under(self, renamed: Mapping[str, str]) -> Schedule:
        """The same dates, with sites under the ids they have now; `renamed` has these by former id."""
        sites = {renamed.get(site, site): place for site, place in self.sites.items()}
        unplaced = {renamed.get(site, site): why for site, why in self.unplaced.items()}
        return self.model_copy(update={"sites": sites, "unplaced": unplaced})

    def waves(self) -> dict[int, list[tuple[str, date]]]:
        """Sites of each wave by day, then id."""
        found: dict[int, list[tuple[str, date]]] = {}
        for site, placement in self.sites.items():
            found.setdefault(placement.wave, []).append((site, placement.go_live))
        return {wave: sorted(rows, key=lambda row: (row[1], row[0])) for wave, rows in sorted(found.items())}

    def text(self) -> str:
        """The file as `plan` writes it: one line a site, sorted, so that a review shows who moved."""
        made = self.made
        head = (
            f"as_of: {made.as_of}, engine: {made.engine}, effort: {made.effort}, outcome: {made.outcome}, "
            f"proved: [{', '.join(made.proved)}]"
        )
        if made.bound is not None:
            head += f", bound: {{waves: {made.bound.waves}}}"
        lines = ["# written by `rollout plan`; to change a date change plan.yaml", f"made: {{{head}}}", "sites:"]
        lines += [f"  {s}: {{wave: {p.wave}, go_live: {p.go_live}}}" for s, p in sorted(self.sites.items())]
        if not self.sites:
            lines[-1] = "sites: {}"
        if self.prerequisites:
            lines.append("prerequisites:")
            lines += [f"  {k}: {{starts: {r.starts}, ready: {r.ready}}}" for k, r in sorted(self.prerequisites.items())]
        if self.unplaced:
            lines.append("unplaced:")
            lines += [f'  {k}: "{_quoted(reason)}"' for k, reason in sorted(self.unplaced.items())]
        return "\n".join(lines) + "\n"


def nothing_placed(as_of: date) -> Schedule:
    """Before there are any dates."""
    return Schedule(made=Made(as_of=as_of, outcome="feasible"))


def _quoted(text: str) -> str:
    return escaped(text.replace("\\", "\\\\").replace('"', '\\"'))
