"""Kinds of files that people write, which files they are, and the keys that may stand in each.

One table for whatever needs to know a file by its path: `fmt`, the schemas for editors, the reference of files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic.fields import FieldInfo

from rollout.load.workspace import FOLDERS, Workspace
from rollout.model.calendar import Holidays
from rollout.model.fields import Model, is_internal
from rollout.model.layout import HOLIDAYS, PORTFOLIO, SYSTEMS, TEAMS, Layout
from rollout.model.plan import Plan
from rollout.model.portfolio import Portfolio
from rollout.model.record_line import Record
from rollout.model.schedule import Schedule
from rollout.model.site import Site
from rollout.model.system import Register
from rollout.model.team import Teams
from rollout.model.told import told_of
from rollout.problem import Problem

Over = Literal["others", "nothing"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file."""

    name: str
    where: str
    """Its path, as people say it."""
    what: str
    """What stands in it."""
    model: type[Model]
    over: Over = "nothing"
    """Whether it lies over other files (defaults, a preset), so that what it must say may stand there."""
    by_hand: bool = True
    """Whether people write it; the others are written by rollout, and changed by it alone."""


_PLAN = Layout("PLAN")
KINDS: tuple[FileKind, ...] = (
    FileKind("site", "sites/**/SITE.yaml", "Who and what a site is; the file's name is its id.", Site, "others"),
    FileKind("defaults", "sites/**/_defaults.yaml", "What every site below inherits.", Site, "others"),
    FileKind("systems", SYSTEMS, "The systems register.", Register),
    FileKind("teams", TEAMS, "Who does the work: teams, spokes, approvers.", Teams),
    FileKind("portfolio", PORTFOLIO, "What could be rolled out next.", Portfolio),
    FileKind("plan", _PLAN.plan, "The intent: one capability and where it goes.", Plan, "others"),
    FileKind("schedule", _PLAN.schedule, "The published dates.", Schedule, by_hand=False),
    FileKind("holidays", HOLIDAYS, "The public holidays in use.", Holidays, by_hand=False),
    FileKind("records", _PLAN.records_of("SITE"), "What happened, one line a record.", Record),
)
"""By the order in which they are met on the way from a new site to its records."""

KIND = {kind.name: kind for kind in KINDS}


def kind_of(path: str) -> FileKind | None:
    """The kind of a file by its path inside the programme; None where rollout reads no YAML there."""
    steps = path.split("/")
    if not path.endswith(".yaml") or any(step in ("", ".", "..") for step in steps):
        return None
    return next((kind for kind in KINDS if kind.where == path), None) or KIND.get(_kind_name(path, steps))


def _kind_name(path: str, steps: list[str]) -> str:
    """The kind of one of many files of a kind; empty where rollout reads none there."""
    if steps[0] == "sites" and len(steps) > 1:
        if steps[-1] == "_defaults.yaml":
            return "defaults"
        return "" if steps[-1].startswith("_") else "site"
    if steps[0] != "waves" or len(steps) < 3:
        return ""
    layout = Layout(steps[1])
    if len(steps) == 4 and path.startswith(f"{layout.records}/"):
        return "records"
    return {layout.plan: "plan", layout.schedule: "schedule"}.get(path, "")


def files_by_hand(workspace: Workspace, problems: list[Problem]) -> Iterator[str]:
    """Paths of all files of a programme that people write, in order."""
    for folder in FOLDERS:
        for path in workspace.walk(folder, problems):
            kind = kind_of(path)
            if kind is not None and kind.by_hand:
                yield path


def told_fields(model: type[Model]) -> dict[str, str]:
    """What is said of the fields of a model, by the key they have in a file."""
    told = told_of(model)
    return {field.alias or name: told[name] for name, field in model.model_fields.items() if name in told}


def written_fields(model: type[Model]) -> dict[str, FieldInfo]:
    """The fields of a model by the key they have in a file, in canonical order; the loader's own are left out."""
    return {field.alias or name: field for name, field in model.model_fields.items() if not is_internal(field)}
