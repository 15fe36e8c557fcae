"""An activity that comes from a lesson names one that somebody recorded, and that still holds.

By the lesson an activity knows which sites it is for and who learned it. Under a name that nobody recorded it would
reach every site; of a name that two sites use, it takes the lesson that was learned first, and the other stays open.

Bad:

    # Lyon recorded `camera-glare`
    activities:
      hoods: {from_lesson: camera-glair, title: Hood the cameras, starts: T-70, takes: 5d}

Good:

    activities:
      hoods: {from_lesson: camera-glare, title: Hood the cameras, starts: T-70, takes: 5d}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.lesson import items_of, learned, meant
from rollout.model.record import PROGRAMME
from rollout.problem import Problem, did_you_mean

CODE = "unknown-lesson"


def check(subject: Subject) -> Iterator[Problem]:
    """Names that no lesson has, names of two lessons, lessons turned down; lines about a lesson that says nothing."""
    for folder in subject.folders:
        lessons = [one for one in learned(folder.records) if one.site_id != PROGRAMME]
        known = meant(lessons)
        for one in lessons:
            if one.now.says is None:
                said = f'nobody has said what the lesson "{one.id}" of {one.site_id} is'
                here = [other.id for other in lessons if other.site_id == one.site_id and other is not one]
                hint = did_you_mean(one.id, here) or "its first line says what to do: `says: …`"
                yield (one.first.place / "lesson").problem(CODE, said, hint)
        for name, items in items_of(folder.plan).items():
            others = [one for one in lessons if one.id == name and one is not known[name]]
            for item in items:
                place = folder.plan.source / "activities" / item.id / "from_lesson"
                if name not in known:
                    hint = did_you_mean(name, known) or f"record it: rollout record SITE lesson {name} …"
                    yield place.problem(CODE, f'nobody has recorded a lesson "{name}"', hint)
                elif known[name].now.state == "rejected":
                    why = known[name].now
                    said = f'the lesson "{name}" was rejected by {why.by} on {why.on}: {why.because}'
                    yield place.warning(CODE, said, "take the activity out, or record the lesson as open again")
                elif others:
                    where = ", ".join(one.site_id for one in others)
                    said = f'a lesson "{name}" was recorded by {known[name].site_id} first and by {where} too'
                    yield place.warning(CODE, said, f"it takes {known[name].site_id}'s; give the other another name")
