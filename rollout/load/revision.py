"""A programme as a commit has it: the same loader over git's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from rollout.load.evidence import digest_of
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.load.yaml import DEPTH_LIMIT
from rollout.model.files import FileState
from rollout.model.layout import CHECKLIST, PAGES
from rollout.model.programme import PlanFolder, Programme
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
        if folder.count("/") >= DEPTH_LIMIT:
            return []
        return sorted(entry for entry in self._names.get(folder, ()) if not entry[0].startswith("."))

    def is_there(self, path: str) -> bool:
        """Whether there is a file at a path."""
        return path in self._files

    def read(self, path: str) -> bytes | None:
        """The bytes of a file."""
        return self._files.get(path)


class FilesAt:
    """What records point to, as a commit has it: git is asked when somebody asks, for the names once."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository, self._commit = repository, commit

    @cached_property
    def _paths(self) -> frozenset[str]:
        return self._repository.paths(self._commit)

    def state(self, path: str) -> FileState:
        """Whether the commit has it."""
        return "there" if path in self._paths else "missing"

    def digest(self, path: str) -> str | None:
        """SHA-256, as of the file on disk."""
        data = self._repository.files(self._commit, [path]).get(path) if path in self._paths else None
        return None if data is None else digest_of([data])  # a link has no contents of its own


def files_at(repository: Repository, workspace: Workspace, commit: str) -> Revision:
    """Everything of a commit that a plan's dates come from, and of its pages the checklists people tick."""
    inputs = repository.files(commit, ("sites", "waves", "templates"))
    ticked = repository.files(commit, (PAGES,), lambda path: path.endswith(f"/{CHECKLIST}"))
    return Revision(workspace, {**inputs, **ticked})


def at_commit(
    repository: Repository, workspace: Workspace, commit: str, plan_id: str
) -> tuple[Programme, PlanFolder] | None:
    """The programme and one plan of it as a commit has them; None where git or the files of then are not understood."""
    try:
        files = repository.files(commit, FOLDERS)
        programme, _ = load_programme(Revision(workspace, files))
    except RolloutError:
        return None
    folder = programme.plans.get(plan_id)
    return (replace(programme, files=FilesAt(repository, commit)), folder) if folder is not None else None
