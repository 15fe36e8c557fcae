"""The files that people write, put in order, as Changes."""

from __future__ import annotations

from collections.abc import Sequence

from rollout.load.blocks import KeptAsIs, in_key_order
from rollout.load.edit import CannotEdit
from rollout.load.kinds import FileKind, files_by_hand, kind_of, written_fields
from rollout.load.lines import MARKERS, in_order
from rollout.load.workspace import Workspace
from rollout.load.yaml import MARK, place_of
from rollout.model.change import Change
from rollout.model.markers import CHOOSE
from rollout.model.recorded import Formatted
from rollout.problem import Problem, RolloutError

_MARKED = "git could not merge this file by itself: it holds the lines of both sides"


def format_files(workspace: Workspace, paths: Sequence[str] = ()) -> Formatted:
    """Every file that people write in order, or those named.

    Keys of sites, defaults, registers and plans stand in the order of the reference. In records each line stands
    beside its like, no line twice, and conflicts of git are resolved. A file that cannot be put in order is a problem,
    one that is better left as it is a warning.
    """
    changes: list[Change] = []
    problems: list[Problem] = []
    unchanged = 0
    for path in dict.fromkeys(paths) or files_by_hand(workspace, problems):
        found = _formatted(workspace, path)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.is_empty:
            unchanged += 1
        else:
            changes.append(found)
    return Formatted(changes=tuple(changes), unchanged=unchanged, problems=tuple(problems))


def _formatted(workspace: Workspace, path: str) -> Change | Problem:
    kind = kind_of(path)
    if kind is None or not kind.by_hand:
        said = "rollout writes this file itself" if kind is not None else "this is no file that rollout puts in order"
        hint = "sites, registers, plans and records are; other files are left alone"
        return Problem(path=path, code="not-ours", message=said, hint=hint)
    try:
        before = workspace.marked_text(path)
    except RolloutError as error:
        if error.exit_code != 1:
            raise
        return error.problems[0]
    if before is None:
        return Problem(path=path, code="no-file", message="there is no such file", hint="check the path")
    text = before.removeprefix(MARK)
    if kind.name != "records" and (marker := MARKERS.search(text)):
        line, column = place_of(text, marker.start())
        return Problem(path=path, line=line, column=column, code="merge-markers", message=_MARKED, hint=CHOOSE)
    try:
        return Change(path, before, _ordered(kind, before))
    except KeptAsIs as why:
        hint = "write the values out, or put them into _defaults.yaml"
        said = f"this file is left as it is: {why}"
        return Problem(path=path, code="left-as-it-is", message=said, hint=hint, severity="warning")
    except CannotEdit as error:
        said = f"this file cannot be put in order: {error}"
        return Problem(path=path, code="cannot-edit", message=said, hint="mend it by hand")


def _ordered(kind: FileKind, text: str) -> str:
    return in_order(text) if kind.name == "records" else in_key_order(text, list(written_fields(kind.model)))
