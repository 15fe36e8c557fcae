"""GitLab's Code Quality report: what a merge request adds to, and takes from, the findings of its target branch."""

from __future__ import annotations

import json

from rollout.cli.findings.words import place, sentence
from rollout.model.finding import fingerprinted, most_severe_first
from rollout.model.validated import Validated

_SEVERITY = {"error": "critical", "warning": "minor"}


def gitlab(found: Validated, prefix: str) -> str:
    """A JSON list, the most severe first. Fingerprints stay when lines move; of equal findings each has its own."""
    entries = [
        {
            "description": sentence(problem),
            "check_name": problem.code,
            "fingerprint": mark if number == 1 else f"{mark}-{number}",
            "severity": _SEVERITY[problem.severity],
            "location": {"path": place(problem, prefix), "lines": {"begin": max(problem.line, 1)}},
        }
        for problem, mark, number in fingerprinted(most_severe_first(found.problems))
    ]
    return json.dumps(entries, indent=2) + "\n"
