"""One site on a day, item by item: what is done, by whom and when, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.few import so_many
from rollout.model.schedule import wave_name
from rollout.model.stated import SiteState
from rollout.model.table import Table
from rollout.model.times import days

if TYPE_CHECKING:
    from rollout.model.answers.standing import ItemReportJson, SiteReportJson

ItemState = Literal["done", "requested", "open", "again"]
"""`again`: it was done and has to be done once more, because it is too old for the go-live or was asked for anew."""
Timing = Literal["late", "behind", "soon", ""]
"""late: the go-live cannot be kept; behind: its checklist's day has passed and there is slack; soon: within a
fortnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReport:
    """One item of a checklist."""

    item: str
    title: str
    phase: str
    state: ItemState
    by: str | None
    """Who brought it into its state: who is named in the record, or the author of the tick."""
    on: date | None
    told_by: Literal["record", "tick", "page", ""]
    """A record; a tick with an author; the page alone, because nobody has committed the tick."""
    owner: str
    starts: date
    """By its checklist."""
    ends: date
    latest: date | None
    """Last day on which it can begin (once requested: be over) with the go-live kept; None where go-live does not
    wait."""
    timing: Timing
    regressed: tuple[str, date] | None = None
    """Who took its tick away, and when."""

    @property
    def day(self) -> date:
        """The day its next step is due by the checklist."""
        return self.ends if self.state in ("requested", "done") else self.starts

    def who(self) -> str:
        """Who brought it there; of what is open, whose it is."""
        if self.state == "open" and self.regressed:
            return f"{self.owner}; {self.regressed[0]} took the tick away on {spoken(self.regressed[1])}"
        if self.state == "requested":
            return f"{self.owner}; asked for by {self.by}" if self.by and self.by != self.owner else self.owner
        if self.state == "done":
            return self.by or ("ticked, not committed yet" if self.told_by == "page" else "")
        return self.owner

    def when(self) -> str:
        """The day it was done; the day it has to be over, once requested; else the day it has to start."""
        if self.state == "done":
            return spoken(self.on) if self.on else ""
        return spoken(self.latest if self.timing == "late" and self.latest else self.day)

    def json(self) -> ItemReportJson:
        """For programs."""
        return {
            "item": self.item,
            "title": self.title,
            "phase": self.phase,
            "state": self.state,
            "by": self.by,
            "on": self.on.isoformat() if self.on else None,
            "told_by": self.told_by or None,
            "owner": self.owner,
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
            "latest": self.latest.isoformat() if self.latest else None,
            "timing": self.timing or None,
            "unticked": {"by": self.regressed[0], "on": self.regressed[1].isoformat()} if self.regressed else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """One site on a day."""

    plan: str
    name: str
    as_of: date
    state: SiteState
    items: tuple[ItemReport, ...]
    """By phase, then by start."""
    notes: tuple[str, ...] = ()

    @property
    def next(self) -> tuple[ItemReport, ...]:
        """What comes next: the open items that are not late, by the day they start."""
        found = [item for item in self.items if item.state in ("open", "again") and item.starts >= self.as_of]
        return tuple(sorted(found, key=lambda item: (item.starts, item.item))[:3])

    def headline(self) -> Iterator[str]:
        """What a site lead and who asks them reads first."""
        state = self.state
        colour = "" if state.colour == "none" else f": {state.colour.upper()}"
        yield f"{state.name} ({state.site}), as of {spoken_with_weekday(self.as_of)}{colour}"
        said = f"{state.status}, {wave_name(state.wave)}"
        if state.go_live:
            said += f", go-live {spoken_with_weekday(state.go_live)}"
        if state.moves and state.expected:
            said += f"; not before {spoken_with_weekday(state.expected)}, {days(state.moves)} later"
        yield f"{said}; {state.done} of {so_many(state.items, 'item')} done"
        for reason in state.reasons:
            yield f"  {reason.colour}: {reason.says}"
        if state.pushes:
            yield "  moves: " + ", ".join(f"{push.site} +{push.days}d" for push in state.pushes)
        for item in self.next:
            yield f"  next: {spoken(item.starts)}: {item.title} ({item.owner})"
        yield from self.notes

    def checklist(self) -> Table:
        """The items under their phases, for a terminal."""
        rows: list[tuple[str, ...]] = []
        phase = ""
        for item in self.items:
            if item.phase != phase:
                phase = item.phase
                rows.append(("", phase.upper(), "", "", ""))
            rows.append((_MARKS[item.state], item.title, item.when(), item.timing, item.who()))
        return Table(self.state.name, ("", "item", "day", "", "who"), tuple(rows), _LEGEND)

    def table(self) -> Table:
        """One row an item."""
        columns = ("phase", "item", "title", "state", "timing", "starts", "ends", "latest", "owner", "by", "on")
        rows = tuple(
            (
                item.phase,
                item.item,
                item.title,
                item.state,
                item.timing,
                item.starts.isoformat(),
                item.ends.isoformat(),
                item.latest.isoformat() if item.latest else "",
                item.owner,
                item.by or "",
                item.on.isoformat() if item.on else "",
            )
            for item in self.items
        )
        return Table(self.state.name, columns, rows, tuple(self.headline()))

    def json(self) -> SiteReportJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            **self.state.json(),
            "next": [item.item for item in self.next],
            "checklist": [item.json() for item in self.items],
            "notes": list(self.notes),
        }


_MARKS = {"done": "[x]", "requested": "[~]", "open": "[ ]", "again": "[!]"}
_LEGEND = (
    "[x] done on that day  [~] requested, has to be over  [ ] has to start  [!] again: what was done is too old",
    "late: its go-live slips  behind: its checklist's day has passed, go-live can be kept  soon: within 14 days",
)
