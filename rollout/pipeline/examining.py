"""Whether everything is there to work with: the machine, git, the programme's folder. Nothing here writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rollout.problem import RolloutError

if TYPE_CHECKING:
    from rollout.model.doctored import Doctored, Finding, Machine


def doctor(folder: Path, machine: Machine) -> Doctored:
    """What is wrong around a programme, each with its remedy; works where there is no programme yet."""
    from rollout.load.git_health import git_findings
    from rollout.load.health import file_findings
    from rollout.load.workspace import find_root
    from rollout.model.doctored import Doctored, Finding

    found = [*machine.findings()]
    try:
        root = find_root(folder)
    except RolloutError as error:
        problem = error.problems[0]
        is_nowhere = problem.code == "no-folder"
        found.append(Finding("programme", "wrong" if is_nowhere else "note", problem.message, problem.hint))
        return Doctored((*found, *(git_findings(folder, is_writing=False) if not is_nowhere else ())))
    held = _held(root)
    found += [Finding("programme", "fine", root.as_posix()), *held]
    found += git_findings(root, is_writing=bool(held))
    found += file_findings(root)
    return Doctored(tuple(found))


def _held(root: Path) -> list[Finding]:
    """Whether another rollout is writing here. A lock whose owner was killed is free: there are no stale ones."""
    from rollout.commit.lock import holder
    from rollout.model.doctored import Finding

    try:
        said = holder(root)
    except RolloutError as error:
        problem = error.problems[0]
        return [Finding("lock", "wrong", f"{problem.path}: {problem.message}", problem.hint)]
    return [Finding("lock", "note", said, "wait for it to end")] if said else []
