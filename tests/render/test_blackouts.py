"""A blackout is said where it counts: on the pages of the sites that it is about, and of no other."""

from __future__ import annotations

from pathlib import Path

from rollout.pipeline import plan, plan_calendar, render
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import plan_file, sites

FAIR = "blackouts: [{id: spring-fair, from: 2026-10-01, to: 2027-02-26, blocks: [training], where: {id: b}}]\n"
"""Of the folder, for one of its sites."""


def pages(root: Path, site: str) -> str:
    return "".join(file.read_text(encoding="utf-8") for file in sorted((root / "playbooks/v" / site).glob("*.md")))


def test_of_a_folder_with_a_selection(programme_folder: Write) -> None:
    root = programme_folder(
        {**sites(*"abc"), **plan_file("", "9"), "sites/_defaults.yaml": FAIR, "waves/_teams.yaml": ""}
    )
    plan(root, TODAY)
    render(root, TODAY)
    assert "Spring fair" in pages(root, "b")
    assert "Spring fair" not in pages(root, "a") + pages(root, "c")
    shown = plan_calendar(root, TODAY).decode().replace("\r\n ", "")
    assert "SUMMARY:Blackout: Spring fair (B)" in shown
