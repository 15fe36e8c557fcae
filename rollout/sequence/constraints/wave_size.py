"""How many sites a wave takes, and how many go live on one day."""

from __future__ import annotations

from collections.abc import Iterator

from rollout.model.instance import Demand, Resource
from rollout.sequence.scope import Scope

ONE = (Demand(),)


def lower(scope: Scope) -> Iterator[Resource]:
    """`waves.size` and `waves.go_live.per_day`; sites that are live already count in their wave."""
    waves = scope.plan.waves
    demands = {site_id: ONE for site_id in scope.sites if site_id != scope.plan.lighthouse}
    source = scope.plan.source / "waves"
    size = scope.programme.wave_size(scope.folder)
    most = tuple(step[1] for step in size.steps)
    least = tuple(step[0] for step in size.steps)
    said = f"at most {size.spoken} {'site' if size.spoken == '1' else 'sites'} a wave"
    yield Resource("wave size", "wave", most, demands, scope.because("wave size", said, source / "size"), least)
    if waves.go_live.per_day is not None:
        said = f"at most {waves.go_live.per_day} on one day"
        because = scope.because("per_day", said, source / "go_live" / "per_day")
        everyone = dict.fromkeys(scope.sites, ONE)
        yield Resource("per_day", "day", (waves.go_live.per_day,), everyone, because)
