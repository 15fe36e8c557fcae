"""Raw records → lines of records files, as Changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rollout.load.dump import inline
from rollout.load.edit import CannotEdit
from rollout.load.lines import insert
from rollout.load.overlay import Raw
from rollout.load.validate import build
from rollout.load.workspace import Workspace
from rollout.load.yaml import Value
from rollout.model.change import Change
from rollout.model.layout import Layout
from rollout.model.record import KINDS, Record
from rollout.model.recorded import NewRecord
from rollout.problem import Problem, RolloutError

_LAST = 1_000_000_000
"""Number of a line that is not written yet: behind all others of its file."""


def built(kind: str, entry: Mapping[str, Raw]) -> Record:
    """The record; raises RolloutError with everything wrong with it, without a place: it has none yet."""
    raw = dict(entry)
    record, problems = build(KINDS[kind], raw, [("", raw)], {"index": _LAST, "path": ""})
    if record is None:
        example = f"like this: rollout record {KINDS[kind].EXAMPLE}"
        raise RolloutError(
            *(
                Problem(
                    path="", code=p.code, message=_spoken(p, raw), hint=example if p.code == "missing-key" else p.hint
                )
                for p in problems
            )
        )
    return record


def _spoken(problem: Problem, raw: Raw) -> str:
    """The message with the key it is about and the word typed, which there is no place to show."""
    name = str(problem.keys[-1]) if problem.keys else ""
    said = problem.message if not name or f"`{name}`" in problem.message else f"`{name}`: {problem.message}"
    typed: Value = raw
    for key in problem.keys:
        typed = typed.get(key) if isinstance(typed, dict) else None
    return f'{said}, not "{typed}"' if "this must be " in said and isinstance(typed, str) else said


def add_records(
    workspace: Workspace, plan_id: str, entries: Iterable[tuple[str, Mapping[str, Raw]]]
) -> tuple[list[NewRecord], list[Change]]:
    """New lines for (site or `_plan`, record), and the files with them. A record that is there is not added again.

    Raises RolloutError where a file is written in a way that only a person should change.
    """
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    records: list[NewRecord] = []
    for subject, entry in entries:
        path = Layout(plan_id).records_of(subject)
        if path not in before:
            before[path] = after[path] = workspace.marked_text(path)
        try:
            new = insert(after[path], entry)
        except CannotEdit as error:
            said = f"rollout cannot add a record to this file: {error}"
            hint = "`rollout fmt` mends conflicts of git; else write one `- {…}` line a record"
            raise RolloutError(Problem(path=path, code="cannot-edit", message=said, hint=hint)) from None
        records.append(NewRecord(subject, inline(dict(entry)), path, new != after[path]))
        after[path] = new
    changes = [Change(path, before[path], text) for path, text in after.items() if text != before[path]]
    return records, sorted(changes, key=lambda change: change.path)
