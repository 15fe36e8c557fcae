"""A programme to dates: kept, mended or found, and what they would be if something were otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.overlay import Overlay
from rollout.model.change import Change
from rollout.model.layout import HOLIDAYS
from rollout.model.programme import PlanFolder
from rollout.pipeline.loading import Loaded, alone, no_sites, pick, published, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.calendar import Holidays
    from rollout.model.instance import Because, Instance
    from rollout.model.result import Planned
    from rollout.model.revision import Revision
    from rollout.model.schedule import Schedule
    from rollout.model.status import Status
    from rollout.model.whatif import Outcome, Scenario, WhatIf
    from rollout.sequence.plan import Sequenced
    from rollout.sequence.solve import How


def plan(
    root: Path,
    as_of: date,
    plan_id: str | None = None,
    *,
    afresh: bool = False,
    replan: bool = False,
    engine: str = "core",
    effort: str = "normal",
    dry_run: bool = False,
) -> Planned:
    """The dates of a plan: the published ones where they are lawful, mended ones where not.

    Writes `schedule.yaml` and `_holidays.yaml` unless `dry_run`. `afresh` looks for the best plan without regard to
    what is published; `replan` lets lawful days become earlier, and nobody's later but who expects to be. `engine` is
    `core` or `exact` (with the extra of that name), `effort` `quick`, `normal` or `thorough`.
    """
    from rollout.commit.write import write
    from rollout.sequence.solve import How

    with alone(root, dry_run=dry_run):
        loaded = sound(root, as_of, settles=True)
        folder = pick(loaded.programme, plan_id)
        planned = dates(loaded, folder, as_of, afresh=afresh, how=How(engine=engine, effort=effort, pull=replan))
        if planned.changes and not dry_run:
            write(root, planned.changes)
    return planned


def check_dates(root: Path, as_of: date, plan_id: str | None = None) -> tuple[Planned, tuple[Problem, ...]]:
    """The published dates, judged independently: what they break, and what is overdue or expected later (warnings)."""
    from rollout.check.schedule import check_schedule, overdue, slipping
    from rollout.model.result import Planned
    from rollout.sequence.plan import instance_of

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    schedule = published(folder)
    instance = instance_of(loaded.programme, folder, schedule)
    path = folder.layout.schedule
    wrong = check_schedule(instance, schedule, path)
    found = [*wrong, *overdue(instance, schedule, path, as_of), *slipping(instance, schedule, path, wrong)]
    planned = Planned(
        plan=folder.plan,
        sites=loaded.programme.sites,
        schedule=schedule,
        set_aside=_statuses(folder, instance),
        kept=True,
        changes=(),
    )
    return planned, loaded.placed(found)


def dates(loaded: Loaded, folder: PlanFolder, as_of: date, *, afresh: bool = False, how: How | None = None) -> Planned:
    """What `plan` does before anything is written."""
    from rollout.check.schedule import check_schedule, overdue, slipping
    from rollout.sequence.halted import halted
    from rollout.sequence.plan import holidays_of, instance_of, sequence
    from rollout.sequence.solve import How

    programme, path = loaded.programme, folder.layout.schedule
    old, how = folder.schedule, how or How()
    if old is not None:
        programme = replace(programme, holidays=holidays_of(programme, folder, old))
    if not programme.sites_of(folder.plan):
        raise RolloutError(no_sites(folder))
    because: list[Problem] = []
    if old is not None and not afresh:
        instance = instance_of(programme, folder, old)
        because = [*check_schedule(instance, old, path), *overdue(instance, old, path, as_of)]
        if not because and old.unplaced == instance.set_aside and not how.pull:
            return _kept(loaded, folder, old, instance, programme.holidays, slipping(instance, old, path))
        how = replace(how, pull=how.pull and not because)
    if halts := halted(programme, folder):
        raise RolloutError(*loaded.placed(halts))
    made = sequence(programme, folder, as_of, None if afresh else old, how)
    if wrong := check_schedule(made.instance, made.schedule, path):
        said = f"the search made an unlawful plan ({wrong[0].message}); nothing was written"
        raise RolloutError(Problem(path=path, code="bug", message=said, hint="please report it"), exit_code=3)
    return _found(loaded, folder, made, programme.holidays, because)


def _kept(
    loaded: Loaded,
    folder: PlanFolder,
    old: Schedule,
    instance: Instance,
    holidays: Holidays,
    late: Iterable[Problem],
) -> Planned:
    """The published dates as they are, and who expects to be later; written only to end a merge, or for new places."""
    from rollout.model.result import Planned

    unmerged = _unmerged(loaded, folder)
    changes = _changes(loaded, folder, holidays, old if unmerged else None)
    return Planned(
        plan=folder.plan,
        sites=loaded.programme.sites,
        schedule=old,
        set_aside=_statuses(folder, instance),
        kept=True,
        changes=changes,
        because=loaded.placed([*unmerged, *late]),
        holidays=holidays if changes else None,
    )


def _found(
    loaded: Loaded, folder: PlanFolder, made: Sequenced, holidays: Holidays, because: Sequence[Problem]
) -> Planned:
    """What the search found, beside the published dates; where it found those again, they and `holidays` stand."""
    from rollout.model.result import Planned

    old, new = folder.schedule, made.schedule
    unmerged = _unmerged(loaded, folder)
    kept = old is not None and (new.sites, new.prerequisites) == (old.sites, old.prerequisites)
    is_same = kept and old is not None and new.unplaced == old.unplaced
    is_new = not is_same or bool(unmerged)
    holidays = made.holidays if is_new else holidays
    changes = _changes(loaded, folder, holidays, new if is_new else None)

    def told(lines: Iterable[Because]) -> tuple[Problem, ...]:
        return loaded.placed([line.source.problem(line.name, line.message) for line in lines])

    return Planned(
        plan=folder.plan,
        sites=loaded.programme.sites,
        schedule=old if old is not None and not is_new else new,
        set_aside=_statuses(folder, made.instance),
        kept=kept,
        changes=changes,
        because=loaded.placed([*unmerged, *because]),
        conflicts=tuple(told(conflict.members) for conflict in made.conflicts),
        wishes=told(made.wishes),
        short=made.short,
        revision=_revision(made, old) if old is not None else None,
        holidays=holidays if changes else None,
    )


def _statuses(folder: PlanFolder, instance: Instance) -> dict[str, Status]:
    """The status of each site that gets no day on purpose."""
    return {site: folder.facts_of(site).status for site in instance.set_aside}


def _changes(loaded: Loaded, folder: PlanFolder, holidays: Holidays, schedule: Schedule | None) -> tuple[Change, ...]:
    """What has to be written, without a `schedule` only the holidays where they are not those on file."""
    texts = {}
    if schedule is not None or holidays is not loaded.programme.holidays:
        texts[HOLIDAYS] = holidays.text()
    if schedule is not None:
        texts[folder.layout.schedule] = schedule.text()
    changes = (Change(name, loaded.workspace.text(name), text) for name, text in texts.items())
    return tuple(change for change in changes if not change.is_empty)


def _unmerged(loaded: Loaded, folder: PlanFolder) -> list[Problem]:
    """The files of dates in which a merge was not finished."""
    said = "a merge was not finished here; our side was taken, and what does not fit was mended"
    return [
        Problem(path=path, line=1, column=1, code="unmerged-dates", message=said, severity="warning")
        for path in (HOLIDAYS, folder.layout.schedule)
        if path in loaded.programme.unmerged
    ]


def _revision(made: Sequenced, old: Schedule) -> Revision:
    """What the new dates are beside the published ones."""
    from rollout.model.revision import Revision, moves
    from rollout.sequence.plan import forced, worth_of

    moved = moves(old, made.schedule)
    return Revision(
        moves=moved,
        at_least=made.moved_at_least,
        ends=(old.last_go_live, made.schedule.last_go_live),
        waves=(old.last_wave, made.schedule.last_wave),
        worth=(worth_of(made.instance, old, made.schedule), worth_of(made.instance, made.schedule, old)),
        held=forced(made, old, moved),
    )


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
