"""What a rule says of one day, one site or one person is about one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from rollout import pipeline
from tests.conftest import TODAY, Write

SITE = "name: {0}\ncountry: FR\nlanguages: [en]\nsponsor: {{name: A}}\n"
PLAN = "name: V\npreset: bare@1\nwork_from: 2026-10-05\nlighthouse: a\n"
FILES = {
    "templates/presets/bare@1.yaml": "waves: {every: month}\n",
    "sites/a.yaml": SITE.format("A"),
    "sites/b.yaml": SITE.format("B"),
    "waves/v/schedule.yaml": "made: {as_of: 2026-10-01, outcome: feasible}\nsites:\n  a: {wave: 0, go_live: 2027-02-09}\n",
}


@pytest.mark.parametrize(
    ("code", "files", "says"),
    [
        (
            "slip",
            {"waves/v/records/a.yaml": "- {forecast: 2027-02-10, on: 2026-09-01, by: A}\n"},
            "a expects to go live on 2027-02-10, 1 day after its published day 2027-02-09",
        ),
        (
            "short-lived",
            {"waves/v/plan.yaml": f"{PLAN}activities:\n  x: {{title: X, starts: T-1, takes: 0d, valid_for: 0d}}\n"},
            "x ends 1 day before go-live by its norm and is valid for 0d only, so it is done twice everywhere",
        ),
        (
            "unknown-skill",
            {
                "waves/_teams.yaml": "teams: {t: {people: 1, skills: [sap], languages: [de]}}\n",
                "waves/v/plan.yaml": f"{PLAN}hypercare: {{staff: [{{skill: sap, speaks: site}}]}}\n",
            },
            'nobody with the skill "sap" speaks en at a (and at 1 more site)',
        ),
        (
            "capacity",
            {
                "waves/_teams.yaml": "teams: {t: {person_days: 0}}\n",
                "waves/v/plan.yaml": f"{PLAN}hypercare: {{needs: {{t: 1}}}}\n",
            },
            "this needs 1 person-day a week of t, which has 0",
        ),
        (
            "few-champions",
            {
                "sites/b.yaml": f"{SITE.format('B')}headcount: {{operators: 5}}\n",
                "waves/v/records/b.yaml": "- {item: champions, state: done, on: 2026-09-01, by: A}\n",
            },
            "b names 0 champions for 5 people on 1 shift; 1 is needed, one for 15 and one on each",
        ),
    ],
)
def test_one_is_one(programme_folder: Write, code: str, files: Mapping[str, str], says: str) -> None:
    root = programme_folder({"waves/v/plan.yaml": PLAN, **FILES, **files})
    found = [problem.message for problem in pipeline.validate(root, TODAY).problems if problem.code == code]
    assert found == [says]
