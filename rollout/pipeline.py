"""The order of the rooms, and nothing else: the first file to read, and the Python API.

    from rollout.pipeline import load, plan, render

Every function takes the programme's folder and values, prints nothing, and raises `RolloutError` when there is no way
on. Nothing here asks for the time or the environment: today is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.locate import Places
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace, find_root
from rollout.model.change import Change
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.explained import Explained
    from rollout.model.imported import Imported, ImportOptions
    from rollout.model.result import Planned, Published, RenderedPages, Shown, Started, Validated
    from rollout.render.render import Rendered

__all__ = [
    "Loaded",
    "begin_demo",
    "check_dates",
    "commit_demo",
    "explain",
    "find_root",
    "import_sites",
    "init",
    "load",
    "plan",
    "publish",
    "render",
    "show",
    "validate",
]


@dataclass(frozen=True)
class Loaded:
    """A programme and what is wrong with its files."""

    workspace: Workspace
    programme: Programme
    problems: tuple[Problem, ...]

    def placed(self, problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Problems with their lines and columns, sorted."""
        return tuple(Places(self.workspace).resolve(problems))


def load(root: Path) -> Loaded:
    """The programme below a folder, as far as it can be understood."""
    workspace = Workspace(root)
    programme, problems = load_programme(workspace)
    return Loaded(workspace, programme, tuple(problems))


def validate(root: Path, as_of: date) -> Validated:
    """Everything wrong with the files, and everything the rules find."""
    from rollout.check import check_programme
    from rollout.model.result import Validated

    loaded = load(root)
    found = [*loaded.problems, *check_programme(loaded.programme, as_of)]
    sites = len(loaded.programme.sites) + len(loaded.programme.broken_sites)
    return Validated(loaded.placed(found), sites)


