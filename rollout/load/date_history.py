"""What git says of a plan's published dates: under which schedule each of them last changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rollout.model.entries import LastMove, Moves
from rollout.model.layout import Layout
from rollout.model.schedule import Schedule
from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.history import Reading, log

_MADE = re.compile(r"made: \{as_of: ([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SITE = re.compile(r"  ([a-z0-9][a-z0-9._-]*): \{wave: [0-9]+, go_live: ([0-9]{4}-[0-9]{2}-[0-9]{2})\}")


def moves(root: Path, plan_id: str, schedule: Schedule) -> Mapping[str, LastMove]:
    """When each site's published go-live last changed, in one pass over the history of the schedule.

    Without a repository, or where its history was cut off, every date counts as changed by the schedule on disk.
    """
    found = Moves()
    path = Layout(plan_id).schedule
    try:
        repository = Repository.find(root)
        commits = [] if repository.is_shallow() else [*log(repository, (path,), Reading.KEPT)]
    except RolloutError:
        commits = []
    as_of = schedule.made.as_of
    for commit in reversed(commits):
        days: dict[str, date | None] = {}
        for patch in commit.patches:
            for line in sorted(patch.lines, key=lambda line: line.is_added):  # what went first, then what came
                if (made := _MADE.match(line.text)) and line.is_added:
                    as_of = date.fromisoformat(made[1])
                elif site := _SITE.match(line.text):
                    days[site[1]] = date.fromisoformat(site[2]) if line.is_added else None
        found.take(as_of, days)
    return found.of(schedule)
