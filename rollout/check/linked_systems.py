"""Systems are connected to the hub, and never to each other.

Each system has one connector: n of them for n systems. Links from system to system are up to n(n-1)/2, each with an
owner to find when it breaks, and none of them sees the hub's checks. A link that cannot go yet is waived, with an
owner, a reason and a last day; after that day it is an error again.

Bad:

    links:
      orders: {between: [sap-ecc-eu, apriso], carries: production orders}

Good:

    links:
      orders:
        between: [sap-ecc-eu, apriso]
        carries: production orders
        waived: {owner: Jonas Keller, because: the interface of 2011 is replaced in May, until: 2027-05-31}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "linked-systems"


def check(subject: Subject) -> Iterator[Problem]:
    """Links that nobody waived, or whose waiver has run out."""
    for link in subject.programme.register.links:
        source = subject.programme.register.source / "links" / link.id
        said = f"{link.between[0]} and {link.between[1]} are connected past the hub"
        hint = "connect each to the hub; until then: `waived: {owner: …, because: …, until: DATE}`"
        if link.waived is None:
            yield source.problem(CODE, said, hint)
        elif link.waived.until < subject.as_of:
            place = source / "waived" / "until"
            said += f", and that was allowed until {link.waived.until} ({link.waived.owner})"
            yield place.problem(CODE, said, "take the link away, or decide anew until when it stays")
