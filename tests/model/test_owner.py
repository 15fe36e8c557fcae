"""Who answers for what at a site, by hand."""

from __future__ import annotations

from datetime import date

import pytest

from rollout.model.owner import engineers, owner_of, speaks
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
        ("{name: Ana, from: 2026-11-30}", ["Ana", "Ben"]),
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
    assert [who.name for who in engineers(lyon)] == expected
    assert owner_of(folder.plan, lyon, "embedded_engineer", date(2026, 11, 30)).name == expected[0]


def test_a_language_is_enough_for_its_varieties_and_not_the_other_way_round() -> None:
    assert speaks(Engineer(name="Ana", languages=("fr",)), ("de", "fr-CA"))
    assert not speaks(Engineer(name="Ana", languages=("fr-CA",)), ("fr",))
