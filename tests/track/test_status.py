"""Colours by their rules, slips along chains, halts and failure tolerance: small programmes, figures by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.stated import ProgrammeState, SiteState, WaveState
from rollout.problem import RolloutError
from rollout.track.colour import RULES, WAITS
from tests.conftest import Write

REPOSITORY = Path(__file__).parents[2]
PRESET = """\
activities:
  order: {title: Order it, phase: build, starts: T-50, takes: 30d, owner: buyer, two_step: true}
  install: {title: Install it, phase: build, starts: T-14, takes: 10d, depends_on: order}
  look-back: {title: Look back, phase: after, starts: T+14, takes: 5d}
gates: {}
"""
PLAN = """\
name: V
work_from: 2026-10-05
waves: {every: month, size: 9, go_live: {on: [tuesday]}}
hypercare: {lasts: 28d}
"""
FILES = {
    "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: S}\nsite_lead: {name: Lea, email: lea@example.com}\n",
    "sites/b.yaml": "name: B\ncountry: FR\nsponsor: {name: S}\n",
    "sites/c.yaml": "name: C\ncountry: FR\nsponsor: {name: S}\n",
    "waves/v/plan.yaml": PLAN,
    "waves/v/schedule.yaml": """\
made: {as_of: 2026-10-01, engine: core, outcome: feasible}
sites: {a: {wave: 1, go_live: 2026-12-01}, b: {wave: 2, go_live: 2027-01-12}, c: {wave: 3, go_live: 2027-02-09}}
""",
    "templates/presets/standard@1.yaml": PRESET,
}
DONE = (
    "- {item: order, state: done, on: 2026-10-20, by: Lea}\n- {item: install, state: done, on: 2026-11-02, by: Lea}\n"
)


def stands(write: Write, as_of: str, more: Mapping[str, str] | None = None) -> ProgrammeState:
    return pipeline.status(write({**FILES, **(more or {})}), date.fromisoformat(as_of))


def one(write: Write, as_of: str, records: str = "", plan: str = PLAN, site: str = "a") -> SiteState:
    files = {"waves/v/plan.yaml": plan} | ({f"waves/v/records/{site}.yaml": records} if records else {})
    return next(state for state in stands(write, as_of, files).sites if state.site == site)


def rules(state: SiteState) -> list[str]:
    return [reason.rule for reason in state.reasons]


def test_green_is_no_reason(programme_folder: Write) -> None:
    state = one(programme_folder, "2026-10-08")
    assert (state.colour, state.reasons, state.slip, state.expected) == ("green", (), 0, date(2026, 12, 1))


def test_late_is_the_longest_path_from_the_day_asked_for(programme_folder: Write) -> None:
    # 40 days of work: the last day to order is 22 October. On the 26th four days are missing.
    assert one(programme_folder, "2026-10-22").slip == 0
    state = one(programme_folder, "2026-10-26")
    assert (state.colour, state.slip, state.expected) == ("red", 4, date(2026, 12, 5))
    assert state.reasons[0].says == "4 days late: Order it (had to start by 22 Oct 2026)"


def test_work_that_can_still_wait_is_amber(programme_folder: Write) -> None:
    # The checklist wants the order on 12 October (T-50), 22 October would do.
    state = one(programme_folder, "2026-10-14")
    assert (state.colour, rules(state)) == ("amber", ["behind"])
    assert state.why() == "1 item behind, since 12 Oct 2026: Order it"


def test_a_requested_item_is_late_when_its_own_clock_is(programme_folder: Write) -> None:
    said = "- {item: order, state: requested, on: 2026-10-26, by: Lea}\n"
    state = one(programme_folder, "2026-10-28", said)
    assert state.reasons[0].says == "4 days late: Order it (had to be over by 20 Nov 2026)"


RECORDS = {
    "rolled-back": "- {status: live, on: 2026-10-01, by: L}\n- {status: rolled_back, on: 2026-10-05, by: L}\n",
    "incident": "- {incident: dark, says: Dark, severity: 2, on: 2026-10-06, by: L}\n",
    "lesson": "- {lesson: hood, says: Hood it, blocking: true, on: 2026-10-06, by: L}\n",
    "forecast": "- {forecast: 2026-12-08, on: 2026-10-06, by: L}\n",
    "later": "- {forecast: 2026-12-06, on: 2026-10-06, by: L}\n",
    "paused": "- {status: paused, on: 2026-10-06, by: L}\n",
    "waiver": "- {waiver: x, gate: g, owner: L, expires: 2026-10-22, because: b, on: 2026-10-06, by: L}\n",
}


@pytest.mark.parametrize("rule", RECORDS)
def test_a_record_makes_the_colour(rule: str, programme_folder: Write) -> None:
    plan = PLAN + "gates: {g: {on: T-7, needs: [{id: x, evidence: order}]}}\n"
    state = one(programme_folder, "2026-10-08", RECORDS[rule], plan)
    assert rules(state)[0] == rule
    assert state.colour == next(r.colour for r in RULES if r.id == rule)


def test_an_incident_that_nobody_has_judged_is_red_as_it_shuts_the_gate(programme_folder: Write) -> None:
    state = one(programme_folder, "2026-10-08", "- {incident: dark, says: Dark, on: 2026-10-06, by: L}\n")
    assert (state.colour, state.why()) == ("red", "incident dark without a severity is open since 6 Oct 2026")


def test_what_is_over_is_no_reason(programme_folder: Write) -> None:
    said = RECORDS["incident"] + "- {incident: dark, closed: 2026-10-07, on: 2026-10-07, by: L}\n"
    said += "- {incident: small, says: Small, severity: 3, on: 2026-10-07, by: L}\n"
    said += RECORDS["lesson"] + "- {lesson: hood, says: Hood it, state: rejected, because: no, on: 2026-10-07, by: L}\n"
    assert one(programme_folder, "2026-10-08", said).colour == "green"


def test_the_gate_says_how_far_a_forecast_may_go(programme_folder: Write) -> None:
    plan = PLAN + "gates: {go-live: {on: T-7, tolerance: 10d}}\n"
    assert rules(one(programme_folder, "2026-10-08", RECORDS["forecast"], plan)) == ["later"]


def test_a_day_that_has_passed_is_overdue(programme_folder: Write) -> None:
    state = one(programme_folder, "2026-12-03", DONE)
    assert (rules(state), state.slip) == (["overdue"], 2)


def test_hypercare_that_does_not_end(programme_folder: Write) -> None:
    live = (
        DONE
        + "- {milestone: go-live, on: 2026-12-01, by: L}\n- {item: look-back, state: done, on: 2026-12-18, by: L}\n"
    )
    assert one(programme_folder, "2027-01-05", live).colour == "green"
    assert rules(one(programme_folder, "2027-01-06", live)) == ["hypercare"]


def test_silence_counts_from_the_last_word_or_from_when_work_was_due(programme_folder: Write) -> None:
    assert "silent" not in rules(one(programme_folder, "2026-10-25"))  # due since the 12th
    assert "silent" in rules(one(programme_folder, "2026-10-26"))
    spoke = "- {note: order, says: asked, on: 2026-10-20, by: L}\n"
    assert "silent" not in rules(one(programme_folder, "2026-11-02", spoke))
    assert "silent" in rules(one(programme_folder, "2026-11-03", spoke))


def test_dropped_sites_have_no_colour_and_unplaced_ones_are_red(programme_folder: Write) -> None:
    dropped = one(programme_folder, "2026-10-08", "- {status: dropped, on: 2026-10-06, by: L}\n")
    assert (dropped.colour, dropped.reasons) == ("none", ())
    schedule = FILES["waves/v/schedule.yaml"].replace("a: {wave: 1, go_live: 2026-12-01}, ", "")
    state = stands(
        programme_folder, "2026-10-08", {"waves/v/schedule.yaml": schedule, "waves/v/records/a.yaml": "[]\n"}
    )
    assert state.sites[0].reasons[0].says == "has no date: not in the schedule yet"


CHAIN = PLAN + "constraints: {b: {after: a, lag: 6w}, c: {after_exit: b}}\n"


def test_a_slip_moves_those_that_wait_and_those_that_wait_for_them(programme_folder: Write) -> None:
    # a: 1 December and four days late; b six weeks after a: 16 January, four days late; c 28 days after b: 13 February.
    state = stands(programme_folder, "2026-10-26", {"waves/v/plan.yaml": CHAIN})
    a, b, c = state.sites
    assert [(push.site, push.days) for push in a.pushes] == [("b", 4), ("c", 4)]
    assert [(push.site, push.days) for push in b.pushes] == [("c", 4)]
    assert (b.expected, c.expected) == (date(2027, 1, 16), date(2027, 2, 13))
    assert (b.slip, b.moves, rules(b)[-1], b.colour) == (0, 4, WAITS.id, "amber")
    assert state.ends == (date(2027, 2, 9), date(2027, 2, 13))
    assert state.colour == "red"
    assert "The end slips 4 days, from 9 Feb 2027 to 13 Feb 2027 (c)." in " ".join(state.headline())


def test_slack_between_sites_takes_a_slip_up(programme_folder: Write) -> None:
    plan = PLAN + "constraints: {b: {after: a, lag: 4w}}\n"
    state = stands(programme_folder, "2026-10-26", {"waves/v/plan.yaml": plan})
    assert (state.sites[0].slip, state.sites[0].pushes, state.sites[1].moves) == (4, (), 0)
    assert state.colour == "amber"


def test_without_a_lag_the_next_one_goes_live_a_day_later(programme_folder: Write) -> None:
    files = {"waves/v/plan.yaml": PLAN + "constraints: {b: {after: a}}\n"}
    files["waves/v/schedule.yaml"] = FILES["waves/v/schedule.yaml"].replace("2027-01-12", "2026-12-02")
    b = stands(programme_folder, "2026-10-26", files).sites[1]
    assert (b.site, b.expected) == ("b", date(2026, 12, 6))


def test_a_waiver_of_the_whole_plan_is_said_from_a_fortnight_before_its_end(programme_folder: Write) -> None:
    said = RECORDS["waiver"].replace("gate: g, ", "")
    files = {
        "waves/v/plan.yaml": PLAN + "gates: {g: {on: T-7, needs: [{id: x, evidence: order}]}}\n",
        "waves/v/records/_plan.yaml": said,
    }
    for as_of, verb in (("2026-10-07", ""), ("2026-10-08", "ends"), ("2026-10-22", "ends"), ("2026-10-23", "ended")):
        remarks = [f"The waiver of x for the whole plan {verb} on 22 Oct 2026 (L)."] if verb else []
        assert list(stands(programme_folder, as_of, files).remarks) == remarks


def test_all_wait_for_the_lighthouse(programme_folder: Write) -> None:
    plan = PLAN + "lighthouse: a\ngates: {wave-1: {on: T-28, needs: [{measure: m, at: lighthouse, at_least: 1}]}}\n"
    schedule = FILES["waves/v/schedule.yaml"].replace("a: {wave: 1", "a: {wave: 0")
    state = stands(programme_folder, "2026-10-26", {"waves/v/plan.yaml": plan, "waves/v/schedule.yaml": schedule})
    # 21 days to measure, 28 to open: 5 December and 49 days are 23 January; b is published for 12 January.
    assert [(push.site, push.days) for push in state.sites[0].pushes] == [("b", 11)]


def test_more_red_sites_than_tolerated_stop_the_programme(programme_folder: Write) -> None:
    for limit, stopped in ((0, True), (1, False)):
        plan = PLAN + f"stop_when: {{red: {limit}}}\n"
        state = stands(programme_folder, "2026-10-26", {"waves/v/plan.yaml": plan})
        assert (state.red, state.is_stopped) == (("a",), stopped)
    assert not stands(programme_folder, "2026-10-26").is_stopped


HALT = """\
- {halt: recall, because: cameras recalled, resume_when: [new firmware, dark, two clean weeks], except: [c], on: 2026-10-06, by: Ines}
"""


FIRMWARE = "- {evidence: new-firmware, at: docs/firmware.pdf, on: 2026-10-06, by: Ines}\n"


def test_a_halt_says_why_until_when_for_whom_and_what_is_in_flight(programme_folder: Write) -> None:
    records = {
        "waves/v/records/_plan.yaml": HALT + FIRMWARE.replace("10-06", "10-05"),
        "waves/v/records/b.yaml": "- {status: preparing, on: 2026-10-06, by: L}\n"
        "- {incident: dark, says: Dark, severity: 3, on: 2026-10-06, by: L}\n",
    }
    state = stands(programme_folder, "2026-10-08", records)
    assert state.is_stopped
    assert state.halts[0].criteria == (("new firmware", None), ("dark", False), ("two clean weeks", None))
    assert list(state.headline())[2:] == [
        "HALTED since 6 Oct 2026 by Ines (recall): cameras recalled",
        "  goes on when: new firmware (to be judged); dark (not met); two clean weeks (to be judged)",
        "  except: c",
        "  in flight: b (preparing)",
    ]
    met = HALT + FIRMWARE
    closed = records["waves/v/records/b.yaml"] + "- {incident: dark, closed: 2026-10-07, on: 2026-10-07, by: L}\n"
    state = stands(
        programme_folder, "2026-10-08", {"waves/v/records/_plan.yaml": met, "waves/v/records/b.yaml": closed}
    )
    assert [holds for _, holds in state.halts[0].criteria] == [True, True, None]
    over = met + "- {resume: recall, on: 2026-10-08, by: Ines}\n"
    assert not stands(programme_folder, "2026-10-08", {"waves/v/records/_plan.yaml": over}).is_stopped


def test_a_wave_that_is_none(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    assert [s.site for s in pipeline.status(root, date(2026, 10, 8), wave=2).shown] == ["b"]
    with pytest.raises(RolloutError, match="there is no wave 7"):
        pipeline.status(root, date(2026, 10, 8), wave=7)


def test_help_and_reference_state_every_rule() -> None:
    from tests.cli.line import rollout

    said = " ".join(rollout("status", "--help").stdout.replace("│", " ").split())
    page = " ".join((REPOSITORY / "docs/reference/status.md").read_text().split())
    for rule in (*RULES, WAITS):
        assert rule.says in said, rule.says
        assert f"| {rule.colour} | `{rule.id}` | {rule.says} |" in page, rule.says


def test_a_site_sees_that_what_it_waits_for_is_late(programme_folder: Write) -> None:
    plan = PLAN + "prerequisites: {net: {title: The network, takes: 10wd, where: {id: [a, b]}}}\n"
    schedule = FILES["waves/v/schedule.yaml"] + "prerequisites: {net: {starts: 2026-11-02, ready: 2026-11-16}}\n"
    files = {"waves/v/plan.yaml": plan, "waves/v/schedule.yaml": schedule}

    def late(as_of: str, more: Mapping[str, str]) -> dict[str, str]:
        found = stands(programme_folder, as_of, {**files, **more}).sites
        return {s.site: r.rule for s in found for r in s.reasons if r.rule in ("unready", "prerequisite")}

    assert late("2026-11-16", {}) == {}
    # Two weeks before 1 December it is red, one day more and it is amber; b has until 12 January.
    assert late("2026-11-17", {}) == {"a": "unready", "b": "prerequisite"}
    shown = "- {evidence: net, at: 'https://example.com/net', on: 2026-11-18, by: L}\n"
    own = {"waves/v/records/a.yaml": shown}
    assert late("2026-11-17", own) == {"a": "unready", "b": "prerequisite"}
    assert late("2026-11-18", own) == {"b": "prerequisite"}
    assert late("2026-11-18", {"waves/v/records/_plan.yaml": shown}) == {}
    said = stands(programme_folder, "2026-11-17", files).sites[0].why(most=None)
    assert "waits for The network, due on 16 Nov 2026 and not ready by record" in said


def test_many_waves_of_which_there_is_nothing_to_say_are_one_row() -> None:
    """Of 121 weekly waves of 2,992 stores 110 said 0/925, green and 25 green."""
    sites = [
        SiteState(
            site=f"s{number}", name="S", wave=number, status="planned", items=37, done=0, slip=0, reasons=(),
            go_live=date(2027, 3, 1 + number), expected=date(2027, 3, 1 + number),
        )
        for number in range(12)
    ]  # fmt: skip
    sites[3] = replace(sites[3], done=1)
    waves = tuple(WaveState(number=number, period="", sites=(one,)) for number, one in enumerate(sites))
    table = ProgrammeState(plan="p", name="P", as_of=date(2027, 1, 4), sites=tuple(sites), waves=waves).wave_table()
    assert [row[0] for row in table.rows] == ["lighthouse", "wave 1", "wave 2", "wave 3", "waves 4 to 11"]
    assert table.rows[-1][1:] == ("5 Mar 2027", "0/296", "", "green", "8 green")
