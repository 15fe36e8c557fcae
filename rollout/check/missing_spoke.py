"""From 60 days before go-live an embedded engineer is at every site.

An engineer of the spoke that serves the site's business unit: there on that day, and for this site. Who is sent later
meets the site for the first time in the cutover. Said from T-60 on, until the site is live; `rollout people` shows who
is assigned where, and from when, long before.

Bad:

    spokes:
      coatings: {serves: [coatings], engineers: [{name: Ana Ruiz, from: 2027-02-01}]}      # Lyon: 9 February

Good:

    spokes:
      coatings: {serves: [coatings], engineers: [{name: Ana Ruiz, languages: [fr], from: 2026-09-07}]}
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rollout.check.rule import MANY, Subject
from rollout.model.calendar import spoken
from rollout.model.people import SPOKE_BY, Assigned, assign, is_to_go
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "missing-spoke"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning a site that is near and has nobody; one for all of them where they are many.

    A programme that names no spoke at all works without them, and is not asked.
    """
    if not subject.programme.teams.spokes:
        return
    for folder in subject.folders:
        if folder.schedule is None:
            continue
        sites = {site.id: site for site in subject.programme.sites_of(folder.plan)}
        near = subject.as_of + timedelta(days=SPOKE_BY)
        days = {
            site: placement.go_live
            for site, placement in folder.schedule.sites.items()
            if site in sites and placement.go_live <= near and is_to_go(folder, site)
        }
        if not days:
            continue
        place = Source((folder.layout.schedule,), ("sites",))
        found = assign(subject.programme.teams, sites, days, folder.plan.hypercare.lasts)
        alone = [one for one in found if one.engineer is None or not one.engineer.is_there(subject.as_of)]
        if len(alone) > MANY:
            first = alone[0].site.id
            said = (
                f"{len(alone):,} sites go live within {SPOKE_BY} days and have no embedded engineer, {first} the first"
            )
            yield (place / first / "go_live").warning(CODE, said, "name some under `spokes` in waves/_teams.yaml")
            continue
        for one in alone:
            said = f"{one.site.id} goes live on {spoken(one.go_live)} and has no embedded engineer: {_why(one)}"
            hint = "add somebody to `spokes` in waves/_teams.yaml, or let the site go later"
            yield (place / one.site.id / "go_live").warning(CODE, said, hint)


def _why(one: Assigned) -> str:
    if one.engineer is not None and one.engineer.start is not None:
        return f"{one.engineer.name} comes on {spoken(one.engineer.start)}"
    if one.spoke is not None:
        return f"the spoke {one.spoke.id} has nobody for it then"
    if one.site.business_unit is None:
        return "it names no business unit that a spoke could serve"
    return f"no spoke serves {one.site.business_unit}"