def sound(root: Path, as_of: date) -> Loaded:
    """The programme, if no file and no rule finds an error in it; raises RolloutError with all of them otherwise."""
    from rollout.check import check_programme

    loaded = load(root)
    problems = [*loaded.problems, *check_programme(loaded.programme, as_of)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise RolloutError(*loaded.placed(errors))
    return loaded


def plan(
    root: Path, as_of: date, plan_id: str | None = None, *, afresh: bool = False, dry_run: bool = False
) -> Planned:
    """The dates of a plan: the published ones where they are lawful, new ones where not.

    Writes `schedule.yaml` and `_holidays.yaml` unless `dry_run`. `afresh` looks for the best plan without regard to
    what is published.
    """
    from rollout.commit.write import locked, write

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    planned = dates(loaded, folder, as_of, afresh=afresh)
    if planned.changes and not dry_run:
        with locked(loaded.workspace.root):
            write(loaded.workspace.root, planned.changes)
    return planned


def check_dates(root: Path, as_of: date, plan_id: str | None = None) -> tuple[Planned, tuple[Problem, ...]]:
    """The published dates, judged independently: what they break, and what is overdue (warnings)."""
    from rollout.check.schedule import check_schedule, overdue
    from rollout.model.result import Planned
    from rollout.sequence.plan import instance_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    instance = instance_of(loaded.programme, folder, schedule)
    path = f"waves/{folder.id}/schedule.yaml"
    found = [*check_schedule(instance, schedule, path), *overdue(instance, schedule, path, as_of)]
    planned = Planned(plan=folder.plan, sites=loaded.programme.sites, schedule=schedule, kept=True, changes=())
    return planned, loaded.placed(found)


def dates(loaded: Loaded, folder: PlanFolder, as_of: date, *, afresh: bool = False) -> Planned:
    """What `plan` does before anything is written."""
    from rollout.check.schedule import check_schedule, overdue
    from rollout.model.result import Planned
    from rollout.sequence.plan import instance_of, sequence

    programme, old = loaded.programme, folder.schedule
    if not programme.sites_of(folder.plan):
        said, hint = "the plan covers no site", "bring some with `rollout import`, or widen `sites`"
        raise RolloutError(
            Problem(path=folder.plan.paths[0], line=1, column=1, code="no-sites", message=said, hint=hint)
        )
    path = f"waves/{folder.id}/schedule.yaml"
    because: list[Problem] = []
    if old is not None and not afresh:
        instance = instance_of(programme, folder, old)
        because = [*check_schedule(instance, old, path), *overdue(instance, old, path, as_of)]
        if not because:
            kept = not (set(old.unplaced) - set(instance.set_aside))
            if kept:
                return Planned(plan=folder.plan, sites=programme.sites, schedule=old, kept=True, changes=())
    made = sequence(programme, folder, as_of, None if afresh else old)
    wrong = check_schedule(made.instance, made.schedule, path)
    if wrong:
        said = f"the search made an unlawful plan ({wrong[0].message}); nothing was written"
        raise RolloutError(Problem(path=path, code="bug", message=said, hint="please report it"), exit_code=3)
    new = made.schedule
    if old is not None and (new.sites, new.prerequisites, new.unplaced) == (old.sites, old.prerequisites, old.unplaced):
        return Planned(plan=folder.plan, sites=programme.sites, schedule=old, kept=True, changes=())
    changes = [
        Change(name, loaded.workspace.text(name), text)
        for name, text in (("waves/_holidays.yaml", made.holidays.text()), (path, new.text()))
    ]
    return Planned(
        plan=folder.plan,
        sites=programme.sites,
        schedule=new,
        kept=False,
        changes=tuple(change for change in changes if not change.is_empty),
        because=loaded.placed(because),
    )


def render(root: Path, as_of: date, plan_id: str | None = None, *, check: bool = False) -> RenderedPages:
    """The pages of a plan on its published dates; with `check` nothing is written and what is behind is named."""
    from rollout.check.schedule import check_schedule
    from rollout.commit.write import locked, write
    from rollout.model.result import RenderedPages
    from rollout.sequence.plan import instance_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
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


def show(root: Path, site_id: str) -> Shown:
    """A site after inheritance, each value with its place."""
    from rollout.load.show import show_site

    return show_site(Workspace(root), site_id)


def explain(root: Path, as_of: date, site_id: str, plan_id: str | None = None, wave: int | None = None) -> Explained:
    """Why a site goes live when it does, all others as published; with `wave` also what that wave would cost.

    `as_of` is the day the files are judged for; the dates are explained as of the day stored in the schedule. Writes
    nothing.
    """
    from rollout.check.schedule import check_schedule
    from rollout.model.source import Source
    from rollout.sequence.explain import explain as explain_site
    from rollout.sequence.pinned import cost_of
    from rollout.sequence.plan import instance_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    site = _site_of(loaded, folder, site_id)
    instance = instance_of(loaded.programme, folder, schedule)
    wrong = loaded.placed(check_schedule(instance, schedule, f"waves/{folder.id}/schedule.yaml"))
    explained = explain_site(instance, schedule, site, folder.plan.source)
    if wrong:
        said = f"The published dates are not lawful any more, so this may mislead: {wrong[0].message}"
        said += f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        explained = replace(explained, notes=(f"{said}; run `rollout plan` first",))
    if wave is not None:
        explained = replace(explained, cost=cost_of(loaded.programme, folder, schedule, instance, site, wave))
    places = Places(loaded.workspace)
    found: dict[Source, tuple[str, int]] = {}

    def place(source: Source) -> tuple[str, int]:
        if source not in found:
            found[source] = places.of(source)[:2]
        return found[source]

    return explained.located(place)


def _site_of(loaded: Loaded, folder: PlanFolder, site_id: str) -> str:
    """The site's id. Raises RolloutError when the plan has no such site."""
    sites = loaded.programme.sites
    if site_id not in sites:
        hint = did_you_mean(site_id, sites) or "sites are the files below sites/"
        raise RolloutError(
            Problem(path="sites", code="unknown-site", message=f'there is no site "{site_id}"', hint=hint)
        )
    if not folder.plan.covers(sites[site_id]):
        problem = (folder.plan.source / "sites").problem(
            "not-in-plan", f"{site_id} is not a site of the plan {folder.id}", "widen `sites`"
        )
        raise RolloutError(*loaded.placed([problem]))
    return site_id


def import_sites(root: Path, sheet: Path, options: ImportOptions, dry_run: bool = False) -> Imported:
    """Site files from a spreadsheet."""
    from rollout.commit.write import locked, write
    from rollout.load.spreadsheet import import_sheet

    imported = import_sheet(Workspace(root), sheet, options)
    if imported.changes and not dry_run:
        with locked(root):
            write(root, imported.changes)
    return imported


def init(target: Path, work_from: date, *, with_example: bool = False) -> Started:
    """A new programme in a folder: a commented beginning or the example, and a git repository unless it is in one."""
    from rollout.commit.write import write
    from rollout.load.start import example, starter
    from rollout.model.result import Started
    from rollout.repository import Repository

    changes = example(target) if with_example else starter(target, "My capability", work_from)
    target.mkdir(parents=True, exist_ok=True)
    paths = write(target, changes)
    try:
        Repository.find(target)
    except RolloutError:
        Repository.create(target)
        return Started(str(target), paths, repository_made=True)
    return Started(str(target), paths, repository_made=False)


@dataclass(frozen=True, slots=True)
class Demo:
    """The example in a new repository, and a newer sheet of its sites."""

    files: int
    commit: str | None
    as_of: date
    """The day the example is set in."""
    sheet: Path


def begin_demo(target: Path) -> Demo:
    """The example programme, committed in a new repository, with a spreadsheet to import into it."""
    from rollout.commit.write import write
    from rollout.load.start import example, example_day, example_sheet
    from rollout.repository import Repository

    changes = example(target, dates=False)
    target.mkdir(parents=True, exist_ok=True)
    paths = write(target, changes)
    repository = Repository.create(target, fallback=("Rollout demo", "demo@example.com"))
    commit = repository.commit(paths, "Start from the example\n")
    sheet = example_sheet(target)
    write(target, [sheet])
    return Demo(len(paths), commit, example_day(), target / sheet.path)


def commit_demo(target: Path, imported: Imported) -> str | None:
    """The files an import changed, committed as a programme manager would."""
    from rollout.repository import Repository

    return Repository.find(target).commit([change.path for change in imported.changes], f"Import {imported.sheet}\n")


def pick(programme: Programme, plan_id: str | None) -> PlanFolder:
    """The plan asked for, or the only one. Raises RolloutError naming the choices."""
    if plan_id is None and len(programme.plans) == 1:
        return next(iter(programme.plans.values()))
    if plan_id is not None and plan_id in programme.plans:
        return programme.plans[plan_id]
    known = ", ".join(programme.plans)
    if not programme.plans:
        said, hint = "there is no plan yet", "write waves/NAME/plan.yaml; `rollout init DIR` shows one"
    elif plan_id is None:
        said, hint = f"there are several plans: {known}", "name one with --plan"
    else:
        said, hint = f'there is no plan "{plan_id}"', did_you_mean(plan_id, programme.plans) or f"plans: {known}"
    raise RolloutError(Problem(path="waves", code="unknown-plan", message=said, hint=hint))


def published(folder: PlanFolder) -> Schedule:
    """The published schedule. Raises RolloutError when there is none yet."""
    if folder.schedule is None:
        path = f"waves/{folder.id}/schedule.yaml"
        raise RolloutError(
            Problem(path=path, code="no-schedule", message="there are no dates yet", hint="run `rollout plan`")
        )
    return folder.schedule
