"""The longest path of what remains is hard; offsets are norms."""

from __future__ import annotations

from datetime import date

from rollout.model.activity import Activity
from rollout.model.agenda import agenda, longest_path
from rollout.model.calendar import MONDAY_TO_FRIDAY
from rollout.model.plan import Plan
from rollout.model.record import NOTHING_HAPPENED, ItemRecord, StatusRecord, fold
from rollout.model.site import Site

START = date(2026, 10, 5)
SITE = Site.model_validate({"id": "lyon", "name": "Lyon", "country": "FR"})


def activity(name: str, starts: str, takes: str, *needs: str, **more: str) -> Activity:
    return Activity.model_validate(
        {"id": name, "title": name, "starts": starts, "takes": takes, "depends_on": list(needs), **more}
    )


SURVEY = activity("survey", "T-120", "10d")
ORDER = activity("order", "T-100", "60d", "survey", phase="build")
REVIEW = activity("review", "T-90", "42d")
FREEZE = activity("freeze", "T-7", "10d")
ALL = (SURVEY, ORDER, REVIEW, FREEZE)


def item(name: str, state: str, on: str) -> ItemRecord:
    return ItemRecord.model_validate({"item": name, "state": state, "on": on, "by": "A"})


def test_the_longest_chain_decides_and_is_named() -> None:
    path = longest_path(ALL, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, START)
    assert path.free == date(2026, 12, 14)
    assert [a.id for a in path.chain] == ["survey", "order"]


def test_what_is_done_no_longer_counts_and_a_request_starts_the_clock() -> None:
    done = fold([item("survey", "done", "2026-10-06"), item("order", "requested", "2026-10-01")])
    path = longest_path(ALL, done, MONDAY_TO_FRIDAY, START)
    assert path.free == date(2026, 11, 30)
    assert [a.id for a in path.chain] == ["order"]


def test_work_that_runs_past_go_live_does_not_hold_it_back() -> None:
    assert longest_path((FREEZE,), NOTHING_HAPPENED, MONDAY_TO_FRIDAY, START).free == START


def plan(**more: object) -> Plan:
    rows = [
        a.model_dump(by_alias=True, exclude_unset=True) | {"starts": str(a.starts), "takes": str(a.takes)} for a in ALL
    ]
    return Plan.model_validate({"id": "v", "name": "V", "work_from": "2026-10-05", "activities": rows, **more})


def test_dates_are_counted_back_from_go_live_to_working_days() -> None:
    tasks = {
        t.activity.id: t for t in agenda(plan(), SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 3, 9), START)
    }
    assert tasks["survey"].starts == date(2026, 11, 9)
    assert tasks["order"].starts == date(2026, 11, 27)  # T-100 is a Sunday; the Friday before
    assert tasks["freeze"].starts == date(2027, 3, 2)
    assert not tasks["survey"].is_compressed


def test_work_that_cannot_begin_by_the_norm_begins_when_it_can() -> None:
    tasks = {
        t.activity.id: t for t in agenda(plan(), SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2026, 12, 15), START)
    }
    assert tasks["survey"].starts == START
    assert tasks["survey"].is_compressed
    assert tasks["order"].starts == date(2026, 10, 15)


def test_a_blackout_moves_the_work_it_blocks_before_itself() -> None:
    blocked = plan(blackouts=[{"id": "b", "from": "2026-12-01", "to": "2026-12-20", "blocks": ["review"]}])
    tasks = {
        t.activity.id: t for t in agenda(blocked, SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 3, 9), START)
    }
    assert tasks["review"].ends < date(2026, 12, 1)
    assert tasks["order"].starts == date(2026, 11, 27)


def test_of_two_statuses_on_one_day_the_later_in_the_legal_order_holds() -> None:
    rows = [{"status": s, "on": "2027-02-09", "by": "A"} for s in ("live", "ready")]
    facts = fold([StatusRecord.model_validate(row) for row in rows])
    assert (facts.status, facts.went_live) == ("live", date(2027, 2, 9))


def test_a_roll_back_takes_the_go_live_back() -> None:
    rows = [{"status": "live", "on": "2027-02-09", "by": "A"}, {"status": "rolled_back", "on": "2027-02-11", "by": "A"}]
    facts = fold([StatusRecord.model_validate(row) for row in rows])
    assert facts.went_live is None


