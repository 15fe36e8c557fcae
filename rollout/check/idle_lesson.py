"""A lesson is for somebody: its selector matches a site of the plan besides the one that learned it.

A lesson that reaches nobody helps nobody. Most often a value is misspelt, or the selector names what only the site
itself has.

Bad:

    # the sites call it visual-inspection
    - {lesson: camera-glare, says: Hood the cameras, affects: {workflows: [inspection]}, on: 2027-02-12, by: Ana}

Good:

    - {lesson: camera-glare, says: Hood the cameras, affects: {workflows: [visual-inspection]}, on: 2027-02-12, by: Ana}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.lesson import learned
from rollout.model.record import PROGRAMME
from rollout.problem import Problem

CODE = "idle-lesson"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each lesson that still counts and is for no other site of its plan."""
    for folder in subject.folders:
        sites = subject.programme.sites_of(folder.plan)
        reached: dict[str, tuple[str, ...]] = {}
        for one in learned(folder.records):
            if one.site_id == PROGRAMME or one.now.state == "rejected":
                continue
            if not subject.site_ids.issuperset(one.now.affects.id or ()):
                continue  # what is not there at all has rules of its own
            if not subject.programme.systems.keys() >= set(one.now.affects.systems or ()):
                continue
            key = one.now.affects.key
            if key not in reached:
                # Two are enough: one of them is another than who learned it.
                found = (site.id for site in sites if one.now.affects.matches(site))
                reached[key] = tuple(site for site, _ in zip(found, range(2), strict=False))
            if not set(reached[key]) - {one.site_id}:
                said = f'the lesson "{one.id}" is for no site but {one.site_id}'
                if not reached[key]:
                    said = f'the lesson "{one.id}" is for no site of the plan'
                place = one.now.place if "affects" in one.now.model_fields_set else one.first.place
                yield (place / "affects").warning(CODE, said, "check `affects`; leave it out where it is for all")
