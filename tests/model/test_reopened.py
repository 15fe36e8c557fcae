"""Work that has grown too old by go-live is done again, and go-live waits for it only as long as that takes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.model.activity import Activity
from rollout.model.agenda import agenda, longest_path, reopened, unready
from rollout.model.calendar import MONDAY_TO_FRIDAY
from rollout.model.plan import Plan
from rollout.model.record import NOTHING_HAPPENED, Facts, ItemRecord, StatusRecord, fold
from rollout.model.site import Site

START = date(2027, 2, 1)
SITE = Site.model_validate({"id": "lyon", "name": "Lyon", "country": "FR"})


def row(name: str, starts: str, takes: str, *needs: str, **more: object) -> dict[str, object]:
    return {"id": name, "title": name.title(), "starts": starts, "takes": takes, "depends_on": list(needs), **more}


SET_UP = row("set-up", "T-60", "20d")
TRAINING = row("training", "T-28", "23d", "set-up", valid_for="28d")
REHEARSAL = row("rehearsal", "T-14", "3d", "training", valid_for="42d")
LESSONS = row("lessons", "T+14", "7d", valid_for="7d")
ROWS = [SET_UP, TRAINING, REHEARSAL, LESSONS]
ALL = tuple(Activity.model_validate(row) for row in ROWS)


def item(name: str, state: str, on: str) -> ItemRecord:
    return ItemRecord.model_validate({"item": name, "state": state, "on": on, "by": "A"})


DONE = fold([item("set-up", "done", "2026-12-01"), item("training", "done", "2027-02-05")])


def ids(facts: Facts, go_live: date) -> list[str]:
    return [repeat.activity.id for repeat in reopened(ALL, facts, MONDAY_TO_FRIDAY, go_live)]


def test_work_is_good_to_the_last_day_it_is_valid_and_no_longer() -> None:
    assert ids(DONE, date(2027, 3, 5)) == []
    assert ids(DONE, date(2027, 3, 6)) == ["training"]
    (repeat,) = reopened(ALL, DONE, MONDAY_TO_FRIDAY, date(2027, 3, 6))
    assert (repeat.until, repeat.key) == (date(2027, 3, 5), "training:again:2027-02-05")


def test_validity_in_working_days_is_counted_in_the_sites_calendar() -> None:
    training = Activity.model_validate(TRAINING | {"valid_for": "20wd", "takes": "15wd"})
    (repeat,) = reopened((training,), DONE, MONDAY_TO_FRIDAY, date(2027, 4, 1))
    assert repeat.until == date(2027, 3, 5)  # a Friday, four weeks after a Friday


def test_a_repeat_that_is_recorded_is_good_from_its_own_day() -> None:
    again = fold([item("training", "done", "2027-02-05"), item("training", "done", "2027-03-10")])
    assert ids(again, date(2027, 4, 7)) == []
    assert ids(again, date(2027, 4, 8)) == ["training"]


def test_what_was_asked_for_again_is_open_whatever_its_age() -> None:
    asked = fold([item("training", "approved", "2027-02-05"), item("training", "requested", "2027-02-08")])
    (repeat,) = reopened(ALL, asked, MONDAY_TO_FRIDAY, date(2027, 2, 20))
    assert (repeat.activity.id, repeat.until) == ("training", None)


def test_nothing_is_reopened_after_go_live_nor_for_work_that_comes_after_it() -> None:
    live = StatusRecord.model_validate({"status": "live", "on": "2027-03-02", "by": "A"})
    facts = fold([item("training", "done", "2027-02-05"), item("lessons", "done", "2027-02-05"), live])
    assert ids(facts, date(2027, 6, 1)) == []
    assert ids(fold([item("lessons", "done", "2027-02-05")]), date(2027, 6, 1)) == []


def test_what_waits_for_reopened_work_stays_done_while_it_is_young_itself() -> None:
    facts = fold([item(n, "done", d) for n, d in (("training", "2027-02-05"), ("rehearsal", "2027-02-10"))])
    assert ids(facts, date(2027, 3, 20)) == ["training"]


def test_a_site_goes_live_before_its_training_is_too_old_or_once_it_was_repeated() -> None:
    facts = fold(
        [
            item(n, "done", d)
            for n, d in (("set-up", "2026-12-01"), ("training", "2027-01-08"), ("rehearsal", "2027-01-20"))
        ]
    )
    # Good to 5 February; from the 6th on the training (23 days from 1 February) has to be done again.
    (stretch,) = unready(ALL, facts, MONDAY_TO_FRIDAY, START)
    assert (stretch.first, stretch.last) == (date(2027, 2, 6), date(2027, 2, 23))
    assert [activity.id for activity in stretch.path.chain] == ["training"]
    assert [repeat.activity.id for repeat in stretch.again] == ["training"]


def test_stretches_that_touch_are_one() -> None:
    facts = fold([item("set-up", "done", "2026-12-01"), item("training", "done", "2027-01-05")])
    # The rehearsal alone holds it to 3 February, and on the 3rd the training becomes too old.
    (stretch,) = unready(ALL, facts, MONDAY_TO_FRIDAY, START)
    assert (stretch.first, stretch.last) == (date.min, date(2027, 2, 26))
    assert [activity.id for activity in stretch.path.chain] == ["training", "rehearsal"]


def test_without_validity_it_is_one_stretch_to_the_longest_path() -> None:
    (stretch,) = unready(ALL, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, START)
    free = longest_path(ALL, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, START).free
    assert (stretch.first, stretch.last) == (date.min, free - timedelta(days=1))


@given(
    st.dictionaries(st.sampled_from(["set-up", "training", "rehearsal"]), st.integers(-80, 40), max_size=3),
    st.integers(1, 60),
    st.integers(1, 60),
)
def test_a_day_is_open_exactly_when_what_remains_for_it_is_over_by_then(
    done: dict[str, int], valid: int, other: int
) -> None:
    activities = (
        Activity.model_validate(SET_UP),
        Activity.model_validate(TRAINING | {"valid_for": f"{valid}d"}),
        Activity.model_validate(REHEARSAL | {"valid_for": f"{other}d"}),
    )
    facts = fold([item(name, "done", str(START + timedelta(days=days))) for name, days in done.items()])
    stretches = unready(activities, facts, MONDAY_TO_FRIDAY, START)
    last_free = START
    for number in range(160):
        day = START + timedelta(days=number)
        free = longest_path(activities, facts, MONDAY_TO_FRIDAY, START, day).free
        assert free >= last_free, "a later go-live never asks for less"
        last_free = free
        assert any(s.first <= day <= s.last for s in stretches) == (free > day)


def test_the_agenda_plans_the_repeat_by_the_norm_of_the_new_day() -> None:
    plan = Plan.model_validate({"id": "v", "name": "V", "work_from": "2026-10-05", "activities": ROWS})
    facts = fold(
        [
            item(n, "done", d)
            for n, d in (("set-up", "2026-12-01"), ("training", "2027-01-08"), ("rehearsal", "2027-03-01"))
        ]
    )
    tasks = {t.activity.id: t for t in agenda(plan, SITE, facts, MONDAY_TO_FRIDAY, date(2027, 4, 6), START)}
    assert tasks["training"].again is not None
    assert not tasks["training"].is_done
    assert tasks["training"].starts == date(2027, 3, 9)  # T-28
    assert tasks["rehearsal"].is_done
    slipped = {t.activity.id: t for t in agenda(plan, SITE, facts, MONDAY_TO_FRIDAY, date(2027, 4, 13), START)}
    assert slipped["rehearsal"].again is not None


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_records_of_an_item_on_one_day_the_farther_on_holds(order: int) -> None:
    rows = [item("training", "requested", "2027-02-05"), item("training", "done", "2027-02-05")]
    assert fold(rows[::order]).is_done("training")
