"""A sheet that already holds a plan: what has happened becomes records, what has not becomes pins.

A go-live up to `as_of` is a record `live` of that day, a later one a pin, a wave without a go-live a pin to the wave.
A status says how far the site is, and wins where it contradicts the date. A record is added only where the site's
records do not say so already: they are newer than any sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rollout.load import cells
from rollout.load.edit import CannotEdit, Keys, append_entries, set_values
from rollout.load.overlay import Raw
from rollout.load.records import record_at
from rollout.load.workspace import Workspace
from rollout.load.yaml import Value
from rollout.model.change import Change
from rollout.model.fields import is_id
from rollout.model.imported import ImportOptions
from rollout.model.layout import Layout
from rollout.model.record import Facts, Record, Status, fold, kind_in, status_of
from rollout.model.status import IMPORTED, is_ahead
from rollout.problem import Problem, RolloutError, did_you_mean

BY = IMPORTED
_LIVE: tuple[Status, ...] = ("live", "stable", "rolled_back")
_TELLING = ("status", "milestone")
"""Kinds of records that say how far a site is."""
_OURS = re.compile(r".* row [0-9]+")


@dataclass(frozen=True, slots=True)
class PlanRow:
    """What a row says about when."""

    number: int
    go_live: date | None = None
    wave: int | None = None
    status: Status | None = None


@dataclass(slots=True)
class _Meaning:
    """What a row comes to: statuses that were reached, a pin, and what does not fit together."""

    reached: Sequence[tuple[Status, date]]
    pin: dict[str, Value]
    remark: str = ""


def read_plan_row(number: int, row: Mapping[str, str], options: ImportOptions) -> PlanRow | None:
    """The cells `go_live`, `wave` and `status` of a row; None where they say nothing. Raises ValueError."""
    try:
        go_live = cells.day(cell, options.dates) if (cell := row.get("go_live")) else None
    except ValueError as error:
        msg = f"go_live: {error}"
        raise ValueError(msg) from None
    wave = cells.wave(cell) if (cell := row.get("wave")) else None
    status = cells.status(cell) if (cell := row.get("status")) else None
    says_nothing = status is None or (status == "planned" and not options.came_back)
    if go_live is None and wave is None and says_nothing:
        return None
    return PlanRow(number, go_live, wave, status)


def plan_changes(
    workspace: Workspace, rows: Sequence[tuple[str, PlanRow]], sheet: str, options: ImportOptions
) -> tuple[list[Change], list[str]]:
    """Changes of the plan's records and of its constraints, and notes on what does not fit together."""
    if not rows and options.plan is None:
        return [], []
    layout = Layout(_chosen(workspace, options.plan))
    text, raw = _read(workspace, layout.plan)
    constraints = raw.get("constraints") if isinstance(raw, dict) else None
    pins: dict[Keys, Value] = {}
    changes: list[Change] = []
    notes: list[str] = []
    for site, row in rows:
        because = _because(sheet, row.number)
        meaning = _meaning(row, options.as_of, came_back=options.came_back)
        path = layout.records_of(site)
        change, facts, note = _record(workspace, path, meaning, because, came_back=options.came_back)
        if change is not None:
            changes.append(change)
        known = constraints.get(site) if isinstance(constraints, dict) else None
        if meaning.pin and facts.went_live is None:
            pins |= _pin(site, meaning.pin, known if isinstance(known, dict) else {}, because)
        notes += [f"row {row.number} ({site}): {said}" for said in (meaning.remark, note) if said]
    if pins:
        after = _edited(layout.plan, text, pins)
        changes.append(Change(layout.plan, text, after))
    if changes:
        pinned, recorded = len({keys[1] for keys in pins}), len(changes) - bool(pins)
        notes.append(f"plan {layout.plan_id}: sites with new records {recorded:,}, with pins {pinned:,}")
    return changes, notes


def _chosen(workspace: Workspace, wanted: str | None) -> str:
    """The plan that takes what the sheet says."""
    problems: list[Problem] = []
    plans = [
        name
        for name, is_folder in workspace.names("waves", problems)
        if is_folder and is_id(name) and workspace.read(Layout(name).plan) is not None
    ]
    way_out = "or take the columns for nothing special: --map go_live= --map wave="
    if wanted is not None and wanted not in plans:
        hint = did_you_mean(wanted, plans) or "plans: " + (", ".join(plans) or "none")
        raise RolloutError(
            Problem(path="waves", code="unknown-plan", message=f'there is no plan "{wanted}"', hint=hint)
        )
    if wanted is None and len(plans) != 1:
        said = "the sheet holds a plan (go_live or wave), and there "
        said += f"are several plans: {', '.join(plans)}" if plans else "is no plan to put it into"
        hint = f"--plan NAME, {way_out}" if plans else f"make waves/NAME/plan.yaml (see `rollout init`), {way_out}"
        raise RolloutError(Problem(path="waves", code="which-plan" if plans else "no-plan", message=said, hint=hint))
    return plans[0] if wanted is None else wanted


