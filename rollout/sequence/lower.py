"""From what people wrote to a sequencing problem: every kind of constraint lowered to the primitives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rollout.model.activity import Gate
from rollout.model.calendar import spoken
from rollout.model.instance import PREREQUISITE, Because, Instance, Job
from rollout.model.plan import Plan, Prerequisite
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Ready
from rollout.model.staffing import connectors_of
from rollout.model.system import connector_of
from rollout.model.times import days
from rollout.sequence.approved import approved
from rollout.sequence.constraints import KINDS
from rollout.sequence.scope import Scope
from rollout.sequence.worth import worths

FIRST_MEASUREMENT = 21
"""Days after the lighthouse's go-live on which something can first be measured there."""
LESSONS = 14
"""Days after the lighthouse's go-live on which its lessons are reviewed."""


def lower(programme: Programme, folder: PlanFolder, as_of: date, last: date) -> Instance:
    """The problem of giving every site of the plan a day, as of a day, looking no further than `last`."""
    plan = folder.plan
    sites = {}
    set_aside: dict[str, str] = {}
    for site in programme.sites_of(plan):
        facts = folder.facts_of(site.id)
        if facts.is_set_aside and facts.went_live is None:
            since = f" since {spoken(facts.status_since)}" if facts.status_since else ""
            set_aside[site.id] = f"{facts.status}{since}"
        else:
            sites[site.id] = site
    prerequisites = {p.id: p for p in programme.prerequisites_of(plan)}
    shared = _shared(programme, plan)
    prerequisites |= {name: prerequisite for name, (prerequisite, _) in shared.items()}
    scope = Scope(
        programme=programme,
        folder=folder,
        sites=sites,
        prerequisites=prerequisites,
        shared={name: ready for name, (_, ready) in shared.items()},
        as_of=as_of,
        first=min([as_of, plan.work_from, *(f.went_live for f in folder.facts.values() if f.went_live)]),
        last=last,
    )
    primitives = tuple(primitive for kind in KINDS for primitive in kind(scope))
    soak, because = soak_of(plan)
    lighthouse = plan.lighthouse if plan.lighthouse in sites else None
    counted = plan.work_from if lighthouse is None else scope.facts(lighthouse).went_live
    return Instance(
        as_of=scope.start.toordinal(),
        every=plan.waves.every,
        weekdays=_weekdays(plan, scope.start, scope.last),
        passed=() if counted is None else _weekdays(plan, counted, scope.start - timedelta(days=1)),
        lighthouse=lighthouse,
        soak=soak,
        soak_because=because,
        hold=plan.replan.hold.days,
        approved=approved(programme, folder, sites, as_of),
        started=frozenset(site for site in sites if scope.facts(site).is_started),
        jobs=_jobs(scope),
        primitives=primitives,
        set_aside=set_aside,
        live=frozenset(connector_of(s.id) for s in programme.register.systems if s.connector.live_since is not None),
    )


def soak_of(plan: Plan) -> tuple[int, Because | None]:
    """Days from the lighthouse's go-live to the first one of wave 1, and the gate that says so.

    The gate's day is never before its last need: a measurement at the lighthouse can be had 21 days after its go-live,
    lessons after 14; wave 1 begins `on` days after the gate.
    """
    gate = plan.gate("wave-1")
    if gate is None or plan.lighthouse is None:
        return 0, None
    opens = -gate.on.days if gate.on is not None else 0
    live = f"{days(_last_need(gate))} of {plan.lighthouse} live"
    said = f"the gate wave-1 needs {live}, and opens {days(opens)} before wave 1"
    return _last_need(gate) + max(opens, 0), Because("gate wave-1", said, plan.source / "gates" / "wave-1")


def _last_need(gate: Gate) -> int:
    at_lighthouse = [criterion for criterion in gate.needs if criterion.at == "lighthouse"]
    measured = any(criterion.measure is not None for criterion in at_lighthouse)
    return FIRST_MEASUREMENT if measured else LESSONS if at_lighthouse else 0


def _weekdays(plan: Plan, first: date, last: date) -> tuple[int, ...]:
    """Days on which a go-live may fall by its weekday."""
    return tuple(
        day for day in range(first.toordinal(), last.toordinal() + 1) if (day - 1) % 7 in plan.waves.go_live.on
    )


def _shared(programme: Programme, plan: Plan) -> dict[str, tuple[Prerequisite, Ready]]:
    """Connectors of the plan that a higher-ranked one has published, as that plan has them."""
    wanted = connectors_of(programme, plan) if programme.teams.before(plan.id) else {}
    found: dict[str, tuple[Prerequisite, Ready]] = {}
    for plan_id in programme.teams.before(plan.id):
        folder = programme.plans.get(plan_id)
        if folder is not None and folder.schedule is not None:
            for name, prerequisite in connectors_of(programme, folder.plan).items():
                ready = folder.schedule.prerequisites.get(name)
                if name in wanted and ready is not None:
                    found.setdefault(name, (prerequisite, ready))
    return found


def _jobs(scope: Scope) -> dict[str, Job]:
    weights = worths(scope)
    jobs: dict[str, Job] = {}
    for site_id in sorted(scope.sites):
        went_live = scope.facts(site_id).went_live
        fixed = None if went_live is None else went_live.toordinal()
        jobs[site_id] = Job(site_id, weight=weights[site_id], fixed=fixed)
    published: Mapping[str, Ready] = scope.folder.schedule.prerequisites if scope.folder.schedule else {}
    for prerequisite in scope.prerequisites.values():
        ready = scope.shared.get(prerequisite.id) or published.get(prerequisite.id)
        # Work that has begun is not begun again: it keeps the day it was published with. Nor is another plan's moved.
        begun = ready is not None and (prerequisite.id in scope.shared or ready.starts < scope.as_of)
        jobs[PREREQUISITE + prerequisite.id] = Job(
            PREREQUISITE + prerequisite.id,
            is_site=False,
            takes=prerequisite.takes,
            calendar=scope.programme.calendar_for(prerequisite),
            fixed=ready.starts.toordinal() if begun and ready is not None else None,
        )
    return jobs
