"""The longest path by hand where calendars differ, and against every chain counted one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.activity import Activity
from rollout.model.agenda import Task, agenda, longest_path
from rollout.model.calendar import MONDAY_TO_FRIDAY, Calendar, Calendars, Holidays, public_holidays
from rollout.model.plan import Plan
from rollout.model.record import NOTHING_HAPPENED, Facts, ItemRecord, fold
from rollout.model.site import Site

SITE = Site.model_validate({"id": "lyon", "name": "Lyon", "country": "FR"})
PLACES = [("DE", "BY"), ("DE", "BE"), ("EG", None), ("SA", None), ("FR", None)]


@pytest.fixture(scope="module")
def calendars() -> Calendars:
    return Calendars(public_holidays(PLACES, 2027, 2028, Holidays()))


def activity(name: str, starts: str, takes: str, *needs: str, **more: object) -> Activity:
    return Activity.model_validate(
        {"id": name, "title": name, "starts": starts, "takes": takes, "depends_on": list(needs), **more}
    )


def free(takes: str, start: date, calendar: Calendar, facts: Facts = NOTHING_HAPPENED) -> date:
    return longest_path((activity("a", "T-300", takes),), facts, calendar, start).free


@pytest.mark.parametrize(
    ("place", "start", "free_on"),
    [
        (("EG", None), date(2027, 2, 3), date(2027, 2, 9)),  # Wed, Thu, then Sun, Mon: Friday and Saturday are off
        (("SA", None), date(2027, 2, 3), date(2027, 2, 9)),
        (("FR", None), date(2027, 2, 3), date(2027, 2, 9)),  # Wed, Thu, Fri, Mon
        (("DE", "BY"), date(2027, 5, 26), date(2027, 6, 2)),  # Corpus Christi, 27 May, is a holiday in Bavaria
        (("DE", "BE"), date(2027, 5, 26), date(2027, 6, 1)),  # and none in Berlin
        (("DE", "BY"), date(2027, 3, 5), date(2027, 3, 11)),
        (("DE", "BE"), date(2027, 3, 5), date(2027, 3, 12)),  # 8 March is a holiday in Berlin only
    ],
)
def test_four_working_days_in_the_sites_own_calendar(
    calendars: Calendars, place: tuple[str, str | None], start: date, free_on: date
) -> None:
    assert free("4wd", start, calendars.of(*place)) == free_on


def test_a_site_that_works_every_day_has_no_weekend_and_shifts_lengthen_nothing(calendars: Calendars) -> None:
    assert free("4wd", date(2027, 2, 5), calendars.of("FR", None, ())) == date(2027, 2, 9)
    plan = Plan.model_validate(
        {"id": "v", "name": "V", "work_from": "2027-01-04", "activities": [row("a", "T-9", "4wd")]}
    )
    dated = [
        agenda(plan, site, NOTHING_HAPPENED, calendars.of("FR"), date(2027, 4, 6), date(2027, 1, 4))
        for site in (SITE, SITE.model_copy(update={"shifts": 3}))
    ]
    assert dated[0] == dated[1]


def row(name: str, starts: str, takes: str, *needs: str, **more: object) -> dict[str, object]:
    return {"id": name, "title": name, "starts": starts, "takes": takes, "depends_on": list(needs), **more}


@pytest.mark.parametrize(
    ("takes", "start", "free_on"),
    [
        ("1d", date(2028, 2, 28), date(2028, 2, 29)),  # a leap day
        ("1d", date(2027, 2, 28), date(2027, 3, 1)),
        ("31d", date(2027, 1, 31), date(2027, 3, 3)),
        ("1wd", date(2027, 4, 30), date(2027, 5, 1)),  # free on the Saturday after
        ("4w", date(2027, 3, 14), date(2027, 4, 11)),  # the clocks go forward on the 28th: days are days
    ],
)
def test_month_ends_leap_days_and_summer_time(takes: str, start: date, free_on: date) -> None:
    assert free(takes, start, MONDAY_TO_FRIDAY) == free_on


def test_dates_do_not_depend_on_the_time_zone() -> None:
    plan = Plan.model_validate(
        {"id": "v", "name": "V", "work_from": "2027-01-04", "activities": [row("a", "T-9", "5d")]}
    )
    paris = SITE.model_copy(update={"timezone": "Europe/Paris"})
    dated = [
        agenda(plan, site, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 3, 30), date(2027, 1, 4))
        for site in (SITE, paris)
    ]
    assert dated[0] == dated[1]


def item(name: str, state: str, on: str) -> ItemRecord:
    return ItemRecord.model_validate({"item": name, "state": state, "on": on, "by": "A"})


def test_a_request_starts_the_clock_in_the_sites_calendar(calendars: Calendars) -> None:
    asked = fold([item("a", "requested", "2027-02-03")])
    assert free("4wd", date(2027, 2, 1), calendars.of("EG"), asked) == date(2027, 2, 9)
    # A clock that has run out holds nothing back: the answer may come any day.
    assert free("4wd", date(2027, 3, 1), calendars.of("EG"), asked) == date(2027, 3, 1)


def test_working_days_before_go_live_are_compared_with_working_days() -> None:
    assert activity("a", "T-3wd", "3wd").before_go_live
    assert not activity("a", "T-3wd", "4wd").before_go_live


@st.composite
def graphs(draw: st.DrawFn) -> list[dict[str, object]]:
    """Activities, each of which waits for some before it; norms say anything at all."""
    rows = []
    for number in range(draw(st.integers(1, 7))):
        needs = draw(st.lists(st.integers(0, number - 1), unique=True)) if number else []
        takes = f"{draw(st.integers(1, 12))}{draw(st.sampled_from(['d', 'wd']))}"
        rows.append(row(f"a{number}", f"T-{draw(st.integers(17, 60))}", takes, *(f"a{n}" for n in needs)))
    return draw(st.permutations(rows))


DONE = st.sets(st.sampled_from([f"a{number}" for number in range(7)]))
STARTS = st.dates(date(2027, 1, 1), date(2027, 12, 31))


def all_done(names: set[str]) -> Facts:
    return fold([item(name, "done", "2026-12-01") for name in names])


@given(graphs(), DONE, STARTS)
def test_it_is_the_longest_of_all_chains(rows: list[dict[str, object]], done: set[str], start: date) -> None:
    activities = {str(r["id"]): Activity.model_validate(r) for r in rows}
    found = longest_path(tuple(activities.values()), all_done(done), MONDAY_TO_FRIDAY, start)

    def ends(last: str) -> date:
        """The day a piece of work is over, by trying every chain that leads to it."""
        if last in done:
            return start
        own = activities[last]
        return max(MONDAY_TO_FRIDAY.after(day, own.takes) for day in (start, *map(ends, own.depends_on)))

    assert found.free == max(start, *map(ends, activities))
    day = start
    for link in found.chain:
        day = MONDAY_TO_FRIDAY.after(day, link.takes)
    assert day == found.free, "the chain named is as long as said"


@given(graphs(), DONE, DONE, STARTS)
def test_what_is_done_never_lengthens_it(
    rows: list[dict[str, object]], done: set[str], more: set[str], start: date
) -> None:
    activities = tuple(Activity.model_validate(r) for r in rows)
    less = longest_path(activities, all_done(done), MONDAY_TO_FRIDAY, start).free
    assert longest_path(activities, all_done(done | more), MONDAY_TO_FRIDAY, start).free <= less


BLACKOUTS = st.lists(
    st.tuples(st.integers(0, 120), st.integers(0, 15), st.sampled_from(["a1", "a2", "prepare"])), max_size=3
)


@given(graphs(), DONE, STARTS, st.integers(0, 90), BLACKOUTS)
def test_dates_keep_the_order_the_go_live_and_the_blackouts(
    rows: list[dict[str, object]], done: set[str], start: date, spare: int, blackouts: list[tuple[int, int, str]]
) -> None:
    activities = tuple(Activity.model_validate(r) for r in rows)
    facts = all_done(done)
    go_live = longest_path(activities, facts, MONDAY_TO_FRIDAY, start).free + timedelta(days=spare)
    spans = []
    for number, (begins, lasts, blocks) in enumerate(blackouts):
        first = start + timedelta(days=begins)
        last = first + timedelta(days=lasts)
        spans.append({"id": f"b{number}", "from": str(first), "to": str(last), "blocks": [blocks]})
    plan = Plan.model_validate(
        {"id": "v", "name": "V", "work_from": str(start), "activities": rows, "blackouts": spans}
    )
    tasks = {t.activity.id: t for t in agenda(plan, SITE, facts, MONDAY_TO_FRIDAY, go_live, start)}
    assert tasks.keys() == {activity.id for activity in activities}
    for task in tasks.values():
        if task.is_done:
            continue
        assert start <= task.starts <= task.ends < go_live
        waits = [tasks[name] for name in task.activity.depends_on]
        assert all(other.is_done or other.ends < task.starts for other in waits)
        assert (task.clash is not None) == _meets(plan, task)


def _meets(plan: Plan, task: Task) -> bool:
    return any(
        {task.activity.id, task.activity.phase} & set(blackout.blocks)
        and list(blackout.stretches(task.starts, task.ends))
        for blackout in plan.blackouts
    )