def _meaning(row: PlanRow, as_of: date, *, came_back: bool) -> _Meaning:
    is_past = row.go_live is not None and row.go_live <= as_of
    pin: dict[str, Value] = {}
    if row.go_live is not None and not is_past:
        pin = {"go_live": row.go_live.isoformat()}
    elif row.go_live is None and row.wave is not None:
        pin = {"wave": str(row.wave)}
    if row.status is None:
        return _Meaning([("live", row.go_live)] if row.go_live is not None and is_past else [], pin)
    if row.status in _LIVE:
        if row.go_live is not None and not is_past:
            return _Meaning([], pin, f'it is said to be "{row.status}" before its go-live {row.go_live}: pinned only')
        on = row.go_live or as_of
        if row.status == "live":
            return _Meaning([("live", on)], {})
        return _Meaning([("live", on), (row.status, as_of if came_back else on)], {})
    reached = [] if row.status == "planned" and not came_back else [(row.status, as_of)]
    if row.status == "dropped":
        return _Meaning(reached, {})
    remark = f'its go-live {row.go_live} has passed and it is said to be "{row.status}": no go-live recorded or pinned'
    return _Meaning(reached, pin, remark if is_past else "")


def _record(
    workspace: Workspace, path: str, meaning: _Meaning, because: str, *, came_back: bool
) -> tuple[Change | None, Facts, str]:
    """The change of a site's records, what they said before, and where they say something else than the sheet."""
    before, raw = _read(workspace, path)
    entries = raw if isinstance(raw, list) else []
    problems: list[Problem] = []
    told = [n for n, entry in enumerate(entries) if isinstance(entry, dict) and kind_in(entry) in _TELLING]
    records = [record for n in told if (record := record_at(path, n, entries, problems)) is not None]
    if problems:
        raise RolloutError(*problems)
    facts = fold(records)
    new, note = _said(meaning.reached, facts) if came_back else _news(meaning.reached, records, facts)
    if not new:
        return None, facts, note
    lines = [{"status": status, "on": on.isoformat(), "by": BY, "because": because} for status, on in new]
    try:
        after = append_entries(before or "", lines)
    except CannotEdit as error:
        raise _by_hand(path, error) from None
    return Change(path, before, after), facts, note


def _news(
    reached: Iterable[tuple[Status, date]], records: Sequence[Record], facts: Facts
) -> tuple[list[tuple[Status, date]], str]:
    """Statuses that the records do not have yet, and where the two disagree (the records win)."""
    new, note = [], ""
    dates = {status: record.on for record in records if (status := status_of(record)) is not None}
    now = facts.status
    for status, on in reached:
        if status == "live" and facts.went_live is not None:
            if facts.went_live != on:
                note = f"the sheet says live on {on}, its records {facts.went_live}: the records stay"
        elif status not in dates:
            if dates and not is_ahead(now, status):
                note = f'the sheet says "{status}", its records "{now}": the records stay'
                continue
            new.append((status, on))
            now = status
        elif facts.status != status and dates[status] != on:
            note = f'the sheet says "{status}", its records "{facts.status}": the records stay'
    return new, note


def _said(reached: Sequence[tuple[Status, date]], facts: Facts) -> tuple[list[tuple[Status, date]], str]:
    """The same for statuses that somebody chose in a workbook of ours, each as the next step from where the site is."""
    new: list[tuple[Status, date]] = []
    now = facts.status
    if len(reached) > 1 and now == reached[-1][0]:
        return [], ""
    for status, on in reached:
        if status == "live" and facts.went_live is not None:
            if len(reached) == 1 and facts.went_live != on:
                return [], f"the sheet says live on {on}, its records {facts.went_live}: the records stay"
        elif status != now:
            if not is_ahead(now, status):
                return [], f'the sheet says "{status}", its records "{now}": the records stay'
            new.append((status, on))
            now = status
    return new, ""


def _pin(site: str, pin: Mapping[str, Value], known: Mapping[str, Raw], because: str) -> dict[Keys, Value]:
    """What to write into the site's constraint; nothing where it is pinned so already."""
    if all(known.get(key) == value for key, value in pin.items()):
        return {}
    if not known:
        return {("constraints", site): {**pin, "because": because}}
    values: dict[Keys, Value] = {("constraints", site, key): value for key, value in pin.items()}
    reason = known.get("because")
    is_ours = reason is None or (isinstance(reason, str) and _OURS.fullmatch(reason) is not None)
    if is_ours:
        values["constraints", site, "because"] = because
        if "go_live" in pin and known.get("wave") is not None:
            values["constraints", site, "wave"] = None  # the sheet has become more precise
    return values


def _read(workspace: Workspace, path: str) -> tuple[str | None, Raw]:
    """A file's exact text and its value. Raises RolloutError when it is not YAML."""
    problems: list[Problem] = []
    raw = workspace.yaml(path, problems)
    if problems:
        raise RolloutError(*problems)
    return workspace.marked_text(path), raw


def _edited(path: str, text: str | None, values: Mapping[Keys, Value]) -> str:
    try:
        return set_values(text or "", values)
    except CannotEdit as error:
        raise _by_hand(path, error) from None


def _by_hand(path: str, error: CannotEdit) -> RolloutError:
    said = f"rollout cannot add to this file: {error}"
    hint = "write it as plain `key: value` lines"
    return RolloutError(Problem(path=path, code="cannot-edit", message=said, hint=hint))


def _because(sheet: str, number: int) -> str:
    name = "".join(char if char.isprintable() else "?" for char in sheet)
    return f"{name[:150]} row {number}"
