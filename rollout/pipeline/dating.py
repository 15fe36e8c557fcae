"""A programme to dates: kept, mended or found, and what they would be if something were otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.overlay import Overlay
from rollout.model.change import Change
from rollout.model.programme import PlanFolder
from rollout.pipeline.loading import Loaded, no_sites, pick, published, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.result import Planned
    from rollout.model.whatif import Outcome, Scenario, WhatIf


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
        raise RolloutError(no_sites(folder))
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
