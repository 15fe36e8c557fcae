"""The work at many sites, dated once for all that are alike: thousands of an inventory share everything that counts."""

from __future__ import annotations

from datetime import date

from rollout.model.agenda import Task, activities_at, agenda
from rollout.model.blackout import ONLY_GO_LIVE
from rollout.model.calendar import Calendar
from rollout.model.plan import Plan
from rollout.model.record import Facts
from rollout.model.site import Site

Kind = tuple[object, ...]


class Agendas:
    """The agendas of a plan's sites, for work that begins on one day at the earliest."""

    def __init__(self, plan: Plan, start: date) -> None:
        self._plan, self._start = plan, start
        self._known: dict[Kind, tuple[Task, ...]] = {}

    def kind(self, site: Site, facts: Facts, calendar: Calendar, go_live: date) -> Kind | None:
        """What sites with the same dates have in common; None for one whose dates are its own."""
        if facts.has_items or any(blackout.blocks != ONLY_GO_LIVE for blackout in site.blackouts):
            return None
        activities = tuple(id(activity) for activity in activities_at(self._plan, site))
        closed = tuple(blackout.id for blackout in self._plan.blackouts if blackout.where.matches(site))
        return activities, closed, id(calendar), go_live

    def of(self, site: Site, facts: Facts, calendar: Calendar, go_live: date) -> tuple[Task, ...]:
        """The tasks of a site on its day, as `agenda` has them."""
        kind = self.kind(site, facts, calendar, go_live)
        found = None if kind is None else self._known.get(kind)
        if found is None:
            found = agenda(self._plan, site, facts, calendar, go_live, self._start)
            if kind is not None:
                self._known[kind] = found
        return found
