"""The checklists of a plan's sites as issues for a tracker."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from rollout.model.agenda import Task
from rollout.model.calendar import spoken
from rollout.model.issues import Issue, Issues
from rollout.model.owner import owner_of
from rollout.model.standing import SiteStanding, Standing
from rollout.render.setting import Setting
from rollout.render.wave import wave_title


def issues_of(standing: Standing, sites: Collection[str] | None = None, *, everything: bool = False) -> Issues:
    """The open work of these sites (all where left out), by site and latest day; with `everything` what is done too."""
    setting = Setting(standing)
    found: list[Issue] = []
    for site_id in standing.site_ids:
        if (sites is None or site_id in sites) and site_id in standing.schedule.sites:
            found += sorted(_of_site(setting, standing.site(site_id), everything), key=lambda one: (one.due, one.item))
    return Issues(standing.folder.id, tuple(found))


def _of_site(setting: Setting, standing: SiteStanding, everything: bool) -> Iterator[Issue]:
    site, placement = standing.site, standing.placement
    assert placement is not None
    page = setting.edit(f"{setting.folder}/{site.id}/checklist.md") if "checklist" in setting.plan.documents else None
    about = f"{site.name} ({site.country}), {wave_title(placement.wave)}, go-live {spoken(placement.go_live)}"
    titles = {task.activity.id: task.activity.title for task in standing.tasks}
    for task in standing.tasks:
        if everything or not task.is_done:
            activity = task.activity
            yield Issue(
                plan=setting.plan.id,
                site=site.id,
                item=activity.id,
                title=activity.title,
                how=activity.how or "",
                evidence=activity.evidence or "",
                about=about,
                starts=task.starts,
                due=task.ends,
                owner=owner_of(setting.plan, standing, activity.owner, task.starts),
                waits_for=tuple(titles[name] for name in activity.depends_on if name in titles),
                page=page,
                labels=(
                    f"plan:{setting.plan.id}",
                    f"site:{site.id}",
                    f"wave:{placement.wave}",
                    f"phase:{activity.phase}",
                    *(("blocking",) if activity.blocking else ()),
                ),
                state=_state(task),
            )


def _state(task: Task) -> Literal["open", "requested", "done"]:
    return "done" if task.is_done else "requested" if task.is_requested else "open"
