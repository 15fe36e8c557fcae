"""A programme as a commit has it: the same loader over git's own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import PurePosixPath

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


_LINKS = 40
"""So many links are followed one after the other, as a system does."""


class FilesAt:
    """What records point to, as a commit has it: git is asked when somebody asks, for the names once."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository, self._commit = repository, commit

    def state(self, path: str) -> FileState:
        """What the commit has at a path, links followed."""
        return self._found(path)[0]

    def digest(self, path: str) -> str | None:
        """SHA-256, as of the file on disk."""
        state, place = self._found(path)
        return digest_of([self._repository.files(self._commit, [place])[place]]) if state == "there" else None

    @cached_property
    def _paths(self) -> Mapping[str, str | None]:
        return self._repository.paths(self._commit)

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(str(folder) for path in self._paths for folder in PurePosixPath(path).parents)

    def _found(self, path: str) -> tuple[FileState, str]:
        """What is at a path, and where that is without links."""
        place: list[str] = []
        steps, links = path.split("/")[::-1], 0
        while steps:
            step = steps.pop()
            if step == ".." and not place:
                return "outside", ""
            if step == "..":
                place.pop()
            elif step not in ("", "."):
                place.append(step)
            link = self._paths.get("/".join(place))
            if link is not None:
                if link.startswith("/"):
                    return "outside", ""
                links += 1
                if links > _LINKS:  # in a circle
                    return "missing", ""
                place.pop()
                steps += link.split("/")[::-1]
        found = "/".join(place)
        if found in self._paths:
            return "there", found
        return ("folder" if (found or ".") in self._folders else "missing"), found


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
