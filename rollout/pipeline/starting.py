"""A programme's first files, and the demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.pipeline.loading import repository_of

if TYPE_CHECKING:
    from rollout.model.imported import Imported
    from rollout.model.result import Started


def init(target: Path, work_from: date, *, with_example: bool = False) -> Started:
    """A new programme in a folder: a commented beginning or the example, and a git repository unless it is in one."""
    from rollout.commit.write import write
    from rollout.load.start import example, starter
    from rollout.model.result import Started
    from rollout.repository import Repository

    changes = example(target) if with_example else starter(target, work_from)
    target.mkdir(parents=True, exist_ok=True)
    paths = write(target, changes)
    is_in_none = repository_of(target) is None
    if is_in_none:
        Repository.create(target)
    return Started(str(target), paths, repository_made=is_in_none)


@dataclass(frozen=True, slots=True)
class Demo:
    """The example in a new repository, and a newer sheet of its sites."""

    files: int
    commit: str | None
    as_of: date
    """The day the example is set in."""
    sheet: Path


def begin_demo(target: Path) -> Demo:
    """The example programme, committed in a new repository, with a spreadsheet to import into it."""
    from rollout.commit.write import write
    from rollout.load.start import example, example_day, example_sheet, refuse_filled
    from rollout.repository import Repository
    from rollout.repository.committing import commit

    refuse_filled(target)
    changes = example(target, dates=False, for_editors=False)
    target.mkdir(parents=True, exist_ok=True)
    paths = write(target, changes)
    repository = Repository.create(target, fallback=("Rollout demo", "demo@example.com"))
    made = commit(repository, paths, "Start from the example\n")
    sheet = example_sheet(target)
    write(target, [sheet])
    return Demo(len(paths), made, example_day(), target / sheet.path)


def commit_demo(target: Path, imported: Imported) -> str | None:
    """The files an import changed, committed as a programme manager would."""
    from rollout.repository import Repository
    from rollout.repository.committing import commit

    return commit(Repository.find(target), [change.path for change in imported.changes], f"Import {imported.sheet}\n")
