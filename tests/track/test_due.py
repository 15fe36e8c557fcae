"""What is due, counted by hand; and never what is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollout import pipeline
from rollout.model.binding import bind
from rollout.model.due import Due, DueItem
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import ItemRecord
from rollout.problem import RolloutError
from rollout.track.due import Wanted
from rollout.track.due import due as due_of
from rollout.track.standing import stand
from tests.conftest import Write, loaded
from tests.track.test_status import FILES, PLAN

TODAY = date(2026, 10, 26)


def asked(
    write: Write, as_of: date = TODAY, within: int = 14, more: Mapping[str, str] | None = None, **only: object
) -> Due:
    return pipeline.due(write({**FILES, **(more or {})}), as_of, within, **only)  # type: ignore[arg-type]  # of any kind


def rows(found: Due) -> list[tuple[str, str, str | None, str]]:
    return [(item.kind, item.id, item.site, item.day.isoformat()) for item in found.items]


def approval(write: Write, files: Mapping[str, str], gate: str, role: str, site: str, on: str = "2026-11-02") -> str:
    """The line of an approval that binds what stands there now."""
    programme = loaded(write({**FILES, **files}))
    folder = programme.plans["v"]
    known, schedule = folder.plan.gate_of(gate), folder.schedule
    assert known is not None
    assert schedule is not None
    digest = bind(folder, known, gate, programme.sites[site], programme.files).digest
    bound = f"{site}: {{binds: '{digest}', go_live: {schedule.sites[site].go_live}}}"
    return f"- {{approval: {gate}, role: {role}, decision: go, by: S, on: {on}, sites: {{{bound}}}}}\n"


def records(text: str, site: str = "a") -> dict[str, str]:
    return {f"waves/v/records/{site}.yaml": text}


def test_overdue_first_then_by_the_latest_day(programme_folder: Write) -> None:
    found = asked(programme_folder, within=42)
    # a: 40 days before 1 December is 22 October. b: 3 December. Ten days before a's go-live: 20 November (21 is a Saturday).
    assert rows(found) == [
        ("request", "order", "a", "2026-10-22"),
        ("start", "install", "a", "2026-11-20"),
        ("request", "order", "b", "2026-12-03"),
    ]
    first, second, _ = found.items
    assert [item.is_overdue for item in found.items] == [True, False, False]
    assert (first.slip_now, second.slip_now) == (4, 0)
    # Nothing until 7 December: begun on the 8th, 40 days lead to 17 January, after 1 December and 12 January.
    assert [item.slip_if_missed for item in found.items] == [47, 17, 5]
    assert (first.norm, first.owner.shown) == (date(2026, 10, 12), "buyer")
    (today,) = asked(programme_folder, date(2026, 10, 22), within=0, site="a").items
    assert (today.id, today.is_overdue, today.slip_now) == ("order", False, 0), "the latest day is not too late"


def test_requests_come_first_among_equals(programme_folder: Write) -> None:
    preset = FILES["templates/presets/standard@1.yaml"].replace(
        "gates: {}", "  a-walk: {title: Walk, phase: build, starts: T-60, takes: 40d}\ngates: {}"
    )
    found = asked(programme_folder, more={"templates/presets/standard@1.yaml": preset}, site="a")
    assert [(item.day.day, item.id) for item in found.items] == [(22, "order"), (22, "a-walk")]


def test_what_is_requested_is_due_when_it_has_to_be_over(programme_folder: Write) -> None:
    said = records("- {item: order, state: requested, on: 2026-10-19, by: Lea}\n")
    assert rows(asked(programme_folder, more=said, site="a")) == []
    item = asked(programme_folder, within=25, more=said, site="a").items[0]
    # By its own clock it is over on 17 November; the installation could wait until the 20th.
    assert (item.kind, item.id, item.day, item.since) == ("over", "order", date(2026, 11, 17), date(2026, 10, 19))
    # Not there by 20 November and 10 days to install: 1 December is kept.
    assert (item.is_overdue, item.slip_now, item.slip_if_missed) == (False, 0, 0)
    late = asked(programme_folder, date(2026, 11, 24), 7, said, site="a").items
    assert [(i.id, i.is_overdue, i.slip_now) for i in late] == [("order", True, 3), ("install", True, 3)]


def test_a_ticked_request_is_not_asked_for_again(programme_folder: Write) -> None:
    page = {"playbooks/v/a/checklist.md": "- [x] Order it <!-- rollout:order:requested 0123abcd -->\n"}
    found = asked(programme_folder, within=28, more=page, site="a")
    assert [(item.kind, item.id, item.since) for item in found.items] == [
        ("over", "order", None),
        ("start", "install", None),
    ]


def test_what_can_wait_is_counted_and_listed_on_request(programme_folder: Write) -> None:
    day = date(2026, 10, 14)
    assert asked(programme_folder, day, 3).waiting == 1
    assert rows(asked(programme_folder, day, 3)) == []
    assert rows(asked(programme_folder, day, 3, norm=True)) == [("request", "order", "a", "2026-10-12")]


def test_work_after_go_live_is_due_by_its_norm(programme_folder: Write) -> None:
    live = records("- {milestone: go-live, on: 2026-12-01, by: L}\n")
    found = asked(programme_folder, date(2026, 12, 10), 7, live, site="a")
    assert rows(found) == [("start", "look-back", "a", "2026-12-15")]  # and nothing from before
    assert found.items[0].slip_if_missed == 0


def test_hypercare_ends_and_its_gate_is_decided(programme_folder: Write) -> None:
    live = records(
        "- {milestone: go-live, on: 2026-12-01, by: L}\n- {item: look-back, state: done, on: 2026-12-18, by: L}\n"
    )
    day = date(2026, 12, 27)
    assert rows(asked(programme_folder, day, 7, live, site="a")) == [("exit", "hypercare", "a", "2026-12-29")]
    asks = "needs: [{measure: open-severe-defects, at_most: 0}]"
    plan = {"waves/v/plan.yaml": PLAN + f"gates: {{exit: {{on: T+28, title: May it leave?, {asks}}}}}\n"}
    shut = records(live["waves/v/records/a.yaml"] + "- {incident: dark, says: Dark, on: 2026-12-20, by: L}\n")
    found = asked(programme_folder, day, 7, {**shut, **plan}, site="a")
    assert rows(found) == [("decide", "exit", "a", "2026-12-29")]
    assert found.items[0].owner.role == "site_lead"
    # It asks for nobody's approval, so it is open as soon as its criteria hold; that the site left is still to be recorded.
    assert rows(asked(programme_folder, day, 7, {**live, **plan}, site="a")) == [
        ("exit", "hypercare", "a", "2026-12-29")
    ]
    asks = {"waves/v/plan.yaml": PLAN + "gates: {exit: {on: T+28, approvals: {sponsor: 1}}}\n"}
    approved = records(approval(programme_folder, {**live, **asks}, "exit", "sponsor", "a", "2026-12-20"), "_plan")
    for said, kind in (({}, "decide"), (approved, "exit")):
        programme_folder({"waves/v/records/_plan.yaml": ""})
        assert [row[0] for row in rows(asked(programme_folder, day, 7, {**live, **asks, **said}, site="a"))] == [kind]
    left = {
        **live,
        "waves/v/records/a.yaml": live["waves/v/records/a.yaml"] + "- {milestone: exit, on: 2026-12-27, by: L}\n",
    }
    assert rows(asked(programme_folder, day, 7, {**left, **plan}, site="a")) == []


def test_what_many_wait_for_one_after_the_other_is_due_all_the_same(programme_folder: Write) -> None:
    steps = [f"  p{n}: {{title: P{n}, takes: 1d{f', depends_on: p{n - 1}' * (n > 0)}}}\n" for n in range(1200)]
    days = "prerequisites: {p0: {starts: 2026-11-02, ready: 2026-11-03}}\n"
    plan = {
        "waves/v/plan.yaml": PLAN + "prerequisites:\n" + "".join(steps),
        "waves/v/schedule.yaml": FILES["waves/v/schedule.yaml"] + days,
    }
    item = next(item for item in asked(programme_folder, more=plan).items if item.id == "p0")
    # Begun the day after this fortnight, 1,200 days are over that much later than 1 December 2026.
    assert (item.kind, item.slip_if_missed) == ("start", (TODAY + timedelta(days=15 + 1200) - date(2026, 12, 1)).days)


def test_a_gate_has_one_day_and_that_is_worked(programme_folder: Write) -> None:
    """T-9 from Tuesday 1 December is a Sunday. A wave is decided about on days of no one country: not those of its site."""
    plan = PLAN + "gates: {go-live: {on: T-9, approvals: {sponsor: 1}}, wave-1: {on: T-1wd, approvals: {sponsor: 1}}}\n"
    site = FILES["sites/a.yaml"] + "weekend: [sunday, monday]\n"
    root = programme_folder({**FILES, "waves/v/plan.yaml": plan, "sites/a.yaml": site})
    told = {gate.gate: gate.on for gate in pipeline.gates(root, TODAY).gates}
    asked_for = {item.id: item.day for item in pipeline.due(root, TODAY, 60).items if item.kind == "decide"}
    assert asked_for == told == {"go-live": date(2026, 11, 21), "wave-1": date(2026, 11, 30)}


def test_a_gate_of_a_wave_is_about_the_sites_that_are_still_to_go_live(programme_folder: Write) -> None:
    """As `rollout gate` has it: not about one that is live, and not about one that was dropped."""
    wide = FILES["waves/v/schedule.yaml"].replace("{wave: 2, go_live: 2027-01-12}", "{wave: 1, go_live: 2026-12-22}")
    plan = PLAN.replace("month", "quarter") + "gates: {wave-1: {on: T-7, approvals: {sponsor: 1}}}\n"
    files = {"waves/v/plan.yaml": plan, "waves/v/schedule.yaml": wide}
    for said, day, site in (
        (records("- {milestone: go-live, on: 2026-12-01, by: L}\n", "a"), date(2026, 12, 15), "b"),
        (records("") | records("- {status: dropped, on: 2026-11-02, by: L}\n", "b"), date(2026, 11, 24), "a"),
    ):
        as_of = date(2026, 12, 10)
        (item,) = (item for item in asked(programme_folder, as_of, more={**files, **said}).items if item.id == "wave-1")
        found = pipeline.gate(programme_folder({**FILES, **files, **said}), as_of, "wave-1")
        assert (item.day, item.title) == (found.on, f"wave-1 ({site})") == (day, f"wave-1 ({found.sites[0].site})")


def test_a_gate_of_a_site_is_none_of_its_exit_however_late(programme_folder: Write) -> None:
    live = records("- {milestone: go-live, on: 2026-12-01, by: L}\n")
    plan = {"waves/v/plan.yaml": PLAN + "gates: {handover: {on: T+14}}\n"}
    found = asked(programme_folder, date(2026, 12, 27), 7, {**live, **plan}, site="a")
    assert ("exit", "hypercare", "a", "2026-12-29") in rows(found)
    assert "handover" not in {item.id for item in found.items}


GATES = (
    PLAN
    + """\
