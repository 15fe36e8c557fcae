"""What `rollout portfolio` answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.portfolio import Portfolio, Rank
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.people import OpportunitiesJson

_MANY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A ranked opportunity and how far it is."""

    rank: Rank
    sites: tuple[str, ...]
    """Sites it is of use at."""
    live: int
    """Of these, sites at which a plan has brought it live."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunities:
    """The portfolio, best first."""

    portfolio: Portfolio
    places: tuple[Place, ...]
    without: tuple[str, ...]
    """Plans that carry none of them."""

    def table(self) -> Table:
        """One row an opportunity, as much as fits a terminal."""
        rows = []
        for place in self.places:
            ranked, one = place.rank, place.rank.opportunity
            sites = f"{place.live}/{len(place.sites)}" if ranked.plans else f"{len(place.sites)}"
            owner, plans = one.owner.name if one.owner else "nobody", ", ".join(ranked.plans) or "-"
            amounts = (f"{one.value:,.0f}", f"{ranked.effort:,.0f}", _ratio(ranked))
            rows.append((one.id, *amounts, sites, owner, plans))
        columns = ("opportunity", "value", "effort", "ratio", "sites", "owner", "plan")
        return Table("Opportunities", columns, tuple(rows), self._notes())

    def rows(self) -> Table:
        """The same with all there is, for a spreadsheet or a page."""
        rows = []
        for number, place in enumerate(self.places, 1):
            ranked, one = place.rank, place.rank.opportunity
            amounts = (_plain(one.value), _plain(one.effort), f"{sum(ranked.saved.values())}", _plain(ranked.effort))
            owner, plans = one.owner.name if one.owner else "", ", ".join(ranked.plans)
            counts = (str(len(place.sites)), str(place.live))
            rows.append((str(number), one.id, one.title, *amounts, _plain(ranked.ratio), *counts, owner, plans))
        columns = (
            *("rank", "opportunity", "title", "value", "effort", "saved %", "effort left", "ratio"),
            *("sites", "live", "owner", "plan"),
        )
        return Table("Opportunities", columns, tuple(rows), self._notes())

    def _notes(self) -> tuple[str, ...]:
        notes = [
            f"Value in {self.portfolio.value_in}, effort in {self.portfolio.effort_in}; by value for each unit of "
            "effort that is left once others, ranked above or carried by a plan, have built theirs. Sites: live/all."
        ]
        reused = [place.rank for place in self.places if place.rank.saved]
        for ranked in reused[:_MANY]:
            parts = " and ".join(f"{percent} % from {other}" for other, percent in ranked.saved.items())
            notes.append(f"{ranked.opportunity.id} reuses {parts}.")
        if len(reused) > _MANY:
            notes.append(f"and {len(reused) - _MANY} more; --format json has all")
        if self.without:
            notes.append(f"Carries none of them: {', '.join(self.without)}.")
        return tuple(notes)

    def json(self) -> OpportunitiesJson:
        """For programs."""
        return {
            "version": VERSION,
            "value_in": self.portfolio.value_in,
            "effort_in": self.portfolio.effort_in,
            "opportunities": [
                {
                    "rank": number,
                    "opportunity": place.rank.opportunity.id,
                    "title": place.rank.opportunity.title,
                    "value": place.rank.opportunity.value,
                    "effort": place.rank.opportunity.effort,
                    "reuse": [{"opportunity": other, "percent": saved} for other, saved in place.rank.saved.items()],
                    "effort_left": round(place.rank.effort, 3),
                    "ratio": round(place.rank.ratio, 6),
                    "sites": list(place.sites),
                    "live": place.live,
                    "owner": place.rank.opportunity.owner.name if place.rank.opportunity.owner else None,
                    "plans": list(place.rank.plans),
                }
                for number, place in enumerate(self.places, 1)
            ],
            "plans_without": list(self.without),
        }


def _plain(number: float) -> str:
    """For spreadsheets: no thousands, at most two decimals."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _ratio(ranked: Rank) -> str:
    """Three digits that tell."""
    ratio = ranked.ratio
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"
