"""Dates to pages, and both to one commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.change import Change
from rollout.model.layout import HOLIDAYS, PAGES
from rollout.model.markers import CHOOSE
from rollout.model.programme import PlanFolder
from rollout.pipeline.dating import dates
from rollout.pipeline.loading import Loaded, alone, catalogues_of, pick, published, repository_of, sound
from rollout.pipeline.reviewing import diff
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.dispute import Dispute
    from rollout.model.published import Published, Pushed
    from rollout.model.result import Planned, RenderedPages
    from rollout.render.merge import Branches
    from rollout.render.render import Rendered
    from rollout.repository import Repository


def render(root: Path, as_of: date, plan_id: str | None = None, *, check: bool = False) -> RenderedPages:
    """The pages of a plan on its published dates; with `check` nothing is written and what is behind is named."""
    with alone(root, dry_run=check):
        return _render(root, as_of, plan_id, check=check)


def _render(root: Path, as_of: date, plan_id: str | None, *, check: bool) -> RenderedPages:
    from rollout.check.schedule import check_schedule
    from rollout.commit.lock import memory_of, remember
    from rollout.commit.write import write
    from rollout.load.untouched import recall, signature
    from rollout.model.result import RenderedPages
    from rollout.sequence.plan import instance_of

    # Before anything is read: what changes from here on changes the signature.
    signed = signature(root.resolve(), ("sites", "waves", "templates", PAGES))
    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    memory = memory_of(loaded.workspace.root, f"{folder.id}.rendered")
    known = recall(memory)
    if known is not None and known[0] == signed:  # the same files were found lawful and rendered then
        return RenderedPages(written=(), unchanged=known[1])
    schedule = published(folder)
    wrong = check_schedule(instance_of(loaded.programme, folder, schedule), schedule, folder.layout.schedule)
    if wrong:
        raise RolloutError(*loaded.placed(wrong))
    seen = _Seen(on_disk=check)
    changes = seen.changes(pages(loaded, folder))
    stale: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    if check:
        stale = tuple(sorted(change.path for change in changes))
    else:
        written = write(loaded.workspace.root, changes)
        if signed and not (written or seen.conflicts or seen.deleted or seen.left):
            remember(memory, f"{signed} {seen.unchanged}\n")
    return RenderedPages(
        written=written,
        unchanged=seen.unchanged,
        stale=stale,
        conflicts=tuple(sorted(seen.conflicts)),
        deleted=tuple(seen.deleted),
        left=tuple(seen.left),
    )


def pages(loaded: Loaded, folder: PlanFolder) -> Iterator[Rendered]:
    """Every page of a plan, one site after another."""
    from rollout.load.templates import load_templates
    from rollout.render.render import render as render_pages
    from rollout.track.standing import stand

    standing = stand(loaded.programme, folder, published(folder))
    catalogues = catalogues_of(loaded, folder)
    branches = _branches(loaded.workspace.root)
    return render_pages(standing, load_templates(loaded.workspace), loaded.workspace.text, catalogues, branches)


def _branches(root: Path) -> Branches:
    """The pages that git could not merge, as either branch has them; git is asked once, when the first is wanted."""

    @cache
    def unmerged() -> dict[str, tuple[bytes, bytes]]:
        repository = repository_of(root)
        return repository.unmerged(PAGES) if repository else {}

    def of(path: str) -> tuple[str, str] | None:
        if (both := unmerged().get(path)) is None:
            return None
        one, two = (page.decode("utf-8", "replace") for page in both)
        return one, two

    return of


def publish(
    root: Path,
    as_of: date,
    plan_id: str | None = None,
    *,
    dry_run: bool = False,
    branch: str | None = None,
    push: bool = False,
    remote: str | None = None,
) -> Published:
    """Validate, keep or make the schedule, render, and commit exactly the files written: all or nothing.

    With `branch` the commit goes on a new branch of that name on top of HEAD, with the inputs that differ from HEAD,
    and nothing else changes: not the branch checked out, the index or a file. `push` sends it to `remote`.
    """
    with ExitStack() as held:
        held.enter_context(alone(root, dry_run=dry_run))
        return _publish(root, as_of, plan_id, held, dry_run=dry_run, branch=branch, push=push, remote=remote)


def _publish(
    root: Path,
    as_of: date,
    plan_id: str | None,
    held: ExitStack,
    *,
    dry_run: bool,
    branch: str | None,
    push: bool,
    remote: str | None,
) -> Published:
    """The same, by the only one who writes here until `held` is closed."""
    from rollout.commit.publish import refuse_uncommitted
    from rollout.model.published import Published
    from rollout.repository import Repository
    from rollout.repository.branches import check_name
    from rollout.repository.pushing import remote_of

    loaded = sound(root, as_of, settles=True)
    folder = pick(loaded.programme, plan_id)
    repository = Repository.find(loaded.workspace.root)
    if branch is not None:
        check_name(repository, branch)
    to = remote_of(repository, remote) if branch is not None and push else None
    if repository.is_ignored(folder.plan.paths[0]):  # of such files git tells no changes either
        raise RolloutError(_ignored(folder.plan.paths[0]))
    uncommitted = frozenset(repository.uncommitted(("sites", "waves", "templates", PAGES)))
    made = {folder.layout.schedule, HOLIDAYS}
    inputs = sorted(path for path in uncommitted - made if not path.startswith(f"{PAGES}/"))
    if branch is None:
        refuse_uncommitted(inputs)
    planned = dates(loaded, folder, as_of)
    if planned.refused:
        raise RolloutError(*_without_day(planned))
    edition = _Edition(loaded, folder, planned, uncommitted)
    base = repository.head()
    if dry_run:
        paths = tuple(sorted({*(change.path for change in edition.changes()), *inputs, *edition.also()}))
        done = Published(
            commit=None, branch=branch or repository.branch(), files=len(paths), planned=planned, paths=paths
        )
        # What is not committed yet is in the working tree, and the dates that would be published are found again.
        return done if branch is None else replace(done, review=diff(root, base, today=as_of, plan_id=folder.id))
    done = edition.commit(repository, branch, inputs)
    held.close()  # a push may take its time
    if branch is None or done.commit is None:
        return done
    review = diff(root, base, done.commit, today=as_of, plan_id=folder.id)
    return replace(done, review=review, pushed=_pushed(repository, branch, to))


class _Edition:
    """What goes into one commit: the dates and pages that change, and those written before and not committed yet."""

    def __init__(self, loaded: Loaded, folder: PlanFolder, planned: Planned, uncommitted: AbstractSet[str]) -> None:
        if planned.holidays is not None:  # pages are written with those that are written with them
            loaded = replace(loaded, programme=replace(loaded.programme, holidays=planned.holidays))
        self.loaded = loaded
        self.folder = replace(folder, schedule=planned.schedule)
        self.planned = planned
        self.uncommitted = uncommitted
        self.seen = _Seen(on_disk=True, marking=False)

    def changes(self) -> Iterator[Change]:
        """What has to be written. Raises RolloutError where a person's work in a page would be lost or taken along."""
        yield from self.planned.changes
        yield from self.seen.changes(_unless_worked_in(pages(self.loaded, self.folder), self.uncommitted))
        if self.seen.conflicts:
            raise RolloutError(*map(_conflict, sorted(self.seen.conflicts)))

    def also(self) -> list[str]:
        """What `plan` and `render` wrote before and nobody has worked in since; known once all changes were taken."""
        return sorted(self.uncommitted & {self.folder.layout.schedule, HOLIDAYS, *self.seen.pristine})

    def commit(self, repository: Repository, branch: str | None, inputs: Sequence[str]) -> Published:
        """All of it in one commit: on the branch checked out, or with the `inputs` on a new one."""
        from rollout import __version__
        from rollout.commit.branch import publish_on_branch
        from rollout.commit.publish import publish as publish_changes
        from rollout.model.published import Published

        root, message = self.loaded.workspace.root, self.planned.message(__version__)
        receipt = (
            publish_changes(repository, root, self.changes(), message, also=self.also)
            if branch is None
            else publish_on_branch(repository, root, self.changes(), message, branch, inputs=inputs, also=self.also)
        )
        return Published(
            commit=receipt.commit,
            branch=receipt.branch,
            files=receipt.files,
            planned=self.planned,
            paths=receipt.paths,
            is_new=receipt.is_new,
        )


