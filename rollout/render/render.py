"""A plan's standing to the files it should have, site by site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rollout.model.change import Change
from rollout.model.schedule import Placement
from rollout.model.standing import SiteStanding, Standing
from rollout.render.checklist import checklist_view
from rollout.render.engine import Engine, View
from rollout.render.go_no_go import go_no_go_view
from rollout.render.index import index_view, is_split, wave_page, wave_view
from rollout.render.merge import merge
from rollout.render.playbook import packets, playbook_view
from rollout.render.scene import Scene
from rollout.render.training import training_view

FINISHED = ("stable", "dropped")
"""Sites in these states keep their pages as they are."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as it is and as it should be."""

    change: Change
    conflicts: tuple[str, ...] = ()
    """Blocks that a person and we have both changed; the page is left alone."""
    deleted: tuple[str, ...] = ()
    """Blocks that a person took out; they stay out."""
    kept: tuple[str, ...] = ()
    """Blocks that are no longer generated and stay, because a person worked in them."""


def render(standing: Standing, templates: Mapping[str, str], page: Callable[[str], str | None]) -> Iterator[Rendered]:
    """Every page of a plan, one at a time: those of its sites, then its own.

    `page` gives the text of a page on disk, or None. Pages that stay as they are come with an empty change. Raises
    RolloutError when a template is wrong; ask for the first page before writing anything.
    """
    scene, engine = Scene(standing), Engine(templates)
    for at in standing:
        placement = at.placement
        if placement is None or at.facts.status in FINISHED:
            continue
        for name, template, view in _documents(scene, at, placement):
            yield from _brought_up_to_date(scene, at, name, engine.page(template, view), page)
    yield _changed(f"{scene.folder}/README.md", engine.page("index.md.j2", index_view(scene)), page)
    if is_split(standing):
        for wave in standing.waves:
            text = engine.page("wave.md.j2", wave_view(scene, wave))
            yield _changed(f"{scene.folder}/{wave_page(wave)}", text, page)


def _documents(scene: Scene, at: SiteStanding, placement: Placement) -> Iterator[tuple[str, str, View]]:
    """Name, template and view of each document the plan wants for a site."""
    wanted = scene.plan.documents
    if "playbook" in wanted:
        yield "playbook.md", "playbook.md.j2", playbook_view(scene, at, placement)
    if "checklist" in wanted:
        yield "checklist.md", "checklist.md.j2", checklist_view(scene, at, placement)
    if "training" in wanted:
        for role, tag in packets(at):
            yield f"training/{role}.{tag}.md", "training.md.j2", training_view(scene, at, placement, role, tag)
    if "go-no-go" in wanted:
        yield "go-no-go.md", "go-no-go.md.j2", go_no_go_view(scene, at, placement)


def _brought_up_to_date(
    scene: Scene, at: SiteStanding, name: str, text: str, page: Callable[[str], str | None]
) -> Iterator[Rendered]:
    """The page of a site, begun from the page it had under an earlier id where there is none under this one."""
    path = f"{scene.folder}/{at.site.id}/{name}"
    before = page(path)
    if before is None:
        for former in at.site.formerly:
            old = f"{scene.folder}/{former}/{name}"
            if (moved := page(old)) is not None:
                yield Rendered(Change(old, moved, None))
                merged = merge(moved, text)
                yield Rendered(Change(path, None, merged.text), merged.conflicts, merged.deleted, merged.kept)
                return
    yield _changed_from(path, before, text)


def _changed(path: str, text: str, page: Callable[[str], str | None]) -> Rendered:
    return _changed_from(path, page(path), text)


def _changed_from(path: str, before: str | None, text: str) -> Rendered:
    merged = merge(before, text)
    return Rendered(Change(path, before, merged.text), merged.conflicts, merged.deleted, merged.kept)