def test_what_waits_for_moved_work_moves_with_it() -> None:
    rows = [
        {"id": "cards", "title": "Cards", "starts": "T-35", "takes": "7d"},
        {"id": "training", "title": "Training", "starts": "T-28", "takes": "20d", "depends_on": ["cards"]},
        {"id": "exam", "title": "Exam", "starts": "T-7", "takes": "2d", "depends_on": ["training"]},
    ]

    def dated(first: str, last: str, start: date) -> dict[str, tuple[date, date, str | None]]:
        freeze = {"id": "freeze", "from": first, "to": last, "blocks": ["training"]}
        plan = Plan.model_validate(
            {"id": "v", "name": "V", "work_from": "2026-10-05", "activities": rows, "blackouts": [freeze]}
        )
        tasks = agenda(plan, SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 2, 9), start)
        return {t.activity.id: (t.starts, t.ends, t.clash) for t in tasks}

    # Before the freeze, and what it waits for before it: the cards are printed a month early.
    early = dated("2027-01-15", "2027-01-20", START)
    assert early["training"] == (date(2026, 12, 25), date(2027, 1, 13), None)
    assert early["cards"] == (date(2026, 12, 18), date(2026, 12, 24), None)
    assert early["exam"] == (date(2027, 2, 2), date(2027, 2, 3), None)
    # No room before it: after it, and the examination follows.
    late = dated("2027-01-08", "2027-01-15", date(2027, 1, 6))
    assert late["training"] == (date(2027, 1, 18), date(2027, 2, 5), None)
    assert late["exam"] == (date(2027, 2, 8), date(2027, 2, 8), None)  # two days from Sunday
    # No room at all: the clash is named.
    assert dated("2027-01-08", "2027-02-01", date(2027, 1, 6))["training"][2] == "freeze"


def test_blackouts_one_after_the_other_are_all_left_behind() -> None:
    spans = [
        {"id": "a", "from": "2026-12-01", "to": "2026-12-20", "blocks": ["review"]},
        {"id": "b", "from": "2026-10-26", "to": "2026-11-02", "blocks": ["review"]},
    ]
    tasks = agenda(plan(blackouts=spans), SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 3, 9), date(2026, 9, 1))
    (review,) = [task for task in tasks if task.activity.id == "review"]
    assert (review.starts, review.ends, review.clash) == (date(2026, 9, 14), date(2026, 10, 23), None)


def test_work_that_takes_no_time_leaves_a_blackout_too() -> None:
    freeze = {"id": "freeze", "from": "2027-01-04", "to": "2027-01-20", "blocks": ["sign"]}
    rows = [{"id": "sign", "title": "Sign", "starts": "T-20", "takes": "0d"}]
    own = Plan.model_validate(
        {"id": "v", "name": "V", "work_from": "2026-10-05", "activities": rows, "blackouts": [freeze]}
    )
    (task,) = agenda(own, SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 2, 1), START)
    assert (task.starts, task.ends, task.clash) == (date(2027, 1, 1), date(2027, 1, 1), None)


def test_work_begins_sooner_than_its_norm_where_what_waits_for_it_has_to() -> None:
    rows = [
        {"id": "order", "title": "Order", "starts": "T-50", "takes": "30d"},
        {"id": "install", "title": "Install", "starts": "T-40", "takes": "5d", "depends_on": ["order"]},
    ]
    own = Plan.model_validate({"id": "v", "name": "V", "work_from": "2026-10-05", "activities": rows})
    tasks = agenda(own, SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 3, 9), START)
    # T-40 is 28 January; thirty days before it is 29 December.
    assert [(t.activity.id, t.starts) for t in tasks] == [("order", date(2026, 12, 29)), ("install", date(2027, 1, 28))]


def test_where_nothing_is_to_spare_work_falls_on_days_off_before_go_live() -> None:
    rows = [
        {"id": "decide", "title": "Decide", "starts": "T-7", "takes": "5d"},
        {"id": "cutover", "title": "Cut over", "starts": "T-2", "takes": "2d", "depends_on": ["decide"]},
    ]
    own = Plan.model_validate({"id": "v", "name": "V", "work_from": "2027-01-04", "activities": rows})
    tasks = agenda(own, SITE, NOTHING_HAPPENED, MONDAY_TO_FRIDAY, date(2027, 1, 11), date(2027, 1, 4))
    assert (tasks[1].starts, tasks[1].ends) == (date(2027, 1, 9), date(2027, 1, 10))


def test_work_that_was_requested_is_over_when_its_clock_is() -> None:
    asked = fold([item("review", "requested", "2026-10-20")])
    tasks = {t.activity.id: t for t in agenda(plan(), SITE, asked, MONDAY_TO_FRIDAY, date(2027, 3, 9), START)}
    assert (tasks["review"].starts, tasks["review"].ends) == (date(2026, 10, 20), date(2026, 11, 30))
    assert tasks["review"].is_requested
    assert not tasks["review"].is_compressed
