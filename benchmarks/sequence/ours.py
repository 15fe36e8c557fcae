"""Our sequencer, through the same door as `rollout plan --afresh`: it lays the foundations all rivals are given."""

from __future__ import annotations

from datetime import date

from benchmarks.sequence.reading import Answer
from rollout.model.instance import PREREQUISITE, Instance
from rollout.model.programme import PlanFolder, Programme
from rollout.sequence.plan import How, sequence

Asked = tuple[Instance, dict[str, int], Answer]


def solve(programme: Programme, folder: PlanFolder, as_of: date) -> Asked:
    """The problem as lowered, the days of lighthouse, prerequisites and what happened, and our answer for the rest."""
    return _solved(programme, folder, as_of, How())


def thorough(programme: Programme, folder: PlanFolder, as_of: date) -> Asked:
    """The same with `--effort thorough`."""
    return _solved(programme, folder, as_of, How(effort="thorough"))


def exact(programme: Programme, folder: PlanFolder, as_of: date) -> Asked:
    """The same with `--engine exact`, which has a limit of work and none of time."""
    return _solved(programme, folder, as_of, How(engine="exact"))


def _solved(programme: Programme, folder: PlanFolder, as_of: date, how: How) -> Asked:
    made = sequence(programme, folder, as_of, how=how)
    instance, schedule = made.instance, made.schedule
    days = {site: placement.go_live.toordinal() for site, placement in schedule.sites.items()}
    given = {PREREQUISITE + name: ready.starts.toordinal() for name, ready in schedule.prerequisites.items()}
    given |= {job.id: job.fixed for job in instance.jobs.values() if job.fixed is not None}
    if instance.lighthouse in days:
        given[instance.lighthouse] = days[instance.lighthouse]
    bound = schedule.made.bound.waves if schedule.made.bound else None
    own = {site: day for site, day in days.items() if site not in given}
    return instance, given, Answer(own, bound, note=f"says {schedule.made.outcome}")
