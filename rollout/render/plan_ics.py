"""The plan as a calendar: go-lives, gates, blackouts, and what is due."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from rollout.model.calendar import MONDAY_TO_FRIDAY
from rollout.model.due import Due
from rollout.model.entries import Entry, LastMove, sequence_on
from rollout.model.few import few
from rollout.model.site import Site
from rollout.model.standing import Standing, Wave
from rollout.render.ics import entries_file, entry_of
from rollout.render.setting import ENGLISH_WORDING, chosen
from rollout.render.wave import wave_title
from rollout.render.wording import words

_NAMED = 12
"""Sites that an entry names."""


def plan_calendar(standing: Standing, due: Due, moved: Mapping[str, LastMove]) -> bytes:
    """The .ics file. Raises RolloutError (3) without the extra. Same input, same bytes."""
    plan = standing.folder.plan
    # What follows from the published days may have moved with them today, after today's calendar was sent.
    last = max((one.sequence for one in moved.values()), default=0)
    now = max(sequence_on(due.as_of), last + 1)
    entries = [*_go_lives(standing, moved), *_gates(standing, due.as_of, now), *_blackouts(standing), *_due(due, now)]
    entries.sort(key=lambda entry: (entry.first, entry.sort, entry.uid))
    return entries_file(entries, f"plan.{plan.id}@rollout", plan.name, due.as_of)


def _go_lives(standing: Standing, moved: Mapping[str, LastMove]) -> Iterator[Entry]:
    plan, stamp = standing.folder.plan, standing.schedule.made.as_of
    for wave in standing.waves:
        for site, published in wave.sites:
            went_live = standing.folder.facts_of(site.id).went_live
            day = went_live or published
            lead = site.site_lead.name if site.site_lead else None
            said = [wave_title(wave.number), *([f"Site lead: {lead}"] if lead else [])]
            said.append(f"Hypercare until {plan.hypercare.ends(day)}")
            sequence = moved[site.id].sequence
            yield Entry(
                uid=f"go-live.{site.id}.{plan.id}@rollout",
                sort="go-live",
                first=day,
                last=day,
                summary=f"Go-live: {site.name}",
                description="\n".join(said),
                stamp=max(stamp, went_live) if went_live else stamp,
                sequence=max(sequence, sequence_on(went_live)) if went_live else sequence,
                has_happened=went_live is not None,
            )


def _gates(standing: Standing, as_of: date, sequence: int) -> Iterator[Entry]:
    """Gates that open a wave, on the day they are decided: for the sites to come, then as they were for the live."""
    plan = standing.folder.plan
    for wave in standing.waves:
        gate = plan.gate_of(f"wave-{wave.number}")
        sites = standing.to_come(wave) or _live(standing, wave)
        first = min((go_live for _, go_live in sites), default=None)
        day = gate.day(first, MONDAY_TO_FRIDAY) if gate is not None and first is not None else None
        if gate is not None and day is not None:
            names = few([site.name for site, _ in sites], _NAMED)
            yield Entry(
                uid=f"gate.wave-{wave.number}.{plan.id}@rollout",
                sort="gate",
                first=day,
                last=day,
                summary=f"Gate: {gate.title or words(gate.id)} ({wave_title(wave.number)})",
                description=f"Opens {wave_title(wave.number)}, first go-live {first}: {names}",
                stamp=as_of,
                sequence=sequence,
            )


def _live(standing: Standing, wave: Wave) -> tuple[tuple[Site, date], ...]:
    days = ((site, standing.folder.facts_of(site.id).went_live) for site, _ in wave.sites)
    return tuple((site, day) for site, day in days if day is not None)


def _blackouts(standing: Standing) -> Iterator[Entry]:
    """Closed stretches of the plan, and those of sites (one entry where several have the same)."""
    plan, last = standing.folder.plan, standing.schedule.last_go_live
    if last is None:
        return
    end = plan.hypercare.ends(last)
    found: dict[tuple[str, date, date], tuple[list[str], str, tuple[str, ...]]] = {}
    for span in plan.blackouts:
        for begins, to in span.stretches(plan.work_from, end):
            found[f"plan.{span.id}", begins, to] = (chosen(span.where), span.because or "", span.blocks)
    for site_id in standing.site_ids:
        site = standing.programme.sites[site_id]
        for span in site.blackouts:
            if not span.where.matches(site):
                continue
            for begins, to in span.stretches(plan.work_from, end):
                names, *_ = found.setdefault((span.id, begins, to), ([], span.because or "", span.blocks))
                names.append(site.name)
    for (name, begins, to), (where, because, blocks) in found.items():
        who = few(where, _NAMED)
        closed = ", ".join(map(ENGLISH_WORDING.blocked, blocks))
        said = [f"Not then: {closed}", f"For: {who}" if where else "", because]
        whose = f" ({who if len(where) <= 2 else f'{len(where)} sites'})" if where else ""
        yield Entry(
            # Its days are part of its name: a blackout that moves is another one, and the old one goes.
            uid=f"blackout.{name}.{begins}.{to}.{plan.id}@rollout",
            sort="blackout",
            first=begins,
            last=to,
            summary=f"Blackout: {words(name.removeprefix('plan.'))}{whose}",
            description="\n".join(filter(None, said)),
            stamp=standing.schedule.made.as_of,
            sequence=0,
        )


def _due(due: Due, sequence: int) -> Iterator[Entry]:
    """What is due; gates of waves stand there with their own day already."""
    for item in due.items:
        if item.kind != "decide" or item.site:
            yield replace(entry_of(item, due), sequence=sequence)
