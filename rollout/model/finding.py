"""What makes two findings the same one on different days: their code, file and message, not their line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from rollout.problem import Problem

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?![\w-])")
"""A number that stands alone: days and sums that change by themselves. Dates and names such as rehearsal-2 stay."""


def fingerprint(code: str, path: str, message: str) -> str:
    """16 hex digits that stay when lines move and when only a number in the message changes ("91 days ago")."""
    same = _NUMBER.sub("#", message)
    return sha256("\0".join((code, path, same)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fingerprinted(problems: Iterable[Problem]) -> Iterator[tuple[Problem, str, int]]:
    """Each problem with its fingerprint and, from 1, which of those with that fingerprint it is, in the given order."""
    seen: Counter[str] = Counter()
    for problem in problems:
        mark = fingerprint(problem.code, problem.path, problem.message)
        seen[mark] += 1
        yield problem, mark, seen[mark]


def most_severe_first(problems: Iterable[Problem]) -> list[Problem]:
    """Errors before warnings; otherwise as they came."""
    return sorted(problems, key=lambda problem: problem.severity != "error")
