"""Where a plan stands on a day: sites, waves and the whole, with slips computed anew."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from graphlib import TopologicalSorter

from rollout.model.calendar import spoken
from rollout.model.decision import HaltRecord
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder
from rollout.model.record import EvidenceRecord
from rollout.model.standing import Standing
from rollout.model.stated import (
    HaltState,
    ProgrammeState,
    Pushed,
    Reason,
    SiteState,
    WaveState,
)
from rollout.model.times import days
from rollout.track.colour import WAITS, reasons
from rollout.track.look import ENDING, Heard, Look, Looks


def status(
    standing: Standing, as_of: date, soak: int, *, heard: Heard | None = None, only: int | None = None
) -> ProgrammeState:
    """The plan as of a day. `soak`: days from the lighthouse's go-live to wave 1's first; `only`: the wave to show."""
    folder = standing.folder
    states = {look.standing.site.id: _state(look) for look in Looks(standing, as_of, heard)}
    states = _together(folder.plan, states, soak)
    periods = {wave.number: wave.period for wave in standing.waves}
    members: dict[int, list[SiteState]] = {}
    for state in states.values():
        if state.wave is not None and state.go_live is not None:
            members.setdefault(state.wave, []).append(state)
    waves = tuple(
        WaveState(
            number=number,
            period=periods.get(number, ""),
            sites=tuple(sorted(found, key=lambda state: (state.go_live or date.max, state.site))),
        )
        for number, found in sorted(members.items())
        if only in (None, number)
    )
    return ProgrammeState(
        plan=folder.id,
        name=folder.plan.name,
        as_of=as_of,
        sites=tuple(states.values()),
        waves=waves,
        halts=tuple(_halt(folder, halt, as_of) for halt in folder.halts if halt.on <= as_of),
        tolerance=folder.plan.stop_when.red if folder.plan.stop_when else None,
        only=only,
        remarks=tuple(_remarks(folder, as_of)),
    )


def _state(look: Look) -> SiteState:
    standing, facts, pace = look.standing, look.facts, look.pace
    expected, slip = look.go_live, 0
    if pace is not None:
        told = facts.forecast.forecast if facts.forecast else pace.go_live
        expected = max(pace.path.free, told, look.as_of) if pace.go_live < look.as_of else max(pace.path.free, told)
        expected = max(expected, pace.go_live)
        slip = (expected - pace.go_live).days
    return SiteState(
        site=standing.site.id,
        name=standing.site.name,
        wave=standing.placement.wave if standing.placement else None,
        status=facts.status,
        go_live=look.go_live,
        expected=expected,
        slip=slip,
        reasons=reasons(look),
        done=sum(task.is_done for task in standing.tasks),
        items=len(standing.tasks),
    )


@dataclass(frozen=True, slots=True)
class _Wait:
    site: str
    lag: int


def _together(plan: Plan, states: Mapping[str, SiteState], soak: int) -> dict[str, SiteState]:
    """The states with what one site's slip does to those that wait for it, first to last along the chains.

    Sites wait for those in `after` and `after_exit`, and all of them for the lighthouse's soak. The day they are moved
    to is the first that this leaves; `rollout plan` finds the day that all else leaves too.
    """
    waits = _waits(plan, states, soak)
    order = TopologicalSorter({site: [wait.site for wait in found] for site, found in waits.items()}).static_order()
    expected = {site: state.expected for site, state in states.items()}
    causes: dict[str, str] = {}
    pushes: dict[str, list[Pushed]] = {}
    changed: dict[str, SiteState] = {}
    for site in order:
        state, day = states[site], expected[site]
        if day is None or state.go_live is None or state.status in ("live", "stable", "rolled_back"):
            continue
        for wait in waits.get(site, ()):
            before = expected[wait.site]
            is_late = before is not None and states[wait.site].go_live != before
            if before is not None and is_late and before + timedelta(days=wait.lag) > day:
                day = before + timedelta(days=wait.lag)
                causes[site] = wait.site
        expected[site] = day
        if site in causes:
            root: str | None = causes[site]
            moved = (day - state.go_live).days
            said = f"waits for {root}, which slips: {days(moved)} later"
            changed[site] = replace(state, expected=day, reasons=(*state.reasons, Reason(WAITS.id, WAITS.colour, said)))
            while root is not None:
                pushes.setdefault(root, []).append(Pushed(site, moved))
                root = causes.get(root)
    return {
        site: replace(changed.get(site, state), pushes=tuple(sorted(pushes.get(site, ()), key=lambda p: p.site)))
        if site in changed or site in pushes
        else state
        for site, state in states.items()
    }


def _waits(plan: Plan, states: Mapping[str, SiteState], soak: int) -> dict[str, list[_Wait]]:
    waits: dict[str, list[_Wait]] = {}
    for order in plan.orders:
        if order.kind != "prefer_after" and order.site in states and order.before in states:
            lag = plan.hypercare.lasts if order.kind == "after_exit" else order.lag
            waits.setdefault(order.site, []).append(_Wait(order.before, max(lag.days if lag else 0, 1)))
    if plan.lighthouse in states:
        assert plan.lighthouse is not None
        for site in states:
            if site != plan.lighthouse:
                waits.setdefault(site, []).append(_Wait(plan.lighthouse, max(soak, 1)))
    return waits


def _halt(folder: PlanFolder, halt: HaltRecord, as_of: date) -> HaltState:
    return HaltState(
        name=halt.halt,
        since=halt.on,
        by=halt.by,
        because=halt.because,
        criteria=tuple((says, _is_met(folder, says, halt.on, as_of)) for says in halt.resume_when),
        exempt=halt.exempt,
        resumes=halt.resumes,
    )


def _is_met(folder: PlanFolder, says: str, since: date, as_of: date) -> bool | None:
    """Whether a criterion in words holds, where records can tell: it names evidence or an incident.

    `new firmware` is met by `{evidence: new-firmware, …}` of the halt's day or later; `camera-3-dark`, where that is an
    incident, once it is closed wherever it was opened.
    """
    name = re.sub(r"[^a-z0-9]+", "-", says.lower()).strip("-")
    shown = (r for records in folder.records.values() for r in records if isinstance(r, EvidenceRecord))
    if any(record.evidence == name and since <= record.on <= as_of for record in shown):
        return True
    incidents = [facts.incidents[name] for facts in folder.facts.values() if name in facts.incidents]
    return all(record.closed is not None for record in incidents) if incidents else None


def _remarks(folder: PlanFolder, as_of: date) -> list[str]:
    """Waivers of the whole plan that end within a fortnight or have ended."""
    return [
        f"The waiver of {waiver.waiver} for the whole plan {'ended' if waiver.expires < as_of else 'ends'} on "
        f"{spoken(waiver.expires)} ({waiver.owner})."
        for waiver in sorted(folder.common.waivers, key=lambda waiver: (waiver.waiver, waiver.expires))
        if waiver.expires <= as_of + ENDING
    ]
