"""Every site has a sponsor.

Without somebody who wants it and can decide, a site does not go live: the go/no-go meeting has nobody to say go.

Bad:

    name: Joinville Castings
    country: BR

Good:

    name: Joinville Castings
    country: BR
    sponsor: {name: Marc Petit, title: VP Operations}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import MANY, Subject
from rollout.problem import Problem

CODE = "missing-sponsor"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning a site; one for all of them where nearly nobody has a sponsor yet (a fresh import)."""
    sites = subject.programme.sites
    without = [site for site in sites.values() if site.sponsor is None]
    if len(without) > MANY and len(without) * 2 > len(sites):
        said = f"{len(without):,} of {len(sites):,} sites have no sponsor, {without[0].id} the first of them"
        yield without[0].source.warning(CODE, said, "name the sponsors as you win them; `sponsor: {name: …}`")
        return
    for site in without:
        yield site.source.warning(CODE, f"{site.name} has no sponsor", "add `sponsor: {name: …, title: …}`")
