"""What has to start, or to be over, within some days: over all sites, by owner, with what it costs to miss it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.few import so_many
from rollout.model.owner import Owner
from rollout.model.table import Table
from rollout.model.times import days

if TYPE_CHECKING:
    from rollout.model.answers.standing import DueItemJson, DueJson, MessageJson

Kind = Literal["request", "start", "over", "decide", "renew", "review", "exit", "ready"]
"""request: ask for it, and a clock begins; start: begin work; over: was begun and has to be over; decide: a gate;
renew: an approval that was given for something else than what stands there now;
review: evidence that runs out; exit: hypercare ends; ready: a prerequisite is to be usable."""
ORDER: Mapping[Kind, int] = {
    "request": 0,
    "renew": 1,
    "decide": 2,
    "start": 3,
    "over": 4,
    "ready": 5,
    "review": 6,
    "exit": 7,
}
"""Of what is due on one day: requests first, because nobody can make up for a clock that was not started."""
_WORDS: Mapping[Kind, tuple[str, str]] = {
    "request": ("to be requested by", "had to be requested by"),
    "start": ("to start by", "had to start by"),
    "over": ("to be over by", "had to be over by"),
    "decide": ("to be decided on", "was to be decided on"),
    "renew": ("to be approved again by", "had to be approved again by"),
    "review": ("to be renewed by", "had to be renewed by"),
    "exit": ("ends on", "was to end on"),
    "ready": ("to be ready on", "was to be ready on"),
}
_MANY = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """One thing that is due."""

    kind: Kind
    id: str
    """The activity, gate, criterion or prerequisite."""
    title: str
    site: str | None
    """None for what is of the whole plan."""
    site_name: str
    wave: int | None
    day: date
    """The latest day: of a start the last one that keeps the published go-live."""
    norm: date
    """The day the checklist asks for; the same where there is only one."""
    owner: Owner
    is_overdue: bool
    slip_now: int = 0
    """Days the go-live slips even if it is done today."""
    slip_if_missed: int = 0
    """Days it slips when nothing happens within the days asked about."""
    since: date | None = None
    """When it was requested."""
    page: str | None = None
    """Where it can be ticked, where the plan says where it is shown."""

    @property
    def rank(self) -> tuple[bool, date, int, str, str]:
        """Overdue first, then by day; requests first among equals."""
        return (not self.is_overdue, self.day, ORDER[self.kind], self.site or "", self.id)

    @property
    def uid(self) -> str:
        """The same for the same thing whatever its day."""
        who = f".{self.owner.role}.{'-'.join(self.owner.shown.casefold().split())}" if self.kind == "renew" else ""
        return f"{self.kind}.{self.id}.{self.site or '-'}{who}"

    @property
    def what(self) -> str:
        """What is to be done."""
        asked = f" (since {spoken(self.since)})" if self.since else ""
        return f"{_PREFIX.get(self.kind, '')}{self.title}{asked}"

    def json(self) -> DueItemJson:
        """For programs."""
        return {
            "kind": self.kind,
            "id": self.id,
            "title": self.title,
            "site": self.site,
            "wave": self.wave,
            "day": self.day.isoformat(),
            "norm": self.norm.isoformat(),
            "overdue": self.is_overdue,
            "slip_now": self.slip_now,
            "slip_if_missed": self.slip_if_missed,
            "requested": self.since.isoformat() if self.since else None,
            "role": self.owner.role,
            "owner": self.owner.name,
            "email": self.owner.email,
        }


_PREFIX: Mapping[Kind, str] = {
    "request": "Request: ",
    "over": "Finish: ",
    "decide": "Decide: ",
    "renew": "Renew the approval: ",
    "review": "Renew: ",
    "exit": "Exit: ",
    "ready": "Ready: ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one owner is written."""

    owner: Owner
    subject: str
    body: str

    @property
    def text(self) -> str:
        """Ready to paste; Markdown that reads as plain text."""
        to = f"{self.owner.shown} <{self.owner.email}>" if self.owner.email else self.owner.shown
        return f"To: {to}\nSubject: {self.subject}\n\n{self.body}"

    def json(self) -> MessageJson:
        """For programs."""
        return {
            "owner": self.owner.name,
            "role": self.owner.role,
            "email": self.owner.email,
            "subject": self.subject,
            "body": self.body,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due within some days, overdue first."""

    plan: str
    name: str
    as_of: date
    until: date
    items: tuple[DueItem, ...]
    waiting: int = 0
    """Items behind their checklist's day whose latest day lies after `until`."""
    remarks: tuple[str, ...] = ()

    @property
    def overdue(self) -> tuple[DueItem, ...]:
        """What had to happen before the day asked for."""
        return tuple(item for item in self.items if item.is_overdue)

    def headline(self) -> Iterator[str]:
        """How much there is, and what it costs already."""
        yield f"{self.name}: what is due until {spoken_with_weekday(self.until)}, as of {spoken(self.as_of)}"
        late = self.overdue
        soon = len(self.items) - len(late)
        if not self.items:
            yield f"Nothing has to start or be over within {days((self.until - self.as_of).days)}."
        else:
            slips: dict[str, int] = {}
            for item in late:
                if item.site and item.slip_now:
                    slips[item.site] = max(slips.get(item.site, 0), item.slip_now)
            worst = sorted(slips.items(), key=lambda row: (-row[1], row[0]))
            cost = ", ".join(f"{site} {days(count)}" for site, count in worst[:3])
            more = f" and {so_many(len(worst) - 3, 'more site')}" if len(worst) > 3 else ""
            said = f"{len(late):,} overdue, {soon:,} within {days((self.until - self.as_of).days)}."
            yield said + (f" Late already, if all of it starts today: {cost}{more}." if cost else "")
        yield from self.remarks

    def notes(self) -> Iterator[str]:
        """How to read the table."""
        if any(item.slip_if_missed for item in self.items):
            yield f"slip: of the go-live, when it has not happened by {spoken(self.until)}."
        if any(item.kind in ("request", "start") and item.is_overdue for item in self.items):
            yield "Begun already? Say so: rollout record SITE ITEM requested --on DAY"
        if self.waiting:
            said = f"{so_many(self.waiting, 'item')} {'is' if self.waiting == 1 else 'are'}"
            yield f"{said} behind the day on the checklist and can still wait; --norm lists them too."

    def grid(self) -> Table:
        """For a terminal: one row a thing, the narrow columns first."""
        rows = tuple(
            (
                ("! " if item.is_overdue else "  ") + _short(item.day, self.as_of),
                f"+{item.slip_if_missed}d" if item.slip_if_missed else "",
                item.site or "",
                item.what,
                item.owner.shown,
            )
            for item in self.items[:_MANY]
        )
        more = len(self.items) - _MANY
        notes = [*self.notes(), *([f"and {more:,} more; --format csv has all"] if more > 0 else [])]
        return Table(self.name, ("latest", "slip", "site", "what", "who"), rows, tuple(notes))

    def table(self) -> Table:
        """For documents and spreadsheets."""
        columns = ("overdue", "day", "norm", "kind", "site", "wave", "id", "what", "owner", "role", "slip now", "slip")
        rows = tuple(
            (
                "yes" if item.is_overdue else "",
                item.day.isoformat(),
                item.norm.isoformat(),
                item.kind,
                item.site or "",
                "" if item.wave is None else str(item.wave),
                item.id,
                item.title,
                item.owner.shown,
                item.owner.role,
                str(item.slip_now),
                str(item.slip_if_missed),
            )
            for item in self.items
        )
        return Table(self.name, columns, rows, (*self.headline(), *self.notes()))

    def messages(self) -> tuple[Message, ...]:
        """One message an owner, by name."""
        by_owner: dict[tuple[str, str], list[DueItem]] = {}
        for item in self.items:
            by_owner.setdefault((item.owner.shown, item.owner.email or ""), []).append(item)
        return tuple(self._message(found) for _, found in sorted(by_owner.items()))

    def _message(self, items: list[DueItem]) -> Message:
        late = [item for item in items if item.is_overdue]
        soon = [item for item in items if not item.is_overdue]
        count = f"{so_many(len(items), 'thing')} {'is' if len(items) == 1 else 'are'}"
        subject = f"{self.name}: {count} due until {spoken(self.until)}" + (f", {len(late):,} overdue" if late else "")
        lines = [f"{items[0].owner.shown},", "", f"this is how things stand on {spoken_with_weekday(self.as_of)}."]
        if late:
            lines += ["", "Overdue:", "", *map(_line, late)]
        if soon:
            lines += ["", f"Until {spoken_with_weekday(self.until)}:", "", *map(_line, soon)]
        pages = dict.fromkeys(f"- {item.site_name}: {item.page}" for item in items if item.page)
        if pages:
            lines += ["", "Tick what is done:", "", *pages]
        return Message(owner=items[0].owner, subject=subject, body="\n".join(lines) + "\n")

    def json(self) -> DueJson:
        """For programs."""
        return {
            "version": VERSION,
            "plan": self.plan,
            "as_of": self.as_of.isoformat(),
            "until": self.until.isoformat(),
            "overdue": len(self.overdue),
            "items": [item.json() for item in self.items],
            "waiting": self.waiting,
            "remarks": list(self.remarks),
        }


def _line(item: DueItem) -> str:
    where = f"{item.site_name}: " if item.site else ""
    asked = f" (asked for on {spoken(item.since)})" if item.since else ""
    said = f"- {where}{item.title}{asked}: {_WORDS[item.kind][item.is_overdue]} {spoken_with_weekday(item.day)}"
    return f"{said}; go-live slips {days(item.slip_now)} even if it happens today" if item.slip_now else said


def _short(day: date, as_of: date) -> str:
    """A day in a narrow column; with its year where that is another one."""
    words = spoken_with_weekday(day)
    return words.removesuffix(f" {day.year}") if day.year == as_of.year else words.partition(" ")[2]
