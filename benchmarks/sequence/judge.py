"""Whether a rival's days are lawful: the product's own checker, and nothing of ours beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rollout.check.schedule import check_schedule
from rollout.model.instance import PREREQUISITE, Instance
from rollout.model.schedule import Made, Placement, Ready, Schedule


def schedule_of(instance: Instance, days: Mapping[str, int]) -> Schedule:
    """The days of all jobs as the file that `plan` would write."""
    lighthouse = instance.lighthouse
    table = instance.wave_table(days.get(lighthouse) if lighthouse else None)
    sites, ready = {}, {}
    for job in instance.jobs.values():
        if (day := days.get(job.id)) is None:
            continue
        if job.is_site:
            wave = 0 if job.id == lighthouse else table.wave(day)
            sites[job.id] = Placement(wave=wave, go_live=date.fromordinal(day))
        else:
            usable = date.fromordinal(job.usable(day))
            ready[job.id.removeprefix(PREREQUISITE)] = Ready.model_construct(starts=date.fromordinal(day), ready=usable)
    made = Made(as_of=date.fromordinal(instance.as_of), outcome="feasible")
    return Schedule.model_construct(made=made, sites=sites, prerequisites=ready, unplaced={})


def broken(instance: Instance, days: Mapping[str, int]) -> list[str]:
    """What the checker says, one sentence a rule; empty when the days are lawful and nobody is missing."""
    return [problem.message for problem in check_schedule(instance, schedule_of(instance, days), "plan")]
