"""Files to a programme, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.locate import Places
from rollout.load.overlay import NOTHING, Overlay
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.language import Catalogue, languages_of
from rollout.model.layout import Layout
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.imported import Imported, ImportOptions
    from rollout.model.result import Shown
    from rollout.model.source import Place


@dataclass(frozen=True)
class Loaded:
    """A programme and what is wrong with its files."""

    workspace: Workspace
    programme: Programme
    problems: tuple[Problem, ...]
    over: Overlay = NOTHING

    @cached_property
    def places(self) -> Places:
        """Where values stand in the files; each file is read again at most once."""
        return Places(self.workspace, self.over)

    def placed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Problems with their lines and columns, sorted."""
        return tuple(self.places.resolve(problems))

    @cached_property
    def place(self) -> Place:
        """The path and line of a value; each value is looked for once."""
        return cache(lambda source: self.places.of(source)[:2])


def load(root: Path, over: Overlay = NOTHING) -> Loaded:
    """The programme below a folder, as far as it can be understood; `over` as if edited into the files."""
    workspace = Workspace(root)
    programme, problems = load_programme(workspace, over)
    return Loaded(workspace, programme, tuple(problems), over)


def catalogues_of(loaded: Loaded, folder: PlanFolder, only: Collection[str] = ()) -> Mapping[str, Catalogue]:
    """The translations that the pages of a plan need; of `only` these sites, where some are named.

    Raises RolloutError (exit code 3) where the extra that reads them is not installed.
    """
    from rollout.load.catalogues import load_catalogues

    sites = [site for site in loaded.programme.sites_of(folder.plan) if not only or site.id in only]
    wanted = {tag for site in sites for tag in languages_of(folder.plan, site)}
    return load_catalogues(loaded.workspace, loaded.programme.catalogues, wanted)


def sound(root: Path, as_of: date, over: Overlay = NOTHING, *, settles: bool = False) -> Loaded:
    """The programme, if no file and no rule finds an error in it that is not known; raises RolloutError otherwise.

    Who `settles` writes the dates anew: an unfinished merge of those is no obstacle.
    """
    from rollout.check import check_programme
    from rollout.check.known import sift

    loaded = load(root, over)
    problems = [*loaded.problems, *check_programme(loaded.programme, as_of)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if settles:
        errors = [error for error in errors if error.code != "unmerged-dates"]
    if errors and (failing := sift(loaded.programme.known, loaded.placed(errors), as_of).open):
        raise RolloutError(*failing)
    return loaded


def readable(root: Path) -> Loaded:
    """The programme, if every file can be understood, whatever the rules say; raises RolloutError otherwise."""
    loaded = load(root)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors:
        raise RolloutError(*loaded.placed(errors))
    return loaded


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


def site_of(loaded: Loaded, folder: PlanFolder, site_id: str) -> str:
    """The site's id. Raises RolloutError when the plan has no such site."""
    sites = loaded.programme.sites
    if site_id not in sites:
        raise RolloutError(loaded.programme.no_site(site_id))
    if not folder.plan.covers(sites[site_id]):
        problem = (folder.plan.source / "sites").problem(
            "not-in-plan", f"{site_id} is not a site of the plan {folder.id}", "widen `sites`"
        )
        raise RolloutError(*loaded.placed([problem]))
    return site_id


def published(folder: PlanFolder) -> Schedule:
    """The published schedule. Raises RolloutError when there is none yet."""
    if folder.schedule is None:
        path = folder.layout.schedule
        raise RolloutError(
            Problem(path=path, code="no-schedule", message="there are no dates yet", hint="run `rollout plan`")
        )
    return folder.schedule


def no_sites(folder: PlanFolder) -> Problem:
    """A plan that is about nobody."""
    said, hint = "the plan covers no site", "bring some with `rollout import`, or widen `sites`"
    return Problem(path=folder.plan.paths[0], line=1, column=1, code="no-sites", message=said, hint=hint)


def show(root: Path, site_id: str) -> Shown:
    """A site after inheritance, each value with its place, and what a slip has made too old there."""
    from dataclasses import replace

    from rollout.check.reopened import too_old
    from rollout.load.show import show_site

    workspace = Workspace(root)
    shown = show_site(workspace, site_id)
    plans = [name for name, is_folder in workspace.names("waves", []) if is_folder]
    if all(workspace.text(Layout(plan).records_of(site_id)) is None for plan in plans):
        return shown  # nothing has happened there, so nothing can have grown old: no need to load everything
    loaded = load(root)
    found = [p for folder in loaded.programme.plans.values() for p in too_old(loaded.programme, folder, site_id)]
    return replace(shown, notes=loaded.placed(found))


def import_sites(root: Path, sheet: Path, options: ImportOptions, dry_run: bool = False) -> Imported:
    """Site files from a spreadsheet."""
    from contextlib import nullcontext

    from rollout.commit.lock import locked
    from rollout.commit.write import write
    from rollout.load.spreadsheet import import_sheet

    with nullcontext() if dry_run else locked(root):
        imported = import_sheet(Workspace(root), sheet, options)
        if imported.changes and not dry_run:
            write(root, imported.changes)
    return imported
