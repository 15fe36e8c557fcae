"""What every format has in common: a place in the repository, a sentence of bearable length."""

from __future__ import annotations

from rollout.model.harmless import clean
from rollout.model.layout import SHIPPED_FILE
from rollout.problem import Problem

LONGEST = 4_000
"""Characters of a message that are written; GitHub's runner keeps 4,096."""


def place(problem: Problem, prefix: str) -> str:
    """The file's path from the top of the repository, with forward slashes; `.` for what stands in no file."""
    if not problem.path:
        return prefix or "."
    return f"{prefix}/{problem.path}" if prefix and not problem.path.startswith(SHIPPED_FILE) else problem.path


def sentence(problem: Problem) -> str:
    """The message and what to do, without control characters, cut where it is endless."""
    return shortened(clean(f"{problem.message}; {problem.hint}" if problem.hint else problem.message))


def shortened(text: str, longest: int = LONGEST) -> str:
    """At most so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
