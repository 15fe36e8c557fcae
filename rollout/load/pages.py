"""The pages people work in: their checklists are read for the boxes, one site at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from rollout.load.workspace import Workspace
from rollout.model.boxes import ticks
from rollout.model.layout import CHECKLIST, Layout
from rollout.model.site import Site, renamed_in

_TICKS = tuple(before + tick for before in (b" ", b"\t") for tick in (b"[x", b"[X", b"[ x", b"[ X"))
"""A box stands behind a blank, unlike the example in the page's own instructions."""


class ChecklistsOnDisk:
    """The checklists of a plan's sites, under the name a site has now or had before."""

    def __init__(self, workspace: Workspace, plan_id: str, sites: Mapping[str, Site]) -> None:
        self._workspace, self._folder, self._sites = workspace, Layout(plan_id).pages, sites

    def ticks(self) -> Mapping[str, frozenset[str]]:
        """By site, the items ticked there; sites without ticks are left out."""
        return self._ticks

    @cached_property
    def _ticks(self) -> Mapping[str, frozenset[str]]:
        found = {}
        for site_id, _, data in self._read():
            # Most pages of a large programme are untouched: no text is made of them.
            if any(tick in data for tick in _TICKS) and (ticked := ticks(_text(data))):
                found[site_id] = ticked
        return found

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """Site, path and text of each, by site."""
        return ((site_id, path, _text(data)) for site_id, path, data in self._read())

    def _read(self) -> Iterator[tuple[str, str, bytes]]:
        there = {name for name, is_folder in self._workspace.names(self._folder, []) if is_folder}
        if not there:
            return
        renamed = renamed_in(self._sites)
        for site_id, site in self._sites.items():
            for name in (site_id, *(name for name in site.formerly if renamed.get(name) == site_id)):
                path = f"{self._folder}/{name}/{CHECKLIST}"
                if name in there and (data := self._workspace.read(path)) is not None:
                    yield site_id, path, data
                    break


def _text(data: bytes) -> str:
    """What is not UTF-8 stops `render`, with its place; it does not stop boxes from being read."""
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
