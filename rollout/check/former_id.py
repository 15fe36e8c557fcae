"""A former id is of one site, and nobody's now.

Records, approvals and pages under an id that a site names as its former one move to that site. Under an id that is in
use they are of the site that has it, so `formerly` does nothing; where two sites name the same one, only one gets them.

Bad:

    # sites/lyon.yaml, beside sites/graz.yaml
    formerly: graz

Good:

    # sites/lyon.yaml, beside sites/graz.yaml
    formerly: lyon-vaise
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "former-id"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each former id that does not lead to the site that names it."""
    renamed = subject.programme.renamed
    for site in subject.programme.sites.values():
        for number, name in enumerate(site.formerly):
            place = site.source / "formerly" / number
            if name in subject.site_ids:
                said = f'{site.name} formerly had the id "{name}", and a site has it now'
                yield place.warning(CODE, said, "take it out: what is under that id is that site's")
            elif renamed[name] != site.id:
                said = f'{site.name} formerly had the id "{name}", and {renamed[name]} says so of itself too'
                yield place.warning(CODE, said, f"take it out of one: what is under that id goes to {renamed[name]}")
