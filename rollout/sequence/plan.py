"""A plan's dates: look far enough ahead, solve, and say how good the result is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from rollout.model.calendar import HolidayCalendar, Holidays, public_holidays
from rollout.model.instance import FARTHEST_YEARS, PREREQUISITE, Because, Instance, Prefer, Window, days_of
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Bound, Made, Outcome, Placement, Ready, Schedule
from rollout.sequence.blocking import Others
from rollout.sequence.conflict import Conflict, conflicts
from rollout.sequence.improve import broken_wishes, short, value
from rollout.sequence.lower import lower, soak_of
from rollout.sequence.solve import How, Solved, solve
from rollout.sequence.unplaced import reasons

FARTHEST = timedelta(days=FARTHEST_YEARS * 365)
"""A site that would have to wait longer is reported without a day."""
_PERIOD_DAYS = {"week": 7, "month": 31, "quarter": 92}


@dataclass(frozen=True, slots=True)
class Sequenced:
    """The dates found, with what they rest on."""

    schedule: Schedule
    instance: Instance
    """The problem they solve; the checker judges them by it."""
    holidays: Holidays
    """The public holidays they took into account."""
    conflicts: tuple[Conflict, ...] = ()
    """Lines that cannot hold together, where that is why sites have no day."""
    wishes: tuple[Because, ...] = ()
    """Wishes that are not met."""
    short: tuple[int, ...] = ()
    """Waves with fewer sites than wished."""
    worth: float = 0.0
    """Worth-weighted days from the day of planning to go-live, over all sites of waves 1 and later; less is better."""
    moved: tuple[str, ...] = ()
    """Sites that left their published day."""
    moved_at_least: int = 0
    """No plan on the same foundations moves fewer."""


def sequence(
    programme: Programme, folder: PlanFolder, as_of: date, keep: Schedule | None = None, how: How | None = None
) -> Sequenced:
    """Dates for every site of a plan as of a day. `keep`: published dates that stay where they are still lawful.

    Raises RolloutError (exit code 3) when `how` asks for an engine whose extra is not installed.
    """
    how = how or How()
    last = _look_ahead(programme, folder, as_of)
    farthest = as_of + FARTHEST

    @cache
    def clashing(*missing: str) -> tuple[Conflict, ...]:
        # Whether they cannot have a day at all is asked of the farthest horizon, so that no answer rests on it.
        far = replace(programme, holidays=_holidays(programme, folder, as_of, farthest))
        return conflicts(lower(far, folder, as_of, farthest), farthest.toordinal(), missing)

    clashes: tuple[Conflict, ...] = ()
    while True:
        holidays = _holidays(programme, folder, as_of, last)
        instance = lower(replace(programme, holidays=holidays), folder, as_of, last)
        solved = solve(instance, last.toordinal(), _published(programme, keep), how)
        missing = [job.id for job in instance.sites if job.id not in solved.board.day_of]
        if not missing:
            clashes = ()
            break
        clashes = clashes or clashing(*missing)
        settled = {site for conflict in clashes for site in conflict.sites}
        if instance.lighthouse in settled or last >= farthest:
            break
        last = min(farthest, last + 3 * (last - as_of))
        if not any(_may_come_later(instance, site, last) for site in missing if site not in settled):
            break
    schedule = _schedule(folder.plan, instance, solved, clashes, as_of, how)
    end = schedule.last_go_live or as_of
    board = solved.board
    broken = set(broken_wishes(board))
    return Sequenced(
        schedule,
        instance,
        _trimmed(holidays, end.year + 1, programme.holidays),
        conflicts=clashes,
        wishes=tuple(p.because for p in instance.primitives if isinstance(p, Prefer) and (p.job, p.before) in broken),
        short=short(board),
        worth=value(board, board.snapshot()),
        moved=solved.moved,
        moved_at_least=solved.moved_at_least,
    )


def instance_of(programme: Programme, folder: PlanFolder, schedule: Schedule, as_of: date | None = None) -> Instance:
    """The problem that a published schedule has to solve, as of the day it was made (or another)."""
    made = schedule.made.as_of
    end = max([schedule.last_go_live or made, made, *_expected(folder, made)])
    return lower(programme, folder, as_of or made, end + timedelta(days=92))


def holidays_of(programme: Programme, folder: PlanFolder, schedule: Schedule) -> Holidays:
    """The public holidays of a published schedule: those on file, and of places that sites have come to since."""
    made = schedule.made.as_of
    return _holidays(programme, folder, made, schedule.last_go_live or made)


def worth_of(instance: Instance, schedule: Schedule, beside: Schedule) -> float:
    """Worth-weighted days from the day of planning over the sites that have not gone live; less is better.

    Only of sites that have a day `beside` it too: one that loses its day is no gain, one that gets its first no loss.
    """
    return round(
        sum(
            job.weight * (schedule.sites[job.id].go_live.toordinal() - instance.as_of)
            for job in instance.sites
            if job.fixed is None and job.id in schedule.sites and job.id in beside.sites
        ),
        6,
    )


def forced(made: Sequenced, published: Schedule, moved: Iterable[str]) -> dict[str, str]:
    """Of the sites that moved, those that were held (approved, or in the next weeks), and what forced each of them."""
    instance, others = made.instance, Others(made.instance, days_of(made.schedule))
    found: dict[str, str] = {}
    for site in moved:
        old = published.sites.get(site)
        if old is None or site not in instance.jobs or instance.jobs[site].fixed is not None:
            continue
        if 0 <= old.go_live.toordinal() - instance.as_of <= instance.hold or site in instance.approved:
            why = others.reasons(site, old.go_live.toordinal())
            found[site] = "; ".join(because.message for because in why) or "its day is not one on which sites go live"
    return found


def _look_ahead(programme: Programme, folder: PlanFolder, as_of: date) -> date:
    """Last day worth looking at: preparation, soak, and the waves needed with a third to spare."""
    plan = folder.plan
    start = max(as_of, plan.work_from)
    sites = len(programme.sites_of(plan))
    waves = 1
    size = programme.wave_size(folder)
    days = plan.waves.go_live
    period = _PERIOD_DAYS[plan.waves.every]
    a_wave = period * len(days.on) * (days.per_day or sites) // 7
    if plan.hypercare.at_once:
        a_wave = min(a_wave, plan.hypercare.at_once * period // max(1, plan.hypercare.lasts.days))
    while sites > 0 and waves < 1_500:
        sites -= max(1, min(size.at_most(waves), a_wave))
        waves += 1
    ahead = 500 + soak_of(plan)[0] + period * (waves + waves // 3 + 6)
    pinned = [d for c in plan.constraints.values() for d in (c.go_live, c.not_before) if d is not None]
    pinned += _expected(folder, as_of)
    end = max([start + timedelta(days=ahead), *(day + timedelta(days=366) for day in pinned)])
    return min(end, as_of + FARTHEST)


def _expected(folder: PlanFolder, as_of: date) -> list[date]:
    """Days on which sites expect to go live, as far as anybody plans ahead."""
    told = (facts.forecast.forecast for facts in folder.facts.values() if facts.forecast is not None)
    return [min(day, as_of + FARTHEST) for day in told]


def _may_come_later(instance: Instance, site: str, last: date) -> bool:
    """Whether looking farther ahead can open a day: some window that closes the end does not close it for ever."""
    end = last.toordinal()
    return not any(
        isinstance(p, Window) and site in p.jobs and any(s.last > end and s.first < end - 366 for s in p.closed)
        for p in instance.primitives
    )


def _holidays(programme: Programme, folder: PlanFolder, as_of: date, last: date) -> Holidays:
    places = {(site.country, site.subdivision) for site in programme.sites_of(folder.plan)}
    places |= {(team.country, None) for team in programme.teams.teams if team.country}
    first = min(as_of, folder.plan.work_from).year
    return public_holidays(places, first, last.year, programme.holidays)


def _trimmed(holidays: Holidays, last: int, known: Holidays) -> Holidays:
    """Without the years after the programme's end, which would only be noise in a review; what was there stays."""
    if holidays is known:
        return known
    calendars: dict[str, HolidayCalendar] = {}
    for code, calendar in holidays.calendars.items():
        old = known.calendars.get(code)
        end = max(last, old.last if old else last)
        days = {day: name for day, name in calendar.days.items() if day.year <= end}
        calendars[code] = calendar.model_copy(update={"last": min(calendar.last, end), "days": days})
    return holidays.model_copy(update={"calendars": calendars})


