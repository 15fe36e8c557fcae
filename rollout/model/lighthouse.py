"""Which site should be first: those that may are ranked by willingness and by how many others they stand for.

Minimums gate, means rank: a site that may not be the first is out before any score counts, and says why. What a site
*represents* in a field (workflows, systems, …) is one figure: take any other site of the plan that lists some; how
many of them does this site have too? The mean of these shares, every site weighing the same, is what it stands for.
A site with three shifts has a first, a second and a third one. All figures are whole numbers over one denominator,
so that nothing is rounded before it is compared; ties go by id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import lcm
from typing import Literal

from rollout.model.calendar import spoken
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder
from rollout.model.record import Facts, Readiness, StatusRecord
from rollout.model.site import Site
from rollout.model.times import days
from rollout.problem import Problem

Group = Literal["willing", "represents", "technical"]
GROUPS: tuple[Group, ...] = ("willing", "represents", "technical")
TECHNICAL = ("data_quality", "systems", "security", "infrastructure")
"""Readiness scores that are about equipment and data rather than about people."""
SWING = 20
"""Percent by which each weight is changed to see whether the first place survives."""
_BEST = 5


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that counts."""

    kind: Literal["readiness", "represents"]
    field: str
    """The readiness score, or the field of sites."""
    weight: int
    out_of: int
    """The value of a site that could not be better."""
    unit: int
    """What one of a value adds to a total."""

    @property
    def id(self) -> str:
        """As the plan spells it."""
        return f"{self.kind}.{self.field}"

    @property
    def group(self) -> Group:
        """What kind of argument it is."""
        if self.kind == "represents":
            return "represents"
        return "technical" if self.field in TECHNICAL else "willing"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site, what it brings in each dimension, and why it is out."""

    site: Site
    values: tuple[int | None, ...]
    """By dimension; None where the site was not assessed."""
    parts: tuple[int, ...]
    """What each dimension adds to the total."""
    reasons: tuple[Problem, ...]
    """Why it may not be the first; none if it may."""

    @property
    def total(self) -> int:
        """The score, over the ranking's denominator."""
        return sum(self.parts)

    @property
    def is_assessed(self) -> bool:
        """Whether there are readiness scores."""
        return all(reason.code != "not-assessed" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Swing:
    """Another site would be first if one weight were different."""

    dimension: Dimension
    percent: int
    """-20 or +20."""
    winner: str


@dataclass(frozen=True)
class Ranking:
    """The plan's sites in the order in which they should be first."""

    plan: Plan
    as_of: date
    dimensions: tuple[Dimension, ...]
    unknown: tuple[str, ...]
    """Fields with a weight of which no site says anything; they do not count."""
    eligible: tuple[Candidate, ...]
    """Best first."""
    out: tuple[Candidate, ...]
    """Best first."""
    full: int
    """The total of a site that could not be better; 0 where nothing has a weight."""
    live_since: date | None
    """Since when the plan's lighthouse is live: then there is nothing left to choose."""

    @property
    def winner(self) -> Candidate | None:
        """Who should be first."""
        return self.eligible[0] if self.eligible else None

    @cached_property
    def chosen(self) -> Candidate | None:
        """The plan's lighthouse, where it is one of the plan's sites."""
        return next((c for c in (*self.eligible, *self.out) if c.site.id == self.plan.lighthouse), None)

    @cached_property
    def ranks(self) -> Mapping[str, int]:
        """Places from 1 of the eligible sites, by id."""
        return {candidate.site.id: number for number, candidate in enumerate(self.eligible, 1)}

    def points(self, candidate: Candidate, parts_a_point: int = 10) -> tuple[int, ...]:
        """What each dimension adds, out of 100 points, in tenths (or `parts_a_point`); they add up to `score`.

        Rounded by largest remainder, earlier dimensions first among equals.
        """
        if not self.full:
            return (0,) * len(candidate.parts)
        exact = [divmod(part * 100 * parts_a_point, self.full) for part in candidate.parts]
        missing = self.score(candidate, parts_a_point) - sum(whole for whole, _ in exact)
        order = sorted(range(len(exact)), key=lambda i: (-exact[i][1], i))
        raised = set(order[:missing])
        return tuple(whole + (i in raised) for i, (whole, _) in enumerate(exact))

    def spoken_score(self, candidate: Candidate) -> str:
        """The score as people read it: `82.0`."""
        return tenths(self.score(candidate))

    def score(self, candidate: Candidate, parts_a_point: int = 10) -> int:
        """The score out of 100 points, in tenths (or `parts_a_point`), half rounded up."""
        return (candidate.total * 200 * parts_a_point + self.full) // (2 * self.full) if self.full else 0

    def is_clearly_behind(self, candidate: Candidate) -> bool:
        """Whether the winner is ahead by the plan's margin."""
        if self.winner is None or not self.full:
            return False
        ahead = self.winner.total - candidate.total
        return ahead > 0 and ahead * 100 >= self.plan.lighthouse_fit.margin * self.full

    def by_group(self, candidate: Candidate) -> dict[Group, int]:
        """Tenths of points by kind of argument."""
        points = self.points(candidate)
        return {
            group: sum(p for p, d in zip(points, self.dimensions, strict=True) if d.group == group) for group in GROUPS
        }

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """Every single change of a weight by 20 % that makes another site first."""
        found = []
        for number, dimension in enumerate(self.dimensions if self.eligible else ()):
            for percent in (-SWING, SWING):
                best = min(self.eligible, key=lambda c: (-c.total * 100 - c.parts[number] * percent, c.site.id))
                if best is not self.eligible[0]:
                    found.append(Swing(dimension, percent, best.site.id))
        return tuple(found)


def tenths(points: int) -> str:
    """Tenths of points as people read them: `82.0`."""
    return f"{points // 10}.{points % 10}"


def rank(folder: PlanFolder, sites: tuple[Site, ...], as_of: date) -> Ranking:
    """The plan's sites (`sites`, in any order) ranked for being the first, as of a day."""
    plan = folder.plan
    facts = {site.id: folder.facts_of(site.id) for site in sites}
    fleet = [site for site in sites if facts[site.id].status != "dropped"]
    values: list[tuple[Dimension, Mapping[str, int | None]]] = []
    for name in Readiness.model_fields:
        weight = getattr(plan.lighthouse_fit.readiness, name)
        if weight:
            scores = {
                site: getattr(fact.readiness.readiness, name) if fact.readiness else None
                for site, fact in facts.items()
            }
            values.append((Dimension("readiness", name, weight, _BEST, 0), scores))
    unknown = []
    for name, weight in plan.lighthouse_fit.represents.items():
        if weight:
            shares, out_of = _represented(name, sites, fleet)
            if out_of:
                values.append((Dimension("represents", name, weight, out_of, 0), shares))
            else:
                unknown.append(name)
    common = lcm(*(dimension.out_of for dimension, _ in values))
    dimensions = tuple(
        Dimension(d.kind, d.field, d.weight, d.out_of, d.weight * (common // d.out_of)) for d, _ in values
    )
    candidates = []
    for site in sites:
        own = tuple(by_site[site.id] for _, by_site in values)
        parts = tuple((value or 0) * d.unit for value, d in zip(own, dimensions, strict=True))
        candidates.append(Candidate(site, own, parts, tuple(_reasons(folder, site, facts[site.id], as_of))))
    candidates.sort(key=lambda c: (-c.total, c.site.id))
    return Ranking(
        plan=plan,
        as_of=as_of,
        dimensions=dimensions,
        unknown=tuple(unknown),
        eligible=tuple(c for c in candidates if not c.reasons),
        out=tuple(c for c in candidates if c.reasons),
        full=common * sum(d.weight for d in dimensions),
        live_since=facts[plan.lighthouse].went_live if plan.lighthouse in facts else None,
    )


def rank_to_judge(folder: PlanFolder, sites: tuple[Site, ...], as_of: date) -> Ranking | None:
    """The ranking, where there is a choice to judge: a lighthouse that is not live yet, and assessed sites."""
    chosen = folder.plan.lighthouse
    if chosen is None or folder.facts_of(chosen).went_live is not None:
        return None
    if all(facts.readiness is None for facts in folder.facts.values()):
        return None
    return rank(folder, sites, as_of)


def is_polish(ranking: Ranking) -> bool:
    """Whether the plan's lighthouse has nothing but its technical scores for it.

    They are the best of all assessed sites, and either its leadership is below the minimum, or it is clearly behind the
    winner and ahead in neither willingness nor what it stands for.
    """
    chosen, winner = ranking.chosen, ranking.winner
    if chosen is None:
        return False
    own = _totals(ranking, chosen)
    assessed = [site for site in (*ranking.eligible, *ranking.out) if site.is_assessed]
    others = [_totals(ranking, site)["technical"] for site in assessed] or [0]
    if not own["technical"] == max(others) > min(others):
        return False
    if any(reason.code == "below-minimum" and reason.keys[-1:] == ("leadership",) for reason in chosen.reasons):
        return True
    if winner is None or chosen.reasons or not ranking.is_clearly_behind(chosen):
        return False
    best = _totals(ranking, winner)
    return all(own[group] <= best[group] for group in ("willing", "represents"))


def _totals(ranking: Ranking, site: Candidate) -> dict[Group, int]:
    parts = tuple(zip(ranking.dimensions, site.parts, strict=True))
    return {group: sum(part for dimension, part in parts if dimension.group == group) for group in GROUPS}


def _represented(field: str, sites: tuple[Site, ...], fleet: list[Site]) -> tuple[dict[str, int], int]:
    """What each site stands for in a field, as whole numbers, and the number that means all of it (0: unknown)."""
    if field == "shifts" and all("shifts" not in site.model_fields_set for site in fleet):
        return {}, 0  # Nobody said so: the default tells nothing about them.
    listed = [own for site in fleet if (own := _values(site, field))]
    each = lcm(*{len(own) for own in listed})
    worth: dict[str, int] = {}
    for own in listed:
        for value in own:
            worth[value] = worth.get(value, 0) + each // len(own)
    return {site.id: sum(worth.get(value, 0) for value in _values(site, field)) for site in sites}, each * len(listed)


def _values(site: Site, field: str) -> tuple[str, ...]:
    if field == "shifts":
        return tuple(map(str, range(1, site.shifts + 1)))
    return tuple(dict.fromkeys(site.values_of(field)))


def _reasons(folder: PlanFolder, site: Site, facts: Facts, as_of: date) -> Iterator[Problem]:
    """Why a site may not be the first, each with its place; nothing when it may."""
    plan, fit = folder.plan, folder.plan.lighthouse_fit
    if site.sponsor is None:
        yield site.source.problem("no-sponsor", "no sponsor", f"name one in {site.paths[0]}")
    if facts.is_set_aside or facts.went_live is not None:
        since = f" since {spoken(facts.went_live)}" if facts.went_live else ""
        records = folder.records.get(site.id, ())
        places = [r.place for r in records if isinstance(r, StatusRecord) and r.status == facts.status]
        place = places[-1] if places else site.source
        yield place.problem(facts.status, f"{facts.status}{since}", "choose one that is still to come")
    record = facts.readiness
    if record is None:
        hint = f"add a line `readiness: …` to {folder.layout.records_of(site.id)}"
        yield site.source.problem("not-assessed", "not assessed", hint)
    elif facts.went_live is None:
        age = (as_of - record.on).days
        if age > fit.max_age.days:
            said = f"assessed {days(age)} ago, at most {fit.max_age.days}"
            yield record.place.problem("stale-assessment", said, "assess it again")
        for name in Readiness.model_fields:
            score, least = getattr(record.readiness, name), getattr(fit.least, name)
            if score < least:
                said = f"{name.replace('_', ' ')} {score}, at least {least}"
                place = record.place / "readiness" / name
                yield place.problem("below-minimum", said, "win it first, or choose another")
    for exclusion in fit.never:
        if exclusion.where.matches(site):
            place = plan.source / "lighthouse_fit" / "never" / exclusion.id
            yield place.problem("ruled-out", exclusion.because, f"see {exclusion.id} in the plan")
    yield from _goes_later(plan, site)


def _goes_later(plan: Plan, site: Site) -> Iterator[Problem]:
    """What people decided that the first site cannot have. An order behind today's lighthouse falls with the choice."""
    constraint = plan.constraints.get(site.id)
    if constraint is not None:
        place = plan.source / "constraints" / site.id
        because = f": {constraint.because}" if constraint.because else ""
        before = [other for other in (*constraint.after, *constraint.after_exit) if other != plan.lighthouse]
        if before:
            said = f"goes after {', '.join(before)}{because}"
            yield place.problem("goes-later", said, "lift the constraint first")
        if constraint.wave:
            said = f"goes in wave {constraint.wave}{because}"
            yield (place / "wave").problem("goes-later", said, "lift the constraint first")
    for number, group in enumerate(plan.together):
        others = [other for other in group if other != site.id]
        if site.id in group and others:
            said = f"goes together with {', '.join(others)}"
            yield (plan.source / "together" / number).problem("not-alone", said, "take it out of `together`")
