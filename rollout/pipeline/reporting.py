"""Everything people look at, on one page: each question asked once, over files that are read once."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.layout import Layout
from rollout.model.programme import PlanFolder, Programme
from rollout.pipeline.loading import pick, published, sound
from rollout.problem import RolloutError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rollout.model.forecast import Forecast
    from rollout.model.gated import Gates
    from rollout.model.report import Closed, Needed, Report, SiteLine
    from rollout.model.schedule import Schedule
    from rollout.model.standing import Standing
    from rollout.model.stated import ProgrammeState
    from rollout.pipeline.loading import Loaded

WITHIN = 28
"""Days for which the page lists what has to start."""
_RUNS, _DRAWS = 10_000, 5_000_000
"""Courses imagined, and sites times courses at most: ten thousand sites are asked five hundred times."""


def report(
    root: Path, as_of: date, plan_id: str | None = None, *, since: str | None = None, every_line: bool = False
) -> Report:
    """A plan as of a day; with `since` also what has changed since that commit. Writes nothing.

    `every_line`: of each site's each criterion the line that decides it, and not only of those that the page shows.
    Raises RolloutError when the files are not sound, there are no dates yet, or git has no such commit.
    """
    from rollout.pipeline.reviewing import diff
    from rollout.track.standing import stand

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    standing = stand(loaded.programme, folder, published(folder), with_lessons=False)
    found = _asked(root, loaded, replace(standing, site=cache(standing.site)), as_of, every_line=every_line)
    return found if since is None else replace(found, review=diff(root, since, today=as_of, plan_id=folder.id))


def _asked(root: Path, loaded: Loaded, standing: Standing, as_of: date, *, every_line: bool) -> Report:
    """Every question, over one standing."""
    from rollout.model.report import Report, ties_of
    from rollout.pipeline.accounting import money_of
    from rollout.pipeline.asking import loads_of
    from rollout.pipeline.deciding import witness_of
    from rollout.pipeline.following import state_on
    from rollout.track.due import Wanted, due
    from rollout.track.gates import gates
    from rollout.track.lessons import lessons
    from rollout.track.proof import proof_packs
    from rollout.track.systems import systems

    programme, folder, schedule = standing.programme, standing.folder, standing.schedule
    state, foreseen = state_on(root, standing, as_of), _foreseen(programme, folder, schedule, as_of)
    judged = gates(programme, folder, as_of, witness_of(loaded, folder, as_of))
    return Report(
        plan=folder.plan,
        as_of=as_of,
        made=schedule.made,
        state=state,
        sites=tuple(sorted(_lines(standing, state, foreseen), key=_by_day)),
        closed=_closed(folder, schedule, as_of),
        needed=_needed(standing),
        ties=ties_of(folder.plan),
        forecast=foreseen,
        gates=judged.located(loaded.place, every_line=every_line),
        evidence=_evidence(folder.until(as_of), judged),
        loads=loads_of(programme, folder, schedule),
        money=money_of(programme, folder),
        systems=systems(programme, programme.sites_of(folder.plan), standing.ready, as_of),
        lessons=lessons(programme, folder).located(loaded.place),
        proof=proof_packs(programme, folder, as_of),
        due=due(standing, as_of, Wanted(within=timedelta(days=WITHIN))),
    )


def write_report(root: Path, found: Report, out: Path, *, force: bool = False) -> int:
    """The page in a file; its size in bytes. What an earlier run wrote there is replaced, anything else with `force`.

    Raises RolloutError where somebody else's file stands there (1), and for what the disk refuses (3).
    """
    from rollout.commit.write import write_file
    from rollout.load.templates import report_templates
    from rollout.render.report import MARK, page

    data = page(found, report_templates(), _way(root, out)).encode()
    write_file(out, data, replace=force, ours=MARK.encode())
    return len(data)


def _way(root: Path, out: Path) -> str:
    """How a link gets from the page to the programme's files: `../`."""
    way = Path(os.path.relpath(root.resolve(), out.resolve().parent)).as_posix()
    return "" if way == "." else f"{way}/"


def _by_day(line: SiteLine) -> tuple[date, str]:
    return line.state.go_live or date.max, line.site.id


def _foreseen(programme: Programme, folder: PlanFolder, schedule: Schedule, as_of: date) -> Forecast | None:
    from rollout.sequence.forecast import forecast

    runs = min(_RUNS, max(_DRAWS // max(len(schedule.sites), 1), 100))
    try:
        return forecast(programme, folder, schedule, as_of, runs=runs)
    except RolloutError:
        return None  # no site has a day, which the page says


def _lines(standing: Standing, state: ProgrammeState, foreseen: Forecast | None) -> Iterator[SiteLine]:
    from rollout.model.report import SiteLine

    outlooks = {one.id: one for one in foreseen.sites} if foreseen else {}
    hypercare = standing.folder.plan.hypercare
    has_pages = "checklist" in standing.folder.plan.documents
    for one in state.sites:
        there = standing.site(one.site)
        training = there.training
        day = (there.facts.went_live or there.placement.go_live) if there.placement else None
        yield SiteLine(
            site=there.site,
            state=one,
            begins=there.begins(day) if day else None,
            training=(training.starts, training.ends) if training else None,
            leaves=there.facts.left_hypercare or hypercare.ends(day) if day else None,
            outlook=outlooks.get(one.site),
            assessment=there.facts.readiness,
            went_live=there.facts.went_live,
            unplaced=there.unplaced,
            page=Layout(state.plan).checklist_of(one.site) if has_pages and there.placement else None,
        )


def _closed(folder: PlanFolder, schedule: Schedule, as_of: date) -> tuple[Closed, ...]:
    """The plan's blackouts from its first work to a quarter after its last go-live."""
    from rollout.model.report import Closed
    from rollout.model.selector import EVERY_SITE

    last = max(schedule.last_go_live or as_of, as_of) + timedelta(days=92)
    found = [
        Closed(
            name=span.id.replace("-", " "),
            first=first,
            last=end,
            everywhere=span.where == EVERY_SITE,
            because=span.because or "",
        )
        for span in folder.plan.blackouts
        if "go_live" in span.blocks
        for first, end in span.stretches(min(folder.plan.work_from, as_of), last)
    ]
    return tuple(sorted(found, key=lambda one: (one.first, one.last, one.name)))


def _needed(standing: Standing) -> tuple[Needed, ...]:
    from rollout.model.report import Needed

    sites = [standing.programme.sites[site_id] for site_id in standing.site_ids]
    return tuple(
        Needed(
            id=one.id,
            title=one.title,
            starts=when.starts if when else None,
            ready=when.ready if when else None,
            waiting=sum(one.where.matches(site) for site in sites),
        )
        for one, when in standing.waits_for
    )


def _evidence(folder: PlanFolder, judged: Gates) -> Mapping[tuple[str, str], str]:
    """By place and criterion where its evidence is, as the records say."""
    from rollout.model.binding import evidence_of, where_of

    found: dict[tuple[str, str], str] = {}
    for gate in judged.gates:
        asked = folder.plan.gate_of(gate.gate)
        needs = {need.id: need for need in asked.needs} if asked else {}
        for check in gate.criteria:
            need = needs.get(check.id)
            if need is None or need.evidence is None:
                continue
            record = evidence_of(folder, need, None if check.at == "plan" else check.at)
            if record is not None and (where := where_of(record)):
                found[check.at, check.id] = where
    return found
