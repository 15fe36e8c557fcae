"""A checklist is judged by what stands on it, not by the pages before it."""

from __future__ import annotations

import pytest

from rollout import pipeline
from tests.conftest import TODAY, Write

PLAN = "name: V\nwork_from: 2026-10-05\nactivities:\n  crane: {title: Book the crane, starts: T-30, takes: 5wd}\n"
RIGHT = "- [ ] Book the crane <!-- rollout:crane 3f2a9c1b -->\n\n<!-- rollout: crane -->\n"
TYPED = "- [x] Book the crain <!-- rollout:crain -->\n"


@pytest.mark.parametrize("before", ["", RIGHT, TYPED + RIGHT])
@pytest.mark.parametrize("page", [TYPED, TYPED + RIGHT])
def test_an_id_that_was_typed_is_found_on_every_page(programme_folder: Write, before: str, page: str) -> None:
    files = {f"sites/{name}.yaml": f"name: {name}\ncountry: FR\n" for name in ("a", "b")}
    pages = {"playbooks/v/a/checklist.md": before, "playbooks/v/b/checklist.md": page}
    root = programme_folder(
        {**files, "waves/v/plan.yaml": PLAN, **{path: text for path, text in pages.items() if text}}
    )
    found = pipeline.validate(root, TODAY).problems
    assert [(p.line, p.column) for p in found if p.code == "unknown-item" and "/b/" in p.path] == [(1, 27)]
