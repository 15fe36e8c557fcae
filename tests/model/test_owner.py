"""Who answers for what at a site, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rollout.model.owner import owner_of
from rollout.model.people import assign, engineers
from rollout.model.team import Engineer
from rollout.track.standing import stand
from tests.conftest import Write, loaded

FILES = {
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nbusiness_unit: coatings\nlanguages: [fr]\n",
    "waves/v/plan.yaml": "name: V\nwork_from: 2026-01-05\n",
    "waves/v/schedule.yaml": "made: {as_of: 2026-01-01, outcome: feasible}\n"
    "sites: {lyon: {wave: 1, go_live: 2026-11-30}}\n",
}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ("", ["Ben"]),
        ("{name: Ana, from: 2026-11-30}", ["Ben", "Ana"]),
        ("{name: Ana, from: 2026-12-01}", ["Ben"]),
        ("{name: Ana, to: 2026-11-29}", ["Ben"]),  # has left by then
        ("{name: Ana, sites: [graz]}", ["Ben"]),  # is for another site
        ("{name: Ana, sites: [graz, lyon]}", ["Ana", "Ben"]),
    ],
)
def test_engineers_of_a_site_are_there_by_then_and_for_it(
    programme_folder: Write, others: str, expected: list[str]
) -> None:
    graz = {"sites/graz.yaml": "name: Graz\ncountry: AT\n"}
    teams = (
        f"spokes: {{coatings: {{serves: [coatings], engineers: [{others + ', ' if others else ''}{{name: Ben}}]}}}}\n"
    )
    programme = loaded(programme_folder(FILES | graz | {"waves/_teams.yaml": teams}))
    folder = programme.plans["v"]
    assert folder.schedule is not None
    lyon = stand(programme, folder, folder.schedule).site("lyon")
    assert [who.name for who in engineers(lyon.spoke, lyon.site, date(2026, 11, 30))] == expected
    assert owner_of(folder.plan, lyon, "embedded_engineer", date(2026, 11, 30)).name == expected[0]


def test_a_language_is_enough_for_its_varieties_and_not_the_other_way_round() -> None:
    assert Engineer(name="Ana", languages=("fr",)).speaks("fr-CA")
    assert not Engineer(name="Ana", languages=("fr-CA",)).speaks("fr")


@pytest.mark.parametrize(
    ("engineers", "expected"),
    [
        ("{name: Cem}, {name: Ana}", "Cem"),  # as listed
        ("{name: Cem, from: 2026-02-01}, {name: Ana, from: 2026-01-01}", "Ana"),  # came first
        ("{name: Cem, from: 2026-10-02}, {name: Ana, from: 2026-10-01}", "Ana"),  # there 60 days before
        ("{name: Cem, languages: [en]}, {name: Ana, languages: [fr], from: 2026-02-01}", "Ana"),  # most spoken
        ("{name: Cem, languages: [fr], from: 2026-10-02}, {name: Ana}", "Ana"),
    ],
)
def test_pages_and_people_name_the_same_engineer(programme_folder: Write, engineers: str, expected: str) -> None:
    lyon = "name: Lyon\ncountry: FR\nbusiness_unit: coatings\nlanguages: [fr, en]\n"
    busy = {f"sites/{name}.yaml": lyon for name in ("a", "b", "lyon")}
    days = ", ".join(f"{name}: {{wave: 1, go_live: 2026-11-30}}" for name in ("a", "b", "lyon"))
    schedule = f"made: {{as_of: 2026-01-01, outcome: feasible}}\nsites: {{{days}}}\n"
    teams = f"spokes: {{coatings: {{serves: [coatings], engineers: [{engineers}]}}}}\n"
    files = FILES | busy | {"waves/v/schedule.yaml": schedule, "waves/_teams.yaml": teams}
    programme = loaded(programme_folder(files))
    folder = programme.plans["v"]
    assert folder.schedule is not None
    go_lives = {name: placement.go_live for name, placement in folder.schedule.sites.items()}
    found = assign(programme.teams, programme.sites, go_lives, folder.plan.hypercare.lasts)
    assert [one.engineer and one.engineer.name for one in found] == [expected] * 3
    standing = stand(programme, folder, folder.schedule)
    on = date(2026, 11, 30)
    owners = {owner_of(folder.plan, standing.site(name), "embedded_engineer", on).name for name in go_lives}
    assert owners == {expected}
