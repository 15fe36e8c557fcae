"""Why a site goes live when it does: all others as published, what keeps it out of every earlier wave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from rollout.model.calendar import MONTHS, spoken_ordinal, spoken_with_weekday
from rollout.model.explained import Earlier, Explained, Named, State, Verdict
from rollout.model.instance import Because, Every, Instance, Primitive, days_of
from rollout.model.schedule import Schedule
from rollout.model.source import Source
from rollout.sequence.blocking import Others
from rollout.sequence.chain import chain_of
from rollout.sequence.objective import Objective


def explain(instance: Instance, schedule: Schedule, site: str, plan: Source) -> Explained:
    """Why `site` has the day it has in `schedule`, a solution of `instance`. `plan` is where the plan is written.

    For each earlier wave: of its permitted days the one with the fewest constraints in the way, then the earliest, and
    every constraint in the way there. Each of them blocks by itself: without all of them the site could go live that
    day, without all but one it could not. A site without a day is asked about for every wave.
    """
    others = Others(instance, days_of(schedule))
    last = max((p.wave for p in schedule.sites.values()), default=0)
    found = instance.jobs.get(site)
    placement = schedule.sites.get(site)
    if found is None:
        why = instance.set_aside.get(site, "not a site of this plan")
        return Explained(site=site, state="set aside", wave=None, go_live=None, last_wave=last, reason=why)
    is_lighthouse = site == instance.lighthouse
    if found.fixed is not None:
        wave = placement.wave if placement else others.wave(site, found.fixed)
        live = date.fromordinal(found.fixed)
        said = f"went live on {spoken_with_weekday(live)}: what has happened is fixed"
        return Explained(
            site=site,
            state="live",
            wave=wave,
            go_live=live,
            last_wave=last,
            is_lighthouse=is_lighthouse,
            reason=said,
        )
    alone = Because("lighthouse", f"{instance.lighthouse} goes live first, and alone", plan / "lighthouse")
    state: State = "placed" if placement else "unplaced"
    case = _Case(others, site, Objective(others))
    own = others.days.get(site)
    earlier = [*case.rows(own)]
    if instance.lighthouse is not None and not is_lighthouse and (first := _first_wave(others, alone, instance)):
        earlier.insert(0, first)
    reason = ""
    if placement is None:
        reason = schedule.unplaced.get(site, "it has no dates yet; run `rollout plan`")
    return Explained(
        site=site,
        state=state,
        wave=placement.wave if placement else None,
        go_live=placement.go_live if placement else None,
        last_wave=last,
        is_lighthouse=is_lighthouse,
        reason=reason,
        chain=chain_of(others, site, alone),
        earlier=tuple(earlier),
        within=case.within(own) if own is not None else None,
    )


def _first_wave(others: Others, alone: Because, instance: Instance) -> Earlier | None:
    day = others.days.get(instance.lighthouse or "")
    if day is None:
        return None
    named = Named(name=alone.name, message=alone.message, source=alone.source)
    live = date.fromordinal(day)
    return Earlier(wave=0, period=_period(instance.every, live), day=live, blocked_by=(named,))


class _Case:
    """One site on all days that are permitted to it."""

    def __init__(self, others: Others, site: str, objective: Objective) -> None:
        self.others = others
        self.instance = others.instance
        self.site = site
        self.objective = objective
        self.is_lighthouse = site == self.instance.lighthouse
        # The waves of all others are counted from the lighthouse: without its day they have none.
        has_waves = self.instance.lighthouse is None or self.instance.lighthouse in others.days
        self.days: Sequence[int] = (
            self.instance.candidates if self.is_lighthouse else others.table.days if has_waves else ()
        )
        self._hits: dict[int, tuple[Primitive, ...]] = {}

    def hits(self, day: int) -> tuple[Primitive, ...]:
        """What keeps the site off a day."""
        if day not in self._hits:
            self._hits[day] = self.others.hits(self.site, day)
        return self._hits[day]

    def rows(self, own: int | None) -> Iterable[Earlier]:
        """One for each earlier wave; all waves (or periods, for the lighthouse) for a site without a day."""
        period = self.instance.period
        for number, days in groupby(self.days, period):
            if own is None or number < period(own):
                yield self._row(list(days))

    def within(self, own: int) -> Earlier | None:
        """The best of the earlier days in its own wave."""
        period = self.instance.period
        days = [day for day in self.days if day < own and period(day) == period(own)]
        return self._row(days) if days else None

    def _row(self, days: Sequence[int]) -> Earlier:
        day = min(days, key=lambda d: (len({p.because.source for p in self.hits(d)}), d))
        when = date.fromordinal(day)
        verdict: Verdict = "blocked"
        says = ""
        if not self.hits(day):
            verdict, says = self._worth(day)
        return Earlier(
            wave=self.others.wave(self.site, day),
            period=_period(self.instance.every, when),
            day=when,
            blocked_by=tuple(self._named(day)),
            verdict=verdict,
            says=says,
        )

    def _named(self, day: int) -> Iterable[Named]:
        """The constraints in the way on a day: what comes from one line is one."""
        by_source: dict[Source, list[Primitive]] = {}
        for primitive in self.hits(day):
            by_source.setdefault(primitive.because.source, []).append(primitive)
        for source, primitives in by_source.items():
            details = (self.others.detail(primitive, self.site, day) for primitive in primitives)
            free = self._frees(source, day)
            yield Named(
                name=", ".join(dict.fromkeys(p.because.name for p in primitives)),
                message="; ".join(dict.fromkeys(p.because.message for p in primitives)),
                source=source,
                detail="; ".join(dict.fromkeys(filter(None, details))),
                free_on=None if free is None else date.fromordinal(free),
            )

    def _frees(self, source: Source, day: int) -> int | None:
        later = (d for d in self.days if d > day and all(p.because.source != source for p in self.hits(d)))
        return next(later, None)

    def _worth(self, day: int) -> tuple[Verdict, str]:
        """Whether the plan would be better with the site on a day that is free, by the order of its objective."""
        if self.site not in self.others.days:
            return "free", "nothing is in the way: `rollout plan` would use it"
        verdict, says = self.objective.moved(self.site, day)
        if verdict != "free":
            return verdict, says
        says = "nothing is in the way: the published dates were kept though this day is free"
        if self.instance.as_of <= day <= self.instance.as_of + self.instance.hold:
            until = spoken_ordinal(self.instance.as_of + self.instance.hold)
            says += f" (it is in the hold until {until}, into which nothing moves unless it must)"
        return verdict, f"{says}; `rollout plan --afresh` would use it"


def _period(every: Every, day: date) -> str:
    if every == "week":
        year, week, _ = day.isocalendar()
        return f"week {week} of {year}"
    if every == "quarter":
        return f"quarter {(day.month + 2) // 3} of {day.year}"
    return f"{MONTHS[day.month - 1]} {day.year}"
