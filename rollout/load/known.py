"""`waves/_known.yaml`, written: one entry a line in the order of files, so that branches merge."""

from __future__ import annotations

from rollout.load.dump import inline
from rollout.load.edit import CannotEdit
from rollout.load.lines import without_conflicts
from rollout.load.validate import build
from rollout.load.workspace import Workspace
from rollout.load.yaml import Value, parse
from rollout.model.change import Change
from rollout.model.known import Known, KnownProblem
from rollout.model.layout import KNOWN
from rollout.problem import Problem, RolloutError

_HEAD = "# Findings that are counted and do not fail. `rollout validate --write-known` writes this file.\n"


def read_known(workspace: Workspace) -> Known:
    """The file, both sides of an unfinished merge taken. Raises RolloutError where it cannot be understood."""
    text = workspace.text(KNOWN)
    if not text:
        return Known()
    try:
        text = without_conflicts(text)
    except CannotEdit as error:
        said = f"git's conflict markers cannot be followed here: {error}"
        raise RolloutError(Problem(path=KNOWN, code="merge-markers", message=said, hint="mend it by hand")) from None
    raw, wrong = parse(text, KNOWN)
    if not wrong:
        found, wrong = build(Known, {} if raw is None else raw, [(KNOWN, raw)])
        if found is not None:
            return found
    raise RolloutError(*wrong)


def change_known(workspace: Workspace, known: Known) -> Change:
    """The file as it should be; none where nothing is known."""
    lines = [f"  - {inline(_entry(entry))}\n" for entry in sorted(known.known, key=lambda entry: entry.key)]
    after = f"{_HEAD}known:\n{''.join(lines)}" if lines else None
    return Change(KNOWN, workspace.text(KNOWN), after)


def _entry(entry: KnownProblem) -> dict[str, Value]:
    written: dict[str, Value] = {"path": entry.path, "code": entry.code, "fingerprint": entry.fingerprint}
    if entry.times > 1:
        written["times"] = str(entry.times)
    if entry.until is not None:
        written["until"] = entry.until.isoformat()
    if entry.because:
        written["because"] = entry.because
    if entry.says:
        written["says"] = entry.says
    return written
