"""Neighbours can still be close to each other.

Where one of them is live and the time they may be apart has passed, the others have no day left, whatever the order of
sites.

Bad:

    neighbours: [{sites: [graz, linz], within: 6w}]      # Linz is live since January, Graz was not ready by March

Good:

    neighbours: [{sites: [graz, linz], within: 26w, because: Graz lost its site lead in February}]
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rollout.check.rule import Subject
from rollout.problem import Problem

CODE = "late-neighbour"


def check(subject: Subject) -> Iterator[Problem]:
    """Lags longer than neighbours may be apart; a warning where the first is live for longer than others may wait."""
    for folder in subject.folders:
        plan = folder.plan
        for number, group in enumerate(plan.neighbours):
            for site_id, constraint in plan.constraints.items():
                facts = folder.facts_of(site_id)
                waits = site_id in group.sites and facts.went_live is None
                for other in constraint.after if waits else ():
                    if other in group.sites and constraint.lag.days > group.within.days:
                        said = f"{site_id} goes live {constraint.lag} after {other}, and {group.within} apart at most"
                        source = plan.source / "neighbours" / number / "within"
                        yield source.problem("contradiction", said, "shorten the lag, or allow more time")
            in_plan = [s for s in group.sites if (site := subject.programme.sites.get(s)) and plan.covers(site)]
            live = [(f.went_live, s) for s in in_plan if (f := folder.facts.get(s)) and f.went_live is not None]
            waiting = [s for s in in_plan if folder.is_placed(s) and s not in {site for _, site in live}]
            if not live or not waiting:
                continue
            day, first = min(live)
            last = day + timedelta(days=group.within.days)
            if last < subject.as_of:
                said = f"{first} is live since {day}, so {', '.join(waiting)} had to follow by {last}, which has passed"
                source = plan.source / "neighbours" / number
                yield (source / "within").warning(CODE, said, "allow more time, or take the line out")
