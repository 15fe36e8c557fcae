"""Engineers, sponsors, champions and the share of change work, by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout import pipeline
from rollout.model.people import at_once, champions_needed, shifts_without
from rollout.model.site import Champion, Site
from tests.conftest import TODAY, Write

PLAN = """\
name: V
work_from: 2026-01-05
lighthouse: lyon
hypercare: {lasts: 10d}
"""
PRESET = """\
activities:
  sponsor-commitment: {title: Commit, starts: T-180, takes: 14d, workflow_change: true}
  champions: {title: Choose, starts: T-150, takes: 30d, workflow_change: true}
  install: {title: Install, starts: T-14, takes: 5d}
gates: {}
"""
TEAMS = """\
spokes:
  coatings:
    serves: [coatings]
    engineers:
      - {name: Ana, languages: [fr], from: 2026-01-05}
      - {name: Ben, languages: [de], from: 2026-08-01, to: 2026-12-31}
"""


def programme(
    write: Write,
    *,
    go_live: str = "2026-11-30",
    site: str = "business_unit: coatings\nlanguages: [fr]\n",
    teams: str = TEAMS,
    preset: str = PRESET,
    records: str = "",
) -> Path:
    return write(
        {
            "sites/lyon.yaml": f"name: Lyon\ncountry: FR\nsponsor: {{name: Marc}}\n{site}",
            "waves/_teams.yaml": teams,
            "waves/v/plan.yaml": PLAN,
            "waves/v/schedule.yaml": "made: {as_of: 2026-01-01, outcome: feasible}\n"
            f"sites: {{lyon: {{wave: 0, go_live: {go_live}}}}}\n",
            "waves/v/records/lyon.yaml": records or "[]\n",
            "templates/presets/standard@1.yaml": preset,
        }
    )


CONFIRMED = "- {item: sponsor-commitment, state: done, on: 2026-09-01, by: Marc}\n"
FIVE = "champions: [{name: A, shift: 1}, {name: B}]\n"
GOOD = f"business_unit: coatings\nlanguages: [fr]\nheadcount: {{operators: 30}}\n{FIVE}"


def said(root: Path, code: str, on: date = TODAY) -> list[str]:
    return [p.message for p in pipeline.validate(root, on).problems if p.code == code]


@pytest.mark.parametrize(
    ("go_live", "site", "teams", "expected"),
    [
        ("2026-11-30", "business_unit: coatings\n", TEAMS, None),  # T-60 is today, and Ana is there
        ("2026-12-01", "business_unit: films\n", TEAMS, None),  # T-60 is tomorrow
        ("2026-11-30", "business_unit: films\n", TEAMS, "no spoke serves films"),
        ("2026-11-30", "", TEAMS, "it names no business unit that a spoke could serve"),
        ("2026-11-30", "business_unit: coatings\n", TEAMS.replace("2026-01-05", "2026-10-15"), None),  # Ben is there
        (
            "2026-11-30",
            "business_unit: coatings\n",
            TEAMS.replace("2026-01-05", "2026-10-15").replace("2026-08-01", "2026-11-01"),
            "Ana comes on 15 Oct 2026",
        ),
        (
            "2026-11-30",
            "business_unit: coatings\n",
            TEAMS.replace("2026-01-05", "2026-12-15").replace("to: 2026-12-31", "to: 2026-10-31"),
            "the spoke coatings has nobody for it then",
        ),
    ],
)
def test_a_site_without_a_spoke_at_t_60(
    programme_folder: Write, go_live: str, site: str, teams: str, expected: str | None
) -> None:
    found = said(programme(programme_folder, go_live=go_live, site=site, teams=teams), "missing-spoke")
    assert [text.rpartition(": ")[2] for text in found] == ([expected] if expected else [])


def test_the_engineer_who_speaks_the_language_is_sent(programme_folder: Write) -> None:
    root = programme(programme_folder, site="business_unit: coatings\nlanguages: [de, fr]\n")
    found = pipeline.people(root, TODAY)
    assigned = found.sites[0].assigned
    assert assigned is not None
    assert assigned.engineer is not None
    assert (assigned.engineer.name, assigned.speaks, assigned.by) == ("Ben", ("de",), date(2026, 10, 1))
    assert not found.alone
    (site,) = found.json()["sites"]
    assert site["engineer"] == {
        "name": "Ben",
        "from": "2026-08-01",
        "to": "2026-12-31",
        "languages": ["de"],
        "skills": [],
    }


def test_what_a_table_leaves_out_is_counted_by_its_own_rows(programme_folder: Write) -> None:
    programme_folder({"sites/graz.yaml": "name: Graz\ncountry: AT\n"})  # has no day, so no engineer is looked for
    engineers, carriers, _ = pipeline.people(programme(programme_folder), TODAY).tables(most=1)
    assert len(engineers.rows) == len(carriers.rows) == 1
    assert not [note for note in engineers.notes if "more" in note]
    assert carriers.notes[0] == "1 more; --format csv or json has all"


@pytest.mark.parametrize(
    ("records", "on", "expected"),
    [
        (CONFIRMED, date(2026, 11, 30), None),  # 90 days
        (CONFIRMED, date(2026, 12, 1), "Marc confirmed for lyon 91 days ago"),
        (
            CONFIRMED + "- {evidence: sponsor-commitment, at: a.pdf, on: 2026-11-01, by: Marc}\n",
            date(2026, 12, 1),
            None,
        ),
        ("", date(2026, 6, 17), "no record says that Marc has confirmed for lyon"),  # 2026-06-03 and 14 days
        ("", date(2026, 6, 16), None),
        ("- {status: dropped, on: 2026-02-01, by: A}\n", date(2026, 12, 1), None),
    ],
)
def test_a_sponsor_confirms_every_90_days(
    programme_folder: Write, records: str, on: date, expected: str | None
) -> None:
    found = said(programme(programme_folder, records=records), "stale-sponsor", on)
    assert [text[: len(expected or "")] for text in found] == ([expected] if expected else [])


def test_a_sponsor_confirms_until_the_exit_whether_or_not_the_site_was_ever_planned(programme_folder: Write) -> None:
    live = "- {status: live, on: 2026-06-01, by: A}\n"
    for records, expected in ((live, 1), (live + "- {milestone: exit, on: 2026-07-01, by: A}\n", 0)):
        root = programme(programme_folder, records=records)
        (root / "waves/v/schedule.yaml").write_text("made: {as_of: 2026-01-01, outcome: feasible}\nsites: {}\n")
        assert len(said(root, "stale-sponsor", date(2026, 8, 1))) == expected


def test_champions_are_counted_once_they_are_due(programme_folder: Write) -> None:
    root = programme(programme_folder, site=GOOD.replace(FIVE, ""))
    assert said(root, "few-champions", date(2026, 7, 1)) == []  # due on 2026-08-02
    assert said(root, "few-champions") == [
        "lyon names 0 champions for 30 people on 1 shift; 2 are needed, one for 15 and one on each"
    ]
    assert said(programme(programme_folder, site=GOOD), "few-champions") == []


@pytest.mark.parametrize(
    ("shifts", "people", "champions", "needed", "without"),
    [
        (1, 0, (), 1, (1,)),
        (3, 30, (1, 2), 3, (3,)),
        (3, 46, (1, 2, 3, 3), 4, ()),
        (2, 15, (None,), 2, ()),
    ],
)
def test_one_for_fifteen_and_one_on_every_shift(
    shifts: int, people: int, champions: tuple[int | None, ...], needed: int, without: tuple[int, ...]
) -> None:
    site = Site(
        id="a",
        name="A",
        country="FR",
        shifts=shifts,
        headcount={"operators": people},
        champions=tuple(Champion(name="A", shift=shift) for shift in champions),
    )
    assert champions_needed(site) == needed
    assert shifts_without(site) == without


def test_less_than_half_of_the_work_about_people_is_warned_about(programme_folder: Write) -> None:
    assert said(programme(programme_folder), "little-change") == []
    more = PRESET.replace(
        "gates:", "  a: {title: A, starts: T-9, takes: 1d}\n  b: {title: B, starts: T-9, takes: 1d}\ngates:"
    )
    root = programme(programme_folder, preset=more)
    assert said(root, "little-change") == ["2 of 5 activities at lyon change how people work (40 %)"]
    assert pipeline.people(root, TODAY).json()["sites"][0]["change_days"] == {"days": 44, "of": 51}


@pytest.mark.parametrize(
    ("raci", "expected"),
    [
        ("{accountable: hr}", []),
        ("{accountable: [hr]}", []),
        ("{accountable: [hr, legal]}", ["error: 2 roles answer for install: hr and legal"]),
        ("{accountable: []}", ["error: nobody answers for install"]),
        (
            "{consulted: site_lead}",
            ["warning: site_lead is consulted about install, and has a larger part in it already"],
        ),
        (
            "{responsible: hr, informed: hr}",
            ["warning: hr is informed about install, and has a larger part in it already"],
        ),
    ],
)
def test_exactly_one_role_answers(programme_folder: Write, raci: str, expected: list[str]) -> None:
    preset = PRESET.replace("install: {title: Install", f"install: {{raci: {raci}, title: Install")
    found = pipeline.validate(programme(programme_folder, preset=preset), TODAY).problems
    assert [f"{p.severity}: {p.message}" for p in found if p.code == "raci"] == expected
    assert all(p.path == "templates/presets/standard@1.yaml" and p.line == 4 for p in found if p.code == "raci")


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), max_size=8))
def test_at_once_is_the_fullest_day(spans: list[tuple[int, int]]) -> None:
    days = [(date(2026, 1, first), date.fromordinal(date(2026, 1, first).toordinal() + more)) for first, more in spans]
    every = {date.fromordinal(n) for begin, end in days for n in range(begin.toordinal(), end.toordinal() + 1)}
    assert at_once(days) == max((sum(begin <= day <= end for begin, end in days) for day in every), default=0)
