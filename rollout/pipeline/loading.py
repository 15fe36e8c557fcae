"""Files to a programme, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
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
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.source import Place
    from rollout.repository import Repository


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
        raise RolloutError(*loaded.placed([folder.leaves_out(site_id)]))
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


def with_day(folder: PlanFolder, site_id: str) -> Schedule:
    """The published schedule, where it has a day for the site. Raises RolloutError otherwise."""
    schedule = published(folder)
    if site_id not in schedule.sites:
        said, hint = f"{site_id} has no day yet", "`rollout plan` gives it one or says why not"
        raise RolloutError(Problem(path=folder.layout.schedule, code="no-schedule", message=said, hint=hint))
    return schedule


def repository_of(root: Path) -> Repository | None:
    """The git repository that holds the programme, for whom it is no matter if there is none."""
    from rollout.repository import Repository

    try:
        return Repository.find(root)
    except RolloutError:
        return None


def alone(root: Path, *, dry_run: bool = False) -> AbstractContextManager[None]:
    """The only one who writes here from reading on, so that of two at once nobody's work is lost or out of date."""
    from rollout.commit.lock import locked

    return nullcontext() if dry_run else locked(root)
