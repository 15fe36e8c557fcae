"""What git's history says of the pages: who ticked a box and when, and when a site was last worked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from rollout.model.boxes import Touch, boxes
from rollout.model.layout import PAGES, Layout
from rollout.repository import Repository
from rollout.repository.history import Reading, log, touched

_ABOUT_A_SITE = 2


def touches(repository: Repository, paths: Sequence[str]) -> Mapping[str, Touch]:
    """For each box of a checklist, who last changed its state: one pass over the page's history.

    `paths` are those the page has or had. A line that was only moved or worded anew keeps its author. Empty where
    nothing of it was ever committed.
    """
    found: dict[str, Touch] = {}
    for commit in log(repository, paths, Reading.KEPT):
        before, after = (
            "\n".join(text.removesuffix("\r") for patch in commit.patches for text in patch.side(is_added=is_added))
            for is_added in (False, True)
        )
        was = {box.item: box.is_ticked for box in boxes(before)}
        for box in boxes(after):
            if box.is_ticked != was.get(box.item, False):
                found.setdefault(box.item, Touch(commit.mapped_name, commit.on, box.is_ticked))
    return found


def checklist_paths(plan_id: str, names: Iterable[str]) -> tuple[str, ...]:
    """Where the checklist of a site of these ids, now and before, stands or stood."""
    return tuple(map(Layout(plan_id).checklist_of, names))


def worked_on(root: Path, plan_id: str, as_of: date, days: int) -> Mapping[str, date]:
    """By site, the last of so many days up to `as_of` on which people committed to its pages or records.

    Raises RolloutError (exit code 3) where there is no repository. A history that was cut off tells nothing, because
    its oldest commit seems to have written everything.
    """
    repository = Repository.find(root)
    if repository.is_shallow():
        return {}
    folders = (Layout(plan_id).pages, Layout(plan_id).records)
    found: dict[str, date] = {}
    first = as_of - timedelta(days=days)
    for path, on in touched(repository, folders, first - timedelta(days=1)).items():  # it may be that day in UTC
        steps = path.split("/")
        site = steps[_ABOUT_A_SITE] if steps[0] == PAGES else steps[-1].removesuffix(".yaml")
        past = [day for day in on if first <= day <= as_of]
        if past:
            found[site] = max(*past, found.get(site, date.min))
    return found
