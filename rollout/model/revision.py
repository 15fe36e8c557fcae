"""New dates beside the published ones: who moves, and what it gains or costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.calendar import spoken
from rollout.model.few import so_many
from rollout.model.schedule import Placement, Schedule, slot
from rollout.model.times import later

if TYPE_CHECKING:
    from rollout.model.answers.dates import RevisionJson

Move = tuple[Placement | None, Placement | None]
"""A site's place before and after; None where it has none."""


def moves(old: Schedule, new: Schedule) -> Mapping[str, Move]:
    """Sites whose go-live is another day, those that are new and those that lost theirs included; by id."""
    return {
        site: (old.sites.get(site), new.sites.get(site))
        for site in sorted({*old.sites, *new.sites})
        if (a.go_live if (a := old.sites.get(site)) else None) != (b.go_live if (b := new.sites.get(site)) else None)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What changes when new dates take the place of the published ones. Pairs are before and after."""

    moves: Mapping[str, Move]
    at_least: int = 0
    """No plan that ends as early moves fewer of the published sites."""
    ends: tuple[date | None, date | None]
    waves: tuple[int, int]
    worth: tuple[float, float]
    """Worth-weighted days over the sites that have a day in both."""
    held: Mapping[str, str] = field(default_factory=dict)
    """Sites that leave the weeks that are held, and what forced each of them."""

    @property
    def moved(self) -> tuple[str, ...]:
        """Sites that have a day in both, and another one."""
        return tuple(site for site, (old, new) in self.moves.items() if old is not None and new is not None)

    def spoken(self) -> str:
        """One sentence: how many move, what becomes of the end, what it is worth."""
        count = len(self.moved)
        proved = " (no plan that ends as early moves fewer)" if count and count == self.at_least else ""
        said = f"{so_many(count, 'published site')} move{'s' * (count == 1)}{proved}"
        old, new = self.ends
        if old is not None and new is not None:
            said += f"; last go-live {spoken(new)}, {'unchanged' if new == old else later((new - old).days)}"
        gain = self.worth[0] - self.worth[1]
        if abs(gain) >= 0.05:
            said += f"; {abs(gain):,.1f} worth-weighted days {'gained' if gain > 0 else 'lost'}"
        return said

    def json(self) -> RevisionJson:
        """For programs."""
        return {
            "moved": [{"site": s, "from": slot(a), "to": slot(b)} for s, (a, b) in self.moves.items()],
            "moved_at_least": self.at_least,
            "last_go_live": [day.isoformat() if day else None for day in self.ends],
            "waves": list(self.waves),
            "worth": list(self.worth),
            "held": [{"site": site, "because": why} for site, why in self.held.items()],
        }
