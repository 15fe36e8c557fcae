"""Who carries a roll-out: embedded engineers by site, sponsors, champions, and how much of the work is about people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rollout.model.activity import LearnedWork
from rollout.model.agenda import activities_at
from rollout.model.binding import go_live_of
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Facts
from rollout.model.site import Site
from rollout.model.team import Engineer, Spoke, Teams
from rollout.model.times import Duration

USERS_PER_CHAMPION = 15
"""BerryDunn: at least one super user for 15 users; and one on every shift."""
SPOKE_BY = 60
"""Days before go-live from which an embedded engineer is at the site."""
SPONSOR_AGE = 90
"""Days after which a sponsor's commitment is taken to be stale."""
COMMITMENT = "sponsor-commitment"
"""The item with which a sponsor confirms."""
CHAMPIONS = "champions"
"""The item with which champions are chosen."""


def champions_needed(site: Site) -> int:
    """One for 15 people, and one on every shift."""
    return max(site.shifts, -(-site.people // USERS_PER_CHAMPION))


def shifts_without(site: Site) -> tuple[int, ...]:
    """Shifts on which no champion works."""
    if any(champion.shift is None for champion in site.champions):
        return ()
    covered = {champion.shift for champion in site.champions}
    return tuple(shift for shift in range(1, site.shifts + 1) if shift not in covered)


def confirmed_on(facts: Facts) -> date | None:
    """The day on which the sponsor last confirmed, as far as records say."""
    item, shown = facts.finished.get(COMMITMENT), facts.evidence.get(COMMITMENT)
    return max((record.on for record in (item, shown) if record is not None), default=None)


def is_due(programme: Programme, folder: PlanFolder, site: Site, item: str, as_of: date) -> bool:
    """Whether an item is late by its norm at a site that is live or has a day; never before work on the plan begins."""
    go_live = go_live_of(folder, site.id)
    activity = next((one for one in folder.plan.activities if one.id == item and one.applies_to(site)), None)
    if go_live is None or activity is None:
        return False
    calendar = programme.calendar_of(site)
    late = calendar.after(calendar.shift(go_live, activity.starts), activity.takes)
    return max(late, folder.plan.work_from) <= as_of


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the work at a site changes how people work; the rest is technology."""

    change: int
    """Activities."""
    every: int
    change_days: int
    """Their durations added up, in calendar days."""
    days: int

    @property
    def percent(self) -> int:
        """Share of activities, half rounded up; 100 where there are none."""
        return (self.change * 200 + self.every) // (2 * self.every) if self.every else 100

    @property
    def is_below_half(self) -> bool:
        """Whether more of the activities are about technology than about people."""
        return self.change * 2 < self.every


def shares(plan: Plan, sites: Iterable[Site]) -> dict[str, Shares]:
    """By site, how much of its work changes how people work. Sites with the same activities are counted once."""
    known: dict[tuple[bool, ...], Shares] = {}
    found = {}
    # What is done everywhere need not be asked of each site.
    chosen = [one for one in plan.activities if one.where.model_fields_set or isinstance(one, LearnedWork)]
    for site in sites:
        key = tuple([one.applies_to(site) for one in chosen])
        if key not in known:
            activities = activities_at(plan, site)
            change = [activity for activity in activities if activity.workflow_change]
            known[key] = Shares(
                len(change),
                len(activities),
                sum(activity.takes.days for activity in change),
                sum(activity.takes.days for activity in activities),
            )
        found[site.id] = known[key]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The embedded engineer of one site."""

    site: Site
    go_live: date
    by: date
    """The day from which somebody should be there."""
    until: date
    """The planned end of hypercare."""
    spoke: Spoke | None
    engineer: Engineer | None
    """None where the spoke has nobody for the site."""
    speaks: tuple[str, ...] = ()
    """The languages of the site that they speak."""

    @property
    def is_covered(self) -> bool:
        """Whether the engineer is there from that day on."""
        return self.engineer is not None and self.engineer.is_there(self.by)

    @property
    def is_understood(self) -> bool:
        """Whether they speak a language of the site, where it names any."""
        return bool(self.speaks) or not self.site.languages


def engineers(spoke: Spoke | None, site: Site, go_live: date, on: date | None = None) -> list[Engineer]:
    """Engineers of a spoke who are for a site and there on a day (of its go-live, without one), the one it has first.

    That is who is there 60 days before go-live, speaks the most spoken of its languages, came first, is listed first.
    How busy they are elsewhere is not asked: another site's move would change who is named on this one's pages.
    """
    by = go_live - timedelta(days=SPOKE_BY)

    def rank(one: Engineer) -> tuple[bool, int, date]:
        spoken = (number for number, language in enumerate(site.languages) if one.speaks(language))
        return not one.is_there(by), next(spoken, len(site.languages)), one.start or date.min

    return sorted(spoke.there(site.id, on or go_live) if spoke else (), key=rank)


def assign(
    teams: Teams, sites: Mapping[str, Site], go_lives: Mapping[str, date], hypercare: Duration
) -> tuple[Assigned, ...]:
    """The engineer of each site with a day, in the order of their go-lives."""
    found: list[Assigned] = []
    for site_id, go_live in sorted(go_lives.items(), key=lambda row: (row[1], row[0])):
        site = sites[site_id]
        spoke = teams.spoke_for(site.business_unit)
        by, until = go_live - timedelta(days=SPOKE_BY), go_live + timedelta(days=hypercare.days)
        engineer = next(iter(engineers(spoke, site, go_live)), None)
        speaks = tuple(language for language in site.languages if engineer and engineer.speaks(language))
        found.append(
            Assigned(site=site, go_live=go_live, by=by, until=until, spoke=spoke, engineer=engineer, speaks=speaks)
        )
    return tuple(found)


def at_once(spans: Iterable[tuple[date, date]]) -> int:
    """How many stretches of days overlap at most; both ends belong to a stretch."""
    changes = sorted(row for begin, end in spans for row in ((begin, 1), (end + timedelta(days=1), -1)))
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


def is_to_go(folder: PlanFolder, site_id: str) -> bool:
    """Whether a site is still on its way to go-live: neither live nor dropped nor paused."""
    one = folder.facts_of(site_id)
    return one.went_live is None and not one.is_set_aside
