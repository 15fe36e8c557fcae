"""A site runs only systems of the register.

Each system gets one connector to the hub. One that is not in the register gets none, and its site would go live
without its data.

Bad:

    systems: [sap-ecc-europe]        # the register calls it sap-ecc-eu

Good:

    systems: [sap-ecc-eu]
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import FoundRecord
from rollout.problem import Problem, did_you_mean

CODE = "unknown-system"


def check(subject: Subject) -> Iterator[Problem]:
    """Systems that sites declare, selectors or links name, and the register does not list; found ones are a warning."""
    known = subject.programme.systems.keys()
    hint = "add it to sites/_systems.yaml"
    for site in subject.programme.sites.values():
        for number, system in enumerate(site.declared):
            if system not in known:
                source = site.source / "systems" / number
                yield source.problem(
                    CODE, f'the register has no system "{system}"', did_you_mean(system, known) or hint
                )
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            for record in records:
                if not isinstance(record, FoundRecord) or record.found in known:
                    continue
                if not subject.programme.found[site_id][record.found].unneeded:
                    said = f'the register has no system "{record.found}"'
                    yield (record.place / "found").warning(CODE, said, did_you_mean(record.found, known) or hint)
    for link in subject.programme.register.links:
        for number, system in enumerate(link.between):
            if system not in known:
                place = subject.programme.register.source / "links" / link.id / "between" / number
                yield place.problem(CODE, f'the register has no system "{system}"', did_you_mean(system, known) or hint)
    for selector, source in subject.selectors():
        for number, system in enumerate(selector.systems or ()):
            if system not in known:
                place = source / "systems" / number
                yield place.problem(CODE, f'the register has no system "{system}"', did_you_mean(system, known) or hint)
