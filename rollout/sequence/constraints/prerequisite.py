"""What sites wait for besides sites: platforms, contracts, and connectors of systems that have none yet."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.calendar import spoken
from rollout.model.instance import PREREQUISITE, After, Stretch, Window
from rollout.model.plan import Prerequisite
from rollout.model.source import Source
from rollout.model.system import CONNECTOR
from rollout.sequence.scope import Scope


def place(scope: Scope, prerequisite: Prerequisite) -> Source:
    """Where it is written: the plan; for a connector that it does not list the register, or who found its system."""
    if any(own.id == prerequisite.id for own in scope.plan.prerequisites):
        return scope.plan.source / "prerequisites" / prerequisite.id
    system = prerequisite.id.removeprefix(CONNECTOR)
    if system in scope.programme.unregistered:
        return scope.programme.unregistered[system].place / "found"
    return scope.programme.register.source / "systems" / system


def lower(scope: Scope) -> Iterator[After | Window]:
    """Sites after their prerequisites, prerequisites after each other and not before their day."""
    for prerequisite in scope.prerequisites.values():
        job = PREREQUISITE + prerequisite.id
        source = place(scope, prerequisite)
        first = max(scope.start, prerequisite.not_before or scope.start)
        said = f"work on {prerequisite.title} begins on {spoken(first)} or later"
        closed = (Stretch(0, first.toordinal() - 1, f"before {spoken(first)}"),)
        yield Window((job,), closed, scope.because("not_before", said, source))
        for needed in prerequisite.depends_on:
            if needed in scope.prerequisites and scope.ready_on(needed) is None:
                said = f"{prerequisite.title} comes after {needed}"
                because = scope.because(f"after {needed}", said, source / "depends_on")
                yield After(job, PREREQUISITE + needed, 0, because)
        if scope.ready_on(prerequisite.id) is not None:
            continue  # its days stay as published, for whoever works on it; nobody waits for them
        because = scope.because(f"prerequisite {prerequisite.id}", f"waits for {prerequisite.title}", source)
        for site in scope.open_sites():
            if prerequisite.where.matches(site):
                yield After(site.id, job, 0, because)
