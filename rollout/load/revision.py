"""A programme as a commit has it: the same loader over git's own files."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from hashlib import sha256

from rollout.load.evidence import LOOKED_AT
from rollout.load.programme import load_programme
from rollout.load.validate import build
from rollout.load.workspace import Workspace
from rollout.model.files import FileState
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.problem import Problem, RolloutError
from rollout.repository import Repository

FOLDERS = ("sites", "waves", "templates/presets")


class Revision(Workspace):
    """The files of a commit, in memory, read as if they lay in a folder."""

    def __init__(self, workspace: Workspace, files: Mapping[str, bytes]) -> None:
        self.root = workspace.root
        self._files = files
        self._names: dict[str, set[tuple[str, bool]]] = {}
        for path in files:
            steps = path.split("/")
            for depth, name in enumerate(steps):
                self._names.setdefault("/".join(steps[:depth]), set()).add((name, depth < len(steps) - 1))

    def names(self, folder: str, problems: list[Problem]) -> list[tuple[str, bool]]:
        """Entries of a folder, hidden ones left out."""
        return sorted(entry for entry in self._names.get(folder, ()) if not entry[0].startswith("."))

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""
        return self._files.get(path)


class FilesAt:
    """What records point to, as a commit has it."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def state(self, path: str) -> FileState:
        """Whether the commit has it."""
        return "there" if path in self._files else "missing"

    def digest(self, path: str) -> str | None:
        """SHA-256, as of the file on disk."""
        data = self._files.get(path)
        if data is None:
            return None
        return sha256(data if b"\0" in data[:LOOKED_AT] else data.replace(b"\r\n", b"\n")).hexdigest()


def at_commit(
    repository: Repository, workspace: Workspace, commit: str, plan_id: str, evidence: Collection[str]
) -> tuple[Programme, PlanFolder] | None:
    """The programme and one plan of it as a commit has them; None where git or the files of then are not understood.

    `evidence` are paths of files that records may point to.
    """
    try:
        files = repository.files(commit, sorted({*FOLDERS, *evidence}))
        programme, _ = load_programme(Revision(workspace, files))
    except RolloutError:
        return None
    folder = programme.plans.get(plan_id)
    return (replace(programme, files=FilesAt(files)), folder) if folder is not None else None


def schedule_at(repository: Repository, workspace: Workspace, commit: str, plan_id: str) -> Schedule | None:
    """The published dates of a plan as a commit has them; None where it has none, or none that are understood."""
    path = f"waves/{plan_id}/schedule.yaml"
    problems: list[Problem] = []
    raw = Revision(workspace, repository.files(commit, [path])).yaml(path, problems)
    schedule, wrong = build(Schedule, raw, [(path, raw)]) if isinstance(raw, dict) else (None, ())
    return None if problems or wrong else schedule
