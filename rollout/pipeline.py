"""The order of the rooms, and nothing else: the first file to read, and the Python API.

    from rollout.pipeline import load, plan, render

Every function takes the programme's folder and values, prints nothing, and raises `RolloutError` when there is no way
on. Nothing here asks for the time or the environment: today is an argument.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.locate import Places
from rollout.load.overlay import NOTHING, Overlay
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace, find_root
from rollout.model.change import Change
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import Problem, RolloutError, did_you_mean

if TYPE_CHECKING:
    from rollout.model.forecast import Forecast
    from rollout.model.imported import Imported, ImportOptions
    from rollout.model.load import By, TeamLoads
    from rollout.model.ranked import Ranked
    from rollout.model.result import Planned, Published, RenderedPages, Shown, Started, Validated
    from rollout.model.whatif import Outcome, Scenario, WhatIf
    from rollout.render.render import Rendered

__all__ = [
    "Loaded",
    "begin_demo",
    "capacity",
    "check_dates",
    "commit_demo",
    "find_root",
    "forecast",
    "import_sites",
    "init",
    "lighthouse",
    "load",
    "plan",
    "publish",
    "render",
    "show",
    "validate",
    "whatif",
]


@dataclass(frozen=True)
class Loaded:
    """A programme and what is wrong with its files."""

    workspace: Workspace
    programme: Programme
    problems: tuple[Problem, ...]
    over: Overlay = NOTHING

    def placed(self, problems: list[Problem] | tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Problems with their lines and columns, sorted."""
        return tuple(Places(self.workspace, self.over).resolve(problems))


def load(root: Path, over: Overlay = NOTHING) -> Loaded:
    """The programme below a folder, as far as it can be understood; `over` as if edited into the files."""
    workspace = Workspace(root)
    programme, problems = load_programme(workspace, over)
    return Loaded(workspace, programme, tuple(problems), over)


def validate(root: Path, as_of: date) -> Validated:
    """Everything wrong with the files, and everything the rules find."""
    from rollout.check import check_programme
    from rollout.model.result import Validated

    loaded = load(root)
    found = [*loaded.problems, *check_programme(loaded.programme, as_of)]
    sites = len(loaded.programme.sites) + len(loaded.programme.broken_sites)
    return Validated(loaded.placed(found), sites)


def sound(root: Path, as_of: date, over: Overlay = NOTHING) -> Loaded:
    """The programme, if no file and no rule finds an error in it; raises RolloutError with all of them otherwise."""
    from rollout.check import check_programme

    loaded = load(root, over)
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
    from rollout.sequence.halted import halted
    from rollout.sequence.plan import instance_of, sequence

    programme, old = loaded.programme, folder.schedule
    if not programme.sites_of(folder.plan):
        raise RolloutError(_no_sites(folder))
    path = f"waves/{folder.id}/schedule.yaml"
    because: list[Problem] = []
    if old is not None and not afresh:
        instance = instance_of(programme, folder, old)
        because = [*check_schedule(instance, old, path), *overdue(instance, old, path, as_of)]
        if not because:
            kept = not (set(old.unplaced) - set(instance.set_aside))
            if kept:
                return Planned(plan=folder.plan, sites=programme.sites, schedule=old, kept=True, changes=())
    if halts := halted(programme, folder):
        raise RolloutError(*loaded.placed(halts))
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


def _no_sites(folder: PlanFolder) -> Problem:
    said, hint = "the plan covers no site", "bring some with `rollout import`, or widen `sites`"
    return Problem(path=folder.plan.paths[0], line=1, column=1, code="no-sites", message=said, hint=hint)


def whatif(
    root: Path,
    as_of: date,
    plan_id: str | None,
    scenarios: Sequence[Scenario | str],
    *,
    afresh: bool = False,
) -> WhatIf:
    """What planning would give were the files edited; nothing is written.

    Scenarios are values or texts such as `slip: --delay lyon=3w --cap 3`. Raises RolloutError for options that mean
    nothing; inputs that contradict each other are a scenario's outcome.
    """
    from rollout.load.scenario import read
    from rollout.load.whatif import edits
    from rollout.model.whatif import WhatIf

    asked = read(scenarios)
    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    base = dates(loaded, folder, as_of)
    overlays = edits(asked, loaded.workspace, loaded.programme, folder, base.schedule, as_of)
    return WhatIf(
        base=base,
        is_published=folder.schedule is not None,
        as_of=as_of,
        outcomes=tuple(
            _outcome(root, as_of, folder.id, scenario, over, afresh)
            for scenario, over in zip(asked, overlays, strict=True)
        ),
    )


def _outcome(root: Path, as_of: date, plan_id: str, scenario: Scenario, over: Overlay, afresh: bool) -> Outcome:
    from rollout.model.whatif import Outcome

    try:
        loaded = sound(root, as_of, over)
        return Outcome(scenario, dates(loaded, pick(loaded.programme, plan_id), as_of, afresh=afresh))
    except RolloutError as error:
        if error.exit_code != 1:
            raise
        return Outcome(scenario, None, error.problems)


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


def forecast(
    root: Path, as_of: date, plan_id: str | None = None, *, runs: int = 10_000, seed: int = 1, spread: str | None = None
) -> Forecast:
    """How sure the published dates are. `spread` as in the plan, `90-130%`: in place of everything known."""
    from rollout.model.forecast import parse_spread
    from rollout.sequence.forecast import forecast as foresee

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    given = None if spread is None else parse_spread(spread)
    return foresee(loaded.programme, folder, schedule, as_of, runs=runs, seed=seed, spread=given)


def capacity(
    root: Path, as_of: date, plan_id: str | None = None, *, by: By = "month", team: str | None = None
) -> TeamLoads:
    """What the published dates ask of each team (or of one), by week or by month."""
    from rollout.sequence.plan import instance_of
    from rollout.track.capacity import loads

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    instance = instance_of(loaded.programme, folder, schedule)
    return loads(loaded.programme, folder, instance, schedule, by=by, team=team)


def show(root: Path, site_id: str) -> Shown:
    """A site after inheritance, each value with its place."""
    from rollout.load.show import show_site

    return show_site(Workspace(root), site_id)


def lighthouse(root: Path, as_of: date, plan_id: str | None = None) -> Ranked:
    """The plan's sites ranked for being the first. Files have to be readable; what the rules find does not matter
    here, because a lighthouse that cannot be one is a reason to ask."""
    from rollout.model.lighthouse import rank
    from rollout.model.ranked import Ranked

    loaded = load(root)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if errors:
        raise RolloutError(*loaded.placed(errors))
    folder = pick(loaded.programme, plan_id)
    sites = loaded.programme.sites_of(folder.plan)
    if not sites:
        raise RolloutError(_no_sites(folder))
    places = Places(loaded.workspace)
    ranking = rank(folder, sites, as_of)
    out = tuple(
        replace(site, reasons=tuple(place for reason in site.reasons for place in places.resolve([reason])))
        for site in ranking.out
    )
    return Ranked(replace(ranking, out=out))


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
