"""The plan's own pages: small diagrams with tables beside them, and one picture whatever the size."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.model.calendar import ONE_DAY
from rollout.model.calendar import spoken as spoken_day
from rollout.model.change import Change
from rollout.model.due import Due
from rollout.model.load import TeamLoads
from rollout.model.schedule import Made, Placement, Ready, Schedule
from rollout.render.dates import spoken
from rollout.render.documents.playbook import playbook
from rollout.render.drawing import SITES_DRAWN, cut, drawing
from rollout.render.engine import Press
from rollout.render.index import index
from rollout.render.mermaid import gantt
from rollout.render.neighbours import Neighbourhood
from rollout.render.plan_book import plan_book
from rollout.render.render import picture_page, plan_pages
from rollout.render.setting import Setting
from rollout.render.wave import wave_page
from rollout.track.standing import stand
from tests.conftest import TODAY, Write, loaded

PRESS = Press(load_templates(Workspace(Path(__file__).parent)))
SVG = "{http://www.w3.org/2000/svg}"
PLAN = """
    name: Vision & <more>
    work_from: 2026-10-05
    lighthouse: s000
    waves: {every: week}
    hypercare: {lasts: 14d}
    blackouts: [{id: freeze, from: 12-18, to: 01-03, every: year, because: "Tom & <Jerry>\\uFFFE"}]
    """


def programme(count: int, plan: str = PLAN, **names: str) -> dict[str, str]:
    ids = [f"s{number:03}" for number in range(count)]
    files = {f"sites/{s}.yaml": f"name: {names.get(s, 'Site ' + s)!r}\ncountry: FR\n" for s in ids}
    return {**files, "waves/v/plan.yaml": plan}


def dates(count: int, a_wave: int) -> Schedule:
    first = date(2027, 2, 2)
    sites = {"s000": Placement(wave=0, go_live=first)}
    for number in range(1, count):
        wave = (number - 1) // a_wave + 1
        sites[f"s{number:03}"] = Placement(wave=wave, go_live=first + timedelta(days=49 + 7 * wave))
    return Schedule(made=Made(as_of=TODAY, outcome="feasible"), sites=sites)


def setting_of(root: Path, schedule: Schedule) -> Setting:
    read = loaded(root)
    return Setting(stand(read, read.plans["v"], schedule))


def own_pages(setting: Setting) -> dict[str, str]:
    """The plan's own pages by file name, without those of its sites."""
    made = {path.removeprefix("playbooks/v/"): text for path, text in plan_pages(PRESS, setting)}
    return made | {"plan.svg": picture_page(PRESS, setting, lambda _: None).change.after or ""}


def diagrams(page: str) -> list[str]:
    return re.findall(r"```mermaid\n(.*?)\n```", page, re.DOTALL)


def test_the_page_of_a_wave_has_a_table_and_a_section_a_site(programme_folder: Write) -> None:
    files = programme(4, s001="Colon: and; hash #1", s002="end")
    made = own_pages(setting_of(programme_folder(files), dates(4, 3)))
    assert sorted(made) == ["README.md", "plan.svg", "wave-00.md", "wave-01.md"]
    (gantt,) = diagrams(made["wave-01.md"])
    assert gantt.count("  section ") == 3
    assert gantt.count(":milestone, 2027-03-30, 0d") == 3
    assert "  section Colon#58; and#59; hash #35;1\n" in gantt
    assert "  Hypercare :done, 2027-03-30, 2027-04-14" in gantt  # two weeks, and the day on which it ends
    assert "| Colon: and; hash \\#1 |" in made["wave-01.md"] or "| Colon: and; hash #1 |" in made["wave-01.md"]
    assert "[Wave 1](wave-01.md)" in made["README.md"]
    assert "](plan.svg)" in made["README.md"]


def test_a_site_is_never_taken_for_an_order_of_the_chart(programme_folder: Write) -> None:
    made = own_pages(setting_of(programme_folder(programme(11, s003="Title House", s004="Titlehouse")), dates(11, 10)))
    (gantt,) = diagrams(made["wave-01.md"])
    assert "  section " not in gantt
    assert re.findall(r"^  (.*itle.*) :", gantt, re.MULTILINE) == ["Site Title House", "Titlehouse"]


