"""How a programme stands on a day: a colour with its reasons for each site, wave and the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.few import few, so_many
from rollout.model.schedule import wave_name
from rollout.model.status import Status
from rollout.model.table import Table
from rollout.model.times import days

if TYPE_CHECKING:
    from rollout.model.answers.standing import (
        HaltStateJson,
        ProgrammeStateJson,
        ReasonJson,
        SiteStateJson,
        WaveStateJson,
    )

Colour = Literal["red", "amber", "green", "none"]
"""`none` is for sites that are out of it: dropped."""
WORST: tuple[Colour, ...] = ("red", "amber", "green", "none")
_MANY_SITES = 40
_QUIET_WAVES = 6
"""Waves to come that are shown one by one; more of them in a row are told in one."""
_FEW = 12


def worst(colours: Iterable[Colour]) -> Colour:
    """The first of red, amber, green, none that is there."""
    return min(colours, key=WORST.index, default="none")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a site has its colour."""

    rule: str
    """Which of the stated rules."""
    colour: Colour
    says: str

    def json(self) -> ReasonJson:
        """For programs."""
        return {"rule": self.rule, "colour": self.colour, "message": self.says}


@dataclass(frozen=True, slots=True)
class Pushed:
    """A site that another one's slip moves."""

    site: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """One site on a day."""

    site: str
    name: str
    wave: int | None
    status: Status
    go_live: date | None
    """Published, or where it has happened the actual day."""
    expected: date | None
    """The first day its own work, its own forecast and the sites it waits for leave for it; the same where kept."""
    slip: int
    """Days by which its own remaining work or forecast is late for the published day; what it waits for left out."""
    reasons: tuple[Reason, ...]
    """The worst first; none for green."""
    done: int
    items: int
    pushes: tuple[Pushed, ...] = ()
    """Sites that its slip moves, directly or through others."""

    @property
    def colour(self) -> Colour:
        """The worst of its reasons; green without any."""
        return "none" if self.status == "dropped" else worst([*(r.colour for r in self.reasons), "green"])

    @property
    def moves(self) -> int:
        """Days between the published and the expected go-live."""
        return (self.expected - self.go_live).days if self.expected and self.go_live else 0

    def why(self, most: int | None = 2, between: str = "; ") -> str:
        """Its reasons in words."""
        shown = [reason.says for reason in self.reasons[:most]]
        more = len(self.reasons) - len(shown)
        return between.join([*shown, *([f"and {more} more"] if more else [])])

    def json(self) -> SiteStateJson:
        """For programs."""
        return {
            "site": self.site,
            "name": self.name,
            "wave": self.wave,
            "status": self.status,
            "colour": self.colour,
            "reasons": [reason.json() for reason in self.reasons],
            "go_live": _iso(self.go_live),
            "expected": _iso(self.expected),
            "slip": self.slip,
            "pushes": [{"site": push.site, "days": push.days} for push in self.pushes],
            "items": {"done": self.done, "all": self.items},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveState:
    """One wave on a day."""

    number: int
    period: str
    sites: tuple[SiteState, ...]
    """By go-live."""

    @property
    def colour(self) -> Colour:
        """The worst of its sites."""
        return worst(state.colour for state in self.sites)

    @property
    def name(self) -> str:
        """What people call it."""
        return wave_name(self.number)

    def count(self, *wanted: str) -> int:
        """Sites of these colours or statuses."""
        return sum(state.colour in wanted or state.status in wanted for state in self.sites)

    def counted(self) -> str:
        """Its sites by colour, and how many are live: `1 red, 3 green (2 live)`."""
        found = ((colour, self.count(colour)) for colour in ("red", "amber", "green"))
        live = self.count("live", "stable")
        return ", ".join(f"{count:,} {colour}" for colour, count in found if count) + (
            f" ({live:,} live)" if live else ""
        )

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to say of it yet: green, nothing done, nothing late."""
        return self.colour == "green" and not any(state.done or state.moves for state in self.sites)

    @property
    def span(self) -> tuple[date, date]:
        """First and last go-live."""
        found = sorted(state.go_live for state in self.sites if state.go_live)
        return found[0], found[-1]

    def json(self) -> WaveStateJson:
        """For programs."""
        first, last = self.span
        return {
            "wave": self.number,
            "period": self.period,
            "starts": first.isoformat(),
            "ends": last.isoformat(),
            "colour": self.colour,
            "sites": len(self.sites),
            "live": self.count("live", "stable"),
            "red": self.count("red"),
            "amber": self.count("amber"),
            "green": self.count("green"),
            "slip": max(state.moves for state in self.sites),
            "items": {"done": sum(s.done for s in self.sites), "all": sum(s.items for s in self.sites)},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltState:
    """A halt that nobody has ended."""

    name: str
    since: date
    by: str
    because: str | None
    criteria: tuple[tuple[str, bool | None], ...]
    """What has to be true before it goes on; None where a person has to judge it."""
    exempt: tuple[str, ...]
    """Sites that go live all the same."""
    resumes: date | None

    def lines(self) -> Iterator[str]:
        """In words."""
        because = f": {self.because}" if self.because else ""
        yield f"HALTED since {spoken(self.since)} by {self.by} ({self.name}){because}"
        words = {True: "met", False: "not met", None: "to be judged"}
        if self.criteria:
            yield "  goes on when: " + "; ".join(f"{says} ({words[met]})" for says, met in self.criteria)
        if self.resumes:
            yield f"  go-lives are possible again from {spoken(self.resumes)}"
        if self.exempt:
            yield "  except: " + ", ".join(self.exempt)

    def json(self) -> HaltStateJson:
        """For programs."""
        return {
            "halt": self.name,
            "since": self.since.isoformat(),
            "by": self.by,
            "because": self.because,
            "resume_when": [{"says": says, "met": met} for says, met in self.criteria],
            "except": list(self.exempt),
            "resumes": _iso(self.resumes),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeState:
    """A whole plan on a day, or one wave of it."""

    plan: str
    name: str
    as_of: date
    sites: tuple[SiteState, ...]
    """All of the plan, by id."""
    waves: tuple[WaveState, ...]
    halts: tuple[HaltState, ...] = ()
    tolerance: int | None = None
    """More red sites than this stop the programme; None for no such rule."""
    only: int | None = None
    """The one wave that was asked for."""
    remarks: tuple[str, ...] = ()

    def count(self, *wanted: str) -> int:
        """Sites of these colours or statuses."""
        return sum(state.colour in wanted or state.status in wanted for state in self.sites)

    @property
    def red(self) -> tuple[str, ...]:
        """Sites that are red, by id."""
        return tuple(state.site for state in self.sites if state.colour == "red")

    @property
    def is_over_tolerance(self) -> bool:
        """Whether more sites are red than the plan tolerates."""
        return self.tolerance is not None and len(self.red) > self.tolerance

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more may go live until somebody has decided: too many red sites, or a halt."""
        return self.is_over_tolerance or bool(self.halts)

    @property
    def ends(self) -> tuple[date | None, date | None]:
        """The last go-live: published, expected."""
        published = [s.go_live for s in self.sites if s.go_live]
        expected = [s.expected for s in self.sites if s.expected]
        return max(published, default=None), max(expected, default=None)

    @property
    def colour(self) -> Colour:
        """Red where it is stopped or its end slips; amber where any site is red or amber."""
        published, expected = self.ends
        if self.is_stopped or (published and expected and expected > published):
            return "red"
        return "amber" if self.count("red", "amber") else "green"

    @property
    def in_flight(self) -> tuple[SiteState, ...]:
        """Sites that are preparing, ready or live, nearest to the end first."""
        order = ("live", "ready", "preparing")
        return tuple(sorted((s for s in self.sites if s.status in order), key=lambda s: order.index(s.status)))

    def headline(self) -> Iterator[str]:
        """The sentence a sponsor reads, then what stops the programme."""
        yield f"{self.name}, as of {spoken_with_weekday(self.as_of)}: {self.colour.upper()}"
        live = self.count("live", "stable")
        said = f"{so_many(len(self.sites), 'site')}: {self.count('red'):,} red, {self.count('amber'):,} amber, "
        said += f"{self.count('green'):,} green; {live:,} live."
        published, expected = self.ends
        if published and expected and expected > published:
            late = sorted((s for s in self.sites if s.expected == expected), key=lambda s: s.site)
            said += f" The end slips {days((expected - published).days)}, from {spoken(published)} to "
            said += f"{spoken(expected)} ({late[0].site})."
        elif published:
            said += f" The end, {spoken(published)}, is kept."
        yield said
        if self.is_over_tolerance:
            said = f"{so_many(len(self.red), 'site')} {'is' if len(self.red) == 1 else 'are'}"
            yield f"STOP: {said} red, and the plan tolerates {self.tolerance}: {few(self.red, _FEW)}"
        for halt in self.halts:
            yield from halt.lines()
        if self.is_stopped:
            flying = [f"{state.site} ({state.status})" for state in self.in_flight]
            yield f"  in flight: {few(flying, _FEW) or 'nothing'}"
        yield from self.remarks

    def wave_table(self) -> Table:
        """One row a wave; one for many in a row of which there is nothing to say yet."""
        columns = ("wave", "from", "items done", "slip", "colour", "sites")
        shown: list[tuple[str, WaveState]] = []
        for is_quiet, group in groupby(self.waves, key=lambda wave: wave.number > 0 and wave.is_quiet):
            waves = tuple(group)
            if is_quiet and len(waves) > _QUIET_WAVES:
                sites = tuple(state for wave in waves for state in wave.sites)
                name = f"waves {waves[0].number} to {waves[-1].number}"
                shown.append((name, replace(waves[0], sites=sites)))
            else:
                shown += [(wave.name, wave) for wave in waves]
        rows = tuple(
            (
                name,
                spoken(wave.span[0]),
                f"{sum(s.done for s in wave.sites):,}/{sum(s.items for s in wave.sites):,}",
                _slip(max(state.moves for state in wave.sites)),
                wave.colour,
                wave.counted(),
            )
            for name, wave in shown
        )
        return Table(self.name, columns, rows)

    def site_table(self) -> Table:
        """Red and amber sites with their reasons; of one wave all its sites."""
        shown = [state for state in self.shown if self.only is not None or state.colour in ("red", "amber")]
        rows = tuple(
            (
                state.site,
                spoken(state.go_live) if state.go_live else "",
                state.colour,
                state.why(between=";\n") or state.status,
            )
            for state in shown[:_MANY_SITES]
        )
        notes = (f"and {len(shown) - _MANY_SITES:,} more; --format csv has all",) if len(shown) > _MANY_SITES else ()
        return Table("Sites", ("site", "go-live", "colour", "why"), rows, notes)

    @property
    def shown(self) -> tuple[SiteState, ...]:
        """The sites asked for, the worst first, then by go-live."""
        found = (s for s in self.sites if self.only is None or s.wave == self.only)
        return tuple(sorted(found, key=lambda s: (WORST.index(s.colour), s.go_live or date.max, s.site)))

    def table(self) -> Table:
        """One row a site, for spreadsheets and documents."""
        columns = ("site", "name", "wave", "status", "colour", "go-live", "expected", "slip", "done", "items", "why")
        rows = tuple(
            (
                state.site,
                state.name,
                "" if state.wave is None else str(state.wave),
                state.status,
                state.colour,
                _iso(state.go_live) or "",
                _iso(state.expected) or "",
                str(state.moves),
                str(state.done),
                str(state.items),
                state.why(None),
            )
            for state in self.shown
        )
        return Table(self.name, columns, rows, tuple(self.headline()))

    def json(self) -> ProgrammeStateJson:
        """For programs."""
        published, expected = self.ends
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            "colour": self.colour,
            "stopped": self.is_stopped,
            "stop_when": None if self.tolerance is None else {"red": self.tolerance},
            "summary": {
                "sites": len(self.sites),
                "red": self.count("red"),
                "amber": self.count("amber"),
                "green": self.count("green"),
                "live": self.count("live", "stable"),
                "end": _iso(published),
                "expected_end": _iso(expected),
            },
            "halts": [halt.json() for halt in self.halts],
            "in_flight": [{"site": state.site, "status": state.status} for state in self.in_flight],
            "remarks": list(self.remarks),
            "waves": [wave.json() for wave in self.waves],
            "sites": [state.json() for state in self.shown],
        }


def _slip(moves: int) -> str:
    return f"+{moves}d" if moves else ""


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
