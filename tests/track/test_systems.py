"""Believed, declared, found: counted by hand; and a system that is found moves its site as editing would."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.agenda import Task
from rollout.model.instance import After
from rollout.model.source import Source
from rollout.problem import RolloutError
from rollout.sequence.plan import instance_of
from rollout.track.standing import stand
from tests.conftest import TODAY, Write, loaded


def site(name: str, more: str = "") -> str:
    return f"name: {name}\ncountry: FR\nsponsor: {{name: A}}\n{more}"


FILES = {
    "sites/_systems.yaml": """
        believed: {erp: 1, mes: 2}
        systems:
          sap: {kind: erp, connector: {live_since: 2026-05-02}}
          oracle: {kind: erp, connector: {team: crew, takes: 10wd}}
          apriso: {kind: mes, connector: {team: crew, takes: 60d}}
          spare: {kind: mes}
        """,
    "waves/_teams.yaml": "teams: {crew: {people: 1}}\n",
    "sites/graz.yaml": site("Graz", "systems: [oracle]\n"),
    "sites/linz.yaml": site("Linz"),
    "sites/lyon.yaml": site("Lyon", "systems: [sap]\n"),
    "sites/wels.yaml": site("Wels", "systems: [sap]\n"),
    "templates/presets/standard@1.yaml": "activities: {install: {title: Install, starts: T-14, takes: 14d}}\ngates: {}\n",
    "waves/v/plan.yaml": """
        name: V
        work_from: 2026-10-05
        lighthouse: lyon
        waves: {every: month, size: 4}
        connectors: {takes: 30d}
        activities:
          counts: {title: Compare the counts, starts: T-7, takes: 1d, where: {systems: [apriso]}}
        """,
    "waves/v/records/lyon.yaml": "- {found: sap, kind: erp, source: invoices, on: 2026-09-02, by: Ana}\n",
    "waves/v/records/wels.yaml": """
        - {found: sap, kind: erp, source: list, on: 2026-09-01, by: Ana}
        - {found: mainframe, kind: erp, source: walk-through, on: 2026-09-03, by: Ana}
        - {found: fax, kind: other, on: 2026-09-03, by: Ana}
        - {found: fax, kind: other, unneeded: true, because: it goes, on: 2026-09-04, by: Ana}
        """,
}


def test_kinds_connectors_and_what_is_open(programme_folder: Write) -> None:
    found = pipeline.systems(programme_folder(FILES), TODAY)
    assert [(k.kind, k.believed, k.declared, k.found, k.in_use) for k in found.kinds] == [
        ("erp", 1, 2, 2, 3),  # sap and oracle declared, sap and mainframe found
        ("mes", 2, 0, 0, 0),
    ]
    assert found.headline == "Believed 1 ERP, found 2; believed 2 MES, found 0."
    assert found.hub == "3 connectors to the hub (1 live), against 3 links from each to each."
    assert [(row.system.id, row.is_registered, row.declared_at, row.discovery()) for row in found.rows] == [
        ("mainframe", False, (), "wels, 3 Sep 2026: walk-through"),
        ("oracle", True, ("graz",), "not found yet"),
        ("sap", True, ("lyon", "wels"), "wels, 1 Sep 2026: list (and 1 more)"),
    ]
    assert found.idle == ("apriso", "spare")
    assert {one.site: one.spoken() for one in found.incomplete} == {
        "graz": "declared, not confirmed: oracle",
        "linz": "no system declared or found yet",
        "wels": "found, not declared: mainframe; not in the register: mainframe",
    }
    assert found.json()["connectors"] == {"count": 3, "live": 1, "pairs": 3}


def test_a_site_is_complete_once_found_and_declared_agree(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    (root / "sites/wels.yaml").write_text(site("Wels", "systems: [sap, mainframe]\n"))
    register = (root / "sites/_systems.yaml").read_text()
    (root / "sites/_systems.yaml").write_text(register + "  mainframe: {kind: erp}\n")
    programme = loaded(root)
    assert programme.unsettled(programme.sites["wels"]).is_complete
    assert programme.sites["wels"].discovered == ()


def test_a_found_system_is_one_of_the_sites_and_waits_for_its_connector(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    programme = loaded(root)
    wels = programme.sites["wels"]
    assert (wels.systems, wels.declared, wels.discovered) == (("sap", "mainframe"), ("sap",), ("mainframe",))
    waits = {p.id: (str(p.takes), p.needs) for p in programme.prerequisites_of(programme.plans["v"].plan)}
    assert waits == {"connector-mainframe": ("30d", {}), "connector-oracle": ("10wd", {"crew": 1})}
    planned = pipeline.plan(root, TODAY)
    ready = planned.schedule.prerequisites["connector-mainframe"].ready
    assert planned.schedule.sites["wels"].go_live >= ready >= date(2026, 11, 4)
    programme = loaded(root)
    folder = programme.plans["v"]
    assert folder.schedule is not None
    waiting = [
        (after.job, after.because.source)
        for after in instance_of(programme, folder, folder.schedule).primitives
        if isinstance(after, After) and after.before == "prerequisite connector-mainframe"
    ]
    assert waiting == [("wels", Source(("waves/v/records/wels.yaml",), (1, "found")))]


def test_what_a_late_system_does_is_what_recording_it_does(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.plan(root, TODAY)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    late = pipeline.found_late(root, TODAY, None, "apriso", "lyon")
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    # Work begins on 5 Oct, 14 days of it; the connector takes 60 days of one person.
    assert late.earliest == (date(2026, 10, 19), date(2026, 12, 7))
    assert late.ready == date(2026, 12, 4)
    assert late.spoken()[0] == (
        "Lyon + connector apriso: earliest go-live moves from 19 Oct 2026 to 7 Dec 2026, 49 days later."
    )
    pipeline.record(root, ["lyon", "found", "apriso", "--kind", "mes"], {}, TODAY, user="Ana")
    planned = pipeline.plan(root, TODAY)
    placed = planned.schedule.sites["lyon"]
    assert late.placed[1] == placed
    assert late.revision is not None and planned.revision is not None
    assert late.revision.moves == planned.revision.moves
    assert "counts" in {task.activity.id for task in _tasks(root)}
    assert pipeline.check_dates(root, TODAY)[1] == ()


def _tasks(root: Path) -> tuple[Task, ...]:
    programme = loaded(root)
    folder = programme.plans["v"]
    assert folder.schedule is not None
    return stand(programme, folder, folder.schedule).site("lyon").tasks


def test_a_system_that_is_there_or_connected_changes_nothing(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.plan(root, TODAY)
    assert pipeline.found_late(root, TODAY, None, "sap", "lyon").spoken() == (
        "Lyon runs sap already, so nothing changes.",
    )
    live = pipeline.found_late(root, TODAY, None, "sap", "graz")
    assert live.spoken() == ("sap has a live connector: Graz keeps its dates.",)
    assert live.revision is None
    (root / "waves/v/records/graz.yaml").write_text("- {status: live, on: 2026-09-30, by: import}\n")
    with pytest.raises(RolloutError, match="graz went live on 2026-09-30"):
        pipeline.found_late(root, TODAY, None, "apriso", "graz")


def test_the_playbook_says_what_became_of_what_was_found(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    text = (root / "playbooks/v/wels/playbook.md").read_text()
    assert "| mainframe | not in the register | **nobody named** | ready on " in text
    assert "**Not declared by the site:** either add it to `systems` in `sites/wels.yaml`" in text
    assert text.count("fax (Other)") == 1
    assert "It needs no connection: it goes." in text