gates:
  wave-1: {title: May wave 1 go?, on: T-28, approvals: {sponsor: 1}}
  go-live: {title: Does it go?, on: T-7, approvals: {sponsor: 1}}
people: {programme_manager: {name: Pat, email: pat@example.com}}
"""
)
ALL_DONE = (
    "- {item: order, state: done, on: 2026-10-20, by: L}\n- {item: install, state: done, on: 2026-10-21, by: L}\n"
)


def test_gates_are_due_until_they_are_decided(programme_folder: Write) -> None:
    files = {"waves/v/plan.yaml": GATES, **records(ALL_DONE)}
    day = date(2026, 11, 20)
    found = asked(programme_folder, day, 7, files)
    assert rows(found) == [("decide", "wave-1", None, "2026-11-03"), ("decide", "go-live", "a", "2026-11-24")]
    assert [item.owner.shown for item in found.items] == ["Pat", "S"]
    approved = approval(programme_folder, files, "wave-1", "sponsor", "a")
    assert rows(asked(programme_folder, day, 7, {**files, **records(approved, "_plan")}, wave=1)) == [
        ("decide", "go-live", "a", "2026-11-24")
    ]
    refused = approved.replace("decision: go", "decision: no_go")
    assert len(asked(programme_folder, day, 7, {**files, **records(refused, "_plan")}).items) == 2


def test_a_gate_that_asks_for_nobodys_approval_is_decided_by_its_criteria(programme_folder: Write) -> None:
    """As `rollout gate` has it, for one site and for a wave; an approval that nobody asked for changes nothing."""
    need = "needs: [{evidence: install}]"
    plan = PLAN + f"gates: {{wave-1: {{on: T-28, {need}}}, go-live: {{on: T-7, {need}}}}}\n"
    day, files = date(2026, 11, 20), {"waves/v/plan.yaml": plan, **records(ALL_DONE)}
    unasked = approval(programme_folder, files, "go-live", "sponsor", "a", "2026-11-18")
    shown = records(ALL_DONE + "- {evidence: install, at: 'https://x.example', on: 2026-11-03, by: L}\n")
    for said, decision, due in (
        (records(unasked, "_plan"), "no_go", ["wave-1", "go-live"]),
        (shown, "go", []),
    ):
        root = programme_folder({**FILES, **files, **said})
        found = [pipeline.gate(root, day, name, sites=("a",)).decision for name in ("wave-1", "go-live")]
        assert found == [decision] * 2
        assert [item.id for item in asked(programme_folder, day, 7, {**files, **said}).items if item.site != "b"] == due


def test_a_stale_approval_is_renewed_by_who_gave_it(programme_folder: Write) -> None:
    day, plan = date(2026, 11, 20), {"waves/v/plan.yaml": GATES, **records(ALL_DONE)}
    both = approval(programme_folder, plan, "wave-1", "sponsor", "a")
    both += approval(programme_folder, plan, "go-live", "sponsor", "a", "2026-11-18")
    files = {**plan, **records(both, "_plan")}
    assert rows(asked(programme_folder, day, 7, files, site="a")) == []
    changed = {**files, "sites/a.yaml": FILES["sites/a.yaml"] + "workflows: [packaging]\n"}
    found = asked(programme_folder, day, 7, changed, site="a")
    assert rows(found) == [("renew", "wave-1", None, "2026-11-03"), ("renew", "go-live", "a", "2026-11-24")]
    assert [item.owner.shown for item in found.items] == ["S", "S"]
    assert [item.what for item in found.items] == [
        "Renew the approval: May wave 1 go? (a)",
        "Renew the approval: Does it go? (sponsor)",
    ]
    state = next(one for one in pipeline.status(programme_folder({}), day).sites if one.site == "a")
    stale = [reason.says for reason in state.reasons if reason.rule == "approval"]
    assert stale == ["to be approved again, because something it was given for has changed: wave-1 by S, go-live by S"]
    # A day that moved by more than the gate tolerates (nothing) is something else too; a day before the record is not.
    moved = {**files, "waves/v/schedule.yaml": FILES["waves/v/schedule.yaml"].replace("2026-12-01", "2026-12-08")}
    assert [row[0] for row in rows(asked(programme_folder, day, 14, moved, site="a"))] == ["renew", "renew"]
    assert [row[0] for row in rows(asked(programme_folder, date(2026, 11, 1), 30, files, site="a"))] == ["decide"] * 2


def test_what_has_left_hypercare_is_not_approved_again(programme_folder: Write) -> None:
    live = ALL_DONE + "- {milestone: go-live, on: 2026-12-01, by: L}\n"
    plan = {"waves/v/plan.yaml": PLAN + "gates: {exit: {on: T+28, approvals: {sponsor: 1}}}\n", **records(live)}
    files = {**plan, **records(approval(programme_folder, plan, "exit", "sponsor", "a", "2026-12-20"), "_plan")}
    files["sites/a.yaml"] = FILES["sites/a.yaml"] + "workflows: [packaging]\n"
    for said, expected in ((live, ["approval"]), (live + "- {milestone: exit, on: 2026-12-27, by: L}\n", [])):
        root = programme_folder({**FILES, **files, **records(said)})
        state = next(one for one in pipeline.status(root, date(2026, 12, 27)).sites if one.site == "a")
        assert [reason.rule for reason in state.reasons if reason.rule == "approval"] == expected


def test_a_gate_is_open_until_every_role_has_approved_and_later_waves_have_theirs(programme_folder: Write) -> None:
    gates = GATES.replace("approvals: {sponsor: 1}}\npeople", "approvals: {sponsor: 1, security: 1}}\npeople")
    gates = gates.replace("gates:\n", "gates:\n  wave: {title: The next?, on: T-14, approvals: {sponsor: 1}}\n")
    files = {"waves/v/plan.yaml": gates, **records(ALL_DONE), "sites/b.yaml": "name: B\ncountry: FR\n"}
    once = approval(programme_folder, files, "go-live", "sponsor", "a", "2026-11-18")
    found = asked(programme_folder, date(2026, 11, 20), 60, {**files, **records(once, "_plan")})
    decide = [(item.id, item.site, item.owner.role) for item in found.items if item.kind == "decide"]
    assert ("go-live", "a", "security") in decide
    assert ("wave-2", None, "programme_manager") in decide
    assert not [item for item in found.items if item.id == "wave"]


def test_evidence_that_runs_out_at_a_live_site_is_renewed(programme_folder: Write) -> None:
    plan = (
        PLAN
        + "gates: {go-live: {on: T-7, needs: [{evidence: order, max_age: 90d, owner: buyer}, {evidence: install, max_age: 89d}]}}\n"
    )
    live = records(
        ALL_DONE
        + "- {milestone: go-live, on: 2026-12-01, by: L}\n- {item: look-back, state: done, on: 2026-12-18, by: L}\n"
    )
    found = asked(programme_folder, date(2027, 1, 10), 14, {"waves/v/plan.yaml": plan, **live}, site="a")
    # 90 days after 20 October; what has to be younger than that was for the go-live alone.
    assert [row for row in rows(found) if row[0] == "review"] == [("review", "order", "a", "2027-01-18")]


def test_prerequisites_start_and_get_ready(programme_folder: Write) -> None:
    plan = PLAN + "prerequisites: {net: {title: The network, takes: 10wd, needs: {crew: 1}}}\n"
    schedule = FILES["waves/v/schedule.yaml"] + "prerequisites: {net: {starts: 2026-11-02, ready: 2026-11-16}}\n"
    files = {
        "waves/v/plan.yaml": plan,
        "waves/v/schedule.yaml": schedule,
        "waves/_teams.yaml": "teams: {crew: {people: 1}}\n",
        **records(ALL_DONE),
    }
    item = asked(programme_folder, TODAY, 14, files).items[0]
    # Begun on the 10th of November it is ready on the 24th, in time for 1 December; missed until the 23rd it is not.
    assert (item.kind, item.id, item.day, item.owner.shown, item.slip_if_missed) == (
        "start", "net", date(2026, 11, 2), "team crew", 0,
    )  # fmt: skip
    assert asked(programme_folder, TODAY, 28, files).items[0].slip_if_missed == 7
    later = [i for i in asked(programme_folder, date(2026, 11, 9), 7, files).items if i.id == "net"]
    assert [(i.kind, i.day) for i in later] == [("ready", date(2026, 11, 16))]
    overdue = [i for i in asked(programme_folder, date(2026, 11, 17), 7, files).items if i.id == "net"]
    assert [(i.kind, i.is_overdue) for i in overdue] == [("ready", True)]
    shown = records("- {evidence: net, at: 'https://example.com/net', on: 2026-11-16, by: L}\n", "_plan")
    assert "net" not in {i.id for i in asked(programme_folder, date(2026, 11, 17), 7, {**files, **shown}).items}


def test_paused_and_dropped_sites_have_nothing_due(programme_folder: Write) -> None:
    for status in ("paused", "dropped"):
        said = records(f"- {{status: {status}, on: 2026-10-06, by: L}}\n")
        assert asked(programme_folder, more=said, site="a").items == ()


def test_of_one_owner(programme_folder: Write) -> None:
    plan = {"waves/v/plan.yaml": PLAN + "people: {buyer: {name: Bo Buyer, email: bo@example.com}}\n"}
    for name in ("Bo Buyer", "bo", "buyer", "BO@example.com"):
        assert [item.id for item in asked(programme_folder, more=plan, owner=name).items] == ["order"]
    assert asked(programme_folder, more=plan, owner="Lea").items == ()
    with pytest.raises(RolloutError, match='did you mean "Bo Buyer"'):
        asked(programme_folder, more=plan, owner="Bo Buyr")


def test_a_message_is_ready_to_paste(programme_folder: Write) -> None:
    plan = PLAN + "web: https://git.example.com/acme/r\npeople: {buyer: {name: Bo Buyer, email: bo@example.com}}\n"
    found = asked(programme_folder, more={"waves/v/plan.yaml": plan, "sites/b.yaml": FILES["sites/b.yaml"]}, within=40)
    first = found.messages()[0]
    assert first.text == (
        "To: Bo Buyer <bo@example.com>\n"
        "Subject: V: 2 things are due until 5 Dec 2026, 1 overdue\n"
        "\n"
        "Bo Buyer,\n"
        "\n"
        "this is how things stand on Mon 26 Oct 2026.\n"
        "\n"
        "Overdue:\n"
        "\n"
        "- A: Order it: had to be requested by Thu 22 Oct 2026; go-live slips 4 days even if it happens today\n"
        "\n"
        "Until Sat 5 Dec 2026:\n"
        "\n"
        "- B: Order it: to be requested by Thu 3 Dec 2026\n"
        "\n"
        "Tick what is done:\n"
        "\n"
        "- A: https://git.example.com/acme/r/edit/main/playbooks/v/a/checklist.md\n"
        "- B: https://git.example.com/acme/r/edit/main/playbooks/v/b/checklist.md\n"
    )
    assert [message.owner.shown for message in found.messages()] == ["Bo Buyer", "Lea"]


ITEMS = ("order", "install", "look-back")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    root = tmp_path_factory.mktemp("due")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return loaded(root)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(
        st.tuples(
            st.sampled_from("abc"), st.sampled_from(ITEMS), st.sampled_from(("requested", "done")), st.integers(0, 60)
        ),
        max_size=8,
    ),
    today=st.integers(0, 150),
    within=st.integers(0, 60),
    norm=st.booleans(),
)
def test_what_is_done_is_never_due_and_nothing_lies_beyond(
    base: Programme, said: list[tuple[str, str, str, int]], today: int, within: int, norm: bool
) -> None:
    begin = date(2026, 9, 1)
    found: dict[str, tuple[ItemRecord, ...]] = {}
    for site, item, state, day in said:
        record = ItemRecord(item=item, state=state, on=begin + timedelta(days=day), by="L")  # type: ignore[arg-type]  # a state
        found[site] = (*found.get(site, ()), record)
    folder = PlanFolder(plan=base.plans["v"].plan, schedule=base.plans["v"].schedule, records=found)
    assert folder.schedule is not None
    as_of = begin + timedelta(days=today)
    programme = Programme(sites=base.sites, plans={"v": folder})
    answer = due_of(stand(programme, folder, folder.schedule), as_of, Wanted(within=timedelta(days=within), norm=norm))
    of_items: list[DueItem] = [item for item in answer.items if item.kind in ("request", "start", "over")]
    for item in of_items:
        facts = folder.facts.get(item.site or "")
        assert facts is None or not facts.is_done(item.id)
        asked_for = facts is not None and facts.is_requested(item.id)
        assert (item.kind == "over") == asked_for
        assert item.day <= answer.until
        assert item.slip_now <= item.slip_if_missed
    assert [item.is_overdue for item in answer.items] == sorted((i.is_overdue for i in answer.items), reverse=True)
    assert len({item.uid for item in answer.items}) == len(answer.items)


def test_the_next_review_of_a_version_is_due_until_a_later_one_is_set(programme_folder: Write) -> None:
    plan = PLAN + 'version: "2.3"\n'
    common = "- {governance: '2.3', next_review: 2027-03-01, on: 2026-10-05, by: M}\n"
    at_site = "- {governance: '2.3', next_review: 2027-03-08, on: 2026-10-05, by: M}\n"
    old = "- {governance: '2.2', next_review: 2026-11-01, on: 2026-10-05, by: M}\n"
    files = {"waves/v/plan.yaml": plan, **records(ALL_DONE + at_site + old), **records(common, "_plan")}
    day = date(2027, 3, 5)
    found = asked(programme_folder, day, 14, files)
    reviews = [row for row in rows(found) if row[0] == "review"]
    assert reviews == [("review", "governance", None, "2027-03-01"), ("review", "governance", "a", "2027-03-08")]
    later = common + common.replace("2027-03-01", "2027-09-01").replace("2026-10-05", "2027-03-04")
    found = asked(programme_folder, day, 14, {**files, **records(later, "_plan")}, site=None)
    assert [row for row in rows(found) if row[0] == "review"] == [("review", "governance", "a", "2027-03-08")]
