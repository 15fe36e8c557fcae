"""Activities and prerequisites depend only on others that exist, and records are about items that exist.

Bad:

    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, depends_on: baselines}    # the preset says baseline

Good:

    activities:
      crane: {title: Book the crane, starts: T-30, takes: 5wd, depends_on: baseline}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import EvidenceRecord, ItemRecord, NoteRecord, Record
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
        shown = [need.id for gate in plan.gates for need in gate.needs]
        shown += [prerequisite.id for prerequisite in subject.programme.prerequisites_of(plan)]
        for records in folder.records.values():
            for record in records:
                for key, name, known in _named(record, items, shown):
                    if name not in known:
                        said = f'the plan has no activity "{name}"'
                        yield (record.place / key).warning(CODE, said, did_you_mean(name, known))


def _named(record: Record, items: list[str], shown: list[str]) -> Iterator[tuple[str, str, list[str]]]:
    """Items that a record is about: key, name, and what it may be."""
    if isinstance(record, ItemRecord):
        yield "item", record.item, items
    elif isinstance(record, NoteRecord):
        yield "note", record.note, items
    elif isinstance(record, EvidenceRecord):
        yield "evidence", record.evidence, [*items, *shown]
