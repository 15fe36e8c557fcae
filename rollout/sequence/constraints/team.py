"""Capacity of teams by week, asked for by name or by skill: before go-live, in hypercare, and for prerequisites."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.instance import Resource
from rollout.model.staffing import Published, asked, connectors_of, published, sums
from rollout.sequence.scope import Scope


def lower(scope: Scope) -> Iterator[Resource]:
    """One resource for each team that anything needs, and for each sum of teams that share what is asked by skill.

    With all of them kept, everything asked for in a week can be given to teams that may do it (see `sums`). What the
    published schedules of higher-ranked plans take is taken.
    """
    own = asked(
        scope.programme,
        scope.folder,
        scope.sites.values(),
        [p for p in scope.prerequisites.values() if p.id not in scope.shared],
        scope.as_of,
    )
    if not own.by_teams:
        return
    higher = _higher(scope)
    eligible = [*own.by_teams, *(teams for plan in higher.values() for teams in plan.asked.by_teams)]
    capacity = {team.id: team for team in scope.programme.teams.teams}
    for teams in sorted(sums(eligible), key=sorted):
        demands = own.demands(teams)
        if not demands:
            continue
        taken: dict[int, int] = {}
        takers: list[str] = []
        for plan_id, plan in higher.items():
            if load := plan.load(teams):
                takers.append(plan_id)
                for week, amount in load.items():
                    taken[week] = taken.get(week, 0) + amount
        names = sorted(teams)
        total = sum(capacity[name].capacity for name in names)
        has = capacity[names[0]].spoken(total)
        if len(names) == 1:
            name, said = f"team {names[0]}", f"{names[0]} has {has}"
        else:
            parts = [f"{name} ({capacity[name].capacity})" for name in names]
            name = f"teams {' + '.join(names)}"
            said = f"{', '.join(parts[:-1])} and {parts[-1]} have {has} together"
        said += f", less what {' and '.join(takers)} takes" if takers else ""
        place = scope.programme.teams.source / "teams"
        because = scope.because(name, said, place / names[0] if len(names) == 1 else place)
        yield Resource(name, "week", (total,), demands, because, taken=taken)


def _higher(scope: Scope) -> dict[str, Published]:
    """What each higher-ranked plan with published dates takes; a connector several of them wait for is built once."""
    found: dict[str, Published] = {}
    built: set[str] = set()
    for plan_id in scope.programme.teams.before(scope.plan.id):
        folder = scope.programme.plans.get(plan_id)
        if folder is not None and folder.schedule is not None:
            found[plan_id] = published(scope.programme, folder, scope.as_of, built)
            built |= folder.schedule.prerequisites.keys() & connectors_of(scope.programme, folder.plan).keys()
    return found
