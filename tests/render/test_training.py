"""Training packets: sessions by head-count, shift and class size, on days people are at work, with enough trainers."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rollout.model.site import Site
from rollout.render.documents.training import agenda, sessions_of
from tests.conftest import Write
from tests.render.test_pages import pages

MARCH = [date(2027, 3, day) for day in (1, 2, 3, 4, 5, 8, 9, 10)]


def site(shifts: int, **headcount: int) -> Site:
    return Site(id="lyon", name="Lyon", country="FR", shifts=shifts, headcount=headcount)


def test_140_operators_on_3_shifts_in_classes_of_12() -> None:
    found = sessions_of(site(3, operators=140), 12, MARCH)
    # 140 on 3 shifts are 47, 47 and 46 people; each shift needs 4 rooms of at most 12.
    assert [(s.shift, s.seats) for s in found] == [
        (1, 12), (1, 12), (1, 12), (1, 11), (2, 12), (2, 12), (2, 12), (2, 11), (3, 12), (3, 12), (3, 11), (3, 11)
    ]  # fmt: skip
    assert [s.day.day for s in found if s.day] == [1, 1, 2, 3, 3, 4, 5, 5, 8, 9, 9, 10]


def test_roles_share_the_window_and_nobody_makes_no_session() -> None:
    found = sessions_of(site(2, operators=13, maintenance=0, engineers=1), 12, MARCH[:2])
    assert [(s.role, s.shift, s.seats) for s in found] == [
        ("operators", 1, 7), ("operators", 2, 6), ("engineers", 1, 1)
    ]  # fmt: skip
    assert [s.day for s in sessions_of(site(1, operators=5), 12, [])] == [None]


@given(st.integers(0, 500), st.integers(1, 5), st.integers(1, 40))
def test_everybody_has_one_seat_and_no_room_is_overfull(people: int, shifts: int, class_size: int) -> None:
    found = sessions_of(site(shifts, operators=people), class_size, MARCH)
    assert sum(s.seats for s in found) == people
    assert all(0 < s.seats <= class_size for s in found)
    by_shift = [sum(s.seats for s in found if s.shift == shift) for shift in range(1, shifts + 1)]
    assert max(by_shift) - min(by_shift) <= 1
    assert len(found) == sum(-(-seats // class_size) for seats in by_shift)


@given(st.integers(1, 40), st.lists(st.text("ab", min_size=1, max_size=3), max_size=8))
def test_an_agenda_fills_its_session(hours: int, workflows: list[str]) -> None:
    rows = agenda(hours * 60, workflows)
    assert sum(row["minutes"] for row in rows) == hours * 60
    assert [row["from"] for row in rows[1:]] == [row["to"] for row in rows[:-1]]
    assert (rows[0]["kind"], rows[-1]["kind"]) == ("welcome", "close")


FILES = {
    "sites/lyon.yaml": """
        name: Lyon
        country: FR
        languages: [en]
        sponsor: {name: Marc Petit}
        headcount: {operators: 140}
        shifts: 3
        workflows: [packing]
        """,
    "waves/_teams.yaml": "teams: {trainers: {people: 1, skills: [training], languages: [en]}, other: {people: 9, languages: [en]}}\n",
    "waves/v/plan.yaml": """
        name: Vision
        work_from: 2026-10-05
        lighthouse: lyon
        training: {class_size: 12, hours: 4}
        constraints: {lyon: {go_live: 2027-06-01}}
        activities: {training: {starts: T-8, takes: 3wd}}
        """,
    "waves/v/content/en/exercises/packing.md": "Pack ten parts.\n",
}


def test_a_packet_has_everything_a_trainer_needs(programme_folder: Write) -> None:
    packet = pages(programme_folder(FILES))["playbooks/v/lyon/training/operators.en.md"]
    assert packet.count("- [ ] Session") == 12
    assert "Trainers: team trainers (1 person for all sites)" in packet
    assert "Pack ten parts." in packet
    for title in ("Sessions", "Before the session", "Agenda", "Exercises", "Proficiency check", "Sign-off"):
        assert f"## {title} <!--" in packet
    assert packet.count("| | | | | |\n") == 12  # a line to sign for each seat


def test_too_few_trainers_on_the_busiest_day_are_named(programme_folder: Write) -> None:
    # Twelve sessions on three days are four a day; one trainer holds two of four hours.
    packet = pages(programme_folder(FILES))["playbooks/v/lyon/training/operators.en.md"]
    assert "**On Mon 24 May 2027 there are 4 sessions and 1 trainer:** agree other days or a second trainer." in packet
    enough = FILES["waves/_teams.yaml"].replace("people: 1", "people: 2")
    packet = pages(programme_folder({**FILES, "waves/_teams.yaml": enough}))[
        "playbooks/v/lyon/training/operators.en.md"
    ]
    assert "agree other days" not in packet