def _published(programme: Programme, keep: Schedule | None) -> dict[str, int]:
    """The days to keep, by job; a site that has another id now keeps the day it had under the earlier one."""
    return {} if keep is None else days_of(keep.under(programme.renamed))


def _schedule(
    plan: Plan, instance: Instance, solved: Solved, clashes: tuple[Conflict, ...], as_of: date, how: How
) -> Schedule:
    board = solved.board
    days = board.day_of
    sites: dict[str, Placement] = {}
    for job in instance.sites:
        if job.id in days:
            wave = 0 if job.id == instance.lighthouse else board.table.wave(days[job.id])
            sites[job.id] = Placement.model_construct(wave=wave, go_live=date.fromordinal(days[job.id]))
    prerequisites = {
        job.id.removeprefix(PREREQUISITE): Ready.model_construct(
            starts=date.fromordinal(days[job.id]), ready=date.fromordinal(job.usable(days[job.id]))
        )
        for job in instance.jobs.values()
        if not job.is_site and job.id in days
    }
    missing = [job.id for job in instance.sites if job.id not in days]
    unplaced = reasons(instance, solved, clashes, missing) | dict(instance.set_aside)
    outcome: Outcome = "optimal" if not missing and solved.waves <= solved.needed else "feasible"
    if missing:
        outcome = "infeasible" if clashes else "unknown"
    proved: tuple[Literal["waves", "value"], ...] = ()
    if outcome == "optimal":
        proved = ("waves", "value") if solved.proved_value else ("waves",)
    made = Made.model_construct(
        as_of=as_of,
        engine=how.engine,
        effort=how.effort,
        outcome=outcome,
        proved=proved,
        bound=Bound.model_construct(waves=solved.needed) if solved.needed else None,
    )
    return Schedule.model_construct(made=made, sites=sites, prerequisites=prerequisites, unplaced=unplaced)
