"""Whether a criterion of a gate is met, in one place, as of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rollout.model.activity import Criterion, Gate
from rollout.model.binding import evidence_of, is_address, where_of
from rollout.model.calendar import MONDAY_TO_FRIDAY, Calendar
from rollout.model.measured import EvidenceRecord
from rollout.model.programme import Programme
from rollout.model.record import ItemRecord
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.model.times import Offset, days
from rollout.track.measures import MEASURES, measure
from rollout.track.reading import Measured, number


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether it holds, in words, and the line that says so."""

    met: bool
    message: str
    source: Source


def judge(of: Measured, gate: Gate, need: Criterion, place: str | None, go_live: date | None) -> Judged:
    """One criterion at a site, or (None) over the whole plan. `go_live` is of the site that the gate is about."""
    own = of.folder.plan.source / "gates" / gate.id / "needs" / need.id
    site = of.programme.sites.get(place) if place is not None else None
    if place is not None and site is None:
        return Judged(False, f'there is no site "{place}"', own / "at")
    if need.evidence is not None:
        return _evidence(of, need, site, go_live, own)
    return _measured(of, need, site, own)


def _measured(of: Measured, need: Criterion, site: Site | None, own: Source) -> Judged:
    name = need.measure or ""
    reading = measure(name, of, site)
    source = reading.source or own
    what = need.id.replace("-", " ") if need.id == name else f"{need.id.replace('-', ' ')} ({name})"
    if reading.value is None:
        return Judged(False, f"{what} is not known; {reading.said}", source)
    unit = _unit(need, name)
    said = f"{what} is {number(reading.value)}{unit}"
    said += f" ({reading.said})" if reading.said else ""
    low, high = need.at_least, need.at_most
    if low is not None and reading.value < low:
        return Judged(False, f"{said}, at least {number(low)}{unit} is wanted", source)
    if high is not None and reading.value > high:
        return Judged(False, f"{said}, at most {number(high)}{unit} is wanted", source)
    if reading.on is not None:
        if (old := _too_old(of, need, site, reading.on)) is not None:
            return Judged(False, f"{said}, measured on {reading.on}: {old}", source)
        said += f", on {reading.on}"
    return Judged(True, said, source)


def _evidence(of: Measured, need: Criterion, site: Site | None, go_live: date | None, own: Source) -> Judged:
    name = need.evidence or ""
    activity = next((one for one in of.folder.plan.activities if one.id == name), None)
    if activity is not None and site is not None and not activity.where.matches(site):
        return Judged(True, f"{name} is no work of {site.id}", own)
    record = evidence_of(of.folder, need, site.id if site else None)
    where = where_of(record) if record is not None else None
    facts = of.facts(site)
    item = facts.items.get(name)
    if record is None or where is None:
        return _nothing_shown(of, need, site, item or None, own)
    source = record.place / ("at" if isinstance(record, EvidenceRecord) else "evidence")
    if isinstance(record, ItemRecord) and not _is_finished(record):
        return Judged(False, f"{name} is {record.state} since {record.on}, not approved", record.place / "state")
    if (missing := missing_file(of.programme, where)) is not None:
        return Judged(False, missing, source)
    if (old := _too_old(of, need, site, record.on)) is not None:
        return Judged(False, f"the evidence of {record.on} ({where}) {old}", source)
    if item is not None and item.on > record.on:
        said = f"the evidence of {record.on} ({where}) is older than what it shows: {name} is {item.state} on {item.on}"
        return Judged(False, said, item.place)
    expires = record.expires if isinstance(record, ItemRecord) else None
    if expires is not None and expires < max(of.as_of, go_live or of.as_of):
        before = "and has" if expires < of.as_of else f"before the go-live of {go_live}, and so has"
        return Judged(False, f"{name} expires on {expires} {before} to be renewed", record.place / "expires")
    return Judged(True, f"{where}, on {record.on}", source)


def missing_file(programme: Programme, where: str) -> str | None:
    """Why there is no evidence behind a path, in words; None where there is, and for addresses."""
    if is_address(where):
        return None
    said = {"missing": "is not there", "outside": "is a link out of the programme's folder", "folder": "is a folder"}
    state = programme.files.state(where)
    return None if state == "there" else f"the evidence {where} {said[state]}"


def _nothing_shown(of: Measured, need: Criterion, site: Site | None, item: ItemRecord | None, own: Source) -> Judged:
    name = need.evidence or ""
    who = site.id if site else "--plan-level"
    is_item = any(activity.id == name for activity in of.folder.plan.activities)
    how = f"record {who} {name} done --evidence PATH" if is_item and site else f"record {who} evidence {name} PATH"
    if item is not None and not _is_finished(item):
        sent = of.facts(site).submitted.get(name)
        now = sent if sent is not None and sent.on >= item.on else item
        return Judged(False, f"{name} is {now.state} since {now.on}, not approved", now.place / "state")
    if item is not None:
        return Judged(False, f"{name} is {item.state} on {item.on}, and nothing shows it; `rollout {how}`", item.place)
    done = site is not None and of.facts(site).is_ticked(name)
    said = f"the box of {name} is ticked, and nothing shows it" if done else f"nothing shows {name}"
    return Judged(False, f"{said}; `rollout {how}`", own)


def _is_finished(record: ItemRecord) -> bool:
    return record.state in ("approved", "done")


def _too_old(of: Measured, need: Criterion, site: Site | None, on: date) -> str | None:
    if need.max_age is None:
        return None
    calendar: Calendar = MONDAY_TO_FRIDAY
    if site is not None:
        calendar = of.programme.calendar_of(site)
    last = calendar.shift(on, Offset(need.max_age.length, need.max_age.working))
    if last >= of.as_of:
        return None
    return f"is {days((of.as_of - on).days)} old, at most {need.max_age} count"


def _unit(need: Criterion, name: str) -> str:
    unit = need.unit or (MEASURES[name].unit if name in MEASURES else "")
    return f" {unit}" if unit else ""
