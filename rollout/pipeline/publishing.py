"""Dates to pages, and both to one commit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.change import Change
from rollout.model.programme import PlanFolder
from rollout.pipeline.dating import dates
from rollout.pipeline.loading import Loaded, pick, published, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.result import Planned, Published, RenderedPages
    from rollout.render.render import Rendered


def render(root: Path, as_of: date, plan_id: str | None = None, *, check: bool = False) -> RenderedPages:
    """The pages of a plan on its published dates; with `check` nothing is written and what is behind is named."""
    from rollout.check.schedule import check_schedule
    from rollout.commit.write import locked, memory_of, remember, write
    from rollout.load.untouched import recall, signature
    from rollout.model.result import RenderedPages
    from rollout.sequence.plan import instance_of

    # Before anything is read: what changes from here on changes the signature.
    signed = signature(root.resolve(), ("sites", "waves", "templates", "playbooks"))
    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    memory = memory_of(loaded.workspace.root, f"{folder.id}.rendered")
    known = recall(memory)
    if known is not None and known[0] == signed:  # the same files were found lawful and rendered then
        return RenderedPages(written=(), unchanged=known[1])
    schedule = published(folder)
    wrong = check_schedule(
        instance_of(loaded.programme, folder, schedule), schedule, f"waves/{folder.id}/schedule.yaml"
    )
    if wrong:
        raise RolloutError(*loaded.placed(wrong))
    seen = _Seen()
    if check:
        changed = tuple(sorted(change.path for change in seen.changes(pages(loaded, folder))))
        return RenderedPages(
            written=(),
            unchanged=seen.unchanged,
            stale=changed,
            conflicts=tuple(seen.conflicts),
            deleted=tuple(seen.deleted),
        )
    with locked(loaded.workspace.root):
        written = write(loaded.workspace.root, seen.changes(pages(loaded, folder)))
        if signed and not (written or seen.conflicts or seen.deleted):
            remember(memory, f"{signed} {seen.unchanged}\n")
    return RenderedPages(
        written=written, unchanged=seen.unchanged, conflicts=tuple(seen.conflicts), deleted=tuple(seen.deleted)
    )


def pages(loaded: Loaded, folder: PlanFolder) -> Iterator[Rendered]:
    """Every page of a plan, one site after another."""
    from rollout.load.templates import load_templates
    from rollout.render.render import render as render_pages
    from rollout.track.standing import stand

    standing = stand(loaded.programme, folder, published(folder))
    return render_pages(standing, load_templates(loaded.workspace), loaded.workspace.text)


class _Seen:
    """What passes by on its way from rendering to writing, counted."""

    def __init__(self) -> None:
        self.unchanged = 0
        self.conflicts: list[str] = []
        self.deleted: list[str] = []
        self.pristine: list[str] = []

    def changes(self, rendered: Iterator[Rendered]) -> Iterator[Change]:
        """The changes worth writing."""
        for page in rendered:
            self.deleted += [f"{page.change.path}#{block}" for block in page.deleted]
            if page.conflicts:
                self.conflicts.append(page.change.path)
            elif page.change.is_empty:
                self.unchanged += 1
                if page.pristine:
                    self.pristine.append(page.change.path)
            else:
                yield page.change


def publish(root: Path, as_of: date, plan_id: str | None = None, *, dry_run: bool = False) -> Published:
    """Validate, keep or make the schedule, render, and commit exactly the files written: all or nothing."""
    from rollout import __version__
    from rollout.commit.publish import publish as publish_changes
    from rollout.commit.publish import refuse_uncommitted
    from rollout.commit.write import locked
    from rollout.model.result import Published
    from rollout.repository import Repository

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    repository = Repository.find(loaded.workspace.root)
    ours = {f"waves/{folder.id}/schedule.yaml", "waves/_holidays.yaml"}
    uncommitted = set(repository.uncommitted(("sites", "waves", "templates", "playbooks")))
    refuse_uncommitted(p for p in uncommitted - ours if not p.startswith("playbooks/"))
    planned = dates(loaded, folder, as_of)
    if planned.refused:
        raise RolloutError(*_without_day(planned))
    folder = replace(folder, schedule=planned.schedule)
    seen = _Seen()

    def everything() -> Iterator[Change]:
        yield from planned.changes
        yield from seen.changes(_unless_worked_in(pages(loaded, folder), uncommitted))
        if seen.conflicts:
            raise RolloutError(*map(_conflict, seen.conflicts))

    if dry_run:
        paths = tuple(sorted(change.path for change in everything()))
        return Published(commit=None, branch=repository.branch(), files=len(paths), planned=planned, paths=paths)
    with locked(loaded.workspace.root):
        receipt = publish_changes(
            repository,
            loaded.workspace.root,
            everything(),
            planned.message(__version__),
            # What `plan` and `render` wrote before and nobody has worked in since is ours to commit too.
            also=lambda: sorted(uncommitted & (ours | set(seen.pristine))),
        )
    return Published(
        commit=receipt.commit, branch=receipt.branch, files=receipt.files, planned=planned, paths=receipt.paths
    )


def _unless_worked_in(rendered: Iterator[Rendered], uncommitted: set[str]) -> Iterator[Rendered]:
    """The pages, as long as none of them would carry a person's uncommitted work into the commit."""
    for page in rendered:
        if page.change.path in uncommitted and not page.change.is_empty and not page.pristine and page.change.before:
            said = "somebody worked in this page and has not committed it, and it has to be written again"
            hint = f"commit it first: git add {page.change.path} && git commit"
            raise RolloutError(Problem(path=page.change.path, code="uncommitted", message=said, hint=hint))
        yield page


def _without_day(planned: Planned) -> list[Problem]:
    path = planned.plan.paths[0]
    return [
        Problem(path=path, line=1, column=1, code="unplaced", message=f"{site}: {why}", hint="see `rollout plan`")
        for site, why in sorted(planned.refused.items())
    ]


def _conflict(path: str) -> Problem:
    said = "a block was changed here and by rollout, and nothing is overwritten"
    return Problem(
        path=path, code="conflict", message=said, hint="take the new text from `rollout render`, or undo the edit"
    )
