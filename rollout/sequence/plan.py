"""A plan's dates: look far enough ahead, lay the foundations, search, and say how good the result is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rollout.model.calendar import HolidayCalendar, Holidays, public_holidays
from rollout.model.instance import PREREQUISITE, After, Instance, Window
from rollout.model.plan import Plan
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Bound, Made, Outcome, Placement, Ready, Schedule
from rollout.sequence.board import Board
from rollout.sequence.bound import waves_needed
from rollout.sequence.foundations import Foundations, Order, foundations
from rollout.sequence.lower import lower, soak_of
from rollout.sequence.search import Effort, Found, search

FARTHEST = timedelta(days=25 * 365)
"""Nobody plans farther ahead; a site that would have to wait longer is reported without a day."""
_PERIOD_DAYS = {"week": 7, "month": 31, "quarter": 92}


@dataclass(frozen=True, slots=True)
class Sequenced:
    """The dates found, with what they rest on."""

    schedule: Schedule
    instance: Instance
    """The problem they solve; the checker judges them by it."""
    holidays: Holidays
    """The public holidays they took into account."""


def sequence(programme: Programme, folder: PlanFolder, as_of: date, keep: Schedule | None = None) -> Sequenced:
    """Dates for every site of a plan as of a day. `keep`: published dates that stay where they are still lawful."""
    last = _look_ahead(programme, folder, as_of)
    farthest = as_of + FARTHEST
    while True:
        holidays = _holidays(programme, folder, as_of, last)
        known = replace(programme, holidays=holidays)
        instance = lower(known, folder, as_of, last)
        laid, board, found, bound = _solve(instance, last.toordinal(), _published(keep))
        late = [site for site in found.failed if board.window[site] or last < farthest]
        if not late or last >= farthest:
            break
        last = min(farthest, last + 3 * (last - as_of))
        if not any(_may_come_later(instance, site, last) for site in late):
            break
    schedule = _schedule(folder.plan, instance, laid, board, found, bound, as_of)
    end = schedule.last_go_live or as_of
    return Sequenced(schedule, instance, _trimmed(holidays, end.year + 1, programme.holidays))


def instance_of(programme: Programme, folder: PlanFolder, schedule: Schedule, as_of: date | None = None) -> Instance:
    """The problem that a published schedule has to solve, as of the day it was made (or another)."""
    end = schedule.last_go_live or schedule.made.as_of
    return lower(programme, folder, as_of or schedule.made.as_of, max(end, schedule.made.as_of) + timedelta(days=92))


def _look_ahead(programme: Programme, folder: PlanFolder, as_of: date) -> date:
    """Last day worth looking at: preparation, soak, and the waves needed with a third to spare."""
    plan = folder.plan
    start = max(as_of, plan.work_from)
    sites = len(programme.sites_of(plan))
    waves = 1
    while sites > 0 and waves < 1_500:
        sites -= plan.waves.size.at_most(waves)
        waves += 1
    days = 500 + soak_of(plan)[0] + _PERIOD_DAYS[plan.waves.every] * (waves + waves // 3 + 6)
    pinned = [d for c in plan.constraints.values() for d in (c.go_live, c.not_before) if d is not None]
    end = max([start + timedelta(days=days), *(day + timedelta(days=366) for day in pinned)])
    return min(end, as_of + FARTHEST)


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


def _published(keep: Schedule | None) -> dict[str, int]:
    if keep is None:
        return {}
    days = {site: placement.go_live.toordinal() for site, placement in keep.sites.items()}
    return days | {PREREQUISITE + p: ready.starts.toordinal() for p, ready in keep.prerequisites.items()}


def _solve(instance: Instance, last: int, keep: Mapping[str, int]) -> tuple[Foundations, Board, Found, int]:
    """Foundations in a few orders until the last wave meets the bound; the best of what was found."""
    orders = _orders(instance)
    alone = foundations(instance, last, orders[0], with_capacity=False)
    bound_period = _needed_period(instance, alone)
    best: tuple[tuple[float, ...], Foundations, Board, Found, int] | None = None
    tried: set[tuple[tuple[str, int], ...]] = set()
    for order in orders:
        laid = foundations(instance, last, order, keep)
        if (key := tuple(sorted(laid.day_of.items()))) in tried:
            continue
        tried.add(key)
        board = _board(instance, laid)
        needed = sum(1 for period in board.table.numbers if bound_period is not None and period <= bound_period)
        found = search(board, needed, Effort(), keep or None)
        if found.tried_all and laid.day_of == alone.day_of:
            # Lighthouse and prerequisites cannot be earlier, and with them there is no way to end earlier.
            needed = found.waves
        cost = found.cost(board)
        cost = (cost[0], _last_period(board, found), *cost[2:])
        if best is None or cost < best[0]:
            best = cost, laid, board, found, needed
        if keep or (not found.failed and found.waves <= needed) or len(instance.jobs) > 2_000:
            break
    assert best is not None
    return best[1], best[2], best[3], best[4]


def _board(instance: Instance, laid: Foundations) -> Board:
    lighthouse_day = None if instance.lighthouse is None else laid.day_of.get(instance.lighthouse)
    board = Board(instance, instance.wave_table(lighthouse_day), laid.day_of)
    blocked = set(laid.impossible)
    if instance.lighthouse in blocked:
        blocked |= set(board.open)
    for primitive in instance.primitives:
        if isinstance(primitive, After) and primitive.before in blocked and primitive.job in board.window:
            board.window[primitive.job] = 0
    for job in blocked & set(board.open):
        board.window[job] = 0
    return board


def _needed_period(instance: Instance, alone: Foundations) -> int | None:
    board = _board(instance, alone)
    needed = waves_needed(board)
    return next((period for period, wave in board.table.numbers.items() if wave == needed), None)


def _last_period(board: Board, found: Found) -> int:
    return max((board.instance.period(day) for day in found.day_of.values()), default=0)


def _orders(instance: Instance) -> list[Order]:
    """In which order prerequisites share a team: what the lighthouse needs first, then a few rules."""
    waiting: dict[str, int] = {}
    urgent: set[str] = set()
    for primitive in instance.primitives:
        if isinstance(primitive, After):
            waiting[primitive.before] = waiting.get(primitive.before, 0) + 1
            if primitive.job == instance.lighthouse:
                urgent.add(primitive.before)

    def length(job: str) -> int:
        return instance.jobs[job].takes.days

    def first(job: str) -> int:
        return 0 if job in urgent else 1

    return [
        lambda job: (first(job), -waiting.get(job, 0), length(job)),
        lambda job: (first(job), length(job), -waiting.get(job, 0)),
        lambda job: (first(job), -waiting.get(job, 0) / (length(job) + 1)),
        lambda job: (first(job), -length(job)),
    ]


def _schedule(
    plan: Plan, instance: Instance, laid: Foundations, board: Board, found: Found, bound: int, as_of: date
) -> Schedule:
    days = {**laid.day_of, **found.day_of}
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
    unplaced = {site: _reason(instance, board, laid, site) for site in missing} | dict(instance.set_aside)
    outcome: Outcome = "optimal" if not missing and found.waves <= bound else "feasible"
    if missing:
        outcome = "infeasible" if all(not board.window.get(site, 0) for site in missing) else "unknown"
    made = Made.model_construct(
        as_of=as_of,
        engine="core",
        outcome=outcome,
        proved=("waves",) if outcome == "optimal" else (),
        bound=Bound.model_construct(waves=bound) if bound else None,
    )
    return Schedule.model_construct(made=made, sites=sites, prerequisites=prerequisites, unplaced=unplaced)


def _reason(instance: Instance, board: Board, laid: Foundations, site: str) -> str:
    """Why a site has no day: the few windows that close all of them, or what it waits for, or the others."""
    if site in laid.impossible and site == instance.lighthouse:
        why = _closing(instance, instance.candidates, site, lambda _: 0) or "its team has no capacity"
        return f"the lighthouse has no day: {why}"
    if instance.lighthouse is not None and instance.lighthouse in laid.impossible:
        return f"waits for the lighthouse {instance.lighthouse}, which has no day"
    for primitive in instance.primitives:
        if (
            isinstance(primitive, After)
            and primitive.job == site
            and primitive.before not in {**laid.day_of, **board.day_of}
        ):
            name = primitive.before.removeprefix(PREREQUISITE)
            return f"waits for {name}, which has no day"
    if not board.window.get(site, 0):
        closing = _closing(instance, board.days, site, board.table.wave)
        if closing:
            return f"no day is left for it alone: {closing}"
    return "no day is left for it beside the others: raise the size of waves, a limit or a team's capacity"


def _closing(instance: Instance, days: Sequence[int], site: str, wave_of: Callable[[int], int]) -> str:
    """The fewest windows that close every day together, as one sentence."""
    windows = [p for p in instance.primitives if isinstance(p, Window) and site in p.jobs]

    def is_closed(window: Window, day: int) -> bool:
        if window.waves is not None and not window.waves[0] <= wave_of(day) <= window.waves[1]:
            return True
        return any(stretch.first <= day <= stretch.last for stretch in window.closed)

    def leaves_a_day(chosen: list[Window]) -> bool:
        return any(not any(is_closed(window, day) for window in chosen) for day in days)

    if leaves_a_day(windows):
        return ""
    chosen = list(windows)
    for window in windows:
        fewer = [w for w in chosen if w is not window]
        if not leaves_a_day(fewer):
            chosen = fewer
    return "; ".join(window.because.message for window in chosen)
