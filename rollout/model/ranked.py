"""What `rollout lighthouse` answers: sentences and tables for people, one object for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.few import so_many
from rollout.model.lighthouse import GROUPS, SWING, Candidate, Dimension, Ranking, tenths
from rollout.model.result import fault_json
from rollout.model.site import GROUPING_FIELDS
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.learning import CandidateJson, RankedJson

MANY = 20
"""Sites a person reads in one table."""
_COUNTED = {
    "no-sponsor": "without a sponsor",
    "not-assessed": "not assessed",
    "stale-assessment": "assessed too long ago",
    "below-minimum": "below a minimum",
    "goes-later": "to go later",
    "not-alone": "to go together with others",
    "ruled-out": "ruled out by the plan",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking with the places of its reasons found."""

    ranking: Ranking

    @property
    def answer(self) -> tuple[str, ...]:
        """The answer in sentences: who should be first, who is, whether the weights decide it."""
        ranking, winner = self.ranking, self.ranking.winner
        said = [self._choice()]
        if ranking.full and winner is None:
            said.append(_next_step(ranking))
        elif not ranking.full:
            said.append("No dimension has a weight that counts, so sites stand in the order of their ids.")
        elif winner is not None:
            said.append(_survival(ranking))
        if ranking.unknown:
            said.append(f"No site says anything of {_and(ranking.unknown, 'or')}: not counted.")
        return tuple(said)

    def _choice(self) -> str:
        ranking, winner, chosen = self.ranking, self.ranking.winner, self.ranking.chosen
        name = ranking.plan.lighthouse
        if ranking.live_since is not None:
            since = spoken(ranking.live_since)
            return f"{name} is the lighthouse and live since {since}: the choice is made, the ranking is of the others."
        if winner is None:
            counted = Counter(
                reason.code for site in ranking.out for reason in {r.code: r for r in site.reasons}.values()
            )
            why = _and([f"{count} {_COUNTED.get(code, code)}" for code, count in sorted(counted.items(), key=_most)])
            return f"No site of {len(ranking.out)} can be the lighthouse yet: {why}."
        sites = so_many(len(ranking.eligible), "site")
        first = f"ranks first of {sites} that can be, with {self._score(winner)} of 100 points"
        if chosen is winner:
            said = f"{name}, the plan's lighthouse, {first}"
        elif chosen is None:
            said = f"{winner.site.id} {first}; the plan names no lighthouse of its sites"
        elif chosen.reasons:
            why = "; ".join(reason.message for reason in chosen.reasons)
            said = f"{winner.site.id} {first}; {name}, the plan's lighthouse, cannot be it: {why}"
        else:
            number = ranking.ranks[chosen.site.id]
            said = f"{winner.site.id} {first}; {name}, the plan's lighthouse, is number {number}"
            said += f" with {self._score(chosen)}"
        if chosen is winner and len(ranking.eligible) > 1:
            second = ranking.eligible[1]
            tied = " too, and comes after it by its id only" if second.total == winner.total else ""
            said += f"; {second.site.id} follows with {self._score(second)}{tied}"
        return f"{said}."

    def tables(self, most: int = MANY) -> tuple[Table, ...]:
        """For people: the eligible, where the points of the first come from, who is out and why."""
        made = []
        if self.ranking.eligible:
            made += [self._eligible(most), self._points()]
        if self.ranking.out:
            made.append(self._out(most))
        return tuple(made)

    def _eligible(self, most: int) -> Table:
        ranking = self.ranking
        rows = []
        for number, site in enumerate(ranking.eligible[:most], 1):
            groups = ranking.by_group(site)
            mark = " (lighthouse)" if site is ranking.chosen else ""
            points = (tenths(groups[group]) for group in GROUPS)
            rows.append((str(number), site.site.id, f"{site.site.name}{mark}", self._score(site), *points))
        columns = ("rank", "site", "name", "score", *GROUPS)
        return Table("Sites that can be the lighthouse", columns, tuple(rows), _more(len(ranking.eligible), most))

    def _points(self) -> Table:
        """One row a dimension, one column each for the first sites and the plan's lighthouse."""
        ranking = self.ranking
        shown = list(ranking.eligible[:3])
        if ranking.chosen is not None and ranking.chosen not in shown:
            shown = [*shown[:2], ranking.chosen]
        points = [ranking.points(site) for site in shown]
        full = _full_points(ranking)
        rows, before = [], ""
        order = sorted(enumerate(ranking.dimensions), key=lambda d: (GROUPS.index(d[1].group), -d[1].weight, d[0]))
        for number, dimension in order:
            group = "" if dimension.group == before else dimension.group
            before = dimension.group
            cells = (
                f"{tenths(p[number]):>4} {_value(dimension, site.values[number]):>5}"
                for p, site in zip(points, shown, strict=True)
            )
            rows.append((group, dimension.field.replace("_", " "), tenths(full[number]), *cells))
        rows.append(("", "score", "100.0" if ranking.full else "0.0", *map(self._score, shown)))
        columns = ("", "dimension", "at most", *(site.site.id for site in shown))
        notes = (
            "Beside the points: the readiness score of 5, or the share of an average site's workflows, systems, … that "
            "this one has too.",
        )
        return Table("Where the points come from", columns, tuple(rows), notes if ranking.full else ())

    def _out(self, most: int) -> Table:
        rows = []
        for site in self.ranking.out[:most]:
            head = (site.site.id, self._score(site))
            by_place: dict[str, list[str]] = {}
            for reason in site.reasons:
                by_place.setdefault(f"{reason.path}:{reason.line}", []).append(reason.message)
            for place, why in by_place.items():
                rows.append((*head, "; ".join(why), place))
                head = ("", "")
        columns = ("site", "score", "why", "where")
        return Table("Out, whatever the score", columns, tuple(rows), _more(len(self.ranking.out), most))

    def table(self) -> Table:
        """One row a site with everything, for a spreadsheet."""
        ranking = self.ranking
        rows = []
        for site in (*ranking.eligible, *ranking.out):
            number = ranking.ranks.get(site.site.id)
            why = "; ".join(reason.message for reason in site.reasons)
            points = map(tenths, ranking.points(site))
            head = (str(number or ""), site.site.id, site.site.name, "no" if site.reasons else "yes")
            rows.append((*head, self._score(site), *points, why))
        columns = ("rank", "site", "name", "eligible", "score", *(d.id for d in ranking.dimensions), "why not")
        return Table(f"{ranking.plan.name}: lighthouse", columns, tuple(rows))

    def json(self) -> RankedJson:
        """For programs. Points have three decimals and add up to the score; `value` is 0 to 1, null if not assessed."""
        ranking, winner = self.ranking, self.ranking.winner
        full = _full_points(ranking, 1000)
        return {
            "version": VERSION,
            "plan": ranking.plan.id,
            "as_of": ranking.as_of.isoformat(),
            "lighthouse": ranking.plan.lighthouse,
            "winner": winner.site.id if winner else None,
            "survives": {
                "percent": SWING,
                "all": winner is not None and not ranking.swings,
                "lost": [
                    {"dimension": swing.dimension.id, "percent": swing.percent, "winner": swing.winner}
                    for swing in ranking.swings
                ],
            },
            "dimensions": [
                {"id": d.id, "group": d.group, "weight": d.weight, "at_most": full[number] / 1000}
                for number, d in enumerate(ranking.dimensions)
            ],
            "not_counted": [f"represents.{field}" for field in ranking.unknown],
            "sites": [self._site(site) for site in (*ranking.eligible, *ranking.out)],
        }

    def _site(self, site: Candidate) -> CandidateJson:
        ranking = self.ranking
        return {
            "site": site.site.id,
            "rank": ranking.ranks.get(site.site.id),
            "eligible": not site.reasons,
            "score": ranking.score(site, 1000) / 1000,
            "contributions": [
                {
                    "dimension": dimension.id,
                    "value": None
                    if value is None
                    else (value * 2000 + dimension.out_of) // (2 * dimension.out_of) / 1000,
                    "points": points / 1000,
                }
                for dimension, value, points in zip(
                    ranking.dimensions, site.values, ranking.points(site, 1000), strict=True
                )
            ],
            "reasons": [fault_json(reason) for reason in site.reasons],
        }

    def _score(self, site: Candidate) -> str:
        return self.ranking.spoken_score(site)


