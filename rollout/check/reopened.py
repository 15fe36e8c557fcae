"""What was done is still young enough on the day of go-live.

A slip makes work old: people forget their training, a rehearsal was for a runbook that has changed since. Work whose
`valid_for` ends before the published go-live has to be done again; until it is, go-live waits for it.

Bad:

    - {item: training, state: done, on: 2027-01-29, by: Nora Blanc}      # valid_for: 28d, and go-live is on 2027-03-30

Good:

    - {item: training, state: done, on: 2027-01-29, by: Nora Blanc}
    - {item: training, state: done, on: 2027-03-12, by: Nora Blanc}      # the refresher
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rollout.check.rule import Subject
from rollout.model.agenda import Reopened, activities_at, reopened
from rollout.model.programme import PlanFolder, Programme
from rollout.problem import Problem

CODE = "reopened"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each site with work that is too old for its published day."""
    for folder in subject.folders:
        for site_id in sorted(folder.facts):
            yield from too_old(subject.programme, folder, site_id)


def too_old(programme: Programme, folder: PlanFolder, site_id: str) -> Iterator[Problem]:
    """The warning for one site of a plan, if there is one."""
    site, facts = programme.sites.get(site_id), folder.facts.get(site_id)
    placement = folder.placement_of(site_id)
    if site is None or facts is None or placement is None:
        return
    calendar = programme.calendar_of(site)
    old = [
        (repeat, repeat.until)
        for repeat in reopened(activities_at(folder.plan, site), facts, calendar, placement.go_live)
        if repeat.until is not None
    ]
    if old:
        said = f"too old for the go-live of {site_id} on {placement.go_live}: " + "; ".join(
            _said(repeat, until) for repeat, until in old
        )
        hint = "do it again and record it, or make its `valid_for` longer"
        yield (old[0][0].done.place / "on").warning(CODE, said, hint)


def _said(repeat: Reopened, until: date) -> str:
    return f"{repeat.activity.id} (done on {repeat.done.on}, good until {until})"
