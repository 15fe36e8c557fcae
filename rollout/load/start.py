"""The files of a new programme: a commented beginning, or the example."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from rollout.load.kinds import kind_of
from rollout.load.lines import until
from rollout.load.schema import modeline, schema_files
from rollout.load.workspace import FOLDERS, Workspace, shipped
from rollout.load.yaml import parse
from rollout.model.change import Change
from rollout.model.layout import is_written
from rollout.model.times import parse_day
from rollout.problem import Problem, RolloutError


def starter(target: Path, work_from: date) -> list[Change]:
    """An empty programme whose comments teach. Raises RolloutError when a file of it is already there."""
    folder = shipped("templates") / "starter"
    texts = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            text = text.replace("{{ work_from }}", work_from.isoformat())
            texts[file.relative_to(folder).as_posix()] = text
    return _new(target, _for_editors(texts))


def example(target: Path, *, dates: bool = True, for_editors: bool = True) -> list[Change]:
    """The example programme that comes with rollout. Raises RolloutError when a file of it is already there.

    Without `dates` it is as it was on the day it begins: the published schedule and the holidays in use are left out,
    to be made anew, and so is what was recorded later. Without `for_editors` the schemas that editors check by, and the
    lines that name them, are left out.
    """
    texts = {}
    day = example_day().isoformat()
    for name in FOLDERS:
        folder = shipped(f"example/{name}")
        for file in sorted(folder.rglob("*")):
            path = f"{name}/{file.relative_to(folder).as_posix()}"
            if file.is_file() and (dates or not is_written(path)):
                text = file.read_text(encoding="utf-8")
                is_late = not dates and file.parent.name == "records"
                texts[path] = until(text, day) if is_late else text
    return _new(target, _for_editors(texts) if for_editors else texts)


def refuse_filled(target: Path) -> None:
    """Raises RolloutError where something is in a folder that has to be empty or missing."""
    if target.is_dir() and any(target.iterdir()):
        said = "the demonstration begins in an empty or missing folder, and this one holds something"
        problem = Problem(path=str(target), code="already-there", message=said, hint="name another folder")
        raise RolloutError(problem)


def example_day() -> date:
    """The day the example begins: the one its published dates were made for."""
    schedule = shipped("example/waves") / "vision" / "schedule.yaml"
    return parse_day(parse(schedule.read_text(encoding="utf-8"), schedule.name)[0]["made"]["as_of"])


def example_sheet(target: Path) -> Change:
    """The spreadsheet of the example's sites as the programme office would send it, newer than their files."""
    sheet = shipped("templates") / "example" / "sites.csv"
    return _new(target, {"sites.csv": sheet.read_text(encoding="utf-8")})[0]


def _for_editors(texts: dict[str, str]) -> dict[str, str]:
    """The texts with the line on top of each that names its schema, and the schemas."""
    kinds = {path: kind for path in texts if (kind := kind_of(path)) is not None and kind.by_hand}
    lined = {path: modeline(path, kinds[path].name) + text if path in kinds else text for path, text in texts.items()}
    return lined | {change.path: change.after or "" for change in schema_files({})}


def _new(target: Path, texts: dict[str, str]) -> list[Change]:
    if target.exists() and not target.is_dir():
        said = f"{target} is a file, not a folder"
        raise RolloutError(Problem(path="", code="not-a-folder", message=said, hint="name another folder"))
    workspace = Workspace(target)
    there = [path for path in texts if workspace.read(path) is not None]
    if there:
        raise RolloutError(
            *(
                Problem(
                    path=path,
                    code="already-there",
                    message="this file exists, and nothing is overwritten",
                    hint="name an empty folder",
                )
                for path in there[:10]
            )
        )
    return [Change(path, None, text) for path, text in texts.items()]