def _survival(ranking: Ranking) -> str:
    """Whether the first place depends on one weight."""
    winner = ranking.eligible[0].site.id
    if len(ranking.eligible) == 1:
        return "No weight changes that: it is the only one."
    if not ranking.swings:
        return f"{winner} stays first whichever single weight is {SWING} % less or more."
    by_winner: dict[str, list[str]] = {}
    for swing in ranking.swings:
        less = "less" if swing.percent < 0 else "more"
        by_winner.setdefault(swing.winner, []).append(f"{swing.dimension.id} counted {SWING} % {less}")
    said = "; ".join(f"{other} would be if {_and(ways, 'or')}" for other, ways in by_winner.items())
    return f"{winner} is not first under every weight: {said}."


def _next_step(ranking: Ranking) -> str:
    if any(site.is_assessed for site in ranking.out):
        return "They are listed by score: remove the reasons from the top."
    if len({site.total for site in ranking.out}) == 1 and len(ranking.out) > 1:
        such = ", ".join(f"{field}: 10" for field in _telling(ranking)) or "labels.NAME: 10"
        return (
            "Nothing tells them apart yet: list workflows, systems, shifts and languages of the sites, or let "
            f"something else count, `lighthouse_fit: {{represents: {{{such}}}}}` in the plan."
        )
    return "They are listed by how much of the others they stand for: win a sponsor and assess from the top."


def _telling(ranking: Ranking, most: int = 3) -> list[str]:
    """Fields in which the sites differ without each being its own kind, fewest kinds first."""
    sites = [candidate.site for candidate in ranking.out]
    fields = [*GROUPING_FIELDS, *sorted({f"labels.{label}" for site in sites for label in site.labels})]
    kinds = {field: Counter(value for site in sites for value in site.values_of(field)) for field in fields}
    telling = [field for field, counts in kinds.items() if len(counts) > 1 and len(counts) * 2 <= sum(counts.values())]
    return sorted(telling, key=lambda field: (-sum(kinds[field].values()), len(kinds[field])))[:most]


def _full_points(ranking: Ranking, parts_a_point: int = 10) -> tuple[int, ...]:
    """What each dimension gives at most."""
    if not ranking.full:
        return (0,) * len(ranking.dimensions)
    best = [dimension.unit * dimension.out_of for dimension in ranking.dimensions]
    return tuple((part * 200 * parts_a_point + ranking.full) // (2 * ranking.full) for part in best)


def _value(dimension: Dimension, value: int | None) -> str:
    if value is None:
        return "?"
    if dimension.kind == "readiness":
        return str(value)
    return f"{(value * 200 + dimension.out_of) // (2 * dimension.out_of)} %"


def _more(count: int, most: int) -> tuple[str, ...]:
    return (f"and {count - most} more; --format csv or json has all",) if count > most else ()


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _and(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