def test_no_page_holds_more_diagram_than_hosts_show(programme_folder: Write) -> None:
    constraints = ", ".join(f"s{n:03}: {{after: s000, because: why}}" for n in range(1, 41))
    plan = f"{PLAN}constraints: {{{constraints}}}\n".replace("    ", "")
    setting = setting_of(programme_folder(programme(41, plan)), dates(41, 1))
    drawn = {}
    for a_wave in (1, 5, 8, 10, 14, 23, 40):
        standing = stand(setting.programme, setting.standing.folder, dates(41, a_wave))
        page = own_pages(Setting(standing))["wave-01.md"]
        found = diagrams(page)
        assert sum(map(len, found)) < 2000
        assert page.count("[playbook](") == a_wave  # the table has them all
        assert found or "more than the web page of a git host draws" in page
        drawn[a_wave] = len(found)
    # Fuller forms first; the chart stays longest.
    assert [drawn[1], drawn[10], drawn[40]] == [2, 2, 0]


def test_neighbours_stand_in_a_table_and_in_a_graph(programme_folder: Write) -> None:
    plan = """
        name: V
        work_from: 2026-10-05
        lighthouse: s000
        constraints:
          s001: {after: s000, lag: 4w, because: key users}
          s003: {after_exit: s001}
          s004: {prefer_after: s001}
        together: [[s001, s002]]
        apart: [[s001, s003]]
        neighbours: [{sites: [s002, s004], within: 6w}]
        prerequisites: {hub: {title: "The hub", takes: 10wd}}
        """
    schedule = dates(6, 2).model_copy(update={"prerequisites": {"hub": Ready(starts=TODAY, ready=date(2026, 11, 2))}})
    made = own_pages(setting_of(programme_folder(programme(6, plan, s001="end")), schedule))
    page = made["wave-01.md"]
    assert (
        "| end | Site s000 (Lighthouse, at least 4 weeks before): key users; The hub, ready Mon 2 Nov 2026 "
        "| Site s003 (Wave 2); Site s004 (Wave 2) | together with Site s002; apart from Site s003 (Wave 2) |" in page
    )
    graph = diagrams(page)[1]
    assert graph.startswith("flowchart LR\n")
    node = {name: at for at, name in re.findall(r'  (\w+)\(?\["?([^"<]*?)["<]', graph)}
    assert set(node.values()) == {"p0", "s0", "s1", "s2", "s3", "s4"}  # numbers, so never `end`
    assert f"  {node['Site s000']} -->|4 weeks| {node['end']}" in graph
    assert f"  {node['end']} -->|after hypercare| {node['Site s003']}" in graph
    assert f"  {node['end']} -.->|if possible| {node['Site s004']}" in graph
    assert f"  {node['end']} ---|together| {node['Site s002']}" in graph
    assert f"  {node['end']} -.-|apart| {node['Site s003']}" in graph
    assert f"  {node['Site s002']} -.-|within 6 weeks| {node['Site s004']}" in graph
    assert f"  p0 --> {node['end']} & {node['Site s002']}" in graph
    # Only the plan's own pages say where others are: a move of one would else rewrite the other's.
    assert "Nothing was decided" not in page


def test_who_sees_to_what_no_team_does_is_told_as_due_tells_it(programme_folder: Write) -> None:
    """The column was empty on the pages of the plan and of every site; `due` named the programme manager."""
    plan = """
        name: V
        work_from: 2026-10-05
        lighthouse: s000
        prerequisites: {hub: {title: "The hub", takes: 10wd}}
        people: {programme_manager: {name: Ada Berg}}
        """
    schedule = dates(2, 1).model_copy(update={"prerequisites": {"hub": Ready(starts=TODAY, ready=date(2026, 11, 2))}})
    pages = own_pages(setting_of(programme_folder(programme(2, plan)), schedule))
    row = next(line for line in pages["README.md"].splitlines() if line.startswith("| The hub |"))
    assert row.endswith("| Mon 2 Nov 2026 | Ada Berg | every site |")


