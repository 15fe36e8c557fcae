"""What a page calls bad brings its code about, and what it calls good does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from rollout import pipeline
from rollout.check.elsewhere import loading
from rollout.model.rules import RulePage
from tests.check.snippets import over
from tests.conftest import TODAY, Write

COUNTRIES = {
    "lyon": "FR",
    "graz": "AT",
    "linz": "AT",
    "wels": "AT",
    "bergen": "NO",
    "oslo": "NO",
    "turin": "IT",
    "leeds": "GB",
    "porto": "PT",
    "milan": "IT",
}
SITE = "name: {0}\ncountry: {1}\nlanguages: [en]\nsponsor: {{name: Marc Petit}}\nregion: emea\nworkflows: [visual-inspection]\n"
MADE = "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: feasible, proved: []}\n"
CONNECTED = "connector: {live_since: 2026-05-02}"
BASE = {
    **{f"sites/{site}.yaml": SITE.format(site.title(), country) for site, country in COUNTRIES.items()},
    "sites/_systems.yaml": f"systems:\n  sap-ecc-eu: {{kind: erp, {CONNECTED}}}\n  apriso: {{kind: mes, {CONNECTED}}}\n",
    "waves/_teams.yaml": "teams:\n  integration: {people: 4, skills: [sap]}\n  trainers: {people: 2, skills: [training], languages: [en]}\n",
    "waves/vision/plan.yaml": "name: Vision\nwork_from: 2026-10-05\nlighthouse: lyon\ncurrency: EUR\n",
}
"""A programme in which little is wrong."""
ALONE = {path: BASE[path] for path in ("sites/lyon.yaml", "waves/vision/plan.yaml")}
BARE = {"templates/presets/bare@1.yaml": "waves: {every: month}\n"}
PUBLISHED = {"waves/vision/schedule.yaml": f"{MADE}sites:\n  lyon: {{wave: 0, go_live: 2027-02-09}}\n"}
PORTFOLIO = "opportunities:\n  vision-inspection: {title: Defects, value: 1, effort: 1, owner: Bernd Aigner}\n"
FORECASTING = {"waves/forecasting/plan.yaml": "name: Forecasting\nwork_from: 2026-10-05\nsites: {id: [graz]}\n"}
ROLES = (
    "architect, change_lead, cutover_lead, data_owner, hr, infrastructure, legal, ml_owner, privacy, process_owner, "
    "procurement, programme_manager, security, support_lead, trainer"
)


def plan(text: str) -> dict[str, str]:
    """The plan with lines more."""
    return {"waves/vision/plan.yaml": f"{BASE['waves/vision/plan.yaml']}{text}"}


def assessed(leadership: int, rest: int, modern: int) -> str:
    people = f"leadership: {leadership}, workflow_redesign: {rest}, people: {rest}, change_capacity: {rest}"
    technical = f"data_quality: {modern}, systems: {modern}, security: {modern}, infrastructure: {modern}"
    return f"- {{readiness: {{{people}, {technical}}}, on: 2026-09-14, by: A}}\n"


CRANE = plan("activities:\n  crane: {title: Book the crane, starts: T-30, takes: 5wd}\n")
GREENVILLE = {"sites/greenville.yaml": SITE.format("Greenville", "US")}

# What stands around a snippet where the programme alone is not enough, and the day it is asked on.
AROUND: dict[str, tuple[date, Mapping[str, str]]] = {
    "damaged-comment": (TODAY, CRANE),
    "duplicate-item": (TODAY, CRANE),
    "fact-in-blackout": (
        date(2027, 1, 10),
        plan("blackouts:\n  - {id: freeze, from: 12-18, to: 01-03, every: year}\n"),
    ),
    "few-champions": (date(2027, 2, 1), PUBLISHED),
    "illegal-status": (date(2027, 4, 1), {}),
    "joint-load": (
        TODAY,
        {
            **BARE,
            **{
                f"waves/{one}/plan.yaml": f"name: {one}\npreset: bare@1\nwork_from: 2026-10-05\nsites: {{id: [{site}]}}\nlighthouse: {site}\n"
                "activities:\n  build: {title: Build, starts: T-28, takes: 20wd, staff: [{skill: sap, people: 2}]}\n"
                for one, site in (("vision", "lyon"), ("forecasting", "graz"))
            },
            **{
                f"waves/{one}/schedule.yaml": f"{MADE}sites:\n  {site}: {{wave: 0, go_live: 2027-03-30}}\n"
                for one, site in (("vision", "lyon"), ("forecasting", "graz"))
            },
        },
    ),
    "late-neighbour": (
        date(2027, 3, 20),
        {"waves/vision/records/linz.yaml": "- {status: live, on: 2027-01-12, by: A}\n"},
    ),
    "lighthouse-outranked": (
        TODAY,
        {"waves/vision/records/lyon.yaml": assessed(5, 4, 3), "waves/vision/records/turin.yaml": assessed(3, 3, 3)},
    ),
    "lighthouse-polish": (
        TODAY,
        {
            **GREENVILLE,
            "waves/vision/records/lyon.yaml": assessed(5, 4, 3),
            "waves/vision/records/greenville.yaml": assessed(2, 4, 5),
        },
    ),
    "little-change": (TODAY, {**BARE, **plan("preset: bare@1\n")}),
    "missing-evidence": (TODAY, {"docs/lyon/security.pdf": "signed"}),
    "missing-sponsor": (TODAY, {"sites/lyon.yaml": "name: L\ncountry: BR\nlanguages: [en]\n"}),
    "missing-spoke": (
        date(2026, 12, 20),
        {**PUBLISHED, "sites/lyon.yaml": f"{BASE['sites/lyon.yaml']}business_unit: coatings\n"},
    ),
    "no-opportunity": (TODAY, {"waves/vision/plan.yaml": "name: V\n"}),
    "over-budget": (
        date(2027, 4, 10),
        {"sites/lyon.yaml": f"{BASE['sites/lyon.yaml']}headcount: {{operators: 80}}\n"},
    ),
    "overdue-review": (TODAY, plan('version: "2.3"\n')),
    "raci": (TODAY, {**BARE, **plan("preset: bare@1\n")}),
    "reopened": (
        date(2027, 3, 13),
        {
            **plan("activities:\n  training: {valid_for: 28d}\n"),
            "waves/vision/schedule.yaml": f"{MADE}sites:\n  lyon: {{wave: 0, go_live: 2027-03-30}}\n",
        },
    ),
    "silent": (date(2026, 11, 24), {}),
    "slip": (date(2027, 1, 21), PUBLISHED),
    "unknown-budget-line": (TODAY, plan("budget: {integration: 400000}\n")),
    "unknown-field": (TODAY, {"sites/lyon.yaml": f"{BASE['sites/lyon.yaml']}labels: {{optics: two}}\n"}),
    "unknown-item": (TODAY, CRANE),
    "unknown-lesson": (
        TODAY,
        {"waves/vision/records/graz.yaml": "- {lesson: camera-glare, says: Hood them, on: 2026-09-12, by: A}\n"},
    ),
    "unknown-opportunity": (TODAY, {"waves/_portfolio.yaml": PORTFOLIO}),
    "unknown-plan": (TODAY, FORECASTING),
    "unknown-role": (
        TODAY,
        plan("people:\n" + "".join(f"  {role}: {{name: {role.title()}}}\n" for role in ROLES.split(", "))),
    ),
    "unread-box": (TODAY, CRANE),
    "unticked-item": (TODAY, CRANE),
}

NO_SNIPPET = {
    "alias-expansion", "catalogue", "link-outside", "merge-markers", "not-utf8", "template", "too-deep", "too-large",
    "too-many-values", "unseen-character",
}  # fmt: skip
"""What no few lines of YAML show; tests/load and tests/examples/bad have them."""
OTHERWISE = {"overdue", "unlawful", "unmerged-dates", "stale-approval"}
"""What needs published dates or a recorded approval; tests of `plan --check` and of gates have them."""

LATER = {"joint-load"}
"""What is good only once the lower plan is planned anew."""

FINDINGS = [page for page in pipeline.rules().pages if page.kind == "finding"]


def test_every_page_with_a_bad_snippet_has_a_good_one() -> None:
    assert {page.code for page in FINDINGS if not page.bad} == NO_SNIPPET | OTHERWISE - {"stale-approval"}
    assert {page.code for page in FINDINGS if not page.good} == NO_SNIPPET | OTHERWISE - {"stale-approval"}


@pytest.mark.parametrize(
    "page", [page for page in FINDINGS if page.code not in NO_SNIPPET | OTHERWISE], ids=lambda page: page.code
)
def test_a_bad_snippet_is_found_and_a_good_one_is_not(programme_folder: Write, page: RulePage) -> None:
    day, around = AROUND.get(page.code, (TODAY, {}))
    raw = page.code in loading.PAGES
    found = []
    for snippet in (page.bad, page.good):
        root = programme_folder(over({**(ALONE if raw else BASE), **around}, snippet, raw=raw))
        found.append({problem.code for problem in pipeline.validate(root, day).problems})
        for file in root.rglob("*.*"):
            file.unlink()
    bad, good = found
    assert page.code in bad
    assert page.code not in good or page.code in LATER
    assert raw or not bad & loading.PAGES.keys()
    assert not good & loading.PAGES.keys()
