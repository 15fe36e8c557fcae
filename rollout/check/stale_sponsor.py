"""A site's sponsor has confirmed, and not more than 90 days ago.

Sponsors change their office, and their mind. The item `sponsor-commitment`, or evidence for it, is the confirmation; a
newer line renews it. Said from the day on which the item is late, until the site has left hypercare.

Bad:

    - {item: sponsor-commitment, state: done, on: 2026-05-18, by: Marc Petit}       # five months ago

Good:

    - {item: sponsor-commitment, state: done, on: 2026-05-18, by: Marc Petit}
    - {evidence: sponsor-commitment, at: docs/lyon/commitment-2.pdf, on: 2026-09-18, by: Marc Petit}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import MANY, Subject
from rollout.model.calendar import spoken
from rollout.model.people import COMMITMENT, SPONSOR_AGE, confirmed_on, is_due
from rollout.model.programme import PlanFolder
from rollout.model.site import Site
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "stale-sponsor"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning a site whose sponsor has to confirm; one for all of them where they are many."""
    for folder in subject.folders:
        found = list(_found(subject, folder))
        if len(found) > MANY:
            site, said, source = found[0]
            said = f"the sponsors of {len(found):,} sites have to confirm, {site.id} the first of them: {said}"
            found = [(site, said, source)]
        for site, said, source in found:
            hint = f"`rollout record {site.id} evidence {COMMITMENT} PATH`, once {_name(site)} has said so again"
            yield source.warning(CODE, said, hint)


def _found(subject: Subject, folder: PlanFolder) -> Iterator[tuple[Site, str, Source]]:
    for site in subject.programme.sites_of(folder.plan):
        facts = folder.facts_of(site.id)
        if site.sponsor is None or facts.left_hypercare is not None or facts.is_set_aside:
            continue
        confirmed = confirmed_on(facts)
        if confirmed is not None:
            age = (subject.as_of - confirmed).days
            if age > SPONSOR_AGE:
                said = f"{site.sponsor.name} confirmed for {site.id} {age} days ago, on {spoken(confirmed)}"
                yield site, f"{said}; {SPONSOR_AGE} days is the limit", site.source / "sponsor"
        elif not facts.is_ticked(COMMITMENT) and is_due(subject.programme, folder, site, COMMITMENT, subject.as_of):
            said = f"no record says that {site.sponsor.name} has confirmed for {site.id}, which is due by now"
            yield site, said, site.source / "sponsor"


def _name(site: Site) -> str:
    return site.sponsor.name if site.sponsor else "the sponsor"