def test_the_picture_is_well_formed_and_says_what_it_shows(programme_folder: Write) -> None:
    text = own_pages(setting_of(programme_folder(programme(8, s001='"Quoted" & <b> bold')), dates(8, 3)))["plan.svg"]
    tree = ET.fromstring(text)
    assert tree.get("role") == "img"
    named = [tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")]
    assert tree.get("aria-labelledby") == " ".join(str(one.get("id")) for one in named if one is not None)
    assert [one.text for one in named if one is not None] == [
        "Vision & <more>",
        "8 sites in 3 waves, go-lives from 2 Feb 2027 to 13 Apr 2027",
    ]
    assert "prefers-color-scheme: dark" in text
    assert not re.search(
        r"<script|<image|<foreignObject|\bon\w+=|url\(|@import|http(?!://www\.w3\.org/2000/svg\")", text
    )
    texts = ["".join(t.itertext()) for t in tree.iter(f"{SVG}text")]
    assert '"Quoted" & <b> bold' in texts
    uses = [use.get("href") for use in tree.iter(f"{SVG}use")]
    assert (uses.count("#lighthouse"), uses.count("#diamond")) == (2, 8)  # one each of them in the legend
    assert any("Tom & <Jerry>" in (t.text or "") for t in tree.iter(f"{SVG}title"))


@pytest.mark.parametrize(
    ("count", "a_wave", "rows"),
    [(SITES_DRAWN, 9, SITES_DRAWN), (SITES_DRAWN + 1, 9, 10), (132, 1, 67)],
)
def test_many_sites_are_drawn_as_waves(programme_folder: Write, count: int, a_wave: int, rows: int) -> None:
    setting = setting_of(programme_folder(programme(count)), dates(count, a_wave))
    text = own_pages(setting)["plan.svg"]
    tree = ET.fromstring(text)
    assert len(tree.findall(f"{SVG}g")) == rows
    assert len(text) < 100_000
    width = float(tree.get("width") or 0)
    for bar in tree.iter(f"{SVG}rect"):
        assert 0 <= float(bar.get("x") or 0) <= float(bar.get("x") or 0) + float(bar.get("width") or 0) <= width
    labels = [t for t in tree.iter(f"{SVG}text") if t.get("class") == "soft" and t.get("y") == "104"]
    places = [float(t.get("x") or 0) for t in labels]
    assert all(b - a >= 24 for a, b in pairwise(places))  # names of months keep apart


def test_labels_are_cut_to_their_column() -> None:
    assert cut("short", 100) == "short"
    assert cut("x" * 40, 130) == "x" * 19 + "…"
    assert len(cut("東" * 40, 130)) < len(cut("x" * 40, 130))


def test_a_picture_edited_by_hand_is_written_anew_and_line_ends_are_left_alone(programme_folder: Write) -> None:
    setting = setting_of(programme_folder(programme(3)), dates(3, 2))
    path = "playbooks/v/plan.svg"

    def change(before: str | None, setting: Setting = setting) -> Change:
        return picture_page(PRESS, setting, {path: before}.get).change

    fresh = change(None).after or ""
    assert change(fresh.replace("Vision", "Mine")) == Change(path, fresh.replace("Vision", "Mine"), fresh)
    assert change(fresh.replace("\n", "\r\n")).is_empty
    nothing = dates(3, 2).model_copy(update={"sites": {}})
    without = Setting(stand(setting.programme, setting.standing.folder, nothing))
    assert change(fresh, without) == Change(path, fresh, None)


def test_hypercare_ends_on_one_day_everywhere(programme_folder: Write) -> None:
    """Its exit is decided when it is due; pages went by that, calendar, workbook and diagrams by how long it lasts."""
    item = "{title: Decide the exit, phase: stabilise, starts: T+28, takes: 1d, owner: programme_manager}"
    files = programme(2, f"{PLAN}activities: {{hypercare-exit: {item}}}\n".replace("    ", ""))
    setting = setting_of(programme_folder(files), dates(2, 1))
    site = setting.standing.site("s001")
    ends = date(2027, 4, 13)
    assert next(task.ends for task in site.tasks if task.activity.id == "hypercare-exit") > ends
    (row,) = wave_page(setting, setting.standing.waves[1], Neighbourhood(setting))["sites"]
    assert row["hypercare_ends"] == spoken(ends)
    assert playbook(setting, site)["hypercare"]["ends"] == spoken(ends)
    assert f"Hypercare until {spoken_day(ends)}" in own_pages(setting)["plan.svg"]
    assert f":2027-03-30, {ends + ONE_DAY}" in gantt(setting.standing)[0]
    book = plan_book(
        setting.standing,
        Due(plan="v", name="V", as_of=TODAY, until=TODAY, items=()),
        TeamLoads(plan="v", name="V", by="month", teams=()),
    )
    assert ends in next(row for row in book.sheets[0].rows if row[0] == "s001")


def test_what_sites_wait_for_stands_in_one_order(programme_folder: Write) -> None:
    waits = "prerequisites: {a: {title: A, takes: 5d}, b: {title: B, takes: 10d}, c: {title: C, takes: 5d}}\n"
    root = programme_folder(programme(2, f"{PLAN}{waits}".replace("    ", "")))
    ready = date(2026, 12, 1)
    begins = {"a": date(2026, 11, 24), "b": date(2026, 11, 17)}
    days = {name: Ready(starts=starts, ready=ready) for name, starts in begins.items()}
    setting = setting_of(root, dates(2, 1).model_copy(update={"prerequisites": days}))
    assert [needed["title"] for needed in index(setting)["prerequisites"]] == ["B", "A", "C"]
    picture = drawing(setting)
    assert picture is not None
    assert [row["title"] for row in picture["groups"][0]["rows"]] == ["B", "A"]
