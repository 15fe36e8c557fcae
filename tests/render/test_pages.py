"""Pages say what the programme says, and only a site's own facts change a site's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.model.programme import Programme
from rollout.model.schedule import Schedule
from rollout.problem import RolloutError
from rollout.render.markdown import escape
from rollout.render.render import render
from rollout.sequence.plan import sequence
from rollout.track.standing import stand
from tests.conftest import TODAY, Write, golden, loaded

GOLDEN = Path(__file__).parent / "golden"


def pages(root: Path, schedule: Schedule | None = None, templates: Mapping[str, str] | None = None) -> dict[str, str]:
    programme: Programme = loaded(root)
    folder = programme.plans["v"]
    dates = schedule or sequence(programme, folder, TODAY).schedule
    texts = templates or load_templates(Workspace(root))
    return {r.change.path: r.change.after or "" for r in render(stand(programme, folder, dates), texts, lambda _: None)}


SMALL = {
    "sites/_systems.yaml": "systems:\n  m3: {kind: erp, title: Infor M3, owner: finance, connector: {team: crew, takes: 25wd}}\n",
    "waves/_teams.yaml": """
        teams:
          crew: {people: 2}
          trainers: {people: 1, skills: [training], languages: [nb]}
        spokes:
          nordic: {serves: [castings], engineers: [{name: Sindre Dahl, languages: [nb], from: 2026-09-21}]}
        approvers: {sponsor: [Henrik Aasen]}
        """,
    "waves/v/plan.yaml": """
        name: Vision
        work_from: 2026-10-05
        lighthouse: oslo
        web: https://git.example.com/acme/rollout
        constraints: {bergen: {after: oslo, lag: 12w, because: shares Oslo's key users}}
        people: {programme_manager: {name: Katrin Sommer, email: k.sommer@example.com}}
        training: {class_size: 10, hours: 4}
        """,
    "waves/v/content/en/why.md": "Because parts escape.\n",
    "waves/v/content/en/workflows/packing.md": "### Today\n\nBy hand.\n",
    "waves/v/content/nb/exercises/packing.md": "### Øvelse\n\nPakk ti deler.\n",
    "waves/v/records/oslo.yaml": "- {lesson: glare, says: Hood the cameras, affects: {country: NO}, on: 2026-09-01, by: Ingrid}\n",
    "sites/oslo.yaml": """
        name: Oslo
        country: NO
        timezone: Europe/Oslo
        languages: [nb]
        business_unit: castings
        sponsor: {name: Henrik Aasen, title: VP}
        site_lead: {name: Ingrid Solberg, email: i.solberg@example.com}
        headcount: {operators: 25}
        shifts: 2
        systems: [m3]
        workflows: [packing]
        """,
    "sites/bergen.yaml": "name: Bergen\ncountry: NO\n",
}


def test_golden_pages(programme_folder: Write) -> None:
    made = pages(programme_folder(SMALL))
    assert sorted(made) == [
        "playbooks/v/README.md",
        "playbooks/v/bergen/checklist.md",
        "playbooks/v/bergen/go-no-go.md",
        "playbooks/v/bergen/playbook.md",
        "playbooks/v/bergen/training/operators.en.md",
        "playbooks/v/oslo/checklist.md",
        "playbooks/v/oslo/go-no-go.md",
        "playbooks/v/oslo/playbook.md",
        "playbooks/v/oslo/training/operators.nb.md",
        "playbooks/v/plan.svg",
        "playbooks/v/wave-00.md",
        "playbooks/v/wave-02.md",
    ]
    for path, text in made.items():
        file = GOLDEN / path.removeprefix("playbooks/v/").replace("/", "__")
        golden(file, text)


def test_what_a_site_lead_has_to_find(programme_folder: Write) -> None:
    made = pages(programme_folder(SMALL))
    playbook = made["playbooks/v/oslo/playbook.md"]
    for words in (
        "Because parts escape.",
        "By hand.",
        "Infor M3",
        "Henrik Aasen",
        "Sindre Dahl",
        "Katrin Sommer",
        "Lighthouse",
    ):
        assert words in playbook
    assert "Hood the cameras" in made["playbooks/v/bergen/playbook.md"]
    assert "Hood the cameras" not in playbook
    assert "shares Oslo's key users" in made["playbooks/v/bergen/playbook.md"]
    packet = made["playbooks/v/oslo/training/operators.nb.md"]
    assert "Pakk ti deler." in packet
    assert packet.count("- [ ] Session") == 4  # 25 people on 2 shifts in classes of 10
    assert all(text.endswith("-->\n") for path, text in made.items() if path.endswith(".md"))
    assert all(
        "no sponsor" in text.lower() or "sponsor" in text.lower()
        for path, text in made.items()
        if "bergen/playbook" in path
    )


def test_a_wish_alone_is_no_decision(programme_folder: Write) -> None:
    plan = SMALL["waves/v/plan.yaml"]
    made = pages(
        programme_folder(SMALL | {"waves/v/plan.yaml": plan.replace("after: oslo, lag: 12w", "prefer_after: oslo")})
    )
    assert "Decided for this site" not in made["playbooks/v/bergen/playbook.md"]
    assert "shares Oslo's key users" in made["playbooks/v/wave-01.md"]


def test_a_gate_without_criteria_is_not_said_to_be_missing(programme_folder: Write) -> None:
    files = {
        "waves/v/plan.yaml": SMALL["waves/v/plan.yaml"].replace(
            "lighthouse: oslo", "lighthouse: oslo\n        preset: own@1"
        ),
        "templates/presets/own@1.yaml": "activities: {}\ngates: {go-live: {approvals: {sponsor: 1}}}\n",
    }
    page = pages(programme_folder(SMALL | files))["playbooks/v/oslo/go-no-go.md"]
    assert "The plan names no criteria for the gate `go-live`" in page


def test_dates_on_pages_are_days_that_exist_with_their_weekday(programme_folder: Write) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    found = 0
    for text in pages(programme_folder(SMALL)).values():
        for name, day, month, year in re.findall(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{1,2}) (\w{3}) (\d{4})\b", text):
            assert date(int(year), months.index(month) + 1, int(day)).weekday() == weekdays.index(name)
            found += 1
    assert found > 200


def test_moving_one_site_of_fifty_changes_its_pages_and_the_plans_own(programme_folder: Write) -> None:
    files = {f"sites/s{n:02}.yaml": f"name: Site {n}\ncountry: FR\nsponsor: {{name: A}}\n" for n in range(50)}
    files["waves/v/plan.yaml"] = "name: V\nwork_from: 2026-10-05\nlighthouse: s00\nwaves: {size: 9}\n"
    root = programme_folder(files)
    programme = loaded(root)
    schedule = sequence(programme, programme.plans["v"], TODAY).schedule
    before = pages(root, schedule)
    first, second = schedule.waves()[1][0][1], schedule.waves()[1][-1][1]
    mover = next(s for s, p in schedule.sites.items() if p.wave == 1 and p.go_live == first)
    later = schedule.sites[mover].model_copy(update={"go_live": second if second != first else first.replace(day=28)})
    moved = schedule.model_copy(update={"sites": {**schedule.sites, mover: later}})
    after = pages(root, moved)
    changed = {path for path in after if after[path] != before[path]}
    own = {"playbooks/v/README.md", "playbooks/v/wave-01.md", "playbooks/v/plan.svg"}
    assert changed == {path for path in after if path.startswith(f"playbooks/v/{mover}/")} | own


def test_stable_sites_are_never_written_again(programme_folder: Write) -> None:
    files = {**SMALL, "waves/v/records/oslo.yaml": "- {status: stable, on: 2026-09-30, by: A}\n"}
    assert not [path for path in pages(programme_folder(files)) if "/oslo/" in path]


def shown(markdown: str) -> list[str]:
    """The text of each inline token, as a reader sees it."""
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    return ["".join(child.content for child in t.children or []) for t in tokens if t.type == "inline"]


honest = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=30)


@settings(max_examples=300)
@given(honest | st.text("|`*_[]()<>#!&~\\-+=:1. ax", min_size=1, max_size=20))
def test_a_value_reads_back_as_itself_wherever_it_lands(value: str) -> None:
    wanted = " ".join(value.split())
    if not wanted:
        return
    text = escape(value)
    assert [" ".join(x.split()) for x in shown(f"| a | b |\n| --- | --- |\n| {text} | x |\n")][2:] == [wanted, "x"]
    assert " ".join("".join(shown(f"# {text}\n")).split()) == wanted
    assert " ".join("".join(shown(f"- [ ] {text}, by Tue\n")).split()) == f"[ ] {wanted}, by Tue"
    assert " ".join("".join(shown(f"{text}\n")).split()) == wanted


@pytest.mark.parametrize("name", ["x\u202ey", "a\x1b[31mb", "a\u200fb", "l\u2028m"])
def test_unseen_characters_never_reach_a_page(name: str) -> None:
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", escape(name)) is None


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("# {{ site.nam }} <!-- rollout:page:title -->\n", "nam"),
        ("\n{% for x in %}\n", "template"),
        ("{{ ''.__class__.__mro__ }} <!-- rollout:page:title -->\n", "unsafe"),
        ("loose words outside of any block\n", "block"),
    ],
)
def test_a_wrong_template_is_named_with_its_line(programme_folder: Write, template: str, says: str) -> None:
    root = programme_folder(SMALL)
    with pytest.raises(RolloutError) as caught:
        pages(root, templates={**load_templates(Workspace(root)), "playbook.md.j2": template})
    problem = caught.value.problems[0]
    assert (problem.path, problem.code) == ("templates/documents/playbook.md.j2", "template")
    assert problem.line >= 1
    assert says in str(problem)


def test_a_programmes_own_template_wins_over_the_shipped_one(programme_folder: Write) -> None:
    own = "# Our own page <!-- rollout:page:title -->\n"
    root = programme_folder({**SMALL, "templates/documents/go-no-go.md.j2": own})
    assert pages(root)["playbooks/v/oslo/go-no-go.md"].startswith("# Our own page")
