"""What work asks of teams, by name or by skill, and the sums that must hold for somebody to be free for all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from rollout.model.activity import Activity
from rollout.model.agenda import activities_at
from rollout.model.instance import PREREQUISITE, Demand
from rollout.model.plan import Hypercare, Plan, Prerequisite
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Facts
from rollout.model.site import Site
from rollout.model.team import Teams

Eligible = frozenset[str]
"""Ids of the teams of which any may do a piece of work, several together too."""
Span = tuple[int, int, int]
"""First and last day counted from the job's own, and the amount; last below first: for as long as the work takes."""
MOST_SUMS = 256
"""Sums of teams looked at in one family of overlapping skills. Where there are more, those of the fewest demands are
kept and the sum of all: what only a sum of very many different demands would show goes unseen."""
GRACE = timedelta(days=7)
"""A hypercare past its planned length without a recorded exit is taken to end this long after today."""


def hypercare_days(plan: Plan, facts: Facts, as_of: date) -> int:
    """Days a site is in hypercare, its go-live included: planned, or until the exit that was recorded."""
    planned = plan.hypercare.lasts.days
    if facts.went_live is None:
        return planned
    if facts.left_hypercare is not None:
        return max(1, (facts.left_hypercare - facts.went_live).days)
    return max(planned, (as_of + GRACE - facts.went_live).days)


@dataclass(frozen=True)
class Asked:
    """What the jobs of a plan ask for, by who may do it."""

    by_teams: dict[Eligible, dict[str, list[Span]]] = field(default_factory=dict)

    def demands(self, teams: Eligible) -> dict[str, tuple[Demand, ...]]:
        """By job, what only these teams can do: everything whose eligible teams are all among them."""
        spans: dict[str, list[Span]] = {}
        for eligible, jobs in self.by_teams.items():
            if eligible <= teams:
                for job, own in jobs.items():
                    spans.setdefault(job, []).extend(own)
        # Thousands of sites ask for the same: their steps are worked out once.
        known: dict[tuple[Span, ...], tuple[Demand, ...]] = {}
        found: dict[str, tuple[Demand, ...]] = {}
        for job, own in spans.items():
            key = tuple(own)
            if key not in known:
                known[key] = _steps(own)
            found[job] = known[key]
        return found

    def ask(self, eligible: Iterable[str], job: str, span: Span) -> None:
        """Adds a demand that any of these teams may answer; one that nobody can is left to the checks."""
        if teams := frozenset(eligible):
            self.by_teams.setdefault(teams, {}).setdefault(job, []).append(span)


def asked(
    programme: Programme,
    folder: PlanFolder,
    sites: Iterable[Site],
    prerequisites: Iterable[Prerequisite],
    as_of: date,
) -> Asked:
    """What a plan's sites (work before and after go-live, hypercare) and prerequisites ask of teams.

    Work at sites that are live is done; their hypercare is not. Work on a prerequisite is done once evidence says that
    it is ready. Teams that are not written down are left out.
    """
    plan, teams = folder.plan, programme.teams
    known = {team.id for team in teams.teams}
    found = Asked()
    wanting = {activity.id for activity in plan.activities if activity.needs or activity.staff}
    for site in sites:
        facts = folder.facts_of(site.id)
        if facts.went_live is None and wanting:
            for activity in activities_at(plan, site):
                if activity.id in wanting:
                    first = _first_day(activity)
                    last = first + max(activity.takes.days, 1) - 1
                    _ask_all(found, teams, known, activity, site.id, first, last, site.languages)
        if plan.hypercare.needs or plan.hypercare.staff:
            last = hypercare_days(plan, facts, as_of) - 1
            _ask_all(found, teams, known, plan.hypercare, site.id, 0, last, site.languages)
    for prerequisite in prerequisites:
        if (until := _last_day(folder, prerequisite.id)) is not None:
            _ask_all(found, teams, known, prerequisite, PREREQUISITE + prerequisite.id, 0, until, ())
    return found


def _ask_all(
    found: Asked,
    teams: Teams,
    known: set[str],
    asking: Activity | Hypercare | Prerequisite,
    job: str,
    first: int,
    last: int,
    languages: tuple[str, ...],
) -> None:
    for team, amount in asking.needs.items():
        if team in known:
            found.ask((team,), job, (first, last, amount))
    for staff in asking.staff:
        found.ask((team.id for team in teams.eligible(staff, languages)), job, (first, last, staff.people))


def _first_day(activity: Activity) -> int:
    return activity.starts.days * 7 // 5 if activity.starts.working else activity.starts.days


def _last_day(folder: PlanFolder, prerequisite: str) -> int | None:
    """The last day of work on a prerequisite, counted from its first; -1 for as long as it takes, None without any."""
    shown = folder.common.evidence.get(prerequisite)
    if shown is None:
        return -1
    published = folder.schedule.prerequisites.get(prerequisite) if folder.schedule is not None else None
    if published is None or shown.on <= published.starts:
        return None  # it was ready before anybody began
    return (shown.on - published.starts).days - 1 if shown.on < published.ready else -1


