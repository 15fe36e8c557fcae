"""Findings and what is known of them: which remain, which are only counted, which known ones are gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from rollout.check.reference import is_fixed
from rollout.model.finding import fingerprinted
from rollout.model.known import Known, KnownProblem
from rollout.problem import Problem

SAID = 120
"""Characters of a message that are written down."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """Findings, parted."""

    open: tuple[Problem, ...]
    """Those that count."""
    known: tuple[Problem, ...] = ()
    """Those that are known, and not past their day."""
    gone: tuple[KnownProblem, ...] = ()
    """Entries of which nothing is found any more."""


def can_be_known(problem: Problem) -> bool:
    """Whether planning can go on in spite of it."""
    return problem.severity == "warning" or not is_fixed(problem.code)


def sift(known: Known, problems: Sequence[Problem], as_of: date) -> Sifted:
    """Findings (with their places, sorted) parted by what is known. Of equal ones the uppermost are the known ones."""
    if not known.known:
        return Sifted(tuple(problems))
    entries = {entry.key: entry for entry in known.known}
    still: set[tuple[str, str, str]] = set()
    opened: list[Problem] = []
    quiet: list[Problem] = []
    for problem, mark, number in fingerprinted(problems):
        key = problem.path, problem.code, mark
        entry = entries.get(key)
        if entry is not None:
            still.add(key)
        if entry is None or number > entry.times or not can_be_known(problem):
            opened.append(problem)
        elif entry.until is not None and entry.until < as_of:
            hint = f"it was to be mended by {entry.until}"
            opened.append(replace(problem, hint=f"{problem.hint}; {hint}" if problem.hint else hint))
        else:
            quiet.append(problem)
    return Sifted(tuple(opened), tuple(quiet), tuple(entry for key, entry in entries.items() if key not in still))


def all_known(known: Known, problems: Sequence[Problem], until: date | None, because: str | None) -> Known:
    """What is to be known from now on: every finding that can be, as it is written already or with this day and reason.

    Entries of which nothing is found are left out. A day or reason that is given holds for entries that have none yet,
    and a day for those whose own has passed it.
    """
    before = {entry.key: entry for entry in known.known}
    found: Counter[tuple[str, str, str]] = Counter()
    said: dict[tuple[str, str, str], str] = {}
    for problem, mark, _ in fingerprinted(p for p in problems if can_be_known(p)):
        key = problem.path, problem.code, mark
        found[key] += 1
        said.setdefault(key, _short(problem.message))
    entries = []
    for key, times in sorted(found.items()):
        entry = before.get(key)
        if entry is None:
            path, code, mark = key
            entry = KnownProblem(
                path=path, code=code, fingerprint=mark, times=times, until=until, because=because, says=said[key]
            )
        else:
            renewed = {
                "times": times,
                "until": until if until is not None and (entry.until is None or entry.until < until) else entry.until,
                "because": entry.because or because,
            }
            entry = entry.model_copy(update=renewed)
        entries.append(entry)
    return Known(known=tuple(entries))


def _short(message: str) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in message).split())
    return text if len(text) <= SAID else f"{text[: SAID - 1]}…"
