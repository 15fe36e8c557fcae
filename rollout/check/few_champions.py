"""Champions are enough: one for 15 people, and one on every shift.

Colleagues ask whoever stands beside them. Said once champions are to be chosen by, or the item says they are, until
the site is live.

Bad:

    headcount: {operators: 140}
    shifts: 3
    champions: [{name: Paul Roche, shift: 1}, {name: Inès Roux, shift: 2}]      # ten are needed, and shift 3 has none

Good:

    headcount: {operators: 40}
    shifts: 3
    champions: [{name: Paul Roche, shift: 1}, {name: Inès Roux, shift: 2}, {name: Luc Blanc, shift: 3}]
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import MANY, Subject
from rollout.model.few import so_many
from rollout.model.people import CHAMPIONS, USERS_PER_CHAMPION, champions_needed, is_due, is_to_go, shifts_without
from rollout.model.programme import PlanFolder
from rollout.model.site import Site
from rollout.problem import Problem

CODE = "few-champions"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning a site with too few; one for all of them where they are many."""
    for folder in subject.folders:
        found = [
            (site, said)
            for site in subject.programme.sites_of(folder.plan)
            if (said := _said(site)) and is_to_go(folder, site.id) and _is_due(subject, folder, site)
        ]
        if len(found) > MANY:
            found = [(found[0][0], f"{len(found):,} sites have too few champions, {found[0][1]}")]
        for site, said in found:
            place = site.source / "champions" if site.champions else site.source
            yield place.warning(CODE, said, "add them: `champions: [{name: …, shift: 1}]`")


def _said(site: Site) -> str:
    """What is wrong with the champions of a site; empty where nothing is."""
    needed, named = champions_needed(site), len(site.champions)
    if named < needed:
        said = f"{site.id} names {so_many(named, 'champion')} for {site.people} people on "
        said += f"{so_many(site.shifts, 'shift')}; {needed} {'is' if needed == 1 else 'are'} needed"
        return f"{said}, one for {USERS_PER_CHAMPION} and one on each"
    without = shifts_without(site)
    return f"no champion of {site.id} works on shift {' and '.join(map(str, without))}" if without else ""


def _is_due(subject: Subject, folder: PlanFolder, site: Site) -> bool:
    is_done = folder.facts_of(site.id).is_done(CHAMPIONS)
    return is_done or is_due(subject.programme, folder, site, CHAMPIONS, subject.as_of)