def _steps(spans: list[Span]) -> tuple[Demand, ...]:
    """Overlapping spans as a step function: disjoint pieces, each with the sum of what overlaps there."""
    lasting = sum(amount for first, last, amount in spans if last < first)
    if lasting:
        return (Demand(lasting, 0, -1),)
    edges = sorted({first for first, _, _ in spans} | {last + 1 for _, last, _ in spans})
    pieces: list[Demand] = []
    for begin, end in pairwise(edges):
        amount = sum(a for first, last, a in spans if first <= begin and end - 1 <= last)
        if amount:
            pieces.append(Demand(amount, begin, end - 1))
    return tuple(pieces)


def sums(eligible: Iterable[Eligible]) -> tuple[Eligible, ...]:
    """The sums of teams that must suffice so that every demand can be given to teams that may do it.

    Demands can be met together exactly when for any of them the teams that may do at least one suffice (Gale 1957,
    Hoffman 1960; Hall 1935 for one person a demand). It is enough to look at unions of the sets demanded, each with all
    demands that lie inside it, and of these at the connected ones: what a union of two sets without a common team needs
    follows from each alone. A team that is asked for by name and shares no skill keeps its own sum. At most
    `MOST_SUMS` a family. By number of teams, then ids.
    """
    found: set[Eligible] = set()
    for family in _families(set(eligible)):
        unions = dict.fromkeys(family)
        for union in _unions(list(family)):
            if len(unions) >= MOST_SUMS:
                break
            unions.setdefault(union)
        found |= unions.keys() | {frozenset().union(*family)}
    return tuple(sorted(found, key=lambda teams: (len(teams), sorted(teams))))


def _unions(family: list[Eligible]) -> Iterator[Eligible]:
    """Connected unions of two sets, of three, and so on, each once."""
    seen = set(family)
    level = family
    while level:
        larger: list[Eligible] = []
        for union in level:
            for teams in family:
                if union & teams and (joined := union | teams) not in seen:
                    seen.add(joined)
                    larger.append(joined)
                    yield joined
        level = larger


def _families(eligible: set[Eligible]) -> list[tuple[Eligible, ...]]:
    """Sets that are connected through common teams."""
    families: list[tuple[Eligible, list[Eligible]]] = []
    for teams in sorted(eligible, key=lambda teams: (len(teams), sorted(teams))):
        touching = [family for family in families if family[0] & teams]
        families = [family for family in families if not family[0] & teams]
        members = [member for _, own in touching for member in own]
        families.append((teams.union(*(all_teams for all_teams, _ in touching)), [*members, teams]))
    return [tuple(members) for _, members in families]


@dataclass(frozen=True)
class Published:
    """What a plan's published schedule takes of teams."""

    asked: Asked
    days: Mapping[str, tuple[int, int]]
    """By job its day (what happened before what is planned), and the last day of work on a prerequisite."""

    def load(self, teams: Eligible) -> dict[int, int]:
        """By week, what is taken that only these teams can do; a week is counted from Monday, `(day - 1) // 7`."""
        total: dict[int, int] = {}
        for job, demands in self.asked.demands(teams).items():
            day, until = self.days[job]
            own: dict[int, int] = {}
            for demand in demands:
                last = until if demand.last < demand.first else day + demand.last
                for week in range((day + demand.first - 1) // 7, (last - 1) // 7 + 1):
                    own[week] = max(own.get(week, 0), demand.amount)
            for week, amount in own.items():
                total[week] = total.get(week, 0) + amount
        return total


def published(programme: Programme, folder: PlanFolder, as_of: date, built: Iterable[str] = ()) -> Published:
    """The load of a plan's published dates, without the prerequisites in `built`, which another plan sees to."""
    placed = folder.schedule.sites if folder.schedule else {}
    ready = folder.schedule.prerequisites if folder.schedule else {}
    days: dict[str, tuple[int, int]] = {}
    sites = []
    for site in programme.sites_of(folder.plan):
        day = folder.facts_of(site.id).went_live
        if day is None and site.id in placed and folder.is_placed(site.id):
            day = placed[site.id].go_live
        if day is not None:
            sites.append(site)
            days[site.id] = (day.toordinal(), day.toordinal())
    others = set(built)
    waited = [p for p in programme.prerequisites_of(folder.plan) if p.id in ready and p.id not in others]
    for prerequisite in waited:
        starts, usable = ready[prerequisite.id].starts.toordinal(), ready[prerequisite.id].ready.toordinal()
        days[PREREQUISITE + prerequisite.id] = (starts, max(starts, usable - 1))
    return Published(asked(programme, folder, sites, waited, as_of), days)


def connectors_of(programme: Programme, plan: Plan) -> dict[str, Prerequisite]:
    """The prerequisites that come from the register rather than from the plan: they are built once for all plans."""
    own = {prerequisite.id for prerequisite in plan.prerequisites}
    return {p.id: p for p in programme.prerequisites_of(plan) if p.id not in own}
