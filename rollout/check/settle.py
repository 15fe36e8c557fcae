"""Findings as the plans want them: more severe, less severe, or not at all.

What a plan says holds for the files of its own folder and pages. Files that plans share (`sites/`, `waves/_teams.yaml`)
are judged as the strictest plan asks, so that no plan can hide from another what both rest on; where there is one plan,
it decides alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rollout.check.reference import is_fixed
from rollout.model.layout import PAGES
from rollout.model.programme import PlanFolder, Programme
from rollout.problem import Problem, Severity

_OFF = 0
_RANK = {"warning": 1, "error": 2}
_NAMED: tuple[Severity, ...] = ("warning", "error")


def settle(programme: Programme, problems: Iterable[Problem]) -> list[Problem]:
    """The findings that remain, with the severity that was asked for. Errors of fixed rules stay as they are."""
    if not any(folder.plan.rules for folder in programme.plans.values()):
        return list(problems)
    return [settled for problem in problems if (settled := _settled(programme, problem)) is not None]


def _settled(programme: Programme, problem: Problem) -> Problem | None:
    if problem.severity == "error" and is_fixed(problem.code):
        return problem
    rank = max((_wish(folder, problem) for folder in _concerned(programme, problem.path)), default=None)
    if rank is None or rank == _RANK[problem.severity]:
        return problem
    return None if rank == _OFF else replace(problem, severity=_NAMED[rank - 1])


def _concerned(programme: Programme, path: str) -> Iterable[PlanFolder]:
    """The plan a file belongs to, or all of them."""
    top, _, below = path.partition("/")
    own = programme.plans.get(below.partition("/")[0]) if top in ("waves", PAGES) else None
    return programme.plans.values() if own is None else (own,)


def _wish(folder: PlanFolder, problem: Problem) -> int:
    setting = folder.plan.rules.get(problem.code)
    if setting is None:
        return _RANK[problem.severity]
    return _OFF if setting.severity is None else _RANK[setting.severity]
