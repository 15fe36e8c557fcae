"""Our sequencer, through the same door as `rollout plan --afresh`: it lays the foundations all rivals are given."""

from __future__ import annotations

from datetime import date

from benchmarks.sequence.reading import Answer
from rollout.model.instance import PREREQUISITE, Instance
from rollout.model.programme import PlanFolder, Programme
from rollout.sequence.plan import sequence


def solve(programme: Programme, folder: PlanFolder, as_of: date) -> tuple[Instance, dict[str, int], Answer]:
    """The problem as lowered, the days of lighthouse, prerequisites and what happened, and our answer for the rest."""
    made = sequence(programme, folder, as_of)
    instance, schedule = made.instance, made.schedule
    days = {site: placement.go_live.toordinal() for site, placement in schedule.sites.items()}
    given = {PREREQUISITE + name: ready.starts.toordinal() for name, ready in schedule.prerequisites.items()}
    given |= {job.id: job.fixed for job in instance.jobs.values() if job.fixed is not None}
    if instance.lighthouse in days:
        given[instance.lighthouse] = days[instance.lighthouse]
    bound = schedule.made.bound.waves if schedule.made.bound else None
    own = {site: day for site, day in days.items() if site not in given}
    return instance, given, Answer(own, bound, note=f"says {schedule.made.outcome}")
