"""What `systems` says in words, of one and of many."""

from __future__ import annotations

from rollout.model.discovered import SystemRow, Systems
from rollout.model.system import System


def test_one_system_at_one_site_is_said_so_and_of_many_names_some() -> None:
    sap = System.model_validate({"id": "sap", "kind": "erp"})
    row = SystemRow(system=sap, is_registered=True, declared_at=("lyon",), found=(), ready=None)
    idle = tuple(f"spare-{number}" for number in range(300))
    found = Systems(sites=1, kinds=(), rows=(row,), idle=idle, links=(), incomplete=())
    assert found.headline == "1 system in use at 1 site; nobody wrote down how many were believed."
    assert found.hub == "1 connector to the hub (0 live), against 0 links from each to each."
    assert found.table().notes[0].endswith("spare-6, spare-7 and 292 more.")
