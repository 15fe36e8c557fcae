"""Activities and prerequisites depend only on others that exist, and records are about items that exist.

Bad:

    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, depends_on: site-survey}    # the preset says survey

Good:

    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, depends_on: survey}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import ItemRecord
from rollout.problem import Problem, did_you_mean

CODE = "unknown-activity"


def check(subject: Subject) -> Iterator[Problem]:
    """Names in `depends_on` and in item records that nothing has."""
    for folder in subject.folders:
        plan = folder.plan
        for name, entries in (("activities", plan.activities), ("prerequisites", plan.prerequisites)):
            known = [entry.id for entry in entries]
            for entry in entries:
                for number, other in enumerate(entry.depends_on):
                    if other not in known:
                        source = plan.source / name / entry.id / "depends_on" / number
                        yield source.problem(
                            CODE,
                            f'{entry.id} depends on "{other}", which is not in `{name}`',
                            did_you_mean(other, known),
                        )
        items = [activity.id for activity in plan.activities]
        for records in folder.records.values():
            for record in records:
                if isinstance(record, ItemRecord) and record.item not in items:
                    said = f'the plan has no activity "{record.item}"'
                    yield (record.place / "item").warning(CODE, said, did_you_mean(record.item, items))
