"""Where the programme stands on a day, and what has to start. Nothing here writes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.model.ahead import DUE
from rollout.pipeline.loading import Loaded, pick, published, repository_of, site_of, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.boxes import Touch
    from rollout.model.due import Due
    from rollout.model.programme import PlanFolder
    from rollout.model.site_report import SiteReport
    from rollout.model.standing import Standing, Wave
    from rollout.model.stated import ProgrammeState
    from rollout.track.look import Heard


def status(root: Path, as_of: date, plan_id: str | None = None, *, wave: int | None = None) -> ProgrammeState:
    """Where every site, every wave and the plan stand on a day; with `wave` the sites of that one are shown."""
    _, standing = standing_of(root, as_of, plan_id)
    if wave is not None:
        _wave(standing, wave)
    return state_on(root, standing, as_of, wave)


def site_status(root: Path, as_of: date, site_id: str, plan_id: str | None = None) -> SiteReport:
    """One site item by item, with who brought each where it is; its checklist's history is read once."""
    from rollout.track.site_report import site_report

    loaded, standing = standing_of(root, as_of, plan_id)
    site = site_of(loaded, standing.folder, site_id)
    state = state_on(root, standing, as_of)
    return site_report(standing, state, site, _touches(loaded, standing.folder, site))


def due(
    root: Path,
    as_of: date,
    within: int = DUE,
    plan_id: str | None = None,
    *,
    owner: str | None = None,
    site: str | None = None,
    wave: int | None = None,
    norm: bool = False,
) -> Due:
    """What has to start or to be over within so many days of `as_of`, over all sites, overdue first.

    `owner`: of one person or role only, `site` and `wave`: of these only. `norm`: also what is behind its checklist's
    day and can still wait. Raises RolloutError for a name nobody has.
    """
    from datetime import timedelta

    from rollout.track.due import Wanted, of_owner
    from rollout.track.due import due as due_of

    loaded, standing = standing_of(root, as_of, plan_id)
    sites = None if site is None else frozenset({site_of(loaded, standing.folder, site)})
    if wave is not None:
        members = frozenset(one.id for one, _ in _wave(standing, wave).sites)
        sites = members if sites is None else members & sites
    found = due_of(standing, as_of, Wanted(within=timedelta(days=within), sites=sites, norm=norm))
    return found if owner is None else of_owner(found, owner, standing)


def due_calendar(found: Due) -> bytes:
    """The same as an iCalendar file, one entry of a whole day each. Raises RolloutError (3) without the extra."""
    from rollout.render.ics import calendar

    return calendar(found)


def _wave(standing: Standing, number: int) -> Wave:
    for wave in standing.waves:
        if wave.number == number:
            return wave
    said = f"there is no wave {number}"
    hint = f"waves: {', '.join(str(wave.number) for wave in standing.waves)}"
    path = standing.folder.layout.schedule
    raise RolloutError(Problem(path=path, code="unknown-wave", message=said, hint=hint))


def standing_of(root: Path, as_of: date, plan_id: str | None) -> tuple[Loaded, Standing]:
    """A plan on its published dates: every site with its work. Raises RolloutError where there are none."""
    from rollout.track.standing import stand

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    return loaded, stand(loaded.programme, folder, published(folder), with_lessons=False)


def state_on(root: Path, standing: Standing, as_of: date, wave: int | None = None) -> ProgrammeState:
    """How a plan stands on a day; `wave`: the one to show."""
    from rollout.sequence.lower import soak_of
    from rollout.track.status import status as state_of

    soak = soak_of(standing.folder.plan)[0]
    return state_of(standing, as_of, soak, heard=_heard(root, standing.folder.id, as_of), only=wave)


def _heard(root: Path, plan_id: str, as_of: date) -> Heard:
    """Asks history when people last worked in a site's pages, once that matters; nothing where there is none."""

    def ask() -> Mapping[str, date]:
        from rollout.load.history import worked_on
        from rollout.model.silence import SILENCE

        try:
            return worked_on(root, plan_id, as_of, SILENCE)
        except RolloutError:
            return {}

    return ask


def _touches(loaded: Loaded, folder: PlanFolder, site_id: str) -> Mapping[str, Touch] | None:
    from rollout.load.history import checklist_paths, touches

    repository = repository_of(loaded.workspace.root)
    programme = loaded.programme
    paths = checklist_paths(folder.id, programme.names_of(programme.sites[site_id]))
    return touches(repository, paths) if repository else None
