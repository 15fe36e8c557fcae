"""Nothing waits for itself.

When Graz goes live after Linz, Linz after Wels and Wels after Graz, nobody ever goes live. The same holds for
activities and prerequisites. Every edge of the cycle is named with its line; remove the one that matters least.

Bad:

    constraints:
      graz: {after: linz}
      linz: {after: graz}

Good:

    constraints:
      graz: {after: linz}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from rollout.check.rule import Subject
from rollout.model.plan import Plan
from rollout.model.source import Keys
from rollout.problem import Problem

CODE = "cycle"
Edges = Mapping[str, Mapping[str, Keys]]
"""Who waits for whom, and by which keys of the plan."""


def check(subject: Subject) -> Iterator[Problem]:
    """A cycle among the sites, the activities or the prerequisites of each plan."""
    for folder in subject.folders:
        plan = folder.plan
        yield from _cycle(plan, _sites(plan), "goes live after")
        for name, entries in (("activities", plan.activities), ("prerequisites", plan.prerequisites)):
            edges = {
                entry.id: {
                    other: (name, entry.id, "depends_on", number) for number, other in enumerate(entry.depends_on)
                }
                for entry in entries
            }
            yield from _cycle(plan, edges, "waits for")


def _sites(plan: Plan) -> Edges:
    edges: dict[str, dict[str, Keys]] = {}
    for order in plan.orders:
        if order.kind != "prefer_after":
            edges.setdefault(order.site, {})[order.before] = order.keys
    if plan.lighthouse is not None:
        for site_id, before in edges.items():
            if site_id != plan.lighthouse:
                before.setdefault(plan.lighthouse, ("lighthouse",))
    return edges


def _cycle(plan: Plan, edges: Edges, verb: str) -> Iterator[Problem]:
    """One problem an edge, so that each stands at its own line."""
    try:
        tuple(TopologicalSorter({job: list(others) for job, others in edges.items()}).static_order())
    except CycleError as error:
        # graphlib lists the cycle so that each is a predecessor of the next: read backwards, each waits for the next.
        ring: list[str] = list(reversed(error.args[1]))
        start = ring.index(min(ring[:-1]))
        ring = [*ring[start:-1], *ring[:start], ring[start]]
        whole = " → ".join(ring)
        for job, other in pairwise(ring):
            said = f"{job} {verb} {other}, and that closes a circle: {whole}"
            yield plan.source.inside(edges[job][other]).problem(CODE, said, "remove one of these lines")
