"""The plan as a calendar: what is in it, names that stay, numbers that rise when a date moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest

from rollout import pipeline
from rollout.model.entries import Moves, sequence_on
from rollout.model.schedule import Made, Placement, Schedule
from tests.conftest import Write, git

TODAY = date(2026, 12, 1)
SITE = "name: {}\ncountry: FR\nsponsor: {{name: Marc Petit}}\n"
SCHEDULE = """\
made: {{as_of: {}, engine: core, effort: normal, outcome: optimal, proved: []}}
sites:
  linz: {{wave: 2, go_live: {}}}
  lyon: {{wave: 1, go_live: {}}}
"""
FILES = {
    "sites/lyon.yaml": SITE.format("Lyon; Béziers, 東京")
    + "blackouts: [{id: fair, from: 2027-01-11, to: 2027-01-12}]\n",
    "sites/linz.yaml": SITE.format("Linz") + "blackouts: [{id: fair, from: 2027-01-11, to: 2027-01-12}]\n",
    "waves/v/plan.yaml": """
        name: V
        preset: bare@1
        work_from: 2026-10-05
        blackouts: [{id: freeze, from: 12-18, to: 01-03, every: year, because: "year's end"}]
        activities:
          review: {title: Review, starts: T-60, takes: 20d, owner: site_lead}
        gates:
          wave: {title: May it go on?, on: T-28, needs: [{evidence: review}]}
        """,
    "templates/presets/bare@1.yaml": "replan: {hold: 6w}\n",
    "waves/v/schedule.yaml": SCHEDULE.format("2026-10-01", "2027-03-09", "2027-02-02"),
}


def entries(root: Path, as_of: date = TODAY) -> dict[str, icalendar.Event]:
    data = pipeline.plan_calendar(root, as_of)
    assert data == pipeline.plan_calendar(root, as_of)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    found = icalendar.Calendar.from_ical(data).events
    assert len({event.uid for event in found}) == len(found)
    return {event.uid.removesuffix(".v@rollout"): event for event in found}


def test_what_stands_in_it(programme_folder: Write) -> None:
    found = entries(programme_folder(FILES))
    days = {uid: (event.start, event.end - timedelta(days=1), str(event["SUMMARY"])) for uid, event in found.items()}
    assert days == {
        "start.review.lyon": (date(2027, 1, 13), date(2027, 1, 13), "Lyon; Béziers, 東京: Review"),
        "start.review.linz": (date(2027, 2, 17), date(2027, 2, 17), "Linz: Review"),
        "blackout.plan.freeze.2026-12-18.2027-01-03": (date(2026, 12, 18), date(2027, 1, 3), "Blackout: Freeze"),
        "blackout.fair.2027-01-11.2027-01-12": (
            date(2027, 1, 11), date(2027, 1, 12), "Blackout: Fair (Linz, Lyon; Béziers, 東京)"
        ),
        "gate.wave-2": (date(2027, 2, 9), date(2027, 2, 9), "Gate: May it go on? (Wave 2)"),
        "go-live.lyon": (date(2027, 2, 2), date(2027, 2, 2), "Go-live: Lyon; Béziers, 東京"),
        "go-live.linz": (date(2027, 3, 9), date(2027, 3, 9), "Go-live: Linz"),
    }  # fmt: skip
    assert found["go-live.lyon"].stamp == datetime(2026, 10, 1, tzinfo=UTC)
    assert found["start.review.lyon"].stamp == datetime(2026, 12, 1, tzinfo=UTC)
    assert {str(event["TRANSP"]) for event in found.values()} == {"TRANSPARENT"}


def test_what_a_blackout_blocks_is_named_as_on_pages(programme_folder: Write) -> None:
    plan = FILES["waves/v/plan.yaml"].replace("every: year,", "every: year, blocks: [go_live, ml-review],")
    root = programme_folder(
        FILES
        | {
            "waves/v/plan.yaml": plan.replace("review:", "ml-review:").replace(
                "{evidence: review}", "{evidence: ml-review}"
            )
        }
    )
    (freeze,) = (event for uid, event in entries(root).items() if "plan.freeze" in uid)
    assert "Not then: go-live, ML review" in freeze["DESCRIPTION"]


def test_the_number_rises_where_a_date_moves_and_nowhere_else(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    schedule = root / "waves/v/schedule.yaml"

    def numbers() -> tuple[int, int]:
        found = entries(root)
        return found["go-live.lyon"].sequence, found["go-live.linz"].sequence

    first = sequence_on(date(2026, 10, 1))
    assert numbers() == (first, first)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Publish")
    assert numbers() == (first, first)
    schedule.write_text(SCHEDULE.format("2026-11-02", "2027-03-16", "2027-02-02"))
    assert numbers() == (first, sequence_on(date(2026, 11, 2)))
    git(root, "commit", "-qam", "Linz moves")
    schedule.write_text(SCHEDULE.format("2026-11-02", "2027-03-23", "2027-02-02"))
    git(root, "commit", "-qam", "and again on the same day")
    assert numbers() == (first, sequence_on(date(2026, 11, 2)) + 1)
    schedule.write_text(SCHEDULE.format("2026-11-09", "2027-03-23", "2027-02-02"))
    git(root, "commit", "-qam", "nobody moves")
    assert numbers() == (first, sequence_on(date(2026, 11, 2)) + 1)


def test_what_is_due_moves_with_the_plan_on_the_same_day(programme_folder: Write) -> None:
    """Whoever took the calendar in the morning takes the one after the change too."""
    root, today = programme_folder(FILES), date(2026, 12, 1)
    schedule = root / "waves/v/schedule.yaml"
    before = entries(root, today)
    schedule.write_text(SCHEDULE.format("2026-12-01", "2027-03-10", "2027-02-02"))
    after = entries(root, today)
    moved = {uid for uid in before if uid in after and before[uid].start != after[uid].start}
    assert moved >= {"start.review.linz", "go-live.linz", "gate.wave-2"}
    assert all(after[uid].sequence > before[uid].sequence for uid in moved)


def test_a_site_that_goes_and_comes_back_has_moved() -> None:
    made = Made(as_of=date(2026, 11, 2), outcome="feasible")
    schedule = Schedule(made=made, sites={"a": Placement(wave=1, go_live=date(2027, 3, 2))})
    moves = Moves()
    moves.take(date(2026, 10, 1), {"a": date(2027, 3, 2), "b": date(2027, 3, 2)})
    moves.take(date(2026, 10, 5), {"a": None})
    assert moves.of(schedule)["a"].sequence == sequence_on(date(2026, 11, 2))


def test_what_happened_is_certain(programme_folder: Write) -> None:
    root = programme_folder(
        {**FILES, "waves/v/records/lyon.yaml": "- {status: live, on: 2027-02-03, by: Claire Dubois}\n"}
    )
    lyon = entries(root, date(2027, 2, 10))["go-live.lyon"]
    assert (lyon.start, str(lyon["STATUS"])) == (date(2027, 2, 3), "CONFIRMED")
    assert lyon.sequence == sequence_on(date(2027, 2, 3))


@pytest.mark.parametrize("day", [date(2019, 5, 1), date(2020, 1, 1)])
def test_numbers_are_never_negative(day: date) -> None:
    assert sequence_on(day) == 0


def test_the_gate_of_a_wave_is_about_those_whom_it_lets_go(programme_folder: Write) -> None:
    """Its day is the one that `gate` says: a dropped site and one that is live do not set it."""
    sites = "  graz: {wave: 2, go_live: 2027-03-02}\n  linz: {wave: 2, go_live: 2027-03-09}\n"
    dates = SCHEDULE.format("2026-10-01", "2027-03-09", "2027-02-02").partition("  linz")[0]
    lyon = "  lyon: {wave: 2, go_live: 2027-03-16}\n"
    files = FILES | {"sites/graz.yaml": SITE.format("Graz"), "waves/v/schedule.yaml": dates + sites + lyon}

    def gate(**records: str) -> tuple[date, str]:
        rows = {f"waves/v/records/{site}.yaml": f"- {{{row}, by: Ada}}\n" for site, row in records.items()}
        root, day = programme_folder(files | rows), date(2027, 3, 8)
        (asked,) = (one for one in pipeline.gates(root, day).gates if one.gate == "wave-2")
        found = entries(root, day)["gate.wave-2"]
        assert found.start == asked.on
        return found.start, str(found["DESCRIPTION"])

    everybody = "Opens Wave 2, first go-live 2027-03-02: Graz, Linz, Lyon; Béziers, 東京"
    assert gate() == (date(2027, 2, 2), everybody)
    dropped = "status: dropped, on: 2027-01-04, because: sold"
    live = "status: live, on: 2027-03-08"
    rest = "Opens Wave 2, first go-live 2027-03-16: Lyon; Béziers, 東京"
    assert gate(graz=dropped, linz=live) == (date(2027, 2, 16), rest)
    assert gate(graz=dropped, linz=live, lyon=live) == (
        date(2027, 2, 8), "Opens Wave 2, first go-live 2027-03-08: Linz, Lyon; Béziers, 東京"
    )  # fmt: skip
