"""How remaining work fits a go-live: by hand, and against trying every day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rollout.model.activity import Activity
from rollout.model.agenda import agenda, longest_path
from rollout.model.calendar import Calendar
from rollout.model.pace import Pace, pace, with_ticked_requests
from rollout.model.plan import Plan
from rollout.model.record import NOTHING_HAPPENED, Facts, ItemRecord
from rollout.model.site import Site
from rollout.model.times import Duration, Offset

HOLIDAY = date(2026, 11, 11)
FRANCE = Calendar(frozenset({5, 6}), {HOLIDAY: "Armistice"})
GO_LIVE = date(2026, 12, 1)  # a Tuesday
TODAY = date(2026, 11, 2)


def activity(
    name: str, takes: int, *, starts: int = -60, working: bool = False, after: tuple[str, ...] = ()
) -> Activity:
    return Activity(id=name, title=name, starts=Offset(starts, False), takes=Duration(takes, working), depends_on=after)


def record(item: str, state: str, on: date) -> ItemRecord:
    return ItemRecord(item=item, state=state, on=on, by="A", index=0, path="r.yaml")  # type: ignore[arg-type]  # a state


def of(*activities: Activity, facts: Facts = NOTHING_HAPPENED, start: date = TODAY) -> Pace:
    return pace(activities, facts, FRANCE, GO_LIVE, start)


CHAIN = (activity("survey", 5, working=True), activity("order", 14, after=("survey",)), activity("late", 3, starts=7))


def test_the_latest_days_of_a_chain_by_hand() -> None:
    found = of(*CHAIN)
    # 14 days before Tuesday 1 December is Tuesday 17 November; five working days before it begin on 10 November,
    # were the 11th not a holiday.
    assert found.latest == {"order": date(2026, 11, 17), "survey": date(2026, 11, 9)}
    assert found.latest_end["order"] == date(2026, 11, 30)
    assert found.latest_end["survey"] == date(2026, 11, 16)
    assert found.slip == 0
    assert of(*CHAIN, start=date(2026, 11, 12)).slip == 2
    assert [a.id for a in of(*CHAIN, start=date(2026, 11, 12)).path.chain] == ["survey", "order"]


def test_what_missing_a_day_costs() -> None:
    survey, order, late = CHAIN
    found = of(*CHAIN)
    assert found.slip_if_started(survey, date(2026, 11, 9)) == 0
    assert found.slip_if_started(survey, date(2026, 11, 12)) == 2
    assert found.slip_if_started(order, date(2026, 11, 20)) == 3
    assert found.slip_if_started(late, date(2027, 5, 1)) == 0  # go-live does not wait for it


def test_what_was_requested_runs_by_its_own_clock_and_waits_for_nothing() -> None:
    facts = Facts(items={"order": record("order", "requested", date(2026, 11, 5))})
    found = of(*CHAIN, facts=facts)
    assert "order" not in found.latest
    assert found.begun == {"order": date(2026, 11, 18)}
    assert found.latest_end["order"] == date(2026, 11, 30)
    # Go-live itself waits for the survey, the order does not any more.
    assert found.latest == {"survey": date(2026, 11, 24)}
    assert found.slip_if_over(CHAIN[1], date(2026, 12, 3)) == 2


def test_what_is_done_has_no_latest_day() -> None:
    facts = Facts(items={"survey": record("survey", "done", TODAY)}, ticked=frozenset({"order"}))
    assert of(*CHAIN, facts=facts).latest == {}


def test_a_request_that_is_only_ticked_counts_from_the_day_its_checklist_wants() -> None:
    two = CHAIN[1].model_copy(update={"two_step": True, "depends_on": ()})
    plan = Plan.model_construct(activities=(two,), blackouts=())
    site = Site(id="a", name="A", country="FR")
    facts = Facts(ticked=frozenset({"order:requested"}))
    tasks = agenda(plan, site, facts, FRANCE, GO_LIVE, date(2026, 10, 1))
    assert tasks[0].is_requested
    told = with_ticked_requests(facts, tasks, TODAY)
    assert told.items["order"].on == tasks[0].starts
    assert with_ticked_requests(facts, tasks, date(2026, 9, 1)).items["order"].on == date(2026, 9, 1)
    assert with_ticked_requests(Facts(), (), TODAY) == Facts()


durations = st.builds(Duration, st.integers(0, 12), st.booleans())


@st.composite
def programmes(draw: st.DrawFn) -> tuple[tuple[Activity, ...], Facts]:
    names = [f"a{n}" for n in range(draw(st.integers(1, 6)))]
    found = []
    items: dict[str, ItemRecord] = {}
    for number, name in enumerate(names):
        after = tuple(draw(st.lists(st.sampled_from(names[:number]), unique=True, max_size=2))) if number else ()
        starts = draw(st.sampled_from((-90, -60, 5)))
        found.append(
            Activity(id=name, title=name, starts=Offset(starts, False), takes=draw(durations), depends_on=after)
        )
        state = draw(st.sampled_from((None, None, None, "requested", "done")))
        if state is not None:
            items[name] = record(name, state, date(2026, 10, 1) + timedelta(days=draw(st.integers(0, 30))))
    return tuple(draw(st.permutations(found))), Facts(
        items=items, finished={k: v for k, v in items.items() if v.state == "done"}
    )


def keeps(activities: tuple[Activity, ...], facts: Facts, name: str, day: date) -> bool:
    """Whether go-live is kept when this work begins on a day and all else at once, by the forward pass alone."""
    # Work that begins on a fixed day is work requested on that day: the forward pass takes both alike.
    items = {**facts.items, name: record(name, "requested", day)}
    # Everything that does not follow from it is out of the way: this asks about one piece of work alone.
    behind = {name}
    for _ in activities:
        behind |= {a.id for a in activities if behind & set(a.depends_on) and a.id not in facts.items}
    others = {a.id: record(a.id, "done", date(2026, 1, 1)) for a in activities if a.id not in behind}
    asked = Facts(items={**items, **others}, finished={**facts.finished, **others})
    return longest_path(activities, asked, FRANCE, date(2026, 1, 1)).free <= GO_LIVE


@settings(max_examples=25)
@given(programmes())
def test_the_latest_start_is_the_last_day_that_trying_every_day_finds(case: tuple[tuple[Activity, ...], Facts]) -> None:
    activities, facts = case
    found = pace(activities, facts, FRANCE, GO_LIVE, TODAY)
    for one in activities:
        if facts.items.get(one.id) is not None:
            assert one.id not in found.latest
            continue
        days = [date(2026, 7, 1) + timedelta(days=n) for n in range(170)]
        kept = [day for day in days if FRANCE.is_working(day) and keeps(activities, facts, one.id, day)]
        if len(kept) == sum(map(FRANCE.is_working, days)):  # nothing that go-live waits for follows
            assert one.id not in found.latest
        else:
            assert found.latest[one.id] == max(kept)
            assert found.slip_if_started(one, max(kept)) == 0
            after = FRANCE.on_or_after(max(kept) + timedelta(days=1))
            assert found.slip_if_started(one, after) > 0


@given(programmes())
def test_late_starts_and_the_longest_path_agree(case: tuple[tuple[Activity, ...], Facts]) -> None:
    """Where a latest day has passed, go-live cannot be kept any more."""
    activities, facts = case
    found = pace(activities, facts, FRANCE, GO_LIVE, TODAY)
    if any(day < FRANCE.on_or_before(TODAY) for day in found.latest.values()):
        assert found.slip > 0