class _Seen:
    """What passes by on its way from rendering to writing, counted."""

    def __init__(self, *, on_disk: bool, marking: bool = True) -> None:
        self.on_disk = on_disk
        """Whether pages keep the lines they have, so that conflicts are told by those."""
        self.marking = marking
        """Whether conflict markers may go into pages."""
        self.unchanged = 0
        self.conflicts: list[Dispute] = []
        self.deleted: list[str] = []
        self.left: list[str] = []
        self.pristine: list[str] = []

    def changes(self, rendered: Iterator[Rendered]) -> Iterator[Change]:
        """The changes worth writing."""
        for page in rendered:
            path = page.change.path
            self.deleted += [f"{path}#{block}" for block in page.deleted]
            self.left += [f"{path}#{block}" for block in page.left]
            self.conflicts += _on_disk(page) if self.on_disk else page.conflicts
            if page.change.is_empty:
                self.unchanged += not page.conflicts
                if page.pristine:
                    self.pristine.append(path)
            elif self.marking or not page.conflicts:
                yield page.change


def _on_disk(page: Rendered) -> Iterator[Dispute]:
    """The conflicts of a page at the lines they have as long as it is not written."""
    before = page.change.before
    for conflict in page.conflicts:
        if before == page.change.after or before is None:
            yield conflict
        else:
            mark = f"<!-- rollout:{conflict.block} "
            lines = before.split("\n")
            yield replace(conflict, line=next((at for at, line in enumerate(lines, 1) if mark in line), 1))


def _pushed(repository: Repository, branch: str, remote: str | None) -> Pushed | None:
    from rollout.model.published import Pushed
    from rollout.repository.pushing import push, url_of

    if remote is None:
        return None
    push(repository, branch, remote)
    return Pushed(remote, url_of(repository, remote))


def _unless_worked_in(rendered: Iterator[Rendered], uncommitted: AbstractSet[str]) -> Iterator[Rendered]:
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


def _ignored(path: str) -> Problem:
    said = "git is told to ignore this file, so what is published from it could not be made again"
    hint = f"`git check-ignore -v {path}` names the line; take it out and commit the programme"
    return Problem(path=path, code="uncommitted", message=said, hint=hint)


def _conflict(found: Dispute) -> Problem:
    said, hint = found.said, CHOOSE
    if found.block:  # nothing is written, so both texts need not stand there yet
        said = f"{found.block} was changed here and by rollout"
        hint = f"`rollout render` puts both texts there: {CHOOSE}"
    return Problem(path=found.path, line=found.line, column=1, code="conflict", message=said, hint=hint)
