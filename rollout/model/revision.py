"""New dates beside the published ones: who moves, and what it gains or costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rollout.model.calendar import spoken
from rollout.model.schedule import Placement, Schedule

Move = tuple[Placement | None, Placement | None]
"""A site's place before and after; None where it has none."""


def moves(old: Schedule, new: Schedule) -> Mapping[str, Move]:
    """Sites whose go-live is another day, those that are new and those that lost theirs included; by id."""
    return {
        site: (old.sites.get(site), new.sites.get(site))
        for site in sorted({*old.sites, *new.sites})
        if (a.go_live if (a := old.sites.get(site)) else None) != (b.go_live if (b := new.sites.get(site)) else None)
    }


def told(old: Schedule, new: Schedule) -> str:
    """What becomes of published dates, in Markdown: one sentence, then a line for each site that is another day's."""
    rows = moves(old, new)
    moved = sum(1 for before, after in rows.values() if before and after)
    added, gone = (sum(1 for row in rows.values() if row[side] is None) for side in (0, 1))
    counted = ((moved, "moves", "move"), (added, "gets a date", "get a date"), (gone, "loses its date", "lose theirs"))
    parts = [f"1 site {one}" if count == 1 else f"{count} sites {many}" for count, one, many in counted if count]
    end, was = new.last_go_live, old.last_go_live
    if end is not None:
        parts.append("end unchanged" if end == was else f"last go-live {spoken(end)}")
    said = ", ".join(parts if rows else ["no date changes", *parts])
    said = f"{said[0].upper()}{said[1:]}."
    lines = [f"- {site}: {_day(before)} → {_day(after)}" for site, (before, after) in list(rows.items())[:_MANY]]
    if len(rows) > _MANY:
        lines.append(f"- and {len(rows) - _MANY} more")
    return "\n".join([said, "", *lines]) if lines else said


def _day(place: Placement | None) -> str:
    return "no date" if place is None else spoken(place.go_live)


_MANY = 100
"""More lines than this nobody reads in a description, and hosts cut long ones."""


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
        said = f"{count} published site{'s' * (count != 1)} move{'s' * (count == 1)}{proved}"
        old, new = self.ends
        if old is not None and new is not None:
            days = (new - old).days
            change = f"{abs(days)} days {'later' if days > 0 else 'earlier'}" if days else "unchanged"
            said += f"; last go-live {spoken(new)}, {change}"
        gain = self.worth[0] - self.worth[1]
        if abs(gain) >= 0.05:
            said += f"; {abs(gain):,.1f} worth-weighted days {'gained' if gain > 0 else 'lost'}"
        return said

    def json(self) -> dict[str, Any]:
        """For programs."""

        def place(placement: Placement | None) -> dict[str, Any] | None:
            return None if placement is None else {"wave": placement.wave, "go_live": placement.go_live.isoformat()}

        return {
            "moved": [{"site": s, "from": place(a), "to": place(b)} for s, (a, b) in self.moves.items()],
            "moved_at_least": self.at_least,
            "last_go_live": [day and day.isoformat() for day in self.ends],
            "waves": list(self.waves),
            "worth": list(self.worth),
            "held": [{"site": site, "because": why} for site, why in self.held.items()],
        }
